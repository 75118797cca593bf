/* SPDX-License-Identifier: MIT */
/* What may be behind an error of pending migrations. */
#include "../unit.h"

#include <errno.h>

#include "base/err.h"
#include "ledger/doubt.h"
#include "ledger/spec.h"
#include "migration/migration.h"

static const struct migration last = {
	.contributor = "app", .id = "007", .name = "notes", .file = "f.sql"};
static const struct migration *adopted[] = {NULL, &last};
static struct ledger_work report;

static void expect(struct err *err, const char *wanted)
{
	assert_int_equal(doubt_raise(&report, err), -1);
	assert_string_equal(err->text, wanted);
}

static int after_adoption(void **state)
{
	(void)state;
	report = (struct ledger_work){.adopted = adopted, .adopted_count = 2};
	return 0;
}

static int without_adoption(void **state)
{
	(void)state;
	report = (struct ledger_work){.adopted_count = 0};
	return 0;
}

static void what_exists_may_be_of_a_later_baseline(void **state)
{
	DECLARE_ERR(exists);
	DECLARE_ERR(column);

	(void)state;
	err_fail(&exists, "table t already exists");
	expect(&exists,
		"table t already exists; by `adopt`, '007_notes' is the last of 'app' "
		"that was applied: if this was, too, write a later `baseline`");
	err_fail(&column, "duplicate column name: x");
	assert_int_equal(doubt_raise(&report, &column), -1);
	assert_non_null(strstr(column.text, "write a later `baseline`"));
}

static void other_errors_say_nothing_of_that(void **state)
{
	DECLARE_ERR(err);

	(void)state;
	err_fail(&err, "no such table: t");
	expect(&err, "no such table: t");
}

static void nothing_was_taken_over(void **state)
{
	DECLARE_ERR(err);

	(void)state;
	err_fail(&err, "table t already exists");
	expect(&err, "table t already exists");
}

static void an_empty_ledger_may_be_behind_any_error_of_sql(void **state)
{
	DECLARE_ERR(err);

	(void)state;
	report.doubt = "the ledger is empty";
	err_fail(&err, "no such table: t");
	expect(&err, "no such table: t; the ledger is empty");
}

static void but_not_behind_those_of_the_system(void **state)
{
	DECLARE_ERR(busy);
	DECLARE_ERR(full);
	DECLARE_ERR(stopped);

	(void)state;
	report.doubt = "the ledger is empty";
	err_set(&busy, ERR_TEMPORARY, "begin: database is locked");
	expect(&busy, "begin: database is locked");
	err_code(&full, ENOSPC, "commit: database or disk is full");
	expect(&full, "commit: database or disk is full");
	err_set(&stopped, ERR_INTERRUPTED, "stopped by SIGTERM");
	expect(&stopped, "stopped by SIGTERM");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			what_exists_may_be_of_a_later_baseline, after_adoption),
		cmocka_unit_test_setup(other_errors_say_nothing_of_that, after_adoption),
		cmocka_unit_test_setup(nothing_was_taken_over, without_adoption),
		cmocka_unit_test_setup(
			an_empty_ledger_may_be_behind_any_error_of_sql, without_adoption),
		cmocka_unit_test_setup(
			but_not_behind_those_of_the_system, without_adoption),
	};

	return cmocka_run_group_tests_name("db/doubt", tests, NULL, NULL);
}
