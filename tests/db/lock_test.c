/* SPDX-License-Identifier: MIT */
/* The lock beside a database: waiting for a holder that dies or is stopped. */
#include "fixture.h"

#include "../stop_request.h"
#include "db/lock.h"
#include "db/inspect.h"

static struct inspection inspect_world(struct world *world)
{
	struct inspection inspection = INSPECTION_INIT;

	put("m/1_x.sql", "CREATE TABLE a(x);");
	contribute(world, "app", "m");
	apply_all(world);
	assert_int_equal(
		inspect_database(&world->fs, world->db, &inspection, &world->err), 0);
	return inspection;
}

static const char *lock_text(struct world *world)
{
	char text[300] = "";
	int fd = open(at(world, ".app.db.lock"), O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_true(read(fd, text, sizeof text - 1) >= 0);
	(void)close(fd);
	return arena_strdup(&world->arena, text);
}

static void says_who_holds_it(void **state)
{
	struct world *world = *state;
	struct inspection inspection = inspect_world(world);
	char pid[40];
	struct stat st;
	int fd = -1;

	assert_int_equal(lock_take(&world->spec, &inspection, &fd, &world->err), 0);
	assert_true(fd >= 0);
	(void)snprintf(pid, sizeof pid, " pid=%ld step=database:app\n", (long)getpid());
	assert_says(lock_text(world), "host=");
	assert_says(lock_text(world), pid);
	lock_release(&fd);
	assert_int_equal(fd, -1);
	assert_string_equal(lock_text(world), "");
	assert_int_equal(stat(at(world, ".app.db.lock"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	inspect_release(&inspection);
}

/* If the holder dies, one who waits gets it. */
static void death_gives_it_back(void **state)
{
	struct world *world = *state;
	struct inspection inspection = inspect_world(world);
	int ready[2];
	char byte;
	pid_t child;
	int fd = -1;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (lock_take(&world->spec, &inspection, &fd, &world->err) < 0)
			_exit(1);
		(void)!write(ready[1], "", 1);
		for (;;)
			(void)pause();
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	{
		struct stop stop = {.fd = -1, .deadline_ms = 1};

		world->spec.stop = &stop;
		assert_int_equal(
			lock_take(&world->spec, &inspection, &fd, &world->err), -1);
		assert_says(world->err.text, "deadline");
		world->spec.stop = &world->stop;
	}
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(lock_take(&world->spec, &inspection, &fd, &world->err), 0);
	lock_release(&fd);
	(void)close(ready[0]);
	(void)close(ready[1]);
	inspect_release(&inspection);
}

static void signal_ends_the_wait(void **state)
{
	struct world *world = *state;
	struct inspection inspection = inspect_world(world);
	struct stop_request request;
	struct stop stop;
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int holder = open(at(world, ".app.db.lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	int fd = -1;

	assert_true(holder >= 0);
	assert_int_equal(fcntl(holder, F_OFD_SETLK, &lock), 0);
	assert_int_equal(stop_request_open(&request, &stop), 0);
	world->spec.stop = &stop;
	stop_request_ask(&request, SIGTERM);
	assert_int_equal(lock_take(&world->spec, &inspection, &fd, &world->err), -1);
	assert_int_equal(world->err.kind, ERR_INTERRUPTED);
	assert_int_equal(world->err.code, SIGTERM);
	stop_request_close(&request);
	(void)close(holder);
	inspect_release(&inspection);
}

/* It is written to, so a link of another user would hit another file. */
static void links_are_not_written_through(void **state)
{
	struct world *world = *state;
	struct inspection inspection = inspect_world(world);
	int fd = -1;

	put("victim", "precious");
	assert_int_equal(symlink("victim", at(world, ".app.db.lock")), 0);
	assert_int_equal(lock_take(&world->spec, &inspection, &fd, &world->err), -1);
	assert_int_equal(unlink(at(world, ".app.db.lock")), 0);
	assert_int_equal(link(at(world, "victim"), at(world, ".app.db.lock")), 0);
	assert_int_equal(lock_take(&world->spec, &inspection, &fd, &world->err), -1);
	assert_says(world->err.text, "has 2 hard links");
	assert_string_equal(lock_text(world), "precious");
	inspect_release(&inspection);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(says_who_holds_it),
		TEST(death_gives_it_back),
		TEST(signal_ends_the_wait),
		TEST(links_are_not_written_through),
	};

	return cmocka_run_group_tests_name("db/lock", tests, NULL, NULL);
}
