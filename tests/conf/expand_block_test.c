/* SPDX-License-Identifier: MIT */
/* Blocks of a text: branches, loops, lines that hold nothing but marks, and errors. */
#include "../unit.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/condition.h"
#include "conf/expand.h"

#include "../shown.h"

static char *const environment[] = {"A=one", "EMPTY=", "LIST=a, b  c,,d",
	"PATHS= x:y z :", "ODD=or", "STAR=*", "NO=no", "SECRET=s,t", "GF_B=2", "GF_A=1",
	"GF_A_FILE=/a", "GF_ONLY_FILE=/b", "GITEA__log__MODE=file", "QUOTED=a\"b c",
	NULL};

static const char *lookup(void *user, const char *name)
{
	size_t size = strlen(name);

	(void)user;
	for (char *const *line = environment; *line; line++)
		if (str_starts(*line, name) && (*line)[size] == '=')
			return *line + size + 1;
	return NULL;
}

static int reference(
	void *user, const char *word, const char *name, struct buf *ret, struct err *err)
{
	(void)user;
	(void)word;
	(void)ret;
	(void)err;
	return str_equal(name, "later") ? EXPAND_LATER : 1;
}

static bool secret(void *user, const char *name, const char *value)
{
	(void)user;
	(void)value;
	return str_equal(name, "SECRET");
}

static int system_holds(const struct condition *condition,
	const struct condition_asked *asked, struct err *err)
{
	(void)asked;
	(void)err;
	return str_equal(condition->what, "yes")      ? CONDITION_YES
		: str_equal(condition->what, "later") ? CONDITION_UNKNOWN
						      : CONDITION_NO;
}

static const struct condition_kind conditions[] = {
	{"env", "env:NAME", "", CONDITION_VALUES, .holds = condition_env,
		.accepts = condition_env_accepts},
	{"on", "on:NAME", "", CONDITION_VARIABLES, .holds = condition_word,
		.accepts = condition_on_accepts, .accepted = condition_yes},
	{"path", "path:WHAT", "", CONDITION_TEXT, .system = true, .holds = system_holds},
	{0},
};

static const char *const words[] = {"file", "key", NULL};

static const struct expander plain = {
	.lookup = lookup,
	.reference = reference,
	.words = words,
	.conditions = conditions,
	.environment = environment,
	.secret = secret,
};

static const struct place at = {.file = "f", .line = 10, .column = 1};

static void expect_with(
	const struct expander *expander, const char *text, const char *expected)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	DECLARE_ERR(err);

	if (expand(expander, text, at, &got, NULL, &err) < 0)
		assert_string_equal(shown(&err), expected);
	else
		assert_string_equal(got.data, expected);
}

static void expect(const char *text, const char *expected)
{
	expect_with(&plain, text, expected);
}

static void the_first_branch_that_holds_is_taken(void **state)
{
	(void)state;
	expect("${if A}x${end}", "x");
	expect("${if GONE}x${end}", "");
	expect("${if EMPTY}x${else}y${end}", "y");
	expect("${if GONE}x${elif A}y${elif ODD}z${else}w${end}!", "y!");
	expect("${if GONE}x${elif EMPTY}y${else}w${end}", "w");
	expect("${if !GONE}x${end}${if !A}y${end}", "x");
	expect("${if A GONE}x${end}${if A EMPTY or ODD}y${end}", "y");
	expect("${if env:A=o*}x${end}${if env:A=t*|one}y${end}", "xy");
	expect("${if path:yes}x${end}${if path:no}y${end}", "x");
	expect("${if  A\n}x${end}", "x");
	expect("a ${if A}b ${if GONE}c${else}d${end} e${end} f", "a b d e f");
	expect("${A:+${if ODD}x${else}y${end}}", "x");
	expect("${GONE:-${if ODD}<${A}>${end}}", "<one>");
	/* Their variables are written so. */
	expect("${if-1}${else-2}${end-3}${sep-4}${for-5}${elif-6}", "123456");
}

static void a_branch_that_is_not_taken_asks_for_nothing(void **state)
{
	(void)state;
	expect("${if GONE}${NONE}${key:x}${else}ok${end}", "ok");
	expect("${if A}${N1}\n${else}${N2}${end}${N3}",
		"f:10:8: N1 is not set; f:11:19: N3 is not set");
	expect("${if env:A=${N1}}x${end}${N2}",
		"f:10:1: N1 is not set; f:10:25: N2 is not set");
	expect("${for X in GONE}x${end}", "f:10:1: GONE is not set");
	expect("${for X in GONE:-}x${end}", "");
	expect("${for X in GONE:-p,q}<${X}>${end}", "<p><q>");
}

static void a_value_is_no_condition(void **state)
{
	(void)state;
	expect("${if env:A=${STAR}}x${else}y${end}", "y");
	expect("${if env:STAR=${STAR}}x${else}y${end}", "x");
	expect("${if env:ODD=${ODD}}x${end}", "x");
	expect("${if A ${ODD} GONE}x${end}",
		"f:10:1: '${ODD}': no value becomes a condition: write its name and the "
		"':', and ${…} behind that");
	expect("${if env:A=${GONE:-one}}x${end}", "x");
}

static void lists_are_gone_through(void **state)
{
	(void)state;
	expect("${for X in LIST}<${X}>${end}", "<a><b><c><d>");
	expect("${for X in LIST}${X}${sep}, ${end}.", "a, b, c, d.");
	expect("${for I,X in LIST}${I}${X} ${end}", "0a 1b 2c 3d ");
	expect("${for X in PATHS by :}<${X}>${end}", "<x><y z>");
	expect("${for X in LIST by ,}<${X}>${end}", "<a><b  c><d>");
	expect("${for X in EMPTY}x${end}", "");
	expect("${for X in GONE:-äöüöä by ö}<${X}>${end}", "<ä><ü><ä>");
	expect("${for A in LIST}${A}${end}${A}", "abcdone");
	expect("${for X in LIST}${if env:X=b|c}${X}${end}${end}", "bc");
	expect("${for X in LIST}${if X}${X}${end}${end}${X-}", "abcd");
	expect("${for X in LIST}${for X in GONE:-1,2}${X}${end}${X} ${end}",
		"12a 12b 12c 12d ");
	expect("${for X in LIST}${for Y in PATHS:+x,y}${X}${Y}${sep}+${end}${sep} ${end}",
		"ax+ay bx+by cx+cy dx+dy");
	expect("${for X in ODD}${for Y in X}${Y}${end}${end}", "or");
}

static void variables_are_gone_through(void **state)
{
	(void)state;
	expect("${for K,V in env:GF_*}${K}=${V};${end}", "A=1;B=2;ONLY_FILE=/b;");
	expect("${for K,V in env:GITEA__*__*}${K}=${V}${end}", "MODE=file");
	expect("${for K,V in env:*MODE}${K}${end}", "GITEA__log__");
	expect("${for K,V in env:NONE_*}${K}${end}", "");
}

static void a_line_of_marks_leaves_none(void **state)
{
	(void)state;
	expect("a\n${if A}\nb\n${end}\nc\n", "a\nb\nc\n");
	expect("a\n  ${if GONE}\t\r\nb\n  ${else}\n  x\n${end}  \nc", "a\n  x\nc");
	expect("${if A}\nb\n${end}", "b\n");
	expect("${if A}${if GONE}\nb\n${end}${end}\nc\n", "c\n");
	expect(" ${if A}\n${A}\n${end} ", "one\n");
	expect("x ${if A}\nb\n${end}\n", "x \nb\n");
	expect("${if A} \n\n ${end}\n", "\n");
	expect("${A}${if A}\nb\n${end}", "one\nb\n");
	expect("${if A}$${x}${end}\n$y\n${if A}\n${end}", "${x}\n$y\n");
	expect("${for X in LIST}\n- ${X}\n${end}\n", "- a\n- b\n- c\n- d\n");
	expect("[\n${for X in LIST}\n  ${X}${sep},\n${end}\n]\n",
		"[\n  a,\n  b,\n  c,\n  d\n]\n");
	expect("${for X in LIST}\n${X}\n${sep}\n--\n${end}\n.\n",
		"a\n--\nb\n--\nc\n--\nd\n.\n");
	/* Lines are still counted. */
	expect("${if A}\n\n${end}\n${N}", "f:13:1: N is not set");
	expect("${for X in LIST}\n${if env:X=b}\n${N}\n${end}\n${end}",
		"f:12:1: N is not set");
}

static void expect_as(int escape, const char *text, const char *expected)
{
	struct expander expander = plain;

	expander.escape = escape;
	expect_with(&expander, text, expected);
}

/* A place is that in the text that comes out, whatever it was made from. */
static void values_are_made_safe_in_blocks(void **state)
{
	int json = escape_find("json"), shell = escape_find("shell");

	(void)state;
	expect_as(json, "[${for X in QUOTED}${X}${sep}, ${end}]", "[\"a\\\"b\", \"c\"]");
	expect_as(json, "{\"a\": ${if A}${QUOTED}${else}null${end}}",
		"{\"a\": \"a\\\"b c\"}");
	expect_as(json, "[\"${if A}x${else}y\"${end}${QUOTED}\"]", "[\"xa\\\"b c\"]");
	expect_as(json, "[${if A}\"x ${QUOTED}\"${else}${QUOTED}${end}]",
		"[\"x a\\\"b c\"]");
	expect_as(json, "[${if GONE}\"x${else}${QUOTED}${end}]", "[\"a\\\"b c\"]");
	expect_as(json, "[${if A}\"${end}${QUOTED}${if A}\"${end}]", "[\"a\\\"b c\"]");
	expect_as(json, "[1${if A}${QUOTED}${end}]",
		"f:10:10: ${QUOTED}: this value cannot be made safe for json in a part "
		"of a word that is not in quotes: put quotes around the word; to put it "
		"in as it is, write |none before the }");
	expect_as(shell, "A='${if A}${QUOTED}${end}' B=${if A}${QUOTED}${end}\n",
		"A='a\"b c' B='a\"b c'\n");
	expect_as(shell, "${if GONE}'${end}${QUOTED}", "'a\"b c'");
}

/* What is not known yet is no branch, and no place is judged behind it. */
static void a_branch_may_come_later(void **state)
{
	struct expander early = plain;
	struct expand_result result;
	CLEANUP_BUF struct buf got = BUF_INIT;
	DECLARE_ERR(err);

	(void)state;
	early.settled = true;
	early.escape = escape_find("json");
	assert_int_equal(expand(&early, "[${if path:yes}\"${end}${QUOTED}", at, &got,
				 &result, &err),
		0);
	assert_true(result.later);
	assert_int_equal(expand(&early, "${if path:yes A or A}${A}${end}", at, &got,
				 &result, &err),
		0);
	assert_false(result.later);
	assert_int_equal(expand(&early, "${for X in key:later}${X}${end}", at, &got,
				 &result, &err),
		0);
	assert_true(result.later);
	/* At its turn it must be known. */
	expect("${if path:later}x${end}", "f:10:1: 'path:later' is not known yet");
}

static void a_secret_in_a_loop_is_one(void **state)
{
	struct expand_result result;
	struct expander argument = plain;
	CLEANUP_BUF struct buf got = BUF_INIT;
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(
		expand(&plain, "${for X in SECRET}${X}${end}", at, &got, &result, &err),
		0);
	assert_true(result.secret);
	assert_int_equal(
		expand(&plain, "${for X in LIST}${X}${end}", at, &got, &result, &err), 0);
	assert_false(result.secret);
	assert_int_equal(expand(&plain, "${for K,V in env:SEC*}${V}${end}", at, &got,
				 &result, &err),
		0);
	assert_true(result.secret);
	argument.argument = true;
	assert_int_equal(
		expand(&argument, "${for X in SECRET}${X}${end}", at, &got, NULL, &err),
		-1);
}

static void only_names_that_are_allowed_are_expanded(void **state)
{
	static const char *const names[] = {"A", NULL};
	const struct list allow = {(const char **)(uintptr_t)names, 1};
	struct expander expander = plain;

	(void)state;
	expander.allow = &allow;
	expect_with(&expander, "${A}${ODD}${else}${end}${sep}${if}${x%%.*}",
		"one${ODD}${else}${end}${sep}${if}${x%%.*}");
	expect_with(
		&expander, "${if ODD}${A}${ODD}${else}x${end}${end}", "one${ODD}${end}");
	expect_with(&expander, "${for X in LIST}${X}${Y}${end}", "a${Y}b${Y}c${Y}d${Y}");
	expect_with(&expander, "${x${for X in LIST}${X}${end}}", "${xabcd}");
	expect_with(&expander, "${for K,V in env:*}${K}=${V};${end}", "A=one;");
}

/* A list that is unset cannot stay as it is. */
static void what_is_kept_is_no_item(void **state)
{
	struct expander expander = plain;

	(void)state;
	expander.missing = EXPAND_KEEP;
	expect_with(
		&expander, "${if A}${NO1}${end}${for X in LIST}${X}${end}", "${NO1}abcd");
	expect_with(&expander, "${for X in NO1}${X}${end}", "f:10:1: NO1 is not set");
	expander.missing = EXPAND_EMPTY;
	expect_with(&expander, "${for X in NO1}${X}${end}.", ".");
}

static void every_error(void **state)
{
	static const char *const cases[][2] = {
		{"${if A}x", "f:10:1: '${if A}' is not closed by ${end}"},
		{"a\n b ${for X in LIST}x${end}\n ${if A}",
			"f:12:2: '${if A}' is not closed by ${end}"},
		{"${if A}${for X in LIST}${end}", "f:10:1: '${if A}' is not closed"},
		{"x${end}",
			"f:10:2: '${end}' closes nothing; a variable of that name is "
			"${end-}"},
		{"${if A}${end}\n${end}", "f:11:1: '${end}' closes nothing"},
		{"${else}", "f:10:1: '${else}' stands outside of '${if …}'"},
		{"${elif A}", "f:10:1: '${elif}' stands outside of '${if …}'"},
		{"${sep}", "f:10:1: '${sep}' stands outside of '${for …}'"},
		{"${if A}${else}${else}${end}", "f:10:15: '${else}' stands outside"},
		{"${if A}${else}${elif A}${end}", "f:10:15: '${elif}' stands outside"},
		{"${for X in LIST}${else}${end}", "f:10:17: '${else}' stands outside"},
		{"${if A}${sep}${end}", "f:10:8: '${sep}' stands outside"},
		{"${for X in LIST}${sep}${sep}${end}", "f:10:23: '${sep}' stands out"},
		{"${if}x${end}", "f:10:1: it has no condition: write ${if NAME}"},
		{"${if A}x${elif }x${end}", "f:10:9: it has no condition"},
		{"${if A-B}x${end}",
			"f:10:1: 'A-B': a condition is env:NAME, on:NAME or"},
		{"${if nope:x}x${end}", "f:10:1: 'nope:x': a condition is"},
		{"${if A or}x${end}", "f:10:1: there is no condition behind an 'or'"},
		{"${if A !A}x${end}", "f:10:1: 'A' and '!A' can never hold together"},
		{"ä ${if on:A}x${end}", "f:10:3: 'on:A': the value of A is neither"},
		{"${for X}x${end}", "f:10:1: it is written ${for X in NAME}"},
		{"${for X of LIST}x${end}", "f:10:1: it is written ${for X in NAME}"},
		{"${for X in LIST by}x${end}", "f:10:1: it is written"},
		{"${for X in LIST by ,,}x${end}", "f:10:1: it is written"},
		{"${for 1 in LIST}x${end}", "f:10:1: it is written"},
		{"${for X,1 in LIST}x${end}", "f:10:1: it is written"},
		{"${for X,X in LIST}x${end}", "f:10:1: 'X,X' is two variables at once"},
		{"${for X in A-B C}x${end}", "f:10:1: it is written"},
		{"${for X in A/B}x${end}", "f:10:1: '${A/B}' is none of"},
		{"${for X in env:A_*}x${end}", "f:10:1: variables give two names"},
		{"${for K,V in env:A}x${end}", "f:10:1: 'env:A' has no '*'"},
		{"${for K,V in env:A?*}x${end}", "f:10:1: 'env:A?*' has no '*', or"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf got = BUF_INIT;
		DECLARE_ERR(err);

		assert_int_equal(expand(&plain, cases[i][0], at, &got, NULL, &err), -1);
		if (!str_starts(shown(&err), cases[i][1]))
			assert_string_equal(shown(&err), cases[i][1]);
	}
}

/* What needs no value is found without one. */
static void a_check_finds_them(void **state)
{
	struct problems problems = {0};

	(void)state;
	expand_check("${if A}\n${x:y}${else}${else}${end}", words, conditions, at,
		"k: ", &problems);
	assert_int_equal(problems.count, 2);
	assert_true(
		str_starts(problem_text(&problems, 0), "f:11:1: k: '${x:y}' is none"));
	assert_true(
		str_starts(problem_text(&problems, 1), "f:11:14: k: '${else}' stands"));
	problems_release(&problems);
	expand_check("${if path:${key:a} or A}${A}${end}${for X in key:x}${X}${end}",
		words, conditions, at, "", &problems);
	assert_int_equal(problems.count, 0);
	expand_check("${if nope:x}${end}", words, conditions, at, "", &problems);
	assert_int_equal(problems.count, 1);
	problems_release(&problems);
}

static void note_name(void *user, const char *name, bool shown)
{
	buf_printf(user, "%s%s ", shown ? "" : "!", name);
}

static void what_is_in_them_is_found(void **state)
{
	CLEANUP_BUF struct buf found = BUF_INIT;

	(void)state;
	expand_each("${if env:A=${key:a}}${B}${elif A}${else}${C:+x}${end}"
		    "${if !changed:a|b or A}${end}"
		    "${for X in key:list}${X}${sep}${end}${for K,V in env:A_*}${end}",
		note_name, &found);
	assert_string_equal(found.data, "key:a B !C !changed:a|b key:list X ");
}

static void note_doubt(void *user, struct place where, const char *name)
{
	buf_printf(user, "%d:%s ", where.line, name);
}

static void a_no_that_holds_is_reported(void **state)
{
	CLEANUP_BUF struct buf found = BUF_INIT;
	struct expander expander = {
		.lookup = lookup, .conditions = conditions, .user = &found};

	(void)state;
	expander.doubtful = note_doubt;
	expect_with(
		&expander, "\n${if NO}x${end}${if env:NO}y${end}${if A}z${end}", "\nxyz");
	assert_string_equal(found.data, "11:NO ");
}

static void nesting_and_rounds_have_an_end(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	(void)state;
	for (int i = 0; i < 16; i++)
		buf_puts(&text, "${if A}");
	buf_puts(&text, "x");
	for (int i = 0; i < 16; i++)
		buf_puts(&text, "${end}");
	expect(text.data, "x");
	buf_truncate(&text, 0);
	for (int i = 0; i < 17; i++)
		buf_puts(&text, "${if A}");
	expect(text.data, "f:10:113: blocks are nested more than 16 deep");
	buf_truncate(&text, 0);
	for (int i = 0; i < 12; i++)
		buf_puts(&text, "${for X in LIST}");
	for (int i = 0; i < 12; i++)
		buf_puts(&text, "${end}");
	expect(text.data, "f:10: its loops go round more than 1000000 times");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_branch_that_holds_is_taken),
		cmocka_unit_test(a_branch_that_is_not_taken_asks_for_nothing),
		cmocka_unit_test(a_value_is_no_condition),
		cmocka_unit_test(lists_are_gone_through),
		cmocka_unit_test(variables_are_gone_through),
		cmocka_unit_test(a_line_of_marks_leaves_none),
		cmocka_unit_test(values_are_made_safe_in_blocks),
		cmocka_unit_test(a_branch_may_come_later),
		cmocka_unit_test(a_secret_in_a_loop_is_one),
		cmocka_unit_test(only_names_that_are_allowed_are_expanded),
		cmocka_unit_test(what_is_kept_is_no_item),
		cmocka_unit_test(every_error),
		cmocka_unit_test(a_check_finds_them),
		cmocka_unit_test(what_is_in_them_is_found),
		cmocka_unit_test(a_no_that_holds_is_reported),
		cmocka_unit_test(nesting_and_rounds_have_an_end),
	};

	return cmocka_run_group_tests_name("conf/expand_block", tests, NULL, NULL);
}
