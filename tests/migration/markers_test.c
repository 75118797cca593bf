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

	ret->up = markers_up(markers) ? markers_up(markers) : "-";
	markers_split(markers, script, &parts, &count);
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
	expect("-- migrate:up\na;\n-- migrate: down\nb;\n", DBMATE,
		"[a;\n-- migrate: down\nb;\n]",
		"x.sql:3: '-- migrate: down': this marker is unknown\n");
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
	expect("--+migrate Up notransaction\na;\n-- +migrate StatementBegin\nb\n"
	       "-- +migrate StatementEnd\n-- +migrate Down notransaction\nb;\n",
		MIGRATE, "[a;\n]{b\n}[]", "");
}

static void lines_that_end_with_cr_lf(void **state)
{
	(void)state;
	expect("-- migrate:up\r\na;\r\n-- migrate:down\r\nb;\r\n", DBMATE, "[a;\r\n]",
		"");
	expect("--up\r\na;\r\n-- down \r\nb;\r\n", "-", "[--up\r\na;\r\n]", "");
	expect("-- +goose Up\r\na;\r\n-- +goose Dwon\r\nb;\r\n", GOOSE,
		"[a;\r\n-- +goose Dwon\r\nb;\r\n]",
		"x.sql:3: '-- +goose Dwon': this marker is unknown\n");
}

/* All before a down marker runs. */
static void down_alone(void **state)
{
	(void)state;
	expect("-- // notes\na;\n\n-- //@UNDO\nb;\n", "-", "[-- // notes\na;\n\n]", "");
	expect("--// x\n--//  @undo\nb;\n", "-", "[--// x\n]", "");
	expect("--------\n-- Up\n--------\na;\n--------\n-- Down\n--------\nb;\n", "-",
		"[--------\n-- Up\n--------\na;\n--------\n]", "");
	expect("--up\na;\n-- down \t\nb;\n", "-", "[--up\na;\n]", "");
}

/* Without the line that such a file begins with, they are ordinary comments. */
static void comments_that_look_like_markers(void **state)
{
	(void)state;
	expect("a;\n-- down \t\nb;\n", "", "", "");
	expect("-- Scale\n-- Down\na;\n-- Up\n", "", "", "");
	expect("a;\n-- //@UNDO\nb;\n-- // x\n", "", "", "");
}

static void two_tools(void **state)
{
	(void)state;
	expect("-- +goose Up\n-- migrate:up\na;\n", DBMATE, "[a;\n]",
		"x.sql:1: a marker of goose in a file with markers of dbmate\n");
	expect("-- +goose Up\na;\n-- +goose Down\n-- Down\nb;\n", GOOSE, "[a;\n]", "");
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
		cmocka_unit_test(comments_that_look_like_markers),
		cmocka_unit_test(two_tools),
	};

	return cmocka_run_group_tests_name("migration/markers", tests, NULL, NULL);
}
