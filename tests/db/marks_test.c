/* SPDX-License-Identifier: MIT */
/* Files with both ways in them: what of them is the way up. */
#include "fixture.h"

#include "db/marks.h"
#include "db/sql.h"

struct reading {
	const char *mark; /* "" where nobody's are in it, "-" where none is needed */
	struct buf parts; /* each as "[…]", a closed one as "{…}" */
	struct buf told;
};

static void split(const struct marks *marks, const char *text, struct reading *ret,
	struct problems *problems)
{
	struct arena arena = ARENA_INIT;
	struct sql_part *parts;
	size_t count;

	ret->mark = marks_up(marks) ? marks_up(marks) : "-";
	marks_split(marks, text, strlen(text), "x.sql", &arena, &parts, &count, problems);
	for (size_t i = 0; i < count; i++) {
		buf_putc(&ret->parts, parts[i].closed ? '{' : '[');
		buf_add(&ret->parts, text + parts[i].start, parts[i].size);
		buf_putc(&ret->parts, parts[i].closed ? '}' : ']');
	}
	arena_release(&arena);
}

static void expect(
	const char *text, const char *mark, const char *parts, const char *told)
{
	struct reading got = {.mark = "", .parts = BUF_INIT, .told = BUF_INIT};
	struct problems problems = PROBLEMS_INIT;
	const struct marks *marks = marks_find(text, strlen(text), "x.sql", &problems);

	if (marks)
		split(marks, text, &got, &problems);
	for (size_t i = 0; i < problems.count; i++)
		buf_printf(&got.told, "%s\n", problem_text(&problems, i));
	assert_string_equal(got.told.data, told);
	assert_string_equal(got.mark, mark);
	assert_string_equal(got.parts.data, parts);
	problems_release(&problems);
	buf_release(&got.parts);
	buf_release(&got.told);
}

#define DBMATE  "-- migrate:up"
#define GOOSE   "-- +goose Up"
#define MIGRATE "-- +migrate Up"

static void test_plain(void **state)
{
	(void)state;
	expect("", "", "", "");
	expect("SELECT 1; -- migrate:up is not at the start\n", "", "", "");
	expect("-- migrate: users to accounts\n-- migrated\n-- goose\n", "", "", "");
	expect("-- Down the road\n-- downward\n-- Up\n-- // a remark\n", "", "", "");
	expect("- migrate:up\n-+goose Up\n", "", "", "");
}

static void test_dbmate(void **state)
{
	(void)state;
	expect("-- note\n-- migrate:up\na;\n-- migrate:down\nb;\n", DBMATE, "[a;\n]", "");
	expect("--migrate:up transaction:false\na;\n--  migrate:down x:y\nb;", DBMATE,
		"[a;\n]", "");
	expect("-- migrate:up\na;\n-- migrate:down\nb;\n-- migrate:up\nc;", DBMATE,
		"[a;\n][c;]", "");
	expect("-- migrate:up", DBMATE, "[]", "");
	expect("-- migrate:down\nb;\n", DBMATE, "",
		"x.sql: has marks of dbmate, but no '-- migrate:up': nothing of it would "
		"run\n");
	expect("a;\n-- migrate:up\nb;\n", DBMATE, "[b;\n]",
		"x.sql:1: there is SQL before the first mark of dbmate, which nobody "
		"would run\n");
	expect("-- migrate:up\na;\n-- migrate: down\nb;\n", DBMATE,
		"[a;\n-- migrate: down\nb;\n]",
		"x.sql:3: '-- migrate: down': this mark is not known\n");
	expect("-- migrate:up\na;\n-- migrate:downs\nb;\n", DBMATE,
		"[a;\n-- migrate:downs\nb;\n]",
		"x.sql:3: '-- migrate:downs': this mark is not known\n");
}

static void test_goose(void **state)
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
		"[][a\n]", "x.sql:2: the StatementBegin here has no StatementEnd\n");
	expect("-- +goose Up\n-- +goose StatementBegin\na\n", GOOSE, "[][a\n]",
		"x.sql:2: the StatementBegin here has no StatementEnd\n");
	expect("-- +goose Up\na;\n-- +goose StatementEnd\n", GOOSE,
		"[a;\n-- +goose StatementEnd\n]",
		"x.sql:3: '-- +goose StatementEnd': no StatementBegin goes before it\n");
	expect("-- +goose StatementBegin\na;\n-- +goose Up\n", GOOSE, "[]",
		"x.sql:1: '-- +goose StatementBegin': it must stand in the way up, and "
		"outside of a block\n"
		"x.sql:1: there is SQL before the first mark of goose, which nobody "
		"would run\n");
	expect("-- +goose ENVSUB ON\n-- +goose Up\na;\n", GOOSE, "[a;\n]",
		"x.sql:1: '-- +goose ENVSUB ON': the environment does not go into a "
		"migration; write the value\n");
	expect("-- +goose Up\na;\n-- +goose Dwon\nb;\n", GOOSE,
		"[a;\n-- +goose Dwon\nb;\n]",
		"x.sql:3: '-- +goose Dwon': this mark is not known\n");
	expect("-- +goose Upp\na;\n", GOOSE, "",
		"x.sql:1: '-- +goose Upp': this mark is not known\n"
		"x.sql:1: there is SQL before the first mark of goose, which nobody "
		"would run\n"
		"x.sql: has marks of goose, but no '-- +goose Up': nothing of it would "
		"run\n");
}

static void test_sql_migrate(void **state)
{
	(void)state;
	expect("-- +migrate Up\na;\n-- +migrate Down\nb;\n", MIGRATE, "[a;\n]", "");
	expect("--+migrate Up notransaction\na;\n-- +migrate StatementBegin\nb\n"
	       "-- +migrate StatementEnd\n-- +migrate Down notransaction\nb;\n",
		MIGRATE, "[a;\n]{b\n}[]", "");
}

/* What stands before the way back needs no mark. */
static void test_way_back_alone(void **state)
{
	(void)state;
	expect("-- // notes\na;\n\n-- //@UNDO\nb;\n", "-", "[-- // notes\na;\n\n]", "");
	expect("--//  @undo\nb;\n", "-", "[]", "");
	expect("--------\n-- Up\n--------\na;\n--------\n-- Down\n--------\nb;\n", "-",
		"[--------\n-- Up\n--------\na;\n--------\n]", "");
	expect("a;\n-- down \t\nb;\n", "-", "[a;\n]", "");
}

static void test_two_tools(void **state)
{
	(void)state;
	expect("-- +goose Up\n-- migrate:up\na;\n", DBMATE, "[a;\n]",
		"x.sql:1: a mark of goose in a file with marks of dbmate\n");
	expect("-- +goose Up\na;\n-- +goose Down\n-- Down\nb;\n", GOOSE, "[a;\n]", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_dbmate),
		cmocka_unit_test(test_goose),
		cmocka_unit_test(test_sql_migrate),
		cmocka_unit_test(test_way_back_alone),
		cmocka_unit_test(test_two_tools),
	};

	return cmocka_run_group_tests_name("db/marks", tests, NULL, NULL);
}
