/* SPDX-License-Identifier: MIT */
/* Switching to a journal mode. */
#include "db/journal.h"

#include "db/inspect.h"
#include "fixture.h"

static void only_a_key_that_is_written_asks_for_a_switch(void **state)
{
	struct world *world = *state;
	struct inspection inspection = {.header = {.wal = true}};

	world->spec.journal_mode = "delete";
	assert_null(journal_differs(&world->spec, &inspection));
	world->spec.journal_mode_set = true;
	assert_string_equal(journal_differs(&world->spec, &inspection), "delete");
	world->spec.journal_mode = "wal";
	assert_null(journal_differs(&world->spec, &inspection));
	inspection.header.wal = false;
	assert_string_equal(journal_differs(&world->spec, &inspection), "wal");
	world->spec.journal_mode = "truncate"; /* the file does not store which */
	assert_null(journal_differs(&world->spec, &inspection));
}

static void a_switch_of_a_database_in_use_is_a_warning(void **state)
{
	struct world *world = *state;
	struct app app;

	put("m/001_a.sql", "CREATE TABLE a (b);");
	contribute(world, "app", "m");
	apply_all(world);
	app = app_start(world, "BEGIN; SELECT * FROM a");
	world->spec.journal_mode = "delete";
	world->spec.journal_mode_set = true;
	assert_int_equal(check(world), 1);
	assert_int_equal(apply(world), 0);
	assert_false(world->report.switched);
	assert_says(world->logged.data, "was not switched to journal_mode delete");
	app_run(&app, "COMMIT; INSERT INTO a VALUES (1)");
	app_end(&app, 0);
	assert_int_equal(apply(world), 0);
	assert_true(world->report.switched);
	assert_string_equal(
		sql(world, "PRAGMA journal_mode; SELECT b FROM a"), "delete\n1\n");
	assert_int_equal(check(world), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			only_a_key_that_is_written_asks_for_a_switch, world_setup,
			world_teardown),
		cmocka_unit_test_setup_teardown(
			a_switch_of_a_database_in_use_is_a_warning, world_setup,
			world_teardown),
	};

	return cmocka_run_group_tests_name("db/journal", tests, NULL, NULL);
}
