/* SPDX-License-Identifier: MIT */
/*
 * Inspecting a database: what is not ours is refused, and left as it is.
 */
#include "fixture.h"

#include <sys/socket.h>

static void refused(struct world *world, const char *says)
{
	const char *before = footprint(world);

	assert_int_equal(check(world), -1);
	assert_says(world->err.text, says);
	assert_int_equal(apply(world), -1);
	assert_says(world->err.text, says);
	assert_string_equal(footprint(world), before);
}

static void one_migration(struct world *world)
{
	put("m/1_x.sql", "CREATE TABLE a(x);");
	contribute(world, "app", "m");
	load(world);
}

static void files_that_are_no_database(void **state)
{
	struct world *world = *state;

	one_migration(world);
	put("app.db", "");
	refused(world, "app.db' is an empty file, not a database");
	put("app.db", "SQLite format 3");
	refused(world, "is not a SQLite database");
	put("app.db",
		"#!/bin/sh\necho this is a text that is longer than the hundred bytes of "
		"a "
		"database's header, and was put here by accident\n");
	refused(world, "is not a SQLite database");
}

static void things_that_are_no_file(void **state)
{
	struct world *world = *state;

	one_migration(world);
	assert_int_equal(mkdir(world->db, 0755), 0);
	refused(world, "app.db' is a directory, not a database");
	assert_int_equal(rmdir(world->db), 0);
	assert_int_equal(mkfifo(world->db, 0644), 0);
	refused(world, "app.db' is a pipe, not a database");
	assert_int_equal(unlink(world->db), 0);
	(void)sql_in(world, at(world, "real.db"), "PRAGMA user_version=1");
	assert_int_equal(symlink("real.db", world->db), 0);
	refused(world, "app.db' is a symbolic link, not a database");
	assert_int_equal(unlink(world->db), 0);
	assert_int_equal(symlink("nowhere", world->db), 0);
	refused(world, "app.db' is a symbolic link, not a database");
}

static void something_in_the_way(void **state)
{
	struct world *world = *state;

	one_migration(world);
	put("file", "x");
	world->spec.path = at(world, "file/app.db");
	refused(world, "not a directory");
}

static void the_header_shows_the_settings(void **state)
{
	static const char *const pragmas[] = {
		"page_size=65536", "auto_vacuum=incremental", "encoding=UTF-16be", NULL};
	struct world *world = *state;
	const struct db_header *header = &world->report.header;

	one_migration(world);
	world->spec.pragmas = pragmas;
	assert_int_equal(apply(world), 0);
	assert_int_equal(check(world), 0);
	assert_true(header->wal);
	assert_string_equal(header->page_size, "65536");
	assert_string_equal(header->auto_vacuum, "incremental");
	assert_string_equal(header->encoding, "UTF-16be");
}

static void newer_format(void **state)
{
	struct world *world = *state;
	int fd;

	one_migration(world);
	assert_int_equal(apply(world), 0);
	fd = open(world->db, O_WRONLY | O_CLOEXEC);
	assert_int_equal(pwrite(fd, "\x03\x03", 2, 18), 2);
	(void)close(fd);
	refused(world, "was written by a newer SQLite");
}

static void truncated_database(void **state)
{
	struct world *world = *state;

	one_migration(world);
	assert_int_equal(apply(world), 0);
	assert_int_equal(truncate(world->db, 4096), 0);
	refused(world, "malformed");
}

/* Rolled back, it would copy pages of another database into this one. */
static void wal_of_another_database(void **state)
{
	static const char frames[4096 + 56] = "\x37\x7f\x06\x82";
	struct world *world = *state;

	world->spec.journal_mode = "delete";
	one_migration(world);
	assert_int_equal(apply(world), 0);
	put_bytes("app.db-wal", frames, sizeof frames);
	refused(world, "app.db-wal' does not belong to '");
}

static int check_once(struct world *world)
{
	return check(world) == -1 &&
			strstr(world->err.text,
				"it belongs to 0:0 with mode 0600, and "
				"we are 65534:0")
		? 0
		: 1;
}

static void unreadable_says_whose_it_is(void **state)
{
	struct world *world = *state;

	if (geteuid() != 0)
		return;
	one_migration(world);
	assert_int_equal(apply(world), 0);
	assert_int_equal(chmod(world->db, 0600), 0);
	in_child(world, 65534, check_once);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(files_that_are_no_database),
		TEST(things_that_are_no_file),
		TEST(something_in_the_way),
		TEST(the_header_shows_the_settings),
		TEST(newer_format),
		TEST(truncated_database),
		TEST(wal_of_another_database),
		TEST(unreadable_says_whose_it_is),
	};

	return cmocka_run_group_tests_name("db/inspect", tests, NULL, NULL);
}
