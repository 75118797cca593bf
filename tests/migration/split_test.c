/* SPDX-License-Identifier: MIT */
/* Splitting, with a dialect of no engine. */
#include "../unit.h"
#include "base/buf.h"
#include "base/mem.h"
#include "dialect.h"
#include "migration/split.h"

enum ending { LAX, STRICT, CLOSED, OUTSIDE };

/* Splits the first `size` bytes; expects problems as lines, or statements in brackets. */
static void expect_part(
	const char *text, size_t size, enum ending ending, const char *wanted)
{
	struct arena arena = {0};
	struct problems problems = {0};
	const struct script_part part = {.size = size, .closed = ending == CLOSED};
	const struct script script = {
		.text = arena_memdup(&arena, text, strlen(text) + 1),
		.size = strlen(text),
		.file = "x.sql",
		.dialect = &plain_dialect,
		.strict = ending == STRICT || ending == CLOSED,
		.outside = ending == OUTSIDE,
		.problems = &problems,
	};
	struct statement *statements;
	struct buf got = BUF_INIT;
	size_t count;

	split_script(&script, &part, 1, &statements, &count);
	for (size_t i = 0; i < problems.count; i++)
		buf_printf(&got, "%s\n", problem_text(&problems, i));
	for (size_t i = 0; problems.count == 0 && i < count; i++)
		buf_printf(&got, "[%.*s]", (int)statements[i].size, statements[i].text);
	assert_string_equal(got.data, wanted);
	free(statements);
	buf_release(&got);
	problems_release(&problems);
	arena_release(&arena);
}

static void expect(const char *text, const char *wanted)
{
	expect_part(text, strlen(text), LAX, wanted);
}

static void the_dialect_says_where_a_statement_ends(void **state)
{
	(void)state;
	expect("a; b (c; d);\n;e;", "[a;][b (c; d);][e;]");
	expect("a; b (c;",
		"x.sql:1:4: a parenthesis of this statement is open; is the "
		"file cut short?\n");
}

#define NO_SEMICOLON(place) \
	"x.sql:" place ": this statement has no ';'; is the file cut short?\n"
#define OPEN(place) \
	"x.sql:" place \
	": a parenthesis of this statement is open; is the file cut short?\n"

static void the_last_statement_needs_no_semicolon(void **state)
{
	(void)state;
	expect("a; b", "[a;][b]");
	expect("a; b (c;) -- end\n", "[a;][b (c;)]");
	expect("a; b (c", OPEN("1:4"));
	expect("BEGIN; a; COMMIT", "[a;]");
	expect("", "");
	expect(" ; -- none\n", "");
}

static void strict_wants_a_semicolon(void **state)
{
	(void)state;
	expect_part("a; b", 4, STRICT, NO_SEMICOLON("1:4"));
	expect_part("a; b;", 5, STRICT, "[a;][b;]");
	expect_part("a; (b", 5, STRICT, OPEN("1:4"));
}

static void a_closed_part_needs_no_semicolon(void **state)
{
	(void)state;
	expect_part("a; b\n-- end", 5, CLOSED, "[a;][b]");
	expect_part("a; (b\n-- end", 6, CLOSED, OPEN("1:4"));
}

static void a_breakpoint_ends_a_statement(void **state)
{
	(void)state;
	expect("a\n--> statement-breakpoint\nb;\n--> statement-breakpoint\nc",
		"[a][b;][c]");
	expect("a--> statement-breakpoint b--> statement-breakpoint", "[a][b]");
	expect("--> statement-breakpoint\n--> statement-breakpoint\na;", "[a;]");
	expect_part("a\n--> statement-breakpoint\nb", 28, STRICT, NO_SEMICOLON("3:1"));
	expect("(a\n--> statement-breakpoint\nb;", OPEN("1:1"));
	/* Not in a comment or a quote, and in no other words. */
	expect("a -- --> statement-breakpoint\nb;",
		"[a -- --> statement-breakpoint\nb;]");
	expect("'--> statement-breakpoint' b;", "['--> statement-breakpoint' b;]");
	expect("a --> statement\nb;", "[a --> statement\nb;]");
}

static void settings_stay_in_their_place(void **state)
{
	(void)state;
	expect("SETTING a; BEGIN; b; SETTING; COMMIT; SETTING;",
		"[SETTING a;][b;][SETTING;][SETTING;]");
	expect("a; SETTING; ;b;", "[a;][SETTING;][b;]");
}

static void a_transaction_around_all_is_left_out(void **state)
{
	(void)state;
	expect("BEGIN; a; b; COMMIT;", "[a;][b;]");
	expect("BEGIN; COMMIT;", "");
	expect("SETTING; BEGIN; a; SETTING; COMMIT; SETTING;",
		"[SETTING;][a;][SETTING;][SETTING;]");
	expect("BEGIN; a; COMMIT; SETTING; BEGIN; b; COMMIT;", "[a;][SETTING;][b;]");
}

/* As a tool does that runs each file inside a transaction. */
static void a_transaction_that_is_left_and_entered_again_is_nothing(void **state)
{
	(void)state;
	expect("COMMIT; SETTING 1; BEGIN; a; COMMIT; SETTING 2; BEGIN;",
		"[SETTING 1;][a;][SETTING 2;]");
	expect("COMMIT; SETTING; BEGIN; a; b;", "[SETTING;][a;][b;]");
	expect("a; COMMIT; BEGIN; b; COMMIT; SETTING; BEGIN; c;",
		"[a;][b;][SETTING;][c;]");
	expect("COMMIT; SETTING; a; SETTING; BEGIN;", "[SETTING;][a;][SETTING;]");
	expect("COMMIT; a;", "[a;]");
	expect("a; BEGIN;", "[a;]");
	expect("a; COMMIT; BEGIN;", "[a;]");
}

#define REFUSED(place, word) \
	"x.sql:" place ": " word " cannot be used in a migration: take it out\n"

static void other_transaction_commands_are_refused(void **state)
{
	(void)state;
	expect("a; COMMIT;", REFUSED("1:4", "COMMIT"));
	expect("a; COMMIT; b; BEGIN;", REFUSED("1:4", "COMMIT"));
	expect("a; COMMIT; BEGIN; b; COMMIT;", REFUSED("1:22", "COMMIT"));
	expect("BEGIN; a; COMMIT; b;", REFUSED("1:11", "COMMIT"));
	expect("a; BEGIN; b; COMMIT;", REFUSED("1:4", "BEGIN"));
	expect("a; BEGIN; COMMIT;", REFUSED("1:4", "BEGIN"));
	expect("a; BEGIN; b;", REFUSED("1:4", "BEGIN"));
	expect("BEGIN; BEGIN; a; COMMIT;", REFUSED("1:8", "BEGIN"));
	expect("BEGIN; a; COMMIT; COMMIT;", REFUSED("1:19", "COMMIT"));
	expect("COMMIT; COMMIT; a;", REFUSED("1:9", "COMMIT"));
	/* The rest may be missing. */
	expect("BEGIN;", REFUSED("1:1", "BEGIN"));
	expect("SETTING; BEGIN;", REFUSED("1:10", "BEGIN"));
	expect("BEGIN; a;", REFUSED("1:1", "BEGIN"));
}

static void outside_of_a_transaction_those_of_a_text_are_its_own(void **state)
{
	static const struct {
		const char *text;
		const char *wanted;
	} cases[] = {
		{"BEGIN; a; COMMIT; b; BEGIN; COMMIT",
			"[BEGIN;][a;][COMMIT;][b;][BEGIN;][COMMIT]"},
#define OWN(place, word) \
	"x.sql:" place ": " word " cannot be used in a migration: outside of a " \
	"transaction each BEGIN has one COMMIT behind it\n"
		{"a; COMMIT;", OWN("1:4", "COMMIT")},
		{"BEGIN; a; COMMIT; COMMIT;", OWN("1:19", "COMMIT")},
		{"BEGIN; BEGIN; COMMIT;", OWN("1:8", "BEGIN")},
		{"a; BEGIN; b;", OWN("1:4", "BEGIN")},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect_part(
			cases[i].text, strlen(cases[i].text), OUTSIDE, cases[i].wanted);
}

static void the_dialect_says_what_is_refused(void **state)
{
	(void)state;
	expect("a;\n REFUSED b;",
		"x.sql:2:2: REFUSED cannot be used in a migration: take it out\n");
	expect(".read x;", "x.sql:1:1: is not SQL\n");
}

static void a_statement_may_be_too_long(void **state)
{
	char text[110];

	(void)state;
	memset(text, 'a', 100);
	memcpy(text + 99, ";", 2);
	expect_part(text, 100, false,
		"["
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;]");
	memcpy(text + 99, "a;", 3);
	expect(text,
		"x.sql:1:1: this statement is longer than 100 bytes; make several "
		"of it\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_dialect_says_where_a_statement_ends),
		cmocka_unit_test(the_last_statement_needs_no_semicolon),
		cmocka_unit_test(strict_wants_a_semicolon),
		cmocka_unit_test(a_closed_part_needs_no_semicolon),
		cmocka_unit_test(a_breakpoint_ends_a_statement),
		cmocka_unit_test(settings_stay_in_their_place),
		cmocka_unit_test(a_transaction_around_all_is_left_out),
		cmocka_unit_test(a_transaction_that_is_left_and_entered_again_is_nothing),
		cmocka_unit_test(other_transaction_commands_are_refused),
		cmocka_unit_test(outside_of_a_transaction_those_of_a_text_are_its_own),
		cmocka_unit_test(the_dialect_says_what_is_refused),
		cmocka_unit_test(a_statement_may_be_too_long),
	};

	return cmocka_run_group_tests_name("migration/split", tests, NULL, NULL);
}
