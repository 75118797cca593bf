/* SPDX-License-Identifier: MIT */
/* SQLite's SQL: where statements end, and what a migration may not contain. */
#include "fixture.h"

#include "db/sql.h"

#define CUTTING_DIALECT db_dialect
#include "../migration/cutting.h"

static void plain(void **state)
{
	(void)state;
	expect("CREATE TABLE a(x);\n\n-- one; more\nINSERT INTO a VALUES(1);SELECT 2;\n",
		STATEMENTS("1:CREATE TABLE a(x);", "4:INSERT INTO a VALUES(1);",
			"4:SELECT 2;"));
	expect(" ;; -- nothing\n /* ; */ ;\nSELECT 1;;", STATEMENTS("3:SELECT 1;"));
	expect("", (const char *const[]){NULL});
	expect("-- only a comment", (const char *const[]){NULL});
}

static void quotes_and_comments_hide_semicolons(void **state)
{
	(void)state;
	expect("SELECT 'a;''b;', \"c;\", `d;`, [e;] /* f; */ -- g;\n;SELECT 2;",
		STATEMENTS("1:SELECT 'a;''b;', \"c;\", `d;`, [e;] /* f; */ -- g;\n;",
			"2:SELECT 2;"));
	expect("SELECT 'two\nlines';\nSELECT '--';\nSELECT '/*';",
		STATEMENTS("1:SELECT 'two\nlines';", "3:SELECT '--';", "4:SELECT '/*';"));
	expect("SELECT 1-/* x */-1, 4/2;", STATEMENTS("1:SELECT 1-/* x */-1, 4/2;"));
}

static void trigger_is_one_statement(void **state)
{
	static const char body[] =
		"CREATE TRIGGER t AFTER INSERT ON a BEGIN\n"
		"  UPDATE a SET x = CASE WHEN x > 1 THEN 2 ELSE 3 END;\n"
		"  SELECT CASE x WHEN 1 THEN 2 END ; -- END;\n"
		"  SELECT 'END;';\n"
		"END;";
	char text[600];

	(void)state;
	(void)snprintf(text, sizeof text, "%s\nSELECT 1;", body);
	{
		char first[600];

		(void)snprintf(first, sizeof first, "1:%s", body);
		expect(text, STATEMENTS(first, "6:SELECT 1;"));
	}
	expect("create temp trigger t after insert on a begin select 1; end /* x */ "
	       ";SELECT 1;",
		STATEMENTS("1:create temp trigger t after insert on a begin select 1; "
			   "end /* "
			   "x */ ;",
			"1:SELECT 1;"));
	expect("CREATE TABLE trigger_log(x);SELECT 1;",
		STATEMENTS("1:CREATE TABLE trigger_log(x);", "1:SELECT 1;"));
}

/* Asking SQLite at each semicolon would read a million times a million bytes. */
static void cut_long_trigger(const char *begin, const char *problems)
{
	struct buf text = BUF_INIT;
	struct cutting cutting;

	buf_printf(&text, "%s TRIGGER t AFTER INSERT ON a BEGIN ", begin);
	for (int i = 0; i < 300000; i++)
		buf_puts(&text, "UPDATE a SET x = x + 1; ");
	buf_puts(&text, "END; SELECT 1;");
	cut(&cutting, text.data);
	assert_string_equal(cutting.text.data, problems);
	cutting_release(&cutting);
	buf_release(&text);
}

static void long_trigger(void **state)
{
	static const char refused[] =
		"x.sql:1:1: EXPLAIN cannot be used in a migration: it changes nothing\n";

	(void)state;
	cut_long_trigger("CREATE", "");
	cut_long_trigger("EXPLAIN CREATE TEMP", refused);
	cut_long_trigger("EXPLAIN QUERY PLAN CREATE TEMP", refused);
}

static void transaction_around_all_is_dropped(void **state)
{
	(void)state;
	expect("PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nSELECT 1;\nCOMMIT;\n",
		STATEMENTS("1:PRAGMA foreign_keys=OFF;", "3:SELECT 1;"));
	expect("begin; SELECT 1; end transaction; PRAGMA main.foreign_keys = on;",
		STATEMENTS("1:SELECT 1;", "1:PRAGMA main.foreign_keys = on;"));
	expect("PRAGMA \"foreign_keys\"(1);BEGIN;COMMIT;PRAGMA [main].`foreign_keys`;",
		STATEMENTS("1:PRAGMA \"foreign_keys\"(1);",
			"1:PRAGMA [main].`foreign_keys`;"));
	expect("BEGIN IMMEDIATE; COMMIT;", (const char *const[]){NULL});
}

/* As for sqlx, which runs a file inside a transaction. */
static void transaction_that_is_left_and_entered_again(void **state)
{
	(void)state;
	expect("-- leave it\nCOMMIT TRANSACTION; /* for */ PRAGMA foreign_keys=OFF;\n"
	       "-- and enter it\nBEGIN TRANSACTION;\nSELECT 1;\n"
	       "END; PRAGMA foreign_keys=ON; BEGIN IMMEDIATE;\nSELECT 2;\n"
	       "commit; PRAGMA foreign_keys=OFF; begin exclusive transaction;\n"
	       "end transaction; PRAGMA foreign_keys=ON; BEGIN; -- again",
		STATEMENTS("2:PRAGMA foreign_keys=OFF;", "5:SELECT 1;",
			"6:PRAGMA foreign_keys=ON;", "7:SELECT 2;",
			"8:PRAGMA foreign_keys=OFF;", "9:PRAGMA foreign_keys=ON;"));
}

static void transaction_in_the_middle(void **state)
{
	static const char why[] =
		"cannot be used in a migration: a migration runs inside one "
		"transaction with its ledger row; take it out\n";
	char wanted[600];

	(void)state;
	(void)snprintf(wanted, sizeof wanted, "x.sql:1:1: BEGIN %s", why);
	expect_problems("BEGIN; SELECT 1;", wanted);
	(void)snprintf(wanted, sizeof wanted, "x.sql:2:3: COMMIT %s", why);
	expect_problems("SELECT 1;\n  COMMIT;", wanted);
	(void)snprintf(wanted, sizeof wanted, "x.sql:1:18: COMMIT %s", why);
	expect_problems("BEGIN; SELECT 1; COMMIT; SELECT 2; BEGIN; END;", wanted);
	(void)snprintf(wanted, sizeof wanted,
		"x.sql:1:1: savepoint %sx.sql:1:14: Release %s"
		"x.sql:1:25: ROLLBACK %s",
		why, why, why);
	expect_problems("savepoint a; Release a; ROLLBACK;", wanted);
}

static void refused_commands(void **state)
{
	(void)state;
	expect_problems("SELECT 1;\nATTACH 'x' AS y;",
		"x.sql:2:1: ATTACH cannot be used in a migration: a migration works on "
		"its "
		"own database alone\n");
	expect_problems("DETACH y;",
		"x.sql:1:1: DETACH cannot be used in a migration: a migration works on "
		"its own database alone\n");
	expect_problems("/* a */ vacuum;",
		"x.sql:1:9: vacuum cannot be used in a migration: it cannot run inside a "
		"transaction; take it out: a step of kind exec that requires the "
		"database can do it\n");
	expect_problems(".mode csv\n;",
		"x.sql:1:1: this is a command of the sqlite3 shell, not SQL; take it "
		"out, and write what it does in SQL\n");
	expect_problems("PRAGMA case_sensitive_like = ON;",
		"x.sql:1:1: PRAGMA case_sensitive_like cannot be used in a migration: it "
		"changes what SQL finds: write GLOB, or lower()\n");
	expect_problems("PRAGMA incremental_vacuum;",
		"x.sql:1:1: PRAGMA incremental_vacuum cannot be used in a migration: it "
		"has no effect in a transaction, or none that lasts: take it out, and "
		"set it in the application's own connections\n");
	expect("PRAGMA user_version = 3;", STATEMENTS("1:PRAGMA user_version = 3;"));
}

/* Those with a value that is stored are compared where they would run. */
static void settings_of_a_connection(void **state)
{
	(void)state;
	expect("PRAGMA synchronous = NORMAL; PRAGMA main.cache_size(-2000);\n"
	       "pragma \"busy_timeout\"=5; PRAGMA journal_mode; SELECT 1;",
		STATEMENTS("2:SELECT 1;"));
	expect("PRAGMA journal_mode=WAL; PRAGMA main.page_size(8192);",
		STATEMENTS(
			"1:PRAGMA journal_mode=WAL;", "1:PRAGMA main.page_size(8192);"));
	expect("COMMIT; PRAGMA threads=2; PRAGMA journal_mode=off; BEGIN; SELECT 1;",
		STATEMENTS("1:PRAGMA journal_mode=off;", "1:SELECT 1;"));
	expect("SELECT 1; COMMIT; PRAGMA wal_checkpoint; BEGIN; SELECT 2;",
		STATEMENTS("1:SELECT 1;", "1:SELECT 2;"));
}

/* How many statements and problems it is, with a value and without. */
static void expect_pragma(const char *name, size_t statements, size_t problems)
{
	char text[100];
	struct cutting cutting;

	(void)snprintf(text, sizeof text, "PRAGMA %s; PRAGMA %s = 1;", name, name);
	cut(&cutting, text);
	if (cutting.count != statements || cutting.problems.count != problems)
		fail_msg(
			"%s: %zu statements\n%s", name, cutting.count, cutting.text.data);
	cutting_release(&cutting);
}

static void each_pragma(void **state)
{
	static const char *const run[] = {"analysis_limit", "application_id",
		"collation_list", "compile_options", "data_version", "database_list",
		"defer_foreign_keys", "foreign_key_check", "foreign_key_list",
		"foreign_keys", "function_list", "index_info", "index_list",
		"index_xinfo", "integrity_check", "legacy_alter_table", "optimize",
		"quick_check", "recursive_triggers", "table_info", "table_list",
		"table_xinfo", "user_version"};
	static const char *const passed[] = {"automatic_index", "busy_timeout",
		"cache_size", "cache_spill", "cell_size_check", "checkpoint_fullfsync",
		"freelist_count", "fullfsync", "hard_heap_limit", "journal_size_limit",
		"locking_mode", "max_page_count", "mmap_size", "page_count", "query_only",
		"read_uncommitted", "secure_delete", "shrink_memory", "soft_heap_limit",
		"synchronous", "temp_store", "threads", "trusted_schema",
		"wal_autocheckpoint", "wal_checkpoint"};
	static const char *const refused[] = {"case_sensitive_like", "count_changes",
		"data_store_directory", "default_cache_size", "empty_result_callbacks",
		"full_column_names", "ignore_check_constraints", "incremental_vacuum",
		"legacy_file_format", "module_list", "pragma_list",
		"reverse_unordered_selects", "schema_version", "short_column_names",
		"stats", "temp_store_directory", "writable_schema", "not_known"};

	(void)state;
	for (size_t i = 0; i < sizeof run / sizeof *run; i++)
		expect_pragma(run[i], 2, 0);
	for (size_t i = 0; i < sizeof passed / sizeof *passed; i++)
		expect_pragma(passed[i], 0, 0);
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		expect_pragma(refused[i], 2, 2);
}

static void without_its_semicolon(void **state)
{
	(void)state;
	expect("SELECT 1;\n DELETE FROM a", STATEMENTS("1:SELECT 1;", "2:DELETE FROM a"));
	expect("DELETE FROM a -- WHERE x;", STATEMENTS("1:DELETE FROM a"));
	expect("CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT '('; END -- t\n",
		STATEMENTS("1:CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT '('; END"));
	expect("SELECT (1), ')'\n--> statement-breakpoint\nSELECT 2",
		STATEMENTS("1:SELECT (1), ')'", "3:SELECT 2"));
}

static void strictly(void **state)
{
	const char *text = "SELECT 1;\n DELETE FROM a";
	const struct script_part whole = {.size = strlen(text)};
	struct cutting cutting;

	(void)state;
	cut_parts(&cutting, text, true, &whole, 1);
	assert_string_equal(cutting.text.data,
		"x.sql:2:2: the statement that begins here has no ';' at its end; is the "
		"file cut short?\n");
	cutting_release(&cutting);
}

static void cut_short(void **state)
{
	(void)state;
	expect_problems("CREATE TABLE a (b, c (d)",
		"x.sql:1:1: the statement that begins here has an open parenthesis; is "
		"the file cut short?\n");
	expect_problems("CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; EN",
		"x.sql:1:1: the trigger that begins here has no 'END;'; is the file cut "
		"short?\n");
	expect_problems("CREATE TRIGGER t AFTER INSERT ON a",
		"x.sql:1:1: the trigger that begins here has no 'END;'; is the file cut "
		"short?\n");
	expect_problems("SELECT 1;\nSELECT 'a;\n\n",
		"x.sql:2:8: the quote that begins here is never closed; is the file cut "
		"short?\n");
	expect_problems("SELECT 1; /* a;\n",
		"x.sql:1:11: the comment that begins here is never closed; is the file "
		"cut "
		"short?\n");
	expect_problems("CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1;\n",
		"x.sql:1:1: the trigger that begins here has no 'END;'; is the file cut "
		"short?\n");
	expect_problems("/*",
		"x.sql:1:1: the comment that begins here is never closed; is the "
		"file cut short?\n");
	expect_problems("'",
		"x.sql:1:1: the quote that begins here is never closed; is the "
		"file cut short?\n");
}

/* Full-text tables use it themselves. */
static void page_size_is_internal(void **state)
{
	(void)state;
	assert_true(sql_pragma_allowed("page_size"));
	assert_true(sql_pragma_allowed("USER_VERSION"));
	assert_false(sql_pragma_allowed("journal_mode"));
	assert_false(sql_pragma_allowed("synchronous"));
}

static void parts(void **state)
{
	static const char text[] =
		"SELECT 0;\n-- up\nBEGIN;\nSELECT 'a'\n-- end\nSELECT 2;\nCOMMIT;\n'";
	const struct script_part parts[] = {
		{.start = 16, .size = 7},
		{.start = 23, .size = 11, .closed = true},
		{.start = 41, .size = 18},
	};
	struct cutting cutting;

	(void)state;
	cut_parts(&cutting, text, true, parts, 3);
	assert_string_equal(cutting.text.data, "");
	assert_int_equal(cutting.count, 2);
	assert_int_equal(cutting.statements[0].line, 4);
	assert_int_equal(cutting.statements[0].size, 10);
	assert_memory_equal(cutting.statements[0].text, "SELECT 'a'", 10);
	assert_int_equal(cutting.statements[1].line, 6);
	assert_memory_equal(cutting.statements[1].text, "SELECT 2;", 9);
	cutting_release(&cutting);
}

/* The end of a block does not end an incomplete trigger. */
static void closed_part_of_half_a_trigger(void **state)
{
	static const char text[] =
		"CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1\n;\n-- end\n";
	const struct script_part part = {.size = 52, .closed = true};
	struct cutting cutting;

	(void)state;
	cut_parts(&cutting, text, false, &part, 1);
	assert_string_equal(cutting.text.data,
		"x.sql:1:1: the trigger that begins here has no 'END;'; is the file cut "
		"short?\n");
	cutting_release(&cutting);
}

/* The schema, which has it, is read within limits. */
static void what_the_schema_stores_may_be_too_long(void **state)
{
	size_t size = SQL_SCHEMA_MAX + 20;
	char *text = malloc(size + 1);

	(void)state;
	assert_non_null(text);
	memset(text, ' ', size);
	memcpy(text, "CREATE VIEW x AS SELECT", 23);
	memcpy(text + size - 2, "1;", 3);
	expect_problems(text,
		"x.sql:1:1: this statement is longer than 8388608 bytes, which a schema "
		"must not have\n");
	memcpy(text, "INSERT INTO x SELECT   ", 23);
	expect_problems(text, "");
	free(text);
}

static void what_is_passed_over_is_named(void **state)
{
	struct cutting cutting;

	(void)state;
	cut(&cutting,
		"PRAGMA cache_size = 1--> statement-breakpoint\nPRAGMA synchronous\n"
		" = OFF; PRAGMA busy_timeout = "
		"1234567890123456789012345678901234567890;");
	assert_int_equal(cutting.count, 0);
	assert_string_equal(cutting.passed.data,
		"PRAGMA cache_size = 1 (line 1), PRAGMA synchronous (line 2), "
		"PRAGMA busy_timeout = 12345678901234567890123456789012345678… (line 3)");
	cutting_release(&cutting);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain),
		cmocka_unit_test(quotes_and_comments_hide_semicolons),
		cmocka_unit_test(trigger_is_one_statement),
		cmocka_unit_test(long_trigger),
		cmocka_unit_test(transaction_around_all_is_dropped),
		cmocka_unit_test(transaction_that_is_left_and_entered_again),
		cmocka_unit_test(transaction_in_the_middle),
		cmocka_unit_test(refused_commands),
		cmocka_unit_test(settings_of_a_connection),
		cmocka_unit_test(each_pragma),
		cmocka_unit_test(without_its_semicolon),
		cmocka_unit_test(strictly),
		cmocka_unit_test(cut_short),
		cmocka_unit_test(page_size_is_internal),
		cmocka_unit_test(parts),
		cmocka_unit_test(closed_part_of_half_a_trigger),
		cmocka_unit_test(what_the_schema_stores_may_be_too_long),
		cmocka_unit_test(what_is_passed_over_is_named),
	};

	return cmocka_run_group_tests_name("db/sql", tests, NULL, NULL);
}
