/* SPDX-License-Identifier: MIT */
/* Splitting: white space, lines, a shell's words; "${…}" is never cut. */
#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "conf/words.h"

/* The items, each in <>. */
static void expect_list(const struct list *list, const char *expected)
{
	CLEANUP_BUF struct buf got = BUF_INIT;

	for (size_t i = 0; i < list->count; i++)
		buf_printf(&got, "<%s>", list->items[i]);
	assert_string_equal(got.data, expected);
	if (list->count)
		assert_null(list->items[list->count]);
}

/* Each text split at any of the separators, or, without them, as a shell does. */
static void expect_split(
	const char *separators, const char *const (*cases)[2], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct arena arena = {0};
		struct command_words words = {0};
		DECLARE_ERR(err);

		if (separators)
			words_split(cases[i][0], separators, &arena, &words.list);
		else
			assert_int_equal(
				command_split(cases[i][0], &arena, &words, &err), 0);
		expect_list(&words.list, cases[i][1]);
		arena_release(&arena);
	}
}

static void splits_at_white_space(void **state)
{
	static const char *const cases[][2] = {
		{"", ""},
		{"  \n\t", ""},
		{"a", "<a>"},
		{" a  b\nc\td ", "<a><b><c><d>"},
		{"${A:-x y} z", "<${A:-x y}><z>"},
		{"a${A:-x ${B:-1 2}\n}b c", "<a${A:-x ${B:-1 2}\n}b><c>"},
		{"$${a b}", "<$${a><b}>"},
		{"${a b", "<${a><b>"},
		{"'a b'", "<'a><b'>"},
		{"$ { a", "<$><{><a>"},
	};

	(void)state;
	expect_split(WORDS_SPACE, cases, sizeof cases / sizeof *cases);
}

static void splits_at_lines(void **state)
{
	static const char *const cases[][2] = {
		{"", ""},
		{"a b", "<a b>"},
		{"A=1 2\nB=${X:-\n}\nC=", "<A=1 2><B=${X:-\n}><C=>"},
		{"\n\na\n\n", "<a>"},
	};

	(void)state;
	expect_split("\n", cases, sizeof cases / sizeof *cases);
}

static void splits_like_a_shell(void **state)
{
	static const char *const cases[][2] = {
		{"", ""},
		{"  ", ""},
		{"sh -c x", "<sh><-c><x>"},
		{"a 'b c' \"d e\"", "<a><b c><d e>"},
		{"a'b c'\"d\"e", "<ab cde>"},
		{"'' \"\" a''", "<><><a>"},
		{"'a\"b' \"a'b\"", "<a\"b><a'b>"},
		{"a\\ b \\' \\\" \\\\", "<a b><'><\"><\\>"},
		{"'a\\b'", "<a\\b>"},
		{"\"\\\" \\\\ \\$ \\` \\x\"", "<\" \\ $ ` \\x>"},
		{"a \\\n  b", "<a><b>"},
		{"a\\\nb", "<ab>"},
		{"\"a\\\nb\"", "<ab>"},
		{"a\nb", "<a><b>"},
		{"a\\", "<a\\>"},
		{"#channel a#b", "<#channel><a#b>"},
		{"a;b|c&d e>f *? (", "<a;b|c&d><e>f><*?><(>"},
		/* what a shell would act on is quoted */
		{"find -exec rm {} \\; -o ';'", "<find><-exec><rm><{}><;><-o><;>"},
		{"'|' \"&&\" \\> '2>&1' \\# '~/x' a\\; \"b;\" c';'",
			"<|><&&><>><2>&1><#><~/x><a;><b;><c;>"},
		{"'/*' \\*/x \"y/{a,b}\" {a\\,b} -x=/* a://x/* *:80 {a} {,b ${X:-/*}",
			"</*><*/x><y/{a,b}><{a,b}><-x=/*><a://x/*><*:80><{a}><{,b>"
			"<${X:-/*}>"},
		{"${X:-|} ${X:->a} ${X:-a;}", "<${X:-|}><${X:->a}><${X:-a;}>"},
		{"a \\\n  --b=|", "<a><--b=|>"},
		/* kept for the expansion that follows */
		{"${A:-x y} b", "<${A:-x y}><b>"},
		{"\"${A:-\"x\" 'y}\" b", "<${A:-\"x\" 'y}><b>"},
		{"'${A:-x y}'", "<${A:-x y}>"},
		{"$${A}", "<$${A}>"},
		{"$A $ $1", "<$A><$><$1>"},
		/* quoted by a backslash: it is to stay one */
		{"\\${A}", "<$${A}>"},
		{"\"\\${A}\"", "<$${A}>"},
		{"\\$A", "<$A>"},
	};

	(void)state;
	expect_split(NULL, cases, sizeof cases / sizeof *cases);
}

static void refuses_what_is_not_closed(void **state)
{
	static const char *const cases[][2] = {
		{"a 'b", "unclosed quote (')"},
		{"a \"b", "unclosed quote (\")"},
		{"a \"b\\\"", "unclosed quote (\")"},
		{"'", "unclosed quote (')"},
		{"${A", "unclosed '${'; write $${ for a literal ${"},
		{"\"${A\"", "unclosed '${'; write $${ for a literal ${"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		DECLARE_ERR(err);
		struct command_words words = {0};

		assert_int_equal(command_split(cases[i][0], &arena, &words, &err), -1);
		assert_string_equal(err.text, cases[i][1]);
		arena_release(&arena);
	}
}

/* It is written in a script, and a shell would end the script there, too. */
static void refuses_a_quote_within_a_comment(void **state)
{
#define ENDS(quote) \
	"the " quote \
	" in this comment ends the script, as it does for a shell: leave it out"
	static const char *const cases[][2] = {
		{"sh -c '\n# it's\necho'", ENDS("'")},
		{"sh -c '\n# a 'b c' d\necho'", ENDS("'")},
		{"sh -c \"\n# say \"x\"\necho\"", ENDS("\"")},
		{"sh -c 'echo # it's\n'", "unclosed quote (')"},
		/* what is none */
		{"sh -c '\necho '#it", NULL},
		{"sh -c '\n# end'", NULL},
		{"sh -c '\n# end'\n\"#\"", NULL},
		{"sh -c \"\n# it's \\\"x\\\" here\n\"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct command_words words = {0};
		struct arena arena = {0};
		DECLARE_ERR(err);
		int rc = command_split(cases[i][0], &arena, &words, &err);

		assert_int_equal(rc, cases[i][1] ? -1 : 0);
		if (rc < 0)
			assert_string_equal(err.text, cases[i][1]);
		arena_release(&arena);
	}
}

static void follows_quotes(void **state)
{
	static const struct {
		const char *text;
		char before, behind;
	} cases[] = {
		{"", 0, 0},
		{"a 'b", 0, '\''},
		{"b' c \"d", '\'', '"'},
		{"\\' \\\" ''", 0, 0},
		{"a\\' b", '\'', 0},
		{"a\\\" ' b", '"', '"'},
		{"${X:-it's} \"", 0, '"'},
		{"\\", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(command_quote(cases[i].text, strlen(cases[i].text),
					 cases[i].before),
			cases[i].behind);
}

static void refuses_what_only_a_shell_would_act_on(void **state)
{
	static const char *const words[] = {"|", "||", "&&", ";", "&", ">", ">x", ">>x",
		"<", "<x", "2>&1", "2>/dev/null", "&>x", "|&", ">\"x y\"", "|cat", "a;",
		"\"a\";", "$(date)", "`date`", "#", "~", "~/x", "run/*.pid", "/*",
		"y/{a,b}", "{a,\"b\"}x"};

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		static const char *const forms[][2] = {
			{"", ""}, {"a ", ""}, {"", " a"}, {"a \\\n", "\nb"}};

		for (size_t j = 0; j < sizeof forms / sizeof *forms; j++) {
			CLEANUP_BUF struct buf text = BUF_INIT;
			CLEANUP_BUF struct buf expected = BUF_INIT;
			struct arena arena = {0};
			DECLARE_ERR(err);
			struct command_words found = {0};
			const char *word = words[i];

			buf_printf(&text, "%s%s%s", forms[j][0], word, forms[j][1]);
			buf_printf(&expected,
				"no shell runs this, and '%s' would be an argument: "
				"write sh -c '…', or quote it",
				word);
			assert_int_equal(
				command_split(text.data, &arena, &found, &err), -1);
			assert_string_equal(err.text, expected.data);
			arena_release(&arena);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_at_white_space),
		cmocka_unit_test(splits_at_lines),
		cmocka_unit_test(splits_like_a_shell),
		cmocka_unit_test(refuses_what_is_not_closed),
		cmocka_unit_test(refuses_a_quote_within_a_comment),
		cmocka_unit_test(follows_quotes),
		cmocka_unit_test(refuses_what_only_a_shell_would_act_on),
	};

	return cmocka_run_group_tests_name("conf/words", tests, NULL, NULL);
}
