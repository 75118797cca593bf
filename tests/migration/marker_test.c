/* SPDX-License-Identifier: MIT */
/* Which line is a marker of which tool. */
#include "../unit.h"
#include "base/str.h"
#include "migration/marker.h"
#include "migration/split.h"

/* Returns what the line is to the tool; `taken` is whether the tool takes it for that. */
static enum marker read_line(const char *tool, const char *text, bool *taken)
{
	const struct script script = {
		.text = (char *)(uintptr_t)text, .size = strlen(text)};
	struct marker_line line = {.number = 0};
	const struct marker_word *word;
	size_t i = 0;

	while (!str_equal(marker_tool(i)->tool, tool))
		i++;
	if (!marker_next_comment(&script, &line))
		return MARKER_NONE;
	return marker_read(marker_tool(i), &line, &word, taken);
}

static void expect_taken(const char *tool, const char *text, enum marker marker)
{
	bool taken = false;

	assert_int_equal(read_line(tool, text, &taken), marker);
	assert_true(taken);
}

static void expect_alike(const char *tool, const char *text, enum marker marker)
{
	bool taken = true;

	assert_int_equal(read_line(tool, text, &taken), marker);
	assert_false(taken);
}

static void dbmate(void **state)
{
	(void)state;
	expect_taken("dbmate", "--\t migrate:down x:y", MARKER_DOWN);
	expect_taken("dbmate", "--migrate:up \r\n", MARKER_UP);
	expect_alike("dbmate", " -- migrate:up", MARKER_UP);
	expect_alike("dbmate", "-- MIGRATE:up", MARKER_UP);
	expect_taken("dbmate", "-- migrate:ups", MARKER_UNKNOWN);
	expect_taken("dbmate", "-- migrate up", MARKER_NONE);
}

static void goose(void **state)
{
	(void)state;
	expect_taken("goose", "--+goose NO transaction\n", MARKER_OUTSIDE);
	expect_taken("goose", "-- Up +goose", MARKER_UP);
	expect_alike("goose", "-- +goose Up 2", MARKER_UP);
	expect_alike("goose", "\t-- +goose Up", MARKER_UP);
	expect_alike("goose", "-- +goose Up +goose", MARKER_UP);
	expect_taken("goose", "-- about +goose", MARKER_UNKNOWN);
	expect_taken("goose", "-- about goose", MARKER_NONE);
}

static void sql_migrate(void **state)
{
	(void)state;
	expect_taken("sql-migrate", "-- +migrate  Up x", MARKER_UP);
	expect_alike("sql-migrate", "--  +migrate Up", MARKER_UP);
	expect_alike("sql-migrate", "-- +migrate statementend", MARKER_END);
	expect_taken("sql-migrate", "-- +migrate Upp", MARKER_UNKNOWN);
	expect_taken("sql-migrate", "-- see +migrate Up", MARKER_NONE);
}

/* MigrationReader: blanks in between, @UNDO in capitals, and anything behind it. */
static void mybatis(void **state)
{
	(void)state;
	expect_taken("MyBatis", " --\t//  @UNDO x", MARKER_DOWN);
	expect_taken("MyBatis", "--//@UNDO", MARKER_DOWN);
	expect_taken("MyBatis", "-- //@UNDOING", MARKER_DOWN);
	expect_taken("MyBatis", "-- // @undo", MARKER_NONE);
	expect_taken("MyBatis", "-- @UNDO", MARKER_NONE);
}

/* Whatever begins with the word, behind white space. */
static void node_sqlite(void **state)
{
	(void)state;
	expect_taken("node-sqlite", "-- Down", MARKER_DOWN);
	expect_taken("node-sqlite", "\t-- \t DOWN the road", MARKER_DOWN);
	expect_taken("node-sqlite", "-- down-payments", MARKER_DOWN);
	expect_taken("node-sqlite", "--down ", MARKER_NONE);
	expect_taken("node-sqlite", "-- downs", MARKER_NONE);
	expect_taken("node-sqlite", "-- down_payments", MARKER_NONE);
	expect_taken("node-sqlite", "---- down", MARKER_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dbmate),
		cmocka_unit_test(goose),
		cmocka_unit_test(sql_migrate),
		cmocka_unit_test(mybatis),
		cmocka_unit_test(node_sqlite),
	};

	return cmocka_run_group_tests_name("migration/marker", tests, NULL, NULL);
}
