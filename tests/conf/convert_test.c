/* SPDX-License-Identifier: MIT */
/* Types: what each takes, what it refuses, and what it says then. */
#include <limits.h>

#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/convert.h"

#define WRONG (-99)

static struct arena arena;

static const struct conversion how = {
	.arena = &arena, .base = "/base", .dir = "/conf", .set = true};

static int clean(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void durations(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
		{"0", 0},
		{"10", 10000},
		{"500ms", 500},
		{"2min 30s", 150000},
		{"2min30s", 150000},
		{"1 h", 3600000},
		{"1min", 60000},
		{"30d", 2592000000},
		{"2w", 1209600000},
		{"1w 1d 1h 1min 1s 1ms", 694861001},
		{"none", -1},
		{"3153600000", 3153600000000},
		{"3153600001", WRONG},
		{"36501d", WRONG},
		{"99999999999999999999w", WRONG},
		{"9223372036854775807ms", WRONG},
		{"", WRONG},
		{" 1s", WRONG},
		{"1s ", WRONG},
		{"1x", WRONG},
		{"1S", WRONG},
		{"-1", WRONG},
		{"1.5s", WRONG},
		{"1 2", WRONG},
		{"2min 30", WRONG},
		{"s", WRONG},
		{"None", WRONG},
		{"1smin", WRONG},
		{"1m", WRONG}, /* a month, a thousandth? */
		{"5sec", WRONG},
		{"1 hour", WRONG},
		{"30s 2min", WRONG},
		{"1s 1s", WRONG},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t ms = WRONG;

		assert_int_equal(
			duration_parse(cases[i].text, &ms), cases[i].ms != WRONG);
		assert_int_equal(ms, cases[i].ms);
	}
}

static void booleans(void **state)
{
	static const char *const yes[] = {"yes", "true", "on", "1", "YES", "True"};
	static const char *const no[] = {"no", "false", "off", "0", "NO"};
	static const char *const wrong[] = {"", "y", "2", "yes ", "enabled", "01"};
	bool value = false;

	(void)state;
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		value = false;
		assert_true(bool_parse(yes[i], &value));
		assert_true(value);
	}
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		value = true;
		assert_true(bool_parse(no[i], &value));
		assert_false(value);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(bool_parse(wrong[i], &value));
}

static void modes(void **state)
{
	static const struct field field = {.name = "mode", .type = FIELD_MODE};
	static const struct {
		const char *text;
		int mode;
	} cases[] = {
		{"0", 0},
		{"7", 07},
		{"644", 0644},
		{"0644", 0644},
		{"1777", 01777},
		{"7777", 07777},
		{"", WRONG},
		{"0888", WRONG},
		{"648", WRONG},
		{"10000", WRONG},
		{"077777", WRONG},
		{"0o", WRONG},
		{"-1", WRONG},
		{"u+x", WRONG},
		{"0x1ff", WRONG},
		{"644 ", WRONG},
		{"00750", WRONG},
		{"01777", WRONG},
		{"0o644", WRONG},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct field_mode mode = {0};
		DECLARE_ERR(err);
		int result = convert(&field, cases[i].text, &how, &mode, &err);

		assert_int_equal(result, cases[i].mode == WRONG ? -1 : 0);
		if (result == 0)
			assert_int_equal(mode.mode, cases[i].mode);
		else
			assert_non_null(strstr(err.text, "octal"));
		assert_int_equal(mode.set, result == 0);
	}
}

static void accounts(void **state)
{
	static const char *const fine[] = {"root", "www-data", "_apt", "a.b@c", "vm$",
		"0", "1000", "4294967294", "käthe", "0x"};
	static const char *const wrong[] = {"", "-x", "a b", "a/b", "a:b", ":b",
		"4294967295", "99999999999999999999", "a\nb", ".x",
		"a23456789-123456789-123456789-123456789-123456789-123456789-1234"};
	const struct field field = {.name = "owner", .type = FIELD_USER};

	(void)state;
	for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
		struct field_name name = {0};
		DECLARE_ERR(err);

		assert_int_equal(convert(&field, fine[i], &how, &name, &err), 0);
		assert_string_equal(name.name, fine[i]);
		assert_true(name.set);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct field_name name = {0};
		DECLARE_ERR(err);

		assert_int_equal(convert(&field, wrong[i], &how, &name, &err), -1);
		assert_int_equal(err.kind, ERR_CONFIG);
	}
}

static void counts(void **state)
{
	static const struct field field = {.name = "n", .type = FIELD_COUNT};
	static const struct {
		const char *text;
		int64_t count;
	} cases[] = {{"0", 0}, {"007", 7}, {"1000000000", 1000000000},
		{"1000000001", WRONG}, {"", WRONG}, {"-1", WRONG}, {"1.0", WRONG},
		{"ten", WRONG}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t count = WRONG;
		DECLARE_ERR(err);

		assert_int_equal(convert(&field, cases[i].text, &how, &count, &err),
			cases[i].count == WRONG ? -1 : 0);
		assert_int_equal(count, cases[i].count);
	}
}

static const struct field choice = {.name = "policy",
	.type = FIELD_ENUM,
	.choices = (const char *const[]){"create", "manage", "track", NULL}};

static void enums(void **state)
{
	DECLARE_ERR(err);
	int index = WRONG;

	(void)state;
	assert_int_equal(convert(&choice, "track", &how, &index, &err), 0);
	assert_int_equal(index, 2);
	assert_int_equal(convert(&choice, "Manage", &how, &index, &err), 0);
	assert_int_equal(index, 1);
	assert_int_equal(convert(&choice, "TRACK", &how, &index, &err), 0);
	assert_int_equal(index, 2);
	assert_int_equal(convert(&choice, "mange", &how, &index, &err), -1);
	assert_string_equal(err.text,
		"'mange' is none of create, manage, track; did you mean 'manage'?");
	assert_int_equal(convert(&choice, "zzz", &how, &index, &err), -1);
	assert_string_equal(err.text, "'zzz' is none of create, manage, track");
	assert_int_equal(convert(&choice, "", &how, &index, &err), -1);
	assert_int_equal(index, 2);
}

static void paths(void **state)
{
	static const struct {
		enum field_type type;
		const char *text;
		const char *path;
	} cases[] = {
		{FIELD_PATH, "x/y", "/base/x/y"},
		{FIELD_PATH, "/x//y/", "/x/y"},
		{FIELD_PATH, "./x", "/base/x"},
		{FIELD_PATH, "../x", "/base/../x"},
		{FIELD_PATH, ".", "/base"},
		{FIELD_PATH, "a b", "/base/a b"},
		{FIELD_PATHS, "x", "/base/x"},
		{FIELD_READ_PATH, "x", "/conf/x"},
		{FIELD_READ_PATH, "/x", "/x"},
		{FIELD_PATH, "", NULL},
		{FIELD_READ_PATH, "", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct field field = {.name = "path", .type = cases[i].type};
		const char *path = NULL;
		DECLARE_ERR(err);

		assert_int_equal(convert(&field, cases[i].text, &how, &path, &err),
			cases[i].path ? 0 : -1);
		if (cases[i].path)
			assert_string_equal(path, cases[i].path);
	}
}

static void path_limit(void **state)
{
	static const struct field field = {.name = "path", .type = FIELD_PATH};
	char text[PATH_MAX + 1];
	const char *path;
	DECLARE_ERR(err);

	(void)state;
	memset(text, 'x', sizeof text);
	for (size_t i = 0; i < sizeof text; i += 2)
		text[i] = '/';
	text[PATH_MAX] = '\0';
	assert_int_equal(convert(&field, text, &how, &path, &err), -1);
	assert_non_null(strstr(err.text, "too long: a path has 4095 bytes at the most"));
	text[PATH_MAX - 1] = '\0';
	assert_int_equal(convert(&field, text, &how, &path, &err), 0);
}

static void name_limit(void **state)
{
	static const struct field field = {.name = "path", .type = FIELD_PATH};
	char longest[NAME_MAX + 2];
	CLEANUP_BUF struct buf whole = BUF_INIT;
	const char *path;
	DECLARE_ERR(err);

	(void)state;
	memset(longest, 'x', sizeof longest);
	longest[NAME_MAX + 1] = '\0';
	buf_printf(&whole, "/first/%s/last", longest);
	assert_int_equal(convert(&field, whole.data, &how, &path, &err), -1);
	assert_non_null(strstr(err.text, "of 256 bytes; a name has 255 at the most"));
	longest[NAME_MAX] = '\0';
	buf_truncate(&whole, 0);
	buf_printf(&whole, "/first/%s/last", longest);
	assert_int_equal(convert(&field, whole.data, &how, &path, &err), 0);
}

/* Whatever a parser of another floor says. */
static int quote(void *member, const char *text, struct err *err)
{
	(void)member;
	return err_config(err, "'%s' is quoted", text);
}

static void parsers_show_nothing_secret_or_long(void **state)
{
	static const struct field field = {
		.name = "x", .parse = quote, .example = "0027"};
	struct conversion secret = how;
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf expected = BUF_INIT;
	DECLARE_ERR(err);

	(void)state;
	secret.secret = true;
	for (int i = 0; i < 60; i++)
		buf_putc(&text, 'p');
	assert_int_equal(convert(&field, text.data, &how, NULL, &err), -1);
	assert_true(str_ends(err.text, "p' is quoted"));
	assert_int_equal(convert(&field, "hunter2", &secret, NULL, &err), -1);
	assert_string_equal(err.text, "the value is not valid: expected one as in 0027");
	assert_int_equal(err.kind, ERR_CONFIG);
	buf_printf(&expected, "'%s…' is not valid: expected one as in 0027", text.data);
	for (int i = 0; i < 3000; i++)
		buf_putc(&text, 'p');
	assert_int_equal(convert(&field, text.data, &how, NULL, &err), -1);
	assert_string_equal(err.text, expected.data);
}

static void shows_no_secret(void **state)
{
	static const struct {
		enum field_type type;
		const char *text;
	} cases[] = {{FIELD_MODE, "hunter2"}, {FIELD_BOOL, "hunter2"},
		{FIELD_DURATION, "hunter2"}, {FIELD_COUNT, "hunter2"},
		{FIELD_USER, "hunter2 x"}, {FIELD_USER, "hunter2:x"},
		{FIELD_ENUM, "hunter2"}};
	struct conversion secret = how;

	(void)state;
	secret.secret = true;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct field field = choice;
		union {
			struct field_name name;
			int64_t number;
		} slot;
		DECLARE_ERR(err);

		field.type = cases[i].type;
		assert_int_equal(convert(&field, cases[i].text, &how, &slot, &err), -1);
		assert_non_null(strstr(err.text, "hunter2"));
		assert_int_equal(
			convert(&field, cases[i].text, &secret, &slot, &err), -1);
		assert_null(strstr(err.text, "hunter2"));
		assert_true(str_starts(err.text, "the value is "));
	}
}

static void cuts_what_is_long(void **state)
{
	static const struct field field = {.name = "n", .type = FIELD_COUNT};
	char text[3000];
	int64_t slot;
	DECLARE_ERR(err);

	(void)state;
	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = '\0';
	assert_int_equal(convert(&field, text, &how, &slot, &err), -1);
	assert_true(strlen(err.text) < 200);
	assert_non_null(strstr(err.text, "xxx…' is no whole number"));
}

static void types_have_words(void **state)
{
	CLEANUP_BUF struct buf room = BUF_INIT;

	(void)state;
	for (int type = FIELD_STRING; type <= FIELD_ENV; type++) {
		struct field field = choice;

		field.type = (enum field_type)type;
		assert_true(field_type_text(&field, &room)[0] != '\0');
	}
	assert_string_equal(field_type_text(&choice, &room), "create · manage · track");
}

static void names_of_variables(void **state)
{
	static const struct field name = {.name = "env", .type = FIELD_NAME};
	static const struct field glob = {.name = "unset_env", .type = FIELD_GLOBS};
	static const struct {
		const struct field *field;
		const char *text;
		bool fine;
	} cases[] = {
		{&name, "A_1", true},
		{&name, "", true},
		{&name, "1A", false},
		{&name, "A-B", false},
		{&name, "A=1", false},
		{&glob, "A_*", true},
		{&glob, "[A-Z]?_[!x]", true},
		{&glob, "my.var-x", true},
		{&glob, "A=1", false},
		{&glob, "/A", false},
		{&glob, "!A", false},
		{&glob, "[!x]A[^y]", true},
		{&glob, "A[x", false},
		{&glob, "A]", false},
		{&glob, "A[]", false},
		{&glob, "A[[]", false},
		{&glob, "A,B", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *got = NULL;
		DECLARE_ERR(err);

		assert_int_equal(convert(cases[i].field, cases[i].text, &how, &got, &err),
			cases[i].fine ? 0 : -1);
		if (cases[i].fine)
			assert_string_equal(got, cases[i].text);
		else
			assert_int_equal(err.kind, ERR_CONFIG);
	}
}

static void lines_of_an_environment(void **state)
{
	static const struct field strict = {.name = "env", .type = FIELD_ENV};
	static const struct field bare = {.name = "env", .type = FIELD_ENV, .bare = true};
	static const struct field any = {
		.name = "placeholders", .type = FIELD_ENV, .any_name = true};
	static const struct {
		const struct field *field;
		const char *text;
		const char *error; /* "": none */
	} cases[] = {
		{&strict, "A=1", ""},
		{&strict, "A=", ""},
		{&strict, "A=b=c d", ""},
		{&strict, "A", "expected NAME=value, not 'A'"},
		{&strict, "2BAD=hunter2",
			"expected NAME=value, not '2BAD' in front of '='"},
		{&strict, "=hunter2", "expected NAME=value, not '' in front of '='"},
		{&strict, "A B=hunter2",
			"expected NAME=value, not 'A B' in front of '='"},
		{&bare, "A", ""},
		{&bare, "A=1", ""},
		{&bare, "A-B", "expected NAME=value or NAME, not 'A-B'"},
		{&any, "a.b-c=d", ""},
		{&any, "a =b", "expected NAME=value, not 'a ' in front of '='"},
		{&any, " a=b", "expected NAME=value, not ' a' in front of '='"},
		{&any, "a b=c", "expected NAME=value, not 'a b' in front of '='"},
		{&any, "=b", "expected NAME=value, not '' in front of '='"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *got = NULL;
		DECLARE_ERR(err);

		assert_int_equal(convert(cases[i].field, cases[i].text, &how, &got, &err),
			*cases[i].error ? -1 : 0);
		assert_string_equal(err.text, cases[i].error);
	}
}

static void counts_have_bounds_of_their_own(void **state)
{
	static const struct field field = {
		.name = "n", .type = FIELD_COUNT, .min = 16, .max = 4096};
	static const struct {
		const char *text;
		bool fine;
	} cases[] = {{"15", false}, {"16", true}, {"4096", true}, {"4097", false}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t count = WRONG;
		DECLARE_ERR(err);

		assert_int_equal(convert(&field, cases[i].text, &how, &count, &err),
			cases[i].fine ? 0 : -1);
		if (!cases[i].fine)
			assert_non_null(strstr(err.text, "from 16 to 4096"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations),
		cmocka_unit_test(booleans),
		cmocka_unit_test_teardown(modes, clean),
		cmocka_unit_test_teardown(accounts, clean),
		cmocka_unit_test_teardown(counts, clean),
		cmocka_unit_test_teardown(enums, clean),
		cmocka_unit_test_teardown(paths, clean),
		cmocka_unit_test_teardown(path_limit, clean),
		cmocka_unit_test_teardown(name_limit, clean),
		cmocka_unit_test_teardown(shows_no_secret, clean),
		cmocka_unit_test(parsers_show_nothing_secret_or_long),
		cmocka_unit_test_teardown(cuts_what_is_long, clean),
		cmocka_unit_test(types_have_words),
		cmocka_unit_test(names_of_variables),
		cmocka_unit_test(lines_of_an_environment),
		cmocka_unit_test(counts_have_bounds_of_their_own),
	};

	return cmocka_run_group_tests_name("conf/convert", tests, NULL, NULL);
}
