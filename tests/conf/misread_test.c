/* SPDX-License-Identifier: MIT */
/* Comments, quotes and tildes that would become part of a value. */
#include "../unit.h"
#include "base/err.h"
#include "conf/misread.h"

static const struct field path = {.type = FIELD_PATH};
static const struct field paths = {.type = FIELD_PATHS};
static const struct field read_path = {.type = FIELD_READ_PATH};
static const struct field read_paths = {.type = FIELD_READ_PATHS};
static const struct field mode = {.type = FIELD_MODE};
static const struct field list = {.type = FIELD_LIST};
static const struct field globs = {.type = FIELD_GLOBS};
static const struct field text = {.type = FIELD_STRING};
static const struct field target = {.type = FIELD_STRING, .path = true};
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
		{&env, "A=b # c", NULL},
		{&command, "a # b", NULL},
		{&path, "", NULL},
	};

	(void)state;
	judge(cases, sizeof cases / sizeof *cases);
}

#define QUOTES(c) \
	"the quotes would be part of the value: write it without them, or, where they " \
	"are meant, ${X:-" c "}"
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
		{&mode, "'0640'", QUOTES("'")},
		{&target, "'x'", QUOTES("'")},
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
		{&text, "'a'", NULL},
		{&content, "\"a\"", NULL},
		{&env, "'A=b'", NULL},
		{&command, "'a b'", NULL},
	};

	(void)state;
	judge(cases, sizeof cases / sizeof *cases);
}

#define COMMA \
	"a comma at the end would be part of the item: spaces alone separate items, as " \
	"in 'a b'; where it is meant, write ${X:-,}"

static void commas_between_items_are_errors(void **state)
{
	static const struct judged cases[] = {
		{&list, "a, b", COMMA},
		{&list, "a ,", COMMA},
		{&list, "${A}, b", COMMA},
		{&list, "a\nb,", COMMA},
		{&paths, "a, b", COMMA},
		{&globs, "A_*, B", COMMA},
		/* what is none */
		{&list, "a,b ,c", NULL},
		{&list, "a${X:-,} b", NULL},
		{&path, "a,", NULL},
		{&text, "a, b", NULL},
		{&command, "a, b", NULL},
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
		cmocka_unit_test(a_tilde_is_no_home_directory),
	};

	return cmocka_run_group_tests_name("conf/misread", tests, NULL, NULL);
}
