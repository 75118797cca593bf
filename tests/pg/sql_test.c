/* SPDX-License-Identifier: MIT */
/* PostgreSQL's SQL: where statements end, and what a migration may not contain. */
#include "pg/sql.h"

#define CUTTING_DIALECT pg_dialect
#include "../migration/cutting.h"

/* A text that is one statement, though it has semicolons. */
static const char *const single[] = {
	"SELECT 'a;''b;', \"c;\"\"d\" /* f; */ -- g;\n;",
	"SELECT 'a\\';",
	"SELECT E'a\\';b', e'\\\\';",
	"SELECT E'a'';\\';';",
	"SELECT E'a' -- b\n\t'c\\';d';",
	"SELECT E'a'\r'c\\';d';",
	"SELECT U&'d\\0061;', U&\"d\\0061;\", B'1;', x'1;', N'a;';",
	"SELECT $$a;$b$;$$, $b$ $$;$c$;$b$, $\303\244_1$;$\303\244_1$;",
	"SELECT $a$ ;$aa$;$b$a$;",
	"SELECT $1$$;$$, 1$$;$$;",
	"SELECT a$b$c, a$$;",
	"SELECT $a, $ ;",
	"SELECT 1 /* a /* ; */ ; /*/ ; */ */ ;",
	"SELECT 1 +-- ;\n 2 */* ; */ 3;",
	"CREATE RULE a AS ON INSERT TO b DO (SELECT 1; SELECT ')';);",
	"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;",
	"create procedure f(a int)\nbegin atomic\n select case when a then b end; end;",
	"CREATE FUNCTION f() BEGIN ATOMIC SELECT (CASE CASE 1 WHEN 1 END END); END;",
	"CREATE FUNCTION f() BEGIN ATOMIC SELECT 1 AS end, t.case, begin FROM t; END;",
	"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 1;$$;",
	"CREATE FUNCTION begin() RETURNS int RETURN CASE WHEN true THEN 1 END;",
	"DO $do$ BEGIN PERFORM 1; END $do$;",
	"PREPARE a AS SELECT 1;",
	"COPY a FROM '/a';",
	"COPY (SELECT a FROM stdin) TO '/a';",
	"SET search_path = a;",
	"SET CONSTRAINTS ALL DEFERRED;",
	"VACUUM a;",
};

static void semicolons_inside_of_a_statement(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof single / sizeof *single; i++) {
		struct buf text = BUF_INIT;
		struct cutting cutting;

		buf_printf(&text, "%sSELECT 9", single[i]);
		cut(&cutting, text.data);
		assert_string_equal(cutting.text.data, "");
		if (cutting.count != 2)
			fail_msg("%s: %zu", single[i], cutting.count);
		assert_int_equal(cutting.statements[0].size, strlen(single[i]));
		cutting_release(&cutting);
		buf_release(&text);
	}
}

static void several(void **state)
{
	(void)state;
	expect("SELECT 1;\r\nSELECT 2;;\n-- a\rSELECT 3;",
		STATEMENTS("1:SELECT 1;", "2:SELECT 2;", "3:SELECT 3;"));
	expect("SELECT 1--> statement-breakpoint\nSELECT E'a'--> "
	       "statement-breakpoint\nSELECT 2",
		STATEMENTS("1:SELECT 1", "2:SELECT E'a'", "3:SELECT 2"));
	expect("SELECT CASE 1 WHEN 1 THEN 2 END; SELECT 1);SELECT 2;",
		STATEMENTS("1:SELECT CASE 1 WHEN 1 THEN 2 END;", "1:SELECT 1);",
			"1:SELECT 2;"));
	expect("", (const char *const[]){NULL});
}

static void transaction_around_all_is_dropped(void **state)
{
	(void)state;
	expect("SET a = 1; SELECT pg_catalog.set_config('search_path', '', false);\n"
	       "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT 1; COMMIT; RESET a;",
		STATEMENTS("1:SET a = 1;",
			"1:SELECT pg_catalog.set_config('search_path', '', false);",
			"2:SELECT 1;", "2:RESET a;"));
	expect("START TRANSACTION; SELECT 1; END;", STATEMENTS("1:SELECT 1;"));
	expect("SET standard_conforming_strings = 'on'; BEGIN; COMMIT;",
		STATEMENTS("1:SET standard_conforming_strings = 'on';"));
	expect("SET SESSION standard_conforming_strings TO on;",
		STATEMENTS("1:SET SESSION standard_conforming_strings TO on;"));
	expect("COMMIT AND NO CHAIN; BEGIN;", (const char *const[]){NULL});
}

/* Each with what its error has. */
static void refused(void **state)
{
	static const struct {
		const char *text;
		const char *has;
	} cases[] = {
		{"SELECT 1; COMMIT; SELECT 2;", "1:11: COMMIT cannot be used"},
		{"rollback;",
			"1:1: rollback cannot be used in a migration: a migration "},
		{"begin work read only; SELECT 1; COMMIT;",
			"1:1: begin cannot be used in a migration: what it says"},
		{"START TRANSACTION ISOLATION LEVEL SERIALIZABLE; SELECT 1; END;",
			"1:1: START cannot be used in a migration: what it says"},
		{"ABORT;", "ABORT cannot"},
		{"SAVEPOINT a;", "SAVEPOINT cannot"},
		{"RELEASE a;", "RELEASE cannot"},
		{"PREPARE TRANSACTION 'a';",
			"PREPARE cannot be used in a migration: a "
			"prepared"},
		{"COMMIT PREPARED 'a';", "COMMIT cannot be used in a migration: a prep"},
		{"ROLLBACK /**/ PREPARED 'a';", "migration: a prepared transaction"},
		{"BEGIN; COMMIT AND CHAIN; SELECT 1; END;", "AND CHAIN begins another"},
		{"copy public.a (b, c) from stdin with (format csv);\na'b\n\\N\n\\.\n",
			"1:1: copy cannot be used in a migration: it reads rows"},
		{"COPY a FROM STDIN", "COPY cannot be used in a migration: it reads"},
		{"COPY (SELECT 1) TO STDOUT;", "nobody reads its rows"},
		{"SET standard_conforming_strings = off;", "write E'…'"},
		{"SET LOCAL standard_conforming_strings TO 'off';", "write E'…'"},
		{"SET a = 1;\n\\restrict abc\nSELECT 1;",
			"2:1: '\\restrict' is a command of psql, which does not "
			"run here"},
		{"SELECT 1\n  \\gexec\nSELECT 2;", "2:3: '\\gexec' is a command of psql"},
		{"\\copy a from 'b", "write INSERT, or COPY from a file of the server"},
		{"\\i a.sql", "write what that file has in its place"},
		{"\\", "'\\' is a command of psql"},
		{"SELECT E'a\\';", "1:8: the quote that begins here is never closed"},
		{"SELECT 'a;", "1:8: the quote"},
		{"SELECT \"a;", "1:8: the quote"},
		{"SELECT $a$;$b$", "1:8: the quote"},
		{"SELECT E'a\\", "1:8: the quote"},
		{"/* /* */", "1:1: the comment that begins here is never closed"},
		{"SELECT (1;", "1:1: the statement that begins here has an open paren"},
		{"CREATE FUNCTION f() BEGIN ATOMIC SELECT CASE; END;",
			"1:1: the function that begins here has no 'END;'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cutting cutting;

		cut(&cutting, cases[i].text);
		if (cutting.problems.count != 1 ||
			!strstr(cutting.text.data, cases[i].has))
			fail_msg("%s: %s", cases[i].text, cutting.text.data);
		cutting_release(&cutting);
	}
}

static void long_texts_take_linear_time(void **state)
{
	static const char *const parts[] = {"$a", "(", "/*", "E'a'\n",
		"COPY a FROM STDIN;", "CASE ", "$a$b", "ALTER TABLE DETACH PARTITION "};

	(void)state;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		struct buf text = BUF_INIT;
		struct cutting cutting;

		buf_puts(&text, "CREATE FUNCTION f() BEGIN ATOMIC ");
		while (text.len < 1024 * 1024)
			buf_puts(&text, parts[i]);
		cut(&cutting, text.data);
		cutting_release(&cutting);
		(void)pg_sql_outside_transaction(text.data + 33, text.len - 33);
		buf_release(&text);
	}
}

static void outside_of_a_transaction(void **state)
{
	static const char *const yes[] = {"create database a;", "DROP DATABASE a",
		"CREATE INDEX CONCURRENTLY a ON b (c);", "DROP INDEX /**/ CONCURRENTLY a",
		"CREATE UNIQUE INDEX CONCURRENTLY ON b (c)",
		"REINDEX (VERBOSE) DATABASE a", "REINDEX TABLE CONCURRENTLY a",
		"REINDEX (CONCURRENTLY) TABLE a",
		"ALTER TABLE a DETACH PARTITION b CONCURRENTLY;", "VACUUM",
		"-- a\nVACUUM", "ALTER SYSTEM SET a = 1", "CREATE SUBSCRIPTION a",
		"DISCARD ALL"};
	static const char *const no[] = {"", ";", "CREATE INDEX a ON b (c)",
		"ALTER TYPE a ADD VALUE 'b'", "ALTER TABLE a DETACH PARTITION b",
		"REINDEX TABLE a", "SELECT 'VACUUM'", "ALTER TABLE a"};

	(void)state;
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		if (!pg_sql_outside_transaction(yes[i], strlen(yes[i])))
			fail_msg("%s", yes[i]);
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if (pg_sql_outside_transaction(no[i], strlen(no[i])))
			fail_msg("%s", no[i]);
}

static void what_did_not_get_a_lock_is_run_again(void **state)
{
	static const char *const yes[] = {
		"", "ALTER TABLE a ADD b int;", "VACUUM FULL", "DROP TABLE a"};
	static const char *const no[] = {"CREATE INDEX CONCURRENTLY ON b (c)",
		"reindex (concurrently) table a", "CALL f();", "DO $$ BEGIN END $$",
		"BEGIN", "START TRANSACTION READ ONLY"};

	(void)state;
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		if (!pg_sql_is_repeatable(yes[i], strlen(yes[i])))
			fail_msg("%s", yes[i]);
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if (pg_sql_is_repeatable(no[i], strlen(no[i])))
			fail_msg("%s", no[i]);
}

static void settings_of_a_session(void **state)
{
	static const struct {
		const char *text;
		bool expected;
	} cases[] = {
		{"SET lock_timeout = 1;", true},
		{"set session authorization a", true},
		{"/* */ RESET ALL;", true},
		{"SELECT set_config('a.b', 'c', false);", true},
		{"SET LOCAL lock_timeout = 1;", false},
		{"SET TRANSACTION READ ONLY;", false},
		{"SET CONSTRAINTS ALL DEFERRED;", false},
		{"UPDATE a SET b = 1;", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (pg_sql_sets_session(cases[i].text, strlen(cases[i].text)) !=
			cases[i].expected)
			fail_msg("%s", cases[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(semicolons_inside_of_a_statement),
		cmocka_unit_test(several),
		cmocka_unit_test(transaction_around_all_is_dropped),
		cmocka_unit_test(refused),
		cmocka_unit_test(long_texts_take_linear_time),
		cmocka_unit_test(outside_of_a_transaction),
		cmocka_unit_test(what_did_not_get_a_lock_is_run_again),
		cmocka_unit_test(settings_of_a_session),
	};

	return cmocka_run_group_tests_name("pg/sql", tests, NULL, NULL);
}
