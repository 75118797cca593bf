/* SPDX-License-Identifier: MIT */
/* Which statements are run where there are no rows, and which errors are certain. */
#include <sqlite3.h>

#include "../unit.h"
#include "db/dry_run.h"

static void what_changes_the_schema_or_a_setting_is_run(void **state)
{
	static const int runs[] = {SQLITE_CREATE_TABLE, SQLITE_DROP_INDEX,
		SQLITE_ALTER_TABLE, SQLITE_PRAGMA, SQLITE_CREATE_VTABLE};
	static const int passed_over[] = {SQLITE_INSERT, SQLITE_SELECT, SQLITE_DELETE,
		SQLITE_FUNCTION, SQLITE_READ};
	struct dry_run dry;

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		dry_run_expect(&dry);
		dry_run_note(&dry, passed_over[i]);
		assert_false(dry.defines);
		dry_run_note(&dry, runs[i]);
		assert_true(dry.defines);
	}
}

static void errors_of_memory_and_rows_are_not_certain(void **state)
{
	struct dry_run dry = {.defines = false};

	(void)state;
	dry_run_failed(&dry, SQLITE_ERROR, false);
	assert_false(dry.uncertain);
	dry_run_failed(&dry, SQLITE_NOMEM, false);
	assert_true(dry.uncertain);
	dry_run_note(&dry, SQLITE_SELECT);
	dry_run_failed(&dry, SQLITE_ERROR, true);
	assert_false(dry.uncertain);
	dry_run_note(&dry, SQLITE_CREATE_TABLE);
	dry_run_note(&dry, SQLITE_SELECT);
	dry_run_failed(&dry, SQLITE_ERROR, false);
	assert_false(dry.uncertain);
	dry_run_failed(&dry, SQLITE_ERROR, true);
	assert_true(dry.uncertain);
	dry_run_expect(&dry);
	assert_false(dry.uncertain);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_changes_the_schema_or_a_setting_is_run),
		cmocka_unit_test(errors_of_memory_and_rows_are_not_certain),
	};

	return cmocka_run_group_tests_name("db/dry_run", tests, NULL, NULL);
}
