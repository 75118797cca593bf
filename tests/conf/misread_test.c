/* SPDX-License-Identifier: MIT */
/* What would become part of a value, though it is meant for its reader. */
#include "../unit.h"
#include "base/err.h"
#include "conf/misread.h"

static int check_nothing(const char *text, struct err *err)
{
	(void)text;
	(void)err;
	return 0;
}

static const struct field path = {.type = FIELD_PATH};
static const struct field paths = {.type = FIELD_PATHS};
static const struct field checked = {.type = FIELD_PATH, .check = check_nothing};
static const struct field needed = {.type = FIELD_PATH, .required = true};
static const struct field read_path = {.type = FIELD_READ_PATH};
static const struct field read_paths = {.type = FIELD_READ_PATHS};
static const struct field mode = {.type = FIELD_MODE};
static const struct field list = {.type = FIELD_LIST};
static const struct field globs = {.type = FIELD_GLOBS};
static const struct field excluded = {.type = FIELD_LIST, .globs = true};
static const struct field text = {.type = FIELD_STRING};
static const struct field prose = {.type = FIELD_STRING, .prose = true};
static const struct field variable = {.type = FIELD_STRING, .variable = true};
static const struct field conditions = {.type = FIELD_CONDITIONS};
static const struct field arguments = {.type = FIELD_LIST, .commas = true};
static const struct field target = {.type = FIELD_STRING, .path = true};
static const struct field names = {.type = FIELD_LIST, .plain = true};
static const struct field content = {.type = FIELD_TEXT};
static const struct field env = {.type = FIELD_ENV};
static const struct field command = {.type = FIELD_COMMAND};

struct judged {
	const struct field *field;
	const char *text;
	const char *expected; /* NULL: nothing is wrong */
};

static void judge(const struct judged *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		DECLARE_ERR(err);
		const char *at = NULL;
		int rc = misread_check(cases[i].field, cases[i].text, &at, &err);

		if (rc != (cases[i].expected ? -1 : 0))
			fail_msg("'%s': %d, '%s'", cases[i].text, rc, err.text);
		if (cases[i].expected)
			assert_string_equal(err.text, cases[i].expected);
	}
}

#define COMMENT(text, c) \
	"'" text "' would be part of the value: a comment has a line of its own; where " \
	"it is meant, write ${X:-" c "}"

static void comments_behind_a_value_are_errors(void **state)
{
	static const struct judged cases[] = {
		{&paths, "x ; the data", COMMENT("; the data", ";")},
		{&path, "k ; secret", COMMENT("; secret", ";")},
		{&path, "k\t#secret", COMMENT("#secret", "#")},
		{&mode, "0640 # ours", COMMENT("# ours", "#")},
		{&list, "a b ;c", COMMENT(";c", ";")},
		{&list, "a ; b\nc", COMMENT("; b", ";")},
		{&path, "# none", COMMENT("# none", "#")},
		{&path, ";", COMMENT(";", ";")},
		{&path, "${X:- #} # y", COMMENT("# y", "#")},
		{&path, "x # 345678901234567890123456789012345678901234567890",
			COMMENT("# 34567890123456789012345678901234567890…", "#")},
		{&target, "x # y", COMMENT("# y", "#")},
		/* what is none */
		{&path, "a#b;c/#d", NULL},
		{&path, "#recycle", NULL},
		{&globs, "#*#", NULL},
		{&list, "a;b; c#", NULL},
		{&path, "x${X:- # y}", NULL},
		{&path, "x${X:- ${Y:-;} # y} z", NULL},
		{&text, "a # b", NULL},
		{&content, "a # b", NULL},
		{&command, "a # b", NULL},
		{&path, "", NULL},
	};

	(void)state;
	judge(cases, sizeof cases / sizeof *cases);
}

#define QUOTES(c) \
	"the quotes would be part of the value: write it without them, or, where they " \
	"are meant, ${X:-" c "}"
#define BARE "the quotes would be part of the value: write it without them"
#define QUOTE(c) \
	"a quote would be part of the item: white space separates items, in quotes, " \
	"too; write a space in one as ${X:- }, and a quote as ${X:-" c "}"
#define WHOLE(item, c) \
	"the quotes would be part of the item: write " item " without them, or, where " \
	"they are meant, ${X:-" c "}"

static void quotes_around_a_value_are_errors(void **state)
{
	static const struct judged cases[] = {
		{&path, "\"my file\"", QUOTES("\"")},
		{&path, "'x'", QUOTES("'")},
		{&path, "\"${A:-\"}\"", QUOTES("\"")},
		{&mode, "'0640'", BARE},
		{&names, "a 'b'",
			"the quotes would be part of the item: write b without them"},
		{&target, "'x'", QUOTES("'")},
		{&text, "\"sk_\"", QUOTES("\"")},
		{&variable, "\"http://x\"", QUOTES("\"")},
		{&variable, "'${A}'", QUOTES("'")},
		{&env, "A=1\nB='2'", QUOTES("'")},
		{&paths, "\"my file\"", QUOTE("\"")},
		{&paths, "a 'b'", WHOLE("b", "'")},
		{&list, "\"${A}\"", WHOLE("${A}", "\"")},
		{&list, "\"\"", QUOTE("\"")},
		/* what is none */
		{&path, "it's", NULL},
		{&path, "'a' b", NULL},
		{&path, "\"", NULL},
		{&path, "${X:-\"}a\"", NULL},
		{&list, "encoding='UTF-8' it's", NULL},
		{&text, "it's", NULL},
		{&text, "'a' or 'b'", NULL},
		{&prose, "'a'", NULL},
		{&variable, "\"a\" \"b\"", NULL},
		{&variable, "${X:-\"}a\"", NULL},
		{&env, "A=\nB=\"", NULL},
		{&content, "\"a\"", NULL},
		{&env, "'A=b'", NULL},
		{&command, "'a b'", NULL},
	};

	(void)state;
	judge(cases, sizeof cases / sizeof *cases);
}

#define COMMA \
	"a comma would be part of the item: spaces alone separate items, as in 'a b'; " \
	"where it is meant, write ${X:-,}"

static void commas_between_items_are_errors(void **state)
{
	static const struct judged cases[] = {
		{&list, "a, b", COMMA},
		{&names, "a, b",
			"a comma would be part of the item: spaces alone separate items, "
			"as in 'a b'"},
		{&list, "a ,", COMMA},
		{&list, "${A}, b", COMMA},
		{&list, "a\nb,", COMMA},
		{&paths, "a, b", COMMA},
		{&globs, "A_*, B", COMMA},
		{&list, "a,b ,c", COMMA},
		{&paths, "a,b", COMMA},
		{&read_paths, "-a,-b", COMMA},
		{&list, "${A},${B}", COMMA},
		{&list, "tcp://a:1,tcp://b:1", COMMA},
		{&list, "tcp://a:1,c:1,tcp://b:1", COMMA},
		{&list, "a,tcp://b:1", COMMA},
		{&conditions, "env:A, env:B", COMMA},
		/* what is none */
		{&list, "tcp://a:1,b:1", NULL},
		{&conditions, "env:A=1,2", NULL},
		{&arguments, "-o=a,b", NULL},
		{&list, "a${X:-,} b", NULL},
		{&path, "a,", NULL},
		{&text, "a, b", NULL},
		{&command, "a, b", NULL},
	};

	(void)state;
	judge(cases, sizeof cases / sizeof *cases);
}

#define FRONT(c) \
	"'" c \
	"' would be part of an item: spaces or lines separate items, with nothing " \
	"else in front of them; where it is meant, write ${X:-" c "}"

#define BACKSLASH \
	"a backslash would be part of the item: white space separates items behind it, " \
	"too, and lines go on without it; write a space in an item as ${X:- }"
#define NAMED "the values of the variables would be the names: write the names alone, A B"

static void lists_of_other_formats_are_errors(void **state)
{
	static const struct judged cases[] = {
		{&paths, "- a\n- b", FRONT("-")},
		{&read_paths, "- a", FRONT("-")},
		{&list, "[\"a\"]", FRONT("[")},
		{&paths, "a \\\nb", BACKSLASH},
		{&paths, "my\\ file", BACKSLASH},
		{&globs, "${A} ${B}", NAMED},
		/* what is none */
		{&read_paths, "-a -b", NULL},
		{&paths, "[a] a-b", NULL},
		{&arguments, "- -x", NULL},
		{&conditions, "env:A=\\", NULL},
		{&globs, "${A} ${B:-x} A_${B}", NULL},
		{&globs, "${A}", NULL},
		{&excluded, "*.{a,b}", NULL},
		{&path, "-", NULL},
	};

	(void)state;
	judge(cases, sizeof cases / sizeof *cases);
}

#define SHELL(c) \
	"what it says is run by shells alone: write ${NAME} of a variable; where it is " \
	"meant, write the " c " as ${X:-" c "}"
#define BRACES \
	"braces are expanded by shells alone: write each path in full; where they are " \
	"meant, write ${X:-{}"
#define GLOB \
	"'*' would be part of the path: there are no globs here; name each, or write " \
	"${X:-*} where it is meant"
#define COLON \
	"a ':' separates nothing here, and would be part of the path; where it is " \
	"meant, write ${X:-:}"
#define MUSTACHE \
	"'{{' would be part of the path: write ${NAME} of a variable; where it is " \
	"meant, write ${X:-{}{"
#define ANSWER(word) \
	"'" word \
	"' would be the path: leave the key out where there is none, and write " \
	"./" word " for the name"
#define PERCENT(c) \
	"'%" c "' is expanded by systemd and supervisord alone: write ${NAME} of a " \
	"variable, or ./% for the name"

static void what_others_expand_in_a_path_is_an_error(void **state)
{
	static const struct judged cases[] = {
		{&path, "$(pwd)/x", SHELL("$")},
		{&paths, "a b/`id`", SHELL("`")},
		{&target, "x$(y)", SHELL("$")},
		{&path, "/srv/{a,b}", BRACES},
		{&paths, "a{1..3}", BRACES},
		{&path, "%h/x", PERCENT("h")},
		{&paths, "a %t", PERCENT("t")},
		{&path, "%(ENV_HOME)s/x", PERCENT("(")},
		{&path, "/run/*.pid", GLOB},
		{&read_paths, "a b/*.conf", GLOB},
		{&path, "/a:/b", COLON},
		{&paths, "./a:ro", COLON},
		{&paths, "x {{ .Values.y }}", MUSTACHE},
		{&path, "/srv/{{ .Env.NAME }}",
			"'{{ .Env.NAME }}' would be part of the path: "
			"write ${NAME}"},
		{&path, "@PREFIX@/x",
			"'@PREFIX@' would be part of the path: write ${PREFIX}"},
		{&path, "my\\ file",
			"a backslash would be part of the path: write the space "
			"without it"},
		{&path, "yes", ANSWER("yes")},
		{&read_path, "none", ANSWER("none")},
		/* what is none */
		{&path, "${X:-$}(pwd)/x$", NULL},
		{&path, "{a}/b}c,{", NULL},
		{&path, "${X:-{}a,b}", NULL},
		{&path, "%20x/%h", NULL},
		{&path, "/dev/pci-0:1.0", NULL},
		{&path, "a:/b", NULL},
		{&path, "/a/${X:-*}", NULL},
		{&checked, "a/*", NULL},
		{&path, "a\\b", NULL},
		{&path, "yes.txt", NULL},
		{&path, "./yes", NULL},
		{&paths, "yes", NULL},
		{&needed, "yes", NULL},
		{&list, "$(a) {a..b} %h", NULL},
	};

	(void)state;
	judge(cases, sizeof cases / sizeof *cases);
}

#define BEHIND \
	"a comment behind a value would be part of it: give it a line of its own; " \
	"where it is meant, write ${X:-#}"
#define ONE_LINE \
	"what is behind the first value would be part of it: write each NAME=value on " \
	"a line of its own; where it is meant, write a space as ${X:- }"

#define RUN(c) \
	"nothing is run here, and the value asks for it: write ${NAME} of a variable; " \
	"where it is meant, write the " c " as ${X:-" c "}"

static void values_of_variables(void **state)
{
	static const struct judged cases[] = {
		{&variable, "8080 # the port", BEHIND},
		{&variable, "8080 #port", BEHIND},
		{&variable, "8080 ; port", BEHIND},
		{&variable, "${A} # b", BEHIND},
		{&env, "A=b # c", BEHIND},
		{&env, "A=1\nB=80\t#x", BEHIND},
		{&env, "A=1 B=2", ONE_LINE},
		{&env, "A=1,B=2", ONE_LINE},
		{&variable, "1 B=2", ONE_LINE},
		{&variable, "a $(b)", RUN("$")},
		{&env, "A=`b`", RUN("`")},
		{&variable, "a \\\nb",
			"the backslash at the end of a line would be part of the "
			"value: lines go on without it"},
		{&variable, "%(ENV_A)s",
			"'%(ENV_' is expanded by supervisord alone: write "
			"${NAME}"},
		{&env, "A=${X} B_2=\"b\" C=", ONE_LINE},
		/* what is none */
		{&variable, "#fff #000", NULL},
		{&variable, "red #fff", NULL},
		{&variable, "C# 1", NULL},
		{&variable, "a ; b", NULL},
		{&variable, "\\w #", NULL},
		{&variable, "# a", NULL},
		{&variable, "sh -c 'a # b'", NULL},
		{&env, "A=b=c\nB=c=d", NULL},
		{&variable, "80;81", NULL},
		{&variable, "a ${X:-#} b", NULL},
		{&variable, "A=1 B=2", NULL},
		{&env, "A=CC=gcc LD=ld", NULL},
		{&env, "A=-j4 CC=gcc", NULL},
		{&env, "A=host=a user=b", NULL},
		{&env, "A=a,b=c", NULL},
		{&variable, "a$${X:-$}(b) %(x)s a\\b", NULL},
		{&env, "A=1 b c", NULL},
		{&env, "A=1", NULL},
		{&env, "A", NULL},
	};

	(void)state;
	judge(cases, sizeof cases / sizeof *cases);
}

static void the_begin_of_a_text_is_no_line_of_it(void **state)
{
	static const struct {
		const char *text;
		int line;
		bool fine;
	} cases[] = {
		{"|\nx\n", 1, false},
		{">-\nx\n", 1, false},
		{"|2+\nx\n", 1, false},
		{"<<EOF\nx\nEOF\n", 1, false},
		{"<<-'END'\nx\n", 1, false},
		{"\"\"\"\nx\n", 1, false},
		{"'''\nx\n", 1, false},
		{"|\nx\n", 2, true},
		{"|\n", 1, true},
		{"| x\ny\n", 1, true},
		{"<<\nx\n", 1, true},
		{"<a>\nx\n", 1, true},
		{"\"\"\nx\n", 1, true},
		{"\nx\n", 1, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct value value = {.at.line = 1,
			.text_at.line = cases[i].line,
			.text = cases[i].text};
		DECLARE_ERR(err);

		assert_int_equal(
			misread_check_begin(&value, &err), cases[i].fine ? 0 : -1);
	}
}

/* What is behind a comma is an error already, and would be one more. */
static void an_item_ends_at_its_comma(void **state)
{
	(void)state;
	assert_int_equal(misread_size(&list, "ab,c"), 2);
	assert_int_equal(misread_size(&list, "a${X:-,}"), 8);
	assert_int_equal(misread_size(&list, "tcp://a:1,b:1"), 13);
	assert_int_equal(misread_size(&list, "a://b,c://d"), 5);
	assert_int_equal(misread_size(&env, "A=b,c"), 5);
	assert_int_equal(misread_size(&path, "a,b"), 3);
}

#define DOLLAR(name) \
	"'$" name "' is expanded by shells alone: write ${" name "}, or, where it is " \
	"meant, ${X:-$}" name

static void a_variable_without_braces_is_none(void **state)
{
	static const struct judged cases[] = {
		{&path, "$DATA_DIR/x", DOLLAR("DATA_DIR")},
		{&path, "/srv/$A.db", DOLLAR("A")},
		{&paths, "a b/$_x1 $B", DOLLAR("_x1")},
		{&read_path, "$HOME", DOLLAR("HOME")},
		{&read_paths, "-$HOME/x", DOLLAR("HOME")},
		{&target, "../$FOO/bar", DOLLAR("FOO")},
		{&mode, "$MODE", "'$MODE' is expanded by shells alone: write ${MODE}"},
		{&path, "${X:-a}/$B", DOLLAR("B")},
		/* what is none */
		{&path, "${X:-$}HOME", NULL},
		{&path, "${X:-$HOME}", NULL},
		{&path, "$${X}", NULL},
		{&path, "a$/b", NULL},
		{&path, "$1", NULL},
		{&list, "$schema $id", NULL},
		{&excluded, "$RECYCLE.BIN", NULL},
		{&text, "$HOME", NULL},
		{&env, "A=$B", NULL},
	};

	(void)state;
	judge(cases, sizeof cases / sizeof *cases);
}

#define SPACE(name) \
	"a no-break or invisible space (" name ") would be part of the value: write a " \
	"plain space, or none; where it is meant, write it in ${X:-}, behind the -"

static void what_text_processors_put_in_is_an_error(void **state)
{
	static const struct judged cases[] = {
		{&path, "x\xc2\xa0y", SPACE("U+00A0")},
		{&paths, "a b\xe2\x80\x8b", SPACE("U+200B")},
		{&list,
			"\xe2\x80\xaf"
			"a",
			SPACE("U+202F")},
		{&target, "\xef\xbb\xbf/x", SPACE("U+FEFF")},
		{&path, "“q”", QUOTES("“")},
		{&list, "a ‘b’", QUOTES("‘")},
		/* what is none */
		{&path, "x${X:-\xc2\xa0}y", NULL},
		{&path, "naïve’s", NULL},
		{&text, "a\xc2\xa0“b”", NULL},
		{&prose, "a\xc2\xa0“b”", NULL},
	};

	(void)state;
	judge(cases, sizeof cases / sizeof *cases);
}

static void an_option_is_no_path(void **state)
{
	static const struct judged cases[] = {
		{&paths, "-p data2",
			"'-p' would be a path: there are no options here; write ./-p for "
			"the name"},
		{&path, "--parents",
			"'--parents' would be a path: there are no options here; write "
			"./--parents for the name"},
		/* what is none */
		{&read_paths, "-a.env", NULL},
		{&path, "./-p", NULL},
		{&path, "a-b", NULL},
		{&path, "${X:--}p", NULL},
	};

	(void)state;
	judge(cases, sizeof cases / sizeof *cases);
}

#define TILDE "'~' is expanded by shells alone: write ${HOME}, or ./~ for the name"

static void a_tilde_is_no_home_directory(void **state)
{
	static const struct judged cases[] = {
		{&path, "~/x", TILDE},
		{&path, "~", TILDE},
		{&paths, "a ~/x", TILDE},
		{&read_path, "~/x", TILDE},
		{&read_paths, "-~/x", TILDE},
		{&target, "~/x", TILDE},
		/* what is none */
		{&path, "./~/x", NULL},
		{&path, "~x", NULL},
		{&path, "a/~/x", NULL},
		{&path, "${X:-~}/x", NULL},
		{&list, "~/x", NULL},
		{&text, "~/x", NULL},
	};

	(void)state;
	judge(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comments_behind_a_value_are_errors),
		cmocka_unit_test(quotes_around_a_value_are_errors),
		cmocka_unit_test(commas_between_items_are_errors),
		cmocka_unit_test(lists_of_other_formats_are_errors),
		cmocka_unit_test(what_others_expand_in_a_path_is_an_error),
		cmocka_unit_test(values_of_variables),
		cmocka_unit_test(the_begin_of_a_text_is_no_line_of_it),
		cmocka_unit_test(an_item_ends_at_its_comma),
		cmocka_unit_test(a_variable_without_braces_is_none),
		cmocka_unit_test(what_text_processors_put_in_is_an_error),
		cmocka_unit_test(an_option_is_no_path),
		cmocka_unit_test(a_tilde_is_no_home_directory),
	};

	return cmocka_run_group_tests_name("conf/misread", tests, NULL, NULL);
}
