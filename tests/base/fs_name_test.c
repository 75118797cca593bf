/* SPDX-License-Identifier: MIT */
/* Has an open file one name only? */
#include <signal.h>
#include <sys/wait.h>

#include "../directory.h"
#include "base/fs.h"

struct world {
	int dirfd;
	int fd; /* of "file" in it */
};

static void make(const struct world *world, const char *name)
{
	int fd =
		openat(world->dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
}

static int setup(void **state)
{
	static struct world world;

	assert_int_equal(directory_setup(state), 0);
	world.dirfd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	make(&world, "file");
	world.fd = openat(world.dirfd, "file", O_RDWR | O_CLOEXEC);
	assert_true(world.fd >= 0);
	*state = &world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;

	(void)close(world->fd);
	(void)close(world->dirfd);
	return directory_teardown(state);
}

static void assert_not_only(struct world *world, int code)
{
	errno = 0;
	assert_int_equal(fs_only_name(world->dirfd, "file", world->fd), -1);
	assert_int_equal(errno, code);
}

static void one_name(void **state)
{
	struct world *world = *state;

	assert_int_equal(fs_only_name(world->dirfd, "file", world->fd), 0);
}

static void a_second_name(void **state)
{
	struct world *world = *state;

	assert_int_equal(linkat(world->dirfd, "file", world->dirfd, "other", 0), 0);
	assert_not_only(world, EMLINK);
}

static void a_second_name_that_is_gone(void **state)
{
	struct world *world = *state;

	assert_int_equal(linkat(world->dirfd, "file", world->dirfd, "other", 0), 0);
	assert_int_equal(unlinkat(world->dirfd, "other", 0), 0);
	assert_int_equal(fs_only_name(world->dirfd, "file", world->fd), 0);
}

/* It has one name, and that is another one: what was opened by this one is not ours. */
static void only_another_name(void **state)
{
	struct world *world = *state;

	assert_int_equal(linkat(world->dirfd, "file", world->dirfd, "other", 0), 0);
	assert_int_equal(unlinkat(world->dirfd, "file", 0), 0);
	assert_not_only(world, ENOENT);
}

static void the_name_of_another_file(void **state)
{
	struct world *world = *state;

	assert_int_equal(renameat(world->dirfd, "file", world->dirfd, "other"), 0);
	make(world, "file");
	assert_not_only(world, ENOENT);
}

static void a_link_to_it(void **state)
{
	struct world *world = *state;

	assert_int_equal(renameat(world->dirfd, "file", world->dirfd, "other"), 0);
	assert_int_equal(symlinkat("other", world->dirfd, "file"), 0);
	assert_not_only(world, ENOENT);
}

/* One that is written to all the time, by the application, can be opened, too. */
static void one_that_was_just_written(void **state)
{
	struct world *world = *state;

	for (int i = 0; i < 1000; i++) {
		assert_int_equal(pwrite(world->fd, "x", 1, i), 1);
		assert_int_equal(fs_only_name(world->dirfd, "file", world->fd), 0);
	}
}

/* Who links and unlinks it as fast as they can; the other name is always there. */
static pid_t start_linking(const struct world *world)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid != 0)
		return pid;
	for (;;) {
		(void)linkat(world->dirfd, "other", world->dirfd, "file", 0);
		(void)unlinkat(world->dirfd, "file", 0);
	}
}

static void a_name_that_comes_and_goes(void **state)
{
	struct world *world = *state;
	int opened = 0;
	pid_t pid;

	assert_int_equal(renameat(world->dirfd, "file", world->dirfd, "other"), 0);
	pid = start_linking(world);
	while (opened < 20000) {
		int fd = openat(world->dirfd, "file", O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			continue;
		opened++;
		if (fs_only_name(world->dirfd, "file", fd) == 0) {
			(void)kill(pid, SIGKILL);
			fail_msg("after %d times", opened);
		}
		assert_int_equal(close(fd), 0);
	}
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_name),
		TEST(a_second_name),
		TEST(a_second_name_that_is_gone),
		TEST(only_another_name),
		TEST(the_name_of_another_file),
		TEST(a_link_to_it),
		TEST(one_that_was_just_written),
		TEST(a_name_that_comes_and_goes),
	};

	return cmocka_run_group_tests_name("base/fs_name", tests, NULL, NULL);
}
