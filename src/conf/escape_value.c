/* SPDX-License-Identifier: MIT */
/* How a value is written at each place of each format. */
#include "conf/escape_value.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"

/* Those of `special` get `before` in front of them. */
static int put_before(
	const char *value, const char *special, char before, struct buf *ret)
{
	for (; *value; value++) {
		if (strchr(special, *value))
			buf_putc(ret, before);
		buf_putc(ret, *value);
	}
	return 0;
}

static int refuse(const char *value, const char *bytes, const char *why, struct err *err)
{
	if (!value[strcspn(value, bytes)])
		return 0;
	return err_config(err, "%s", why);
}

int escape_must_be_utf8(const char *value, const char *where, struct err *err)
{
	size_t size = strlen(value);

	if (str_utf8_valid(value, size) == size)
		return 0;
	return err_config(err, "a value that is not UTF-8 cannot stand in %s", where);
}

int escape_quote(escape_function *add, char mark, const char *value, struct buf *ret,
	struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	if (add(value, &text, err) < 0)
		return -1;
	buf_putc(ret, mark);
	buf_add(ret, text.data, text.len);
	buf_putc(ret, mark);
	return 0;
}

bool escape_is_number(const char *value)
{
	value += *value == '-';
	if (!str_is_digit(*value) || (*value == '0' && str_is_digit(value[1])))
		return false;
	value += str_digits(value);
	if (*value == '.') {
		if (!str_digits(value + 1))
			return false;
		value += 1 + str_digits(value + 1);
	}
	if (*value == 'e' || *value == 'E') {
		value++;
		value += *value == '+' || *value == '-';
		if (!str_digits(value))
			return false;
		value += str_digits(value);
	}
	return *value == '\0';
}

bool escape_is_boolean(const char *value)
{
	return str_equal(value, "true") || str_equal(value, "false");
}

/* ---- json, toml ---- */

int escape_json(const char *value, struct buf *ret, struct err *err)
{
	if (escape_must_be_utf8(value, "JSON", err) < 0)
		return -1;
	json_escape(ret, value, strlen(value));
	return 0;
}

int escape_json_bare(const char *value, struct buf *ret, struct err *err)
{
	if (!escape_is_number(value) && !escape_is_boolean(value) &&
		!str_equal(value, "null"))
		return escape_quote(escape_json, '"', value, ret, err);
	buf_puts(ret, value);
	return 0;
}

int escape_toml_single(const char *value, struct buf *ret, struct err *err)
{
	if (escape_must_be_utf8(value, "TOML", err) < 0)
		return -1;
	for (const char *at = value; *at; at++)
		if (*at == '\'' || *at == 0x7f ||
			((unsigned char)*at < 0x20 && *at != '\t'))
			return err_config(err,
				"a value with a ' or a control character cannot stand in "
				"single quotes of TOML: write double ones");
	buf_puts(ret, value);
	return 0;
}

int escape_toml_bare(const char *value, struct buf *ret, struct err *err)
{
	if (!escape_is_number(value) && !escape_is_boolean(value))
		return escape_quote(escape_json, '"', value, ret, err);
	buf_puts(ret, value);
	return 0;
}

/* ---- sql ---- */

int escape_quoted_sql(const char *value, struct buf *ret, struct err *err)
{
	(void)err;
	return put_before(value, "'", '\'', ret);
}

int escape_quoted_name(const char *value, struct buf *ret, struct err *err)
{
	(void)err;
	return put_before(value, "\"", '"', ret);
}

int escape_sql_bare(const char *value, struct buf *ret, struct err *err)
{
	const char *at = value;

	if (escape_is_number(value)) {
		buf_puts(ret, value);
		return 0;
	}
	while (str_is_alnum(*at) || *at == '_')
		at++;
	if (*at || at == value || str_is_digit(*value))
		return escape_quote(escape_quoted_sql, '\'', value, ret, err);
	return err_config(err,
		"a word without quotes would be a name or keyword of SQL: write '${…}' "
		"for a text, \"${…}\" for a name (in MySQL it stands in backquotes); to "
		"put it in as it is, write |none before the }");
}

/* ---- shell ---- */

int escape_shell_double(const char *value, struct buf *ret, struct err *err)
{
	(void)err;
	return put_before(value, "\\$\"`", '\\', ret);
}

int escape_shell_single(const char *value, struct buf *ret, struct err *err)
{
	(void)err;
	for (; *value; value++) {
		if (*value == '\'')
			buf_puts(ret, "'\\''");
		else
			buf_putc(ret, *value);
	}
	return 0;
}

int escape_shell_bare(const char *value, struct buf *ret, struct err *err)
{
	return escape_quote(escape_shell_single, '\'', value, ret, err);
}

/* ---- nginx ---- */

int escape_nginx(const char *value, struct buf *ret, struct err *err)
{
	if (refuse(value, "$",
		    "a value with a $ cannot stand in a text for nginx, which "
		    "has no escape for it",
		    err) < 0)
		return -1;
	return put_before(value, "\\\"'", '\\', ret);
}

int escape_nginx_bare(const char *value, struct buf *ret, struct err *err)
{
	return escape_quote(escape_nginx, '"', value, ret, err);
}

/* ---- ini, properties, env: the rest of a line ---- */

static const char no_line_end[] = "a value with a line end cannot stand in one line";

/* What any reader takes for the end of a line: Python's splitlines() knows the most. */
static int must_have_no_line_end(const char *value, struct err *err)
{
	if (!value[strcspn(value, "\n\v\f\r\x1c\x1d\x1e")] &&
		!strstr(value, "\xc2\x85") && !strstr(value, "\xe2\x80\xa8") &&
		!strstr(value, "\xe2\x80\xa9"))
		return 0;
	return err_config(err, "%s", no_line_end);
}

static int must_be_trimmed(const char *value, struct err *err)
{
	size_t size = strlen(value);

	if (size && (str_is_space(*value) || str_is_space(value[size - 1])))
		return err_config(err,
			"the white space at an end of the value would be "
			"lost here");
	return 0;
}

static const char no_quote[] =
	"a value with a quote or a backslash cannot stand in these quotes: what reads it "
	"may know no escape";

int escape_line(const char *value, struct buf *ret, struct err *err)
{
	if (must_have_no_line_end(value, err) < 0)
		return -1;
	buf_puts(ret, value);
	return 0;
}

int escape_ini(const char *value, struct buf *ret, struct err *err)
{
	size_t size = strlen(value);

	if (must_have_no_line_end(value, err) < 0 || must_be_trimmed(value, err) < 0)
		return -1;
	if (size && value[size - 1] == '\\')
		return err_config(err,
			"a value that ends in a backslash would join the "
			"next line to its own");
	buf_puts(ret, value);
	return 0;
}

int escape_ini_double(const char *value, struct buf *ret, struct err *err)
{
	if (must_have_no_line_end(value, err) < 0 ||
		refuse(value, "\"\\", no_quote, err) < 0)
		return -1;
	buf_puts(ret, value);
	return 0;
}

int escape_ini_single(const char *value, struct buf *ret, struct err *err)
{
	if (must_have_no_line_end(value, err) < 0 ||
		refuse(value, "'\\", no_quote, err) < 0)
		return -1;
	buf_puts(ret, value);
	return 0;
}

/* There is no escape in them: the text is taken as it is. */
int escape_ini_backquote(const char *value, struct buf *ret, struct err *err)
{
	if (must_have_no_line_end(value, err) < 0 ||
		refuse(value, "`",
			"a value with a ` cannot stand in these quotes, which know no "
			"escape",
			err) < 0)
		return -1;
	buf_puts(ret, value);
	return 0;
}

unsigned escape_ini_misread(const char *value, bool quoted)
{
	static const char quotes[] = "\"'`";
	size_t size = strlen(value);
	bool cut = size && !quoted &&
		(strpbrk(value, "#;") || strchr(quotes, *value) ||
			strchr(quotes, value[size - 1]));

	return (cut ? ESCAPE_INI_CUT : 0) |
		(strchr(value, '%') ? ESCAPE_INI_EXPANDED : 0);
}

/* What is not ASCII is written as \uXXXX: java.util.Properties reads ISO 8859-1. */
static void put_utf16(struct buf *ret, uint32_t code)
{
	if (code >= 0x10000) {
		code -= 0x10000;
		buf_printf(ret, "\\u%04x", (unsigned)(0xd800 + (code >> 10)));
		code = 0xdc00 + (code & 0x3ff);
	}
	buf_printf(ret, "\\u%04x", (unsigned)code);
}

int escape_properties(const char *value, struct buf *ret, struct err *err)
{
	size_t size = strlen(value);

	if (must_be_trimmed(value, err) < 0 ||
		escape_must_be_utf8(value, "properties", err) < 0)
		return -1;
	for (size_t i = 0; i < size;) {
		uint32_t code = 0;
		size_t n = str_character(value + i, size - i, &code);

		if (n > 1 || code < 0x20 || code == 0x7f) {
			put_utf16(ret, code);
		} else {
			if (strchr("\\=:#!", value[i]))
				buf_putc(ret, '\\');
			buf_putc(ret, value[i]);
		}
		i += n;
	}
	return 0;
}

unsigned escape_env_misread(const char *value)
{
	return strpbrk(value, "\"$`") && !strpbrk(value, "'\\") ? ESCAPE_ENV_ESCAPED : 0;
}

int escape_env_double(const char *value, struct buf *ret, struct err *err)
{
	if (must_have_no_line_end(value, err) < 0)
		return -1;
	return put_before(value, "\\\"$`", '\\', ret);
}

int escape_env_single(const char *value, struct buf *ret, struct err *err)
{
	if (must_have_no_line_end(value, err) < 0 ||
		refuse(value, "'\\", no_quote, err) < 0)
		return -1;
	buf_puts(ret, value);
	return 0;
}

/* Readers of such files agree on these. */
int escape_env(const char *value, struct buf *ret, struct err *err)
{
	const char *at = value;

	while (str_is_alnum(*at) || (*at && strchr("_./:@%+,-", *at)))
		at++;
	if (*at)
		return strpbrk(value, "'\\")
			? escape_quote(escape_env_double, '"', value, ret, err)
			: escape_quote(escape_env_single, '\'', value, ret, err);
	buf_puts(ret, value);
	return 0;
}
