/* SPDX-License-Identifier: MIT */
/* Files of other programs: which are whole, and which keys they have. */
#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "conf/document.h"
#include "conf/field.h"

/* Has it the key, and so is nothing missing? Beside one that it does not have. */
static bool finds(enum document_format format, const char *text, const char *key)
{
	const char *keys[] = {"~nowhere~", key, NULL};
	const struct list list = {.items = keys, .count = 2};
	CLEANUP_BUF struct buf missing = BUF_INIT, both = BUF_INIT;
	DECLARE_ERR(err);

	if (document_missing(format, "f", text, strlen(text), &list, &missing, &err) < 0)
		fail_msg("'%s': %s", text, err.text);
	buf_printf(&both, "'~nowhere~', '%s'", key);
	if (strcmp(missing.data, both.data) == 0)
		return false;
	assert_string_equal(missing.data, "'~nowhere~'");
	return true;
}

static void has(enum document_format format, const char *text, const char *key)
{
	if (!finds(format, text, key))
		fail_msg("'%s' is not in '%s'", key, text);
}

static void lacks(enum document_format format, const char *text, const char *key)
{
	if (finds(format, text, key))
		fail_msg("'%s' is in '%s'", key, text);
}

static void is_wrong(enum document_format format, const char *text, int line)
{
	DECLARE_ERR(err);

	assert_int_equal(document_check(format, "f", text, strlen(text), &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(err.at.file, "f");
	assert_int_equal(err.at.line, line);
}

static void is_fine(enum document_format format, const char *text)
{
	DECLARE_ERR(err);

	if (document_check(format, "f", text, strlen(text), &err) != 0)
		fail_msg("'%s': %s", text, err.text);
}

static void formats_are_known_by_their_endings(void **state)
{
	(void)state;
	assert_int_equal(document_format_of("/a/b.json"), DOCUMENT_JSON);
	assert_int_equal(document_format_of("/a/b.ini"), DOCUMENT_INI);
	assert_int_equal(document_format_of("/a/.env"), DOCUMENT_ENV);
	assert_int_equal(document_format_of("/a/b.env"), DOCUMENT_ENV);
	assert_int_equal(document_format_of("/a/b.properties"), DOCUMENT_PROPERTIES);
	assert_int_equal(document_format_of("/a/json"), DOCUMENT_NONE);
	assert_int_equal(document_format_of("/a.json/b.none"), DOCUMENT_NONE);
	assert_int_equal(document_format_of("/a/.json"), DOCUMENT_NONE);
}

static void json_keys_are_paths(void **state)
{
	static const char text[] = "{\"a\": {\"b\": [1, {\"c\": null}]},\n"
				   "\"d.e\": {\"f.g\": 1}, \"\\u0068\": 2}";

	(void)state;
	has(DOCUMENT_JSON, text, "a");
	has(DOCUMENT_JSON, text, "a.b");
	has(DOCUMENT_JSON, text, "a.b.0");
	has(DOCUMENT_JSON, text, "a.b.1.c");
	has(DOCUMENT_JSON, text, "d.e.f.g");
	has(DOCUMENT_JSON, text, "h");
	lacks(DOCUMENT_JSON, text, "b");
	lacks(DOCUMENT_JSON, text, "a.b.2");
	lacks(DOCUMENT_JSON, text, "a.b.1.c.d");
	lacks(DOCUMENT_JSON, text, "a.");
	lacks(DOCUMENT_JSON, text, "");
	lacks(DOCUMENT_JSON, "\"a\"", "a");
	is_wrong(DOCUMENT_JSON, "{\n\"a\":}", 2);
	is_fine(DOCUMENT_JSON, text);
}

static void ini_keys_have_their_section(void **state)
{
	static const char text[] =
		"\xef\xbb\xbf; comment\ntop = 1\n[Log]\n  level=x\nbare\n# c\n"
		"[log.file]\r\nname : a=b\r\n[ spaced ] ; comment [1]\nk=\n"
		"[a]b]\nl=\n[c] d]e\nm=\n";

	(void)state;
	has(DOCUMENT_INI, text, "top");
	has(DOCUMENT_INI, text, "log.LEVEL");
	has(DOCUMENT_INI, text, "Log.bare");
	has(DOCUMENT_INI, text, "log.file.name");
	has(DOCUMENT_INI, text, "spaced.k");
	has(DOCUMENT_INI, text, "a]b.l");
	has(DOCUMENT_INI, text, "c] d.m");
	lacks(DOCUMENT_INI, text, "level");
	lacks(DOCUMENT_INI, text, "log.top");
	lacks(DOCUMENT_INI, text, "log.file");
	lacks(DOCUMENT_INI, text, "logxlevel");
	lacks(DOCUMENT_INI, "", "a");
	is_fine(DOCUMENT_INI, text);
	is_wrong(DOCUMENT_INI, "a = 1\n[b\n", 2);
	is_wrong(DOCUMENT_INI, "a = 1\n\n = 1\n", 3);
}

static void env_keys_are_variables(void **state)
{
	static const char text[] = "# c\nA=1\nexport B=\"two\nC=3\nlines\"\nexport D\n"
				   "E='x'\nF=\n";

	(void)state;
	has(DOCUMENT_ENV, text, "A");
	has(DOCUMENT_ENV, text, "B");
	has(DOCUMENT_ENV, text, "D");
	has(DOCUMENT_ENV, text, "E");
	has(DOCUMENT_ENV, text, "F");
	lacks(DOCUMENT_ENV, text, "C");
	lacks(DOCUMENT_ENV, text, "a");
	is_fine(DOCUMENT_ENV, text);
	is_wrong(DOCUMENT_ENV, "A=1\nnot a name=1\n", 2);
	is_wrong(DOCUMENT_ENV, "[section]\n", 1);
}

static void lines_have_their_beginnings(void **state)
{
	static const char text[] = "# c\n  Port 22\nUse-PAM yes\nx=1\n[a\n";

	(void)state;
	has(DOCUMENT_LINES, text, "Port");
	has(DOCUMENT_LINES, text, "Port 22");
	has(DOCUMENT_LINES, text, "#");
	has(DOCUMENT_LINES, text, "x=");
	lacks(DOCUMENT_LINES, text, "Por");
	lacks(DOCUMENT_LINES, text, "Port 2");
	lacks(DOCUMENT_LINES, text, "Use");
	lacks(DOCUMENT_LINES, text, "c");
	is_fine(DOCUMENT_LINES, text);
	assert_int_equal(document_format_of("/a.lines"), DOCUMENT_NONE);
}

static void properties_have_any_key(void **state)
{
	static const char text[] =
		"! c\na.b=1\n c : 2\nd 3\nlong = \\\n  x = y\ne\\=f=1\n";
	DECLARE_ERR(err);

	(void)state;
	has(DOCUMENT_PROPERTIES, text, "a.b");
	has(DOCUMENT_PROPERTIES, text, "c");
	has(DOCUMENT_PROPERTIES, text, "d");
	has(DOCUMENT_PROPERTIES, text, "long");
	has(DOCUMENT_PROPERTIES, text, "e=f");
	lacks(DOCUMENT_PROPERTIES, text, "x");
	lacks(DOCUMENT_PROPERTIES, text, "a");
	is_fine(DOCUMENT_PROPERTIES, text);
	assert_int_equal(document_check(DOCUMENT_PROPERTIES, "f", "a=\0", 3, &err), -1);
	assert_int_equal(document_check(DOCUMENT_NONE, "f", "a=\0", 3, &err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_are_known_by_their_endings),
		cmocka_unit_test(json_keys_are_paths),
		cmocka_unit_test(ini_keys_have_their_section),
		cmocka_unit_test(env_keys_are_variables),
		cmocka_unit_test(lines_have_their_beginnings),
		cmocka_unit_test(properties_have_any_key),
	};

	return cmocka_run_group_tests_name("conf/document", tests, NULL, NULL);
}
