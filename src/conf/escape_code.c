/* SPDX-License-Identifier: MIT */
/* How a value is written in YAML, XML, the languages of programs, and URLs. */
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/scan.h"
#include "base/str.h"
#include "conf/escape_value.h"

/* ---- yaml ---- */

/* What YAML calls no printable character, and the line ends that only some know. */
static bool is_odd(uint32_t code)
{
	return (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029 ||
		code == 0xfeff || code == 0xfffe || code == 0xffff;
}

static void put_yaml(struct buf *ret, const char *character, size_t size, uint32_t code)
{
	if (code == '\n')
		buf_puts(ret, "\\n");
	else if (code == '\r')
		buf_puts(ret, "\\r");
	else if (code == '\t')
		buf_puts(ret, "\\t");
	else if (code < 0x20 || is_odd(code))
		buf_printf(ret, "\\u%04x", (unsigned)code);
	else if (code == '"' || code == '\\')
		buf_printf(ret, "\\%c", (int)code);
	else
		buf_add(ret, character, size);
}

/* White space at an end could stand at that of a line, which YAML folds. */
int escape_yaml_double(const char *value, struct buf *ret, struct err *err)
{
	size_t size = strlen(value);

	if (escape_must_be_utf8(value, "YAML", err) < 0)
		return -1;
	for (size_t i = 0; i < size;) {
		uint32_t code = 0;
		size_t n = str_character(value + i, size - i, &code);

		if (code == ' ' && (i == 0 || i + 1 == size))
			buf_puts(ret, "\\x20");
		else
			put_yaml(ret, value + i, n, code);
		i += n;
	}
	return 0;
}

int escape_yaml_single(const char *value, struct buf *ret, struct err *err)
{
	size_t size = strlen(value);

	if (escape_must_be_utf8(value, "YAML", err) < 0)
		return -1;
	for (size_t i = 0; i < size;) {
		uint32_t code = 0;

		i += str_character(value + i, size - i, &code);
		if ((code < 0x20 && code != '\t') || is_odd(code))
			return err_config(err,
				"a value with a line end or control character cannot "
				"stand in single quotes of YAML: write double ones");
	}
	for (; *value; value++) {
		if (*value == '\'')
			buf_putc(ret, '\'');
		buf_putc(ret, *value);
	}
	return 0;
}

int escape_yaml_bare(const char *value, struct buf *ret, struct err *err)
{
	if (!escape_yaml_is_number(value) && !escape_is_boolean(value))
		return escape_quote(escape_yaml_double, '"', value, ret, err);
	buf_puts(ret, value);
	return 0;
}

/* ---- xml, html ---- */

static const char *xml_entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	case '\t':
		return "&#9;";
	case '\n':
		return "&#10;";
	case '\r':
		return "&#13;";
	default:
		return NULL;
	}
}

int escape_xml(const char *value, struct buf *ret, struct err *err)
{
	size_t size = strlen(value);

	if (escape_must_be_utf8(value, "XML", err) < 0)
		return -1;
	for (size_t i = 0; i < size;) {
		uint32_t code = 0;

		i += str_character(value + i, size - i, &code);
		if ((code < 0x20 && !strchr("\t\n\r", (int)code)) || code == 0xfffe ||
			code == 0xffff)
			return err_config(err,
				"a value with a control character cannot stand in XML, "
				"which has no escape for it");
	}
	for (; *value; value++) {
		const char *entity = xml_entity(*value);

		if (entity)
			buf_puts(ret, entity);
		else
			buf_putc(ret, *value);
	}
	return 0;
}

/* ---- php ---- */

/* A brace in front of a "$" of the text would begin an expression. */
int escape_php_double(const char *value, struct buf *ret, struct err *err)
{
	(void)err;
	for (; *value; value++) {
		if (*value == '{') {
			buf_puts(ret, "\\x7b");
			continue;
		}
		if (strchr("\\$\"", *value))
			buf_putc(ret, '\\');
		buf_putc(ret, *value);
	}
	return 0;
}

int escape_php_single(const char *value, struct buf *ret, struct err *err)
{
	(void)err;
	for (; *value; value++) {
		if (strchr("\\'", *value))
			buf_putc(ret, '\\');
		buf_putc(ret, *value);
	}
	return 0;
}

int escape_php_bare(const char *value, struct buf *ret, struct err *err)
{
	if (!escape_is_number(value) && !escape_is_boolean(value) &&
		!str_equal(value, "null"))
		return escape_quote(escape_php_single, '\'', value, ret, err);
	buf_puts(ret, value);
	return 0;
}

/* ---- js ---- */

/* In either quotes; "<" is escaped where a page that holds the script would see a tag. */
int escape_js(const char *value, struct buf *ret, struct err *err)
{
	size_t size = strlen(value);

	if (escape_must_be_utf8(value, "JavaScript", err) < 0)
		return -1;
	for (size_t i = 0; i < size;) {
		size_t plain = scan_plain(value + i, size - i, "\"'\\<");
		uint32_t code = 0;
		size_t n;

		buf_add(ret, value + i, plain);
		i += plain;
		if (i == size)
			break;
		n = str_character(value + i, size - i, &code);
		if (code == '\n')
			buf_puts(ret, "\\n");
		else if (code < 0x20 || is_odd(code))
			buf_printf(ret, "\\u%04x", (unsigned)code);
		else if (code == '<' && strchr("/!sS", value[i + 1]))
			buf_puts(ret, "\\x3c");
		else if (code == '"' || code == '\'' || code == '\\')
			buf_printf(ret, "\\%c", (int)code);
		else
			buf_add(ret, value + i, n);
		i += n;
	}
	return 0;
}

int escape_js_bare(const char *value, struct buf *ret, struct err *err)
{
	if (!escape_is_number(value) && !escape_is_boolean(value) &&
		!str_equal(value, "null"))
		return escape_quote(escape_js, '"', value, ret, err);
	buf_puts(ret, value);
	return 0;
}

/* ---- lua ---- */

/* In either quotes; three decimal digits are what all versions read. */
int escape_lua(const char *value, struct buf *ret, struct err *err)
{
	(void)err;
	for (; *value; value++) {
		if (*value == '\n')
			buf_puts(ret, "\\n");
		else if (*value == 0x7f || (*value > 0 && *value < 0x20))
			buf_printf(ret, "\\%03d", *value);
		else if (strchr("\\\"'", *value))
			buf_printf(ret, "\\%c", *value);
		else
			buf_putc(ret, *value);
	}
	return 0;
}

int escape_lua_bare(const char *value, struct buf *ret, struct err *err)
{
	if (!escape_is_number(value) && !escape_is_boolean(value))
		return escape_quote(escape_lua, '"', value, ret, err);
	buf_puts(ret, value);
	return 0;
}

/* ---- url ---- */

int escape_url(const char *value, struct buf *ret, struct err *err)
{
	(void)err;
	for (; *value; value++) {
		if (str_is_alnum(*value) || strchr("-._~", *value))
			buf_putc(ret, *value);
		else
			buf_printf(ret, "%%%02X", (unsigned char)*value);
	}
	return 0;
}
