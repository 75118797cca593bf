/* SPDX-License-Identifier: MIT */
/* Comments that look like the marker of a down part. */
#include "../unit.h"
#include "base/buf.h"
#include "base/mem.h"
#include "dialect.h"
#include "migration/down.h"
#include "migration/split.h"

/* ---- a comment ---- */

static void looks(const char *text, enum down_look wanted)
{
	bool prose;

	if (down_look(text, strlen(text), &prose) != wanted)
		fail_msg("'%s' looks otherwise", text);
}

static void what_the_tools_write(void **state)
{
	static const char *const down[] = {" Down", "down",
		" DOWN:", " ==== DOWN ====", " //@UNDO", " // @undo", " rambler down",
		" +micrate Down", " !Downs", " --- !Downs", " @DOWN", " Down Migration",
		" migrate down", "migrate:down", " goose Down", " [down]", " Down --",
		" drop below ----", "-- create above / drop below ----", " Rollback",
		" revert changes", "\n * Down\n ",
		" \xe2\x94\x80\xe2\x94\x80 down \xe2\x94\x80", " undo.", " down.sql --",
		" 2 down", " 12 DOWN", " 2down", " BEGIN DOWN", " section: down",
		" name: down", " Step 2: down", " To revert:", " reverse", " Backward",
		" unapply", " 2) Down"};
	static const char *const up[] = {" Up", " Up: create", " +micrate Up", " [up]",
		" Up Migration", " up the road", " ---- UP ----", " 2 up", " up.sql --"};

	(void)state;
	for (size_t i = 0; i < sizeof down / sizeof *down; i++)
		looks(down[i], DOWN_ALONE);
	for (size_t i = 0; i < sizeof up / sizeof *up; i++)
		looks(up[i], DOWN_UP);
}

static void labels(void **state)
{
	static const char *const labels[] = {" Down: revert", " Down (revert)",
		" down - drop it", " Down Migration for users", " Rollback: drops a",
		" DOWN Migration (Rollback)", " undo (all of it)",
		" down \xe2\x80\x94 all", "Rollback:\ndrops a"};

	(void)state;
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		looks(labels[i], DOWN_LABEL);
}

static void prose(void **state)
{
	static const char *const nothing[] = {"", " ", " ====", " downward",
		" down-payments are due", " down_payments", " undo/redo of an edit",
		" undo()", " rollback() is called", " Down's",
		" Rollback is not possible", " rollback: not possible",
		" Rollback: DROP TABLE a;", " Rollback: n/a", " Undo their own entry",
		" revert the change of 007", " Revert: see below", " revert.sql has it",
		" scaling down", " note: revert", " tear it down", " no rollback",
		" rollback, in short", " up-to-date", " to revert the change",
		" To revert: DROP TABLE a;", " reverse index of names",
		" backward-compatible", " 2nd down", " step 2", " name: downtown",
		" 2 downloads", "\nRollback:\nDROP TABLE a;\n"};

	(void)state;
	for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
		looks(nothing[i], DOWN_NOTHING);
	looks(" down payments of a customer", DOWN_TEXT);
	looks(" Down the road, all is well", DOWN_TEXT);
}

/* ---- a text ---- */

/* Expects the lines that are errors, "3 7"; "" for none. */
static void expect(const char *text, const char *wanted)
{
	struct arena arena = {0};
	struct problems problems = {0};
	const struct script_part part = {.size = strlen(text)};
	const struct script script = {
		.text = arena_memdup(&arena, text, strlen(text) + 1),
		.size = strlen(text),
		.file = "x.sql",
		.dialect = &plain_dialect,
		.problems = &problems,
	};
	struct statement *statements;
	struct buf got = BUF_INIT;
	size_t count;

	split_script(&script, &part, 1, &statements, &count);
	for (size_t i = 0; i < problems.count; i++)
		buf_printf(&got, "%s%d", i ? " " : "", problems.list[i].at.line);
	if (strcmp(got.data, wanted) != 0)
		fail_msg("'%s': '%s', not '%s'", text, got.data, wanted);
	free(statements);
	buf_release(&got);
	problems_release(&problems);
	arena_release(&arena);
}

static void sql_behind_a_marker_is_an_error(void **state)
{
	(void)state;
	expect("a;\n-- Down\nb;\n", "2");
	expect("a;\n-- down: all of it\nb;\n", "2");
	expect("a;\n\n/* Down */\nb;\n", "3");
	expect("a;\n/*\n * undo\n */\nb;\n", "2");
	expect("a;\r\n-- @UNDO\r\nb;\r\n", "2");
	expect("a;\n# --- !Downs\nb;\n", "2");
	expect("-- Down\nb;\n", "1");
	expect("-- Up x\na;\n-- Down y\nb;\n", "3");
	expect("a;\n-- revert\n-- the tables are dropped\nb;\n", "2");
	expect("a;\n-- ==\n-- ROLLBACK (all)\n-- ==\nb;\n", "3");
	expect("a;\n-- Down\n-- DROP TABLE b;\nb;\n", "2");
	expect("-- Down: drop\nb;\n-- Up: create\na;\n", "1");
	expect("-- Rollback\nb;\n-- Up\na;\n", "1");
	expect("a;\n-- down\nb;\n-- undo\nc;\n", "2 4");
	expect("-- 1 up\na;\n-- 1 down\nb;\n-- 2 up\nc;\n-- 2 down\nd;\n", "3 7");
	expect("-- up.sql --\na;\n-- down.sql --\nb;\n", "3");
	expect("-- atlas:txtar\n\n-- checks.sql --\nb;\n-- migration.sql --\na;\n", "1");
	expect("-- atlas:txtar\n-- migration.sql --\na;\n-- down.sql --\nb;\n", "1 4");
}

static void without_sql_behind_it_there_is_none(void **state)
{
	(void)state;
	expect("a;\n-- Down\n", "");
	expect("a;\n-- Down\n-- b;\n;\n", "");
}

static void comments_elsewhere(void **state)
{
	(void)state;
	expect("a (\n-- down\nb);\n", "");
	expect("a\n-- down\nb;\n", "");
	expect("a; -- down\nb;\n", "");
	expect("a;\n/* down */ b;\n", "");
	expect("a '\n-- down\n';b;\n", "");
	expect("/*\na;\n-- down\n*/\nb;\n", "");
}

static void prose_in_a_text(void **state)
{
	(void)state;
	expect("a;\n-- down payments of a customer\nb;\n", "");
	expect("a;\n-- rollback is not possible here\nb;\n", "");
	expect("-- Rollback: drops a\na;\nb;\n", "");
	expect("-- Revert\na;\nb;\n", "");
	expect("BEGIN;\nSETTING;\n-- Rollback: drops a\na;\nb;\nCOMMIT;\n", "");
	expect("-- Up: create\n-- Down: drop\na;\nb;\n", "");
	expect("a;\n-- Rollback:\n--   DROP TABLE a;\nb;\n", "");
	expect("a;\n-- Rollback\n-- --\n-- run: x\n-- DELETE FROM a;\n\nb;\n", "");
}

static void the_error_says_what_to_do(void **state)
{
	struct problems problems = {0};
	char text[] = "-- Down (all)\nb;";
	const struct script script = {.text = text,
		.size = strlen(text),
		.file = "x.sql",
		.dialect = &plain_dialect,
		.problems = &problems};
	struct down down = {.sql = true};

	(void)state;
	down_take_gap(&down, &script, 0, strlen("-- Down (all)\n"), 7);
	down_take_sql(&down, &script, strlen("-- Down (all)\n"), 8);
	assert_string_equal(problem_text(&problems, 0),
		"x.sql:7: '-- Down (all)' looks like the marker of a down part, but is "
		"none here, so what is behind it would run; move the down part out of "
		"this file, or if it is a comment, reword it");
	problems_release(&problems);
}

static void a_long_marker_is_cut_between_characters(void **state)
{
	struct problems problems = {0};
	char text[] = "-- Down: \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		      "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		      "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		      "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\nb;";
	const struct script script = {.text = text,
		.size = strlen(text),
		.file = "x.sql",
		.dialect = &plain_dialect,
		.problems = &problems};
	size_t sql = strlen(text) - strlen("b;");
	struct down down = {.sql = true};

	(void)state;
	down_take_gap(&down, &script, 0, sql, 1);
	down_take_sql(&down, &script, sql, 2);
	assert_non_null(strstr(problem_text(&problems, 0), "\xc3\xa9\u2026' looks like"));
	problems_release(&problems);
}

static void an_archive_is_an_error(void **state)
{
	struct problems problems = {0};
	char text[] = "-- atlas:txtar\n-- migration.sql --\na;";
	const struct script script = {.text = text,
		.size = strlen(text),
		.file = "x.sql",
		.dialect = &plain_dialect,
		.problems = &problems};
	size_t sql = strlen(text) - strlen("a;");
	struct down down = {.sql = false};

	(void)state;
	down_take_gap(&down, &script, 0, sql, 1);
	down_take_sql(&down, &script, sql, 3);
	assert_int_equal(problems.count, 1);
	assert_string_equal(problem_text(&problems, 0),
		"x.sql:1: '-- atlas:txtar': an archive of Atlas is not read; write what "
		"is in its migration.sql in this file instead, and nothing else of it");
	problems_release(&problems);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_tools_write),
		cmocka_unit_test(labels),
		cmocka_unit_test(prose),
		cmocka_unit_test(sql_behind_a_marker_is_an_error),
		cmocka_unit_test(without_sql_behind_it_there_is_none),
		cmocka_unit_test(comments_elsewhere),
		cmocka_unit_test(prose_in_a_text),
		cmocka_unit_test(the_error_says_what_to_do),
		cmocka_unit_test(a_long_marker_is_cut_between_characters),
		cmocka_unit_test(an_archive_is_an_error),
	};

	return cmocka_run_group_tests_name("migration/down", tests, NULL, NULL);
}
