/* SPDX-License-Identifier: MIT */
/* Backups: what they contain, and when they are kept or removed. */
#include "../filter.h"
#include "db/backup.h"
#include "fixture.h"

static int count_backups(void)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	int count = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		count += strstr(entry->d_name, ".bak-") != NULL;
	(void)closedir(dir);
	return count;
}

static void create(struct world *world)
{
	put("m/001_a.sql", "CREATE TABLE a (b); INSERT INTO a VALUES (1);");
	contribute(world, "app", "m");
	world->spec.backup = true;
	world->spec.keep_backups = 2;
	apply_all(world);
}

static void begin(struct world *world)
{
	create(world);
	assert_null(world->report.backup);
	assert_int_equal(count_backups(), 0);
}

static void a_copy_has_what_the_application_wrote_last(void **state)
{
	struct world *world = *state;
	struct app app;

	begin(world);
	app = app_start(world, "INSERT INTO a VALUES (2)"); /* it is in the -wal alone */
	put("m/002_b.sql", "UPDATE a SET b = b + 10;");
	apply_all(world);
	assert_non_null(world->report.backup);
	assert_string_equal(
		sql_in(world, world->report.backup, "SELECT b FROM a"), "1\n2\n");
	assert_string_equal(
		sql_in(world, world->report.backup, "PRAGMA integrity_check"), "ok\n");
	app_run(&app, "INSERT INTO a VALUES (3)");
	app_end(&app, 0);
	assert_string_equal(sql(world, "SELECT b FROM a"), "11\n12\n3\n");
}

static void the_newest_stay(void **state)
{
	struct world *world = *state;
	char name[32];

	begin(world);
	for (int i = 2; i < 6; i++) {
		(void)snprintf(name, sizeof name, "m/00%d_x.sql", i);
		put(name, "INSERT INTO a VALUES (0);");
		apply_all(world);
		assert_true(access(world->report.backup, F_OK) == 0);
	}
	assert_int_equal(count_backups(), 2);
	world->spec.keep_backups = 0;
	put("m/006_x.sql", "INSERT INTO a VALUES (0);");
	apply_all(world);
	assert_int_equal(count_backups(), 3);
}

#define OLD ".bak-20200101T000000.000Z"

static void what_is_of_another_database_stays(void **state)
{
	static const char *const others[] = {"bpp.db" OLD, "app.dc" OLD, "aapp.db" OLD,
		"bpp.db" OLD ".upgrading", ".bpp.db" OLD ".upgrading.x",
		".app.db" OLD ".upgrading"};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		put(others[i], "");
	create(world);
	world->spec.keep_backups = 1;
	put("m/002_b.sql", "DELETE FROM a;");
	apply_all(world);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_int_equal(access(in(others[i]), F_OK), 0);
}

/* Also of a database whose own name begins with a dot. */
static void what_killed_attempts_have_left_goes(void **state)
{
	static const char *const names[] = {"app.db", ".app.db"};
	struct world *world = *state;

	for (size_t i = 0; i < 2; i++) {
		const char *copy =
			arena_printf(&world->arena, "%s" OLD ".upgrading", names[i]);
		const char *temporary = arena_printf(&world->arena, ".%s.x", copy);

		world->contributors_count = 0;
		world->spec.path = at(world, names[i]);
		create(world);
		put(copy, "");
		put(temporary, "");
		put("m/002_b.sql", "DELETE FROM a;");
		apply_all(world);
		assert_int_equal(access(in(copy), F_OK), -1);
		assert_int_equal(access(in(temporary), F_OK), -1);
		assert_int_equal(unlink(in("m/002_b.sql")), 0);
	}
}

static void nothing_is_left_of_a_change_that_was_rolled_back(void **state)
{
	struct world *world = *state;

	begin(world);
	put("m/002_b.sql", "DELETE FROM a; INSERT INTO nowhere VALUES (1);");
	load(world);
	assert_int_equal(apply(world), -1);
	assert_says(world->err.text, "is as it was");
	assert_int_equal(count_backups(), 0);
	assert_string_equal(sql(world, "SELECT b FROM a"), "1\n");
}

static void a_damaged_database_is_reported_before_it_is_changed(void **state)
{
	struct world *world = *state;
	char junk[256];
	int fd;

	begin(world);
	memset(junk, 0xa5, sizeof junk);
	fd = open(world->db, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	/* The last page is the table's. */
	assert_int_equal(pwrite(fd, junk, sizeof junk, lseek(fd, 0, SEEK_END) - 4096),
		sizeof junk);
	assert_int_equal(close(fd), 0);
	put("m/002_b.sql", "CREATE TABLE c (d);");
	load(world);
	assert_int_equal(apply(world), -1);
	assert_says(world->err.text, "no backup could be made: ");
	assert_int_equal(count_backups(), 0);
}

static int keep_without_flushing(struct world *world)
{
	struct backup backup = {
		.path = "app.db.bak-1", .name = "kept", .upgrading = "made"};

	backup.dirfd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (backup.dirfd < 0)
		return 1;
	if (filter_deny(SYS_fsync, EIO) < 0) {
		print_message("no system call filters here\n");
		return 0;
	}
	return backup_keep(&backup, &world->err) == -1 ? 0 : 2;
}

/* Or a power cut behind the upgrade would leave it without one. */
static void a_name_that_cannot_be_flushed_keeps_no_backup(void **state)
{
	put("made", "");
	in_child(*state, 0, keep_without_flushing);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_copy_has_what_the_application_wrote_last),
		TEST(the_newest_stay),
		TEST(a_name_that_cannot_be_flushed_keeps_no_backup),
		TEST(what_is_of_another_database_stays),
		TEST(what_killed_attempts_have_left_goes),
		TEST(nothing_is_left_of_a_change_that_was_rolled_back),
		TEST(a_damaged_database_is_reported_before_it_is_changed),
	};

	return cmocka_run_group_tests_name("db/backup", tests, NULL, NULL);
}
