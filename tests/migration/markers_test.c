/* SPDX-License-Identifier: MIT */
/* Formats that have both directions in one file: what of it runs. */
#include "../unit.h"
#include "base/buf.h"
#include "base/mem.h"
#include "dialect.h"
#include "migration/markers.h"
#include "migration/split.h"

struct reading {
	const char *up;   /* "" if there are no markers, "-" if they have none for up */
	struct buf parts; /* each as "[…]", a closed one as "{…}" */
	struct buf problems;
};

static void split(
	const struct markers *markers, const struct script *script, struct reading *ret)
{
	struct script_part *parts;
	size_t count;
	int doubt;

	ret->up = markers_up(markers) ? markers_up(markers) : "-";
	markers_split(markers, script, &parts, &count, &doubt);
	if (doubt)
		buf_printf(&ret->problems, "doubt: %d\n", doubt);
	for (size_t i = 0; i < count; i++) {
		buf_putc(&ret->parts, parts[i].closed ? '{' : '[');
		buf_add(&ret->parts, script->text + parts[i].start, parts[i].size);
		buf_putc(&ret->parts, parts[i].closed ? '}' : ']');
	}
	free(parts);
}

static void expect(
	const char *text, const char *up, const char *parts, const char *expected)
{
	struct reading got = {.up = "", .parts = BUF_INIT, .problems = BUF_INIT};
	struct arena arena = {0};
	struct problems problems = {0};
	const struct script script = {
		.text = arena_strdup(&arena, text),
		.size = strlen(text),
		.file = "x.sql",
		.dialect = &plain_dialect,
		.problems = &problems,
	};
	const struct markers *markers = markers_find(&script);

	if (markers)
		split(markers, &script, &got);
	for (size_t i = 0; i < problems.count; i++)
		buf_printf(&got.problems, "%s\n", problem_text(&problems, i));
	assert_string_equal(got.problems.data, expected);
	assert_string_equal(got.up, up);
	assert_string_equal(got.parts.data, parts);
	problems_release(&problems);
	arena_release(&arena);
	buf_release(&got.parts);
	buf_release(&got.problems);
}

#define DBMATE  "-- migrate:up"
#define GOOSE   "-- +goose Up"
#define MIGRATE "-- +migrate Up"

static void plain(void **state)
{
	(void)state;
	expect("", "", "", "");
	expect("SELECT 1; -- migrate:up is not at the start\n", "", "", "");
	expect("-- migrate: users to accounts\n-- migrated\n-- goose\n", "", "", "");
	expect("-- Down the road\n-- downward\n-- Up\n-- // a remark\n", "", "", "");
	expect("-- Down\nb;\n", "-", "[]",
		"doubt: 1\n"
		"x.sql: its up part is empty, but its down part is not; if there is "
		"nothing to do, write `SELECT 1;`\n");
	expect("- migrate:up\n-+goose Up\n", "", "", "");
}

static void dbmate(void **state)
{
	(void)state;
	expect("-- note\n-- migrate:up\na;\n-- migrate:down\nb;\n", DBMATE, "[a;\n]", "");
	expect("--migrate:up transaction:false\na;\n--  migrate:down x:y\nb;", DBMATE,
		"[a;\n]", "");
	expect("-- migrate:up\na;\n-- migrate:down\nb;\n-- migrate:up\nc;", DBMATE,
		"[a;\n][c;]", "");
	expect("-- migrate:up", DBMATE, "[]", "");
	expect("-- migrate:down\nb;\n", DBMATE, "",
		"x.sql: has markers of dbmate, but no '-- migrate:up': nothing of it "
		"would run\n");
	expect("a;\n-- migrate:up\nb;\n", DBMATE, "[b;\n]",
		"x.sql:1: there is SQL before the first marker of dbmate, which would "
		"never run\n");
	expect("-- migrate:up\na;\n-- migrate: down\nb;\n", DBMATE, "[a;\n]",
		"x.sql:3: '-- migrate: down': dbmate does not take this for a marker; "
		"write '-- migrate:down' at the beginning of the line\n");
	expect("-- migrate:up\na;\n-- migrate:downs\nb;\n", DBMATE,
		"[a;\n-- migrate:downs\nb;\n]",
		"x.sql:3: '-- migrate:downs': this marker is unknown\n");
}

static void goose(void **state)
{
	(void)state;
	expect("-- +goose Up\na;\n-- +goose Down\nb;\n", GOOSE, "[a;\n]", "");
	expect("-- +goose NO TRANSACTION\n-- +goose up\na;\n-- +goose DOWN\n", GOOSE,
		"[a;\n]", "");
	expect("-- +goose Up\na;\n-- +goose StatementBegin\nb;c\n-- +goose "
	       "StatementEnd\nd;\n-- +goose Down\n-- +goose StatementBegin\ne\n"
	       "-- +goose StatementEnd\n",
		GOOSE, "[a;\n]{b;c\n}[d;\n]", "");
	expect("-- +goose Up\n-- +goose StatementBegin\na\n-- +goose Down\nb;\n", GOOSE,
		"[][a\n]", "x.sql:2: this StatementBegin has no StatementEnd\n");
	expect("-- +goose Up\n-- +goose StatementBegin\na\n", GOOSE, "[][a\n]",
		"x.sql:2: this StatementBegin has no StatementEnd\n");
	expect("-- +goose Up\na;\n-- +goose StatementEnd\n", GOOSE,
		"[a;\n-- +goose StatementEnd\n]",
		"x.sql:3: '-- +goose StatementEnd': there is no StatementBegin before "
		"it\n");
	expect("-- +goose StatementBegin\na;\n-- +goose Up\n", GOOSE, "[]",
		"x.sql:1: '-- +goose StatementBegin': it must be in the up part, and "
		"outside of a block\n"
		"x.sql:1: there is SQL before the first marker of goose, which would "
		"never run\n");
	expect("-- +goose ENVSUB ON\n-- +goose Up\na;\n", GOOSE, "[a;\n]",
		"x.sql:1: '-- +goose ENVSUB ON': variables are not expanded in a "
		"migration; write the value\n");
	expect("-- +goose Up\na;\n-- +goose Dwon\nb;\n", GOOSE,
		"[a;\n-- +goose Dwon\nb;\n]",
		"x.sql:3: '-- +goose Dwon': this marker is unknown\n");
	expect("-- +goose Upp\na;\n", GOOSE, "",
		"x.sql:1: '-- +goose Upp': this marker is unknown\n"
		"x.sql:1: there is SQL before the first marker of goose, which would "
		"never run\n"
		"x.sql: has markers of goose, but no '-- +goose Up': nothing of it "
		"would run\n");
}

static void sql_migrate(void **state)
{
	(void)state;
	expect("-- +migrate Up\na;\n-- +migrate Down\nb;\n", MIGRATE, "[a;\n]", "");
	expect("-- +migrate  Up notransaction\na;\n-- +migrate StatementBegin\nb\n"
	       "-- +migrate StatementEnd\n-- +migrate Down notransaction\nb;\n",
		MIGRATE, "[a;\n]{b\n}[]", "");
}

static void lines_that_end_with_cr_lf(void **state)
{
	(void)state;
	expect("-- migrate:up\r\na;\r\n-- migrate:down\r\nb;\r\n", DBMATE, "[a;\r\n]",
		"");
	expect("a;\r\n-- Down\r\nb;\r\n", "-", "[a;\r\n]", "doubt: 2\n");
	expect("-- up\r\na;\r\n-- down \r\nb;\r\n", "-", "[-- up\r\na;\r\n]", "");
	expect("-- +goose Up\r\na;\r\n-- +goose Dwon\r\nb;\r\n", GOOSE,
		"[a;\r\n-- +goose Dwon\r\nb;\r\n]",
		"x.sql:3: '-- +goose Dwon': this marker is unknown\n");
}

/* All before a down marker runs. */
static void down_alone(void **state)
{
	(void)state;
	expect("-- // notes\na;\n\n-- //@UNDO\nb;\n", "-", "[-- // notes\na;\n\n]", "");
	expect("--x\na;\n--//  @UNDO\nb;\n", "-", "[--x\na;\n]", "");
	expect("--------\n-- Up\n--------\na;\n--------\n-- Down\n--------\nb;\n", "-",
		"[--------\n-- Up\n--------\na;\n--------\n]", "");
	expect("--up\na;\n-- down \t\nb;\n", "-", "[--up\na;\n]", "");
	expect("-- UP\na;\n-- DOWN\nb;\n", "-", "[-- UP\na;\n]", "");
	expect("-- Up\na;\n-- Down (revert)\nb;\n", "-", "[-- Up\na;\n]", "doubt: 3\n");
	expect("-- Up\na;\n-- down the road\nb;\n-- Down\nc;\n", "-", "[-- Up\na;\n]",
		"doubt: 3\n");
	expect("-- Up\na;\n-- Down\nb;\n-- Up\nc;\n", "-", "[-- Up\na;\n]",
		"x.sql:5: '-- Up': there is a down marker before it, so what is behind "
		"it would never run\n");
}

/* Without an up marker it may be a comment. */
static void down_without_up(void **state)
{
	(void)state;
	expect("a;\n-- Down\nb;\n", "-", "[a;\n]", "doubt: 2\n");
	expect("a;\n--  down \nb;\n", "-", "[a;\n]", "doubt: 2\n");
	expect("a;\n-- Down\n-- b;\n", "-", "[a;\n]", "");
	expect("a\n-- down\nb;\n", "", "", "");
	expect("a\n-- down\nb;\n-- Down\nc;\n", "-", "[a\n]",
		"x.sql:2: '-- down': node-sqlite takes this for a down marker, and "
		"leaves out what is behind it; reword it\n");
	expect("a;\n-- down the road\nb;\n-- Down\nc;\n", "-", "[a;\n]",
		"x.sql:2: '-- down the road': node-sqlite takes this for a down marker, "
		"and leaves out what is behind it; reword it\n");
}

/* What is behind them was left out. */
static void comments_that_are_no_markers(void **state)
{
	static const char *const lines[] = {"-- Down: the number of downvotes",
		"-- Down (votes): x", "-- down -> up", "-- Down / Up counters",
		"-- Down.", "-- down (since 2020)", "-- DOWN", "--down", "-- Down --"};
	char text[100];

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		(void)snprintf(text, sizeof text, "a;\n%s\nb;\n", lines[i]);
		expect(text, "", "", "");
	}
	expect("a;\n-- up\nb;\n-- down\nc;\n", "", "", "");
	expect("a;\n-- down\nb;\n-- up\nc;\n", "", "", "");
	expect("-- Up: x\na;\n-- Down: y\nb;\n", "", "", "");
	expect("-- Up x\na;\n-- Down y\nb;\n", "", "", "");
}

/* node-sqlite takes them for markers, and they are prose, or in something else. */
static void comments_that_look_like_markers(void **state)
{
	(void)state;
	expect("a;\n-- down payments\nb;\n", "", "", "");
	expect("-- Up: x\n-- Down: y\na;\n", "", "", "");
	expect("-- Up x\n-- Down y\na;\n", "", "", "");
	expect("a '\n-- Down\n';\nb;\n", "", "", "");
	expect("/*\n-- Down\nb;\n*/\na;\n", "", "", "");
	expect("a (\n-- up\nb,\n-- down\nc);\n", "", "", "");
	expect("a;\n-- //@undo\nb;\n-- // x\n", "", "", "");
}

static void two_tools(void **state)
{
	(void)state;
	expect("-- +goose Up\n-- migrate:up\na;\n", DBMATE, "[a;\n]",
		"x.sql:1: a marker of goose in a file with markers of dbmate\n");
	expect("-- +goose Up\na;\n-- +goose Down\n-- Down\nb;\n", GOOSE, "[a;\n]", "");
	expect("-- //@UNDO\n-- Down\nb;\n", "-", "[]",
		"x.sql: its up part is empty, but "
		"its down part is not; if there is nothing to do, write `SELECT 1;`\n");
}

#define NOT_TAKEN(line, tool, marker) \
	line ": " tool " does not take this for a marker; write '" marker \
	     "' at the beginning of the line"
#define BEHIND " and nothing behind it\n"

/* They were comments, so the down part ran, or markers, so nothing of it ran. */
static void lines_that_the_tool_does_not_take(void **state)
{
	(void)state;
	expect("  -- migrate:up\na;\n", DBMATE, "[a;\n]",
		NOT_TAKEN("x.sql:1: '  -- migrate:up'", "dbmate", DBMATE) "\n");
	expect("-- migrate:up\na;\n\t-- migrate:down\nb;\n", DBMATE, "[a;\n]",
		NOT_TAKEN("x.sql:3: '\t-- migrate:down'", "dbmate",
			"-- migrate:down") "\n");
	expect("-- Migrate:UP x:y\na;\n", DBMATE, "[a;\n]",
		NOT_TAKEN("x.sql:1: '-- Migrate:UP x:y'", "dbmate", DBMATE) "\n");
	expect("-- migrate: up\na;\n", DBMATE, "[a;\n]",
		NOT_TAKEN("x.sql:1: '-- migrate: up'", "dbmate", DBMATE) "\n");
	expect("-- migrate: up to here\na;\n", "", "", "");
	expect(" -- +goose Up\na;\n", GOOSE, "[a;\n]",
		NOT_TAKEN("x.sql:1: ' -- +goose Up'", "goose", GOOSE) BEHIND);
	expect("-- +Goose Up\na;\n", GOOSE, "[a;\n]",
		NOT_TAKEN("x.sql:1: '-- +Goose Up'", "goose", GOOSE) BEHIND);
	expect("-- +goose Up x\na;\n", GOOSE, "[a;\n]",
		NOT_TAKEN("x.sql:1: '-- +goose Up x'", "goose", GOOSE) BEHIND);
	expect("-- +migrate up\na;\n", MIGRATE, "[a;\n]",
		NOT_TAKEN("x.sql:1: '-- +migrate up'", "sql-migrate", MIGRATE) "\n");
	expect("--+migrate Up\na;\n", MIGRATE, "[a;\n]",
		NOT_TAKEN("x.sql:1: '--+migrate Up'", "sql-migrate", MIGRATE) "\n");
	expect("-- +migrate Up\na;\n -- +migrate Down\nb;\n", MIGRATE, "[a;\n]",
		NOT_TAKEN("x.sql:3: ' -- +migrate Down'", "sql-migrate",
			"-- +migrate Down") "\n");
}

/* goose cuts out what makes the line a marker, wherever it is. */
static void lines_that_goose_takes(void **state)
{
	(void)state;
	expect("--+goose uP --\na;\n---- +goose down\nb;\n", GOOSE, "[a;\n]", "");
	expect("-- +goose Up\na;\n-- Down +goose\nb;\n", GOOSE, "[a;\n]", "");
	expect("-- +goose Up\na;\n-- the +goose Down\nb;\n", GOOSE,
		"[a;\n-- the +goose Down\nb;\n]",
		"x.sql:3: '-- the +goose Down': this marker is unknown\n");
	expect("-- see +goose Up\na;\n", "", "", "");
}

static void markers_in_the_wrong_place(void **state)
{
	(void)state;
	expect("-- +goose Up\na;\n-- +goose Up\nb;\n", GOOSE, "[a;\n][b;\n]",
		"x.sql:3: '-- +goose Up': there is one before it\n");
	expect("-- +goose Up\na;\n-- +goose Down\n-- +goose Down\n", GOOSE, "[a;\n]",
		"x.sql:4: '-- +goose Down': there is one before it\n");
	expect("-- +goose Down\nb;\n-- +goose Up\na;\n", GOOSE, "[a;\n]",
		"x.sql:3: '-- +goose Up': there is a down marker before it\n");
	expect("-- +goose Up\na;\n-- +goose Down\n-- +goose StatementBegin\nb\n", GOOSE,
		"[a;\n]", "x.sql:4: this StatementBegin has no StatementEnd\n");
	expect("-- migrate:down\nb;\n-- migrate:up\na;\n", DBMATE, "[a;\n]",
		"x.sql:3: '-- migrate:up': there is a down marker before it\n");
	expect("-- +migrate Down\nb;\n-- +migrate Up\na;\n-- +migrate Up\nc;\n", MIGRATE,
		"[a;\n][c;\n]", "");
}

/* It counted as applied. */
static void an_empty_up_part(void **state)
{
	static const char empty[] =
		"its up part is empty, but its down part is not; if there is nothing to "
		"do, write `SELECT 1;`\n";
	char expected[200];

	(void)state;
	(void)snprintf(expected, sizeof expected, "x.sql:2: %s", empty);
	expect("\n-- migrate:up\n-- later\n;\n-- migrate:down\nb;\n", DBMATE,
		"[-- later\n;\n]", expected);
	(void)snprintf(expected, sizeof expected, "x.sql: %s", empty);
	expect("-- // x\n-- //@UNDO\nb;\n", "-", "[-- // x\n]", expected);
	expect("-- migrate:up\n-- migrate:down\n-- nothing\n", DBMATE, "[]", "");
	expect("-- +goose Up\n-- +goose Down\n", GOOSE, "[]", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain),
		cmocka_unit_test(dbmate),
		cmocka_unit_test(goose),
		cmocka_unit_test(sql_migrate),
		cmocka_unit_test(lines_that_end_with_cr_lf),
		cmocka_unit_test(down_alone),
		cmocka_unit_test(down_without_up),
		cmocka_unit_test(comments_that_are_no_markers),
		cmocka_unit_test(comments_that_look_like_markers),
		cmocka_unit_test(two_tools),
		cmocka_unit_test(lines_that_the_tool_does_not_take),
		cmocka_unit_test(lines_that_goose_takes),
		cmocka_unit_test(markers_in_the_wrong_place),
		cmocka_unit_test(an_empty_up_part),
	};

	return cmocka_run_group_tests_name("migration/markers", tests, NULL, NULL);
}
