/* SPDX-License-Identifier: MIT */
/* Pragmas of what the database file stores. */
#include "../unit.h"
#include "base/err.h"
#include "db/db.h"
#include "db/pragma.h"
#include "migration/split.h"

static struct db_report work;
static struct db_spec spec;

/* Compares it; `error` is part of the error, or NULL. */
static void expect(const char *text, int wanted, const char *error)
{
	const struct statement statement = {
		.text = text, .size = strlen(text), .line = 3};
	DECLARE_ERR(err);

	assert_int_equal(pragma_compare(&spec, &work, &statement, "x.sql", &err), wanted);
	if (error)
		assert_non_null(strstr(err.text, error));
}

static int absent(void **state)
{
	(void)state;
	spec = (struct db_spec){.journal_mode = "wal"};
	work = (struct db_report){.state = DB_ABSENT};
	return 0;
}

static int existing(void **state)
{
	(void)state;
	spec = (struct db_spec){.journal_mode = "wal"};
	work = (struct db_report){.state = DB_PENDING,
		.header = {.page_size = "1024",
			.auto_vacuum = "full",
			.encoding = "UTF-16le"}};
	return 0;
}

static void others_are_run(void **state)
{
	(void)state;
	expect("PRAGMA foreign_keys = ON;", 0, NULL);
	expect("PRAGMA user_version(7);", 0, NULL);
	expect("PRAGMA", 0, NULL);
	expect("SELECT 1;", 0, NULL);
}

static void what_a_new_database_has_is_passed_over(void **state)
{
	(void)state;
	expect("PRAGMA journal_mode = WAL;", 1, NULL);
	expect("pragma main . 'journal_mode' ( \"wal\" )", 1, NULL);
	expect("PRAGMA page_size=4096;", 1, NULL);
	expect("PRAGMA auto_vacuum = 0;", 1, NULL);
	expect("PRAGMA encoding = utf8;", 1, NULL);
	expect("PRAGMA page_size = 5000;", 1, NULL); /* sets nothing */
	expect("PRAGMA page_size = 0;", 1, NULL);
	expect("PRAGMA encoding = 2;", 1, NULL);
	expect("PRAGMA journal_mode = x;", 1, NULL);
}

static void anything_else_is_an_error(void **state)
{
	(void)state;
	expect("PRAGMA journal_mode = memory;", -1,
		"PRAGMA journal_mode = memory is not what the database has, 'wal'; write "
		"`journal_mode = delete` in its section");
	expect("PRAGMA main.page_size(8192);", -1,
		"is not what the database has, '4096'; write `pragma = page_size=8192`");
	expect("PRAGMA auto_vacuum = 2;", -1, "`pragma = auto_vacuum=incremental`");
	expect("PRAGMA encoding = 'UTF-16';", -1, "`pragma = encoding=UTF-16`");
	expect("PRAGMA encoding = utf16be;", -1, "`pragma = encoding=UTF-16be`");
}

static void the_database_or_the_section_has_it(void **state)
{
	const char *const pragmas[] = {"encoding=UTF-16be", "page_size=512", NULL};

	(void)state;
	expect("PRAGMA journal_mode = truncate;", 1, NULL);
	expect("PRAGMA journal_mode = wal;", -1, "'delete'; write `journal_mode = wal`");
	expect("PRAGMA page_size = 1024;", 1, NULL);
	expect("PRAGMA auto_vacuum = FULL;", 1, NULL);
	expect("PRAGMA encoding = 'UTF-16le';", 1, NULL);
	expect("PRAGMA encoding = 'UTF-8';", 1, NULL);
	expect("PRAGMA page_size = 512;", -1, "'1024'");
	spec.pragmas = pragmas;
	spec.journal_mode_set = true;
	expect("PRAGMA page_size = 512;", 1, NULL);
	expect("PRAGMA journal_mode = wal;", 1, NULL);
}

static void what_was_applied_asks_for_nothing(void **state)
{
	(void)state;
	work.state = DB_CURRENT;
	expect("PRAGMA journal_mode = wal;", 1, NULL);
	expect("PRAGMA page_size = 512;", 1, NULL);
	expect("PRAGMA foreign_keys = ON;", 0, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(others_are_run, absent),
		cmocka_unit_test_setup(what_a_new_database_has_is_passed_over, absent),
		cmocka_unit_test_setup(anything_else_is_an_error, absent),
		cmocka_unit_test_setup(the_database_or_the_section_has_it, existing),
		cmocka_unit_test_setup(what_was_applied_asks_for_nothing, existing),
	};

	return cmocka_run_group_tests_name("db/pragma", tests, NULL, NULL);
}
