/* SPDX-License-Identifier: MIT */
/* The formats, and what each does with a value at its place. */
#include "conf/escape.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "conf/escape_value.h"

#define ENDINGS_MAX 4

/* Where each format's values go, and how. */
struct format {
	enum lexer_language language;
	escape_function *in_double, *in_single;
	escape_function *bare;   /* as a whole token; a line's value in any case */
	escape_function *chosen; /* by hand, in a text of another format */
	const char *within;      /* beside letters and digits, safe inside of a token */
	bool line;
	const char *help;
	const char *endings[ENDINGS_MAX + 1];
};

#define SAFE "_./:@%+,-"

/* A row a format: its name, and the members above. */
#define FORMATS(ROW) \
	ROW("none", LEXER_NONE, NULL, NULL, NULL, NULL, SAFE, false, \
		"values stand as they are", NULL) \
	ROW("json", LEXER_JSON, escape_json, NULL, escape_json_bare, escape_json, \
		"_.+-", false, \
		"in double quotes; bare, a number, boolean or null stays one, " \
		"all else becomes a string", \
		".json") \
	ROW("toml", LEXER_TOML, escape_json, escape_toml_single, escape_toml_bare, \
		escape_json, "_-", false, \
		"in quotes (single ones hold no such quote, no control character) " \
		"and in three double ones; bare, a number or boolean stays one, " \
		"all else " \
		"becomes a string", \
		".toml") \
	ROW("shell", LEXER_SHELL, escape_shell_double, escape_shell_single, \
		escape_shell_bare, escape_shell_single, SAFE, false, \
		"in quotes; bare, it gets single quotes; not in here-documents, " \
		"backquotes, arithmetic, the shell's own braces and comments", \
		".sh", ".bash") \
	ROW("sql", LEXER_SQL, escape_quoted_name, escape_quoted_sql, escape_sql_bare, \
		escape_quoted_sql, "_.", false, \
		"in quotes; bare, a number or name stays one, all else becomes a " \
		"string; not in strings with a prefix or behind a dollar quote, and " \
		"not in " \
		"comments; not for MySQL", \
		".sql") \
	ROW("nginx", LEXER_NGINX, escape_nginx, escape_nginx, escape_nginx_bare, \
		escape_nginx, SAFE, false, \
		"in quotes; bare, it gets double quotes; never with a dollar sign; not " \
		"in comments and behind a Lua block; for a file nginx.conf, too", \
		".nginx") \
	ROW("ini", LEXER_INI, escape_ini_double, escape_ini_single, escape_ini, \
		escape_ini, "_./@%+,-", true, \
		"in values, without line ends; not in keys, sections and comments", \
		".ini", ".cfg") \
	ROW("properties", LEXER_PROPERTIES, NULL, NULL, escape_properties, \
		escape_properties, "_./@%+,-", true, \
		"in values, as java.util.Properties reads them, without line ends; " \
		"not in keys and comments", \
		".properties") \
	ROW("env", LEXER_ENV, escape_env_double, escape_env_single, escape_env, \
		escape_env, SAFE, true, \
		"in values, as systemd reads an EnvironmentFile, without line " \
		"ends; not " \
		"in names and comments; for a file .env, too", \
		".env")

#define NAME(name, ...) name,
#define ROW(name, language, in_double, in_single, bare, chosen, within, line, help, ...) \
	{language, in_double, in_single, bare, chosen, within, line, help, {__VA_ARGS__}},

const char *const escape_names[] = {FORMATS(NAME) NULL};

static const struct format formats[] = {FORMATS(ROW)};

int escape_find(const char *name)
{
	for (int i = 0; escape_names[i]; i++)
		if (str_equal(escape_names[i], name))
			return i;
	return -1;
}

int escape_for_path(const char *path)
{
	const char *ending = path_ending(path);

	if (str_equal(path_base(path), "nginx.conf"))
		ending = ".nginx";
	else if (str_equal(path_base(path), ".env"))
		ending = ".env";
	for (int i = 0; escape_names[i]; i++)
		for (size_t n = 0; formats[i].endings[n]; n++)
			if (str_equal(formats[i].endings[n], ending))
				return i;
	return 0;
}

const char *escape_help(int escape)
{
	return formats[escape].help;
}

const char *const *escape_endings(int escape)
{
	return formats[escape].endings;
}

int escape_chosen(int escape, const char *value, struct buf *ret, struct err *err)
{
	if (formats[escape].chosen)
		return formats[escape].chosen(value, ret, err);
	buf_puts(ret, value);
	return 0;
}

void escape_begin(int escape, struct lexer *lexer)
{
	lexer_begin(lexer, formats[escape].language);
}

/* ---- at its place ---- */

static bool is_within(const struct format *format, const char *value)
{
	while (str_is_alnum(*value) || (*value && strchr(format->within, *value)))
		value++;
	return *value == '\0';
}

/* Without a value, what stands behind it would begin the token. */
static bool may_be_empty(const struct lexer *lexer, const struct escape_next *next)
{
	return !lexer_begins(lexer) ||
		(next->size &&
			(str_is_alnum(*next->text) || strchr("$_/.", *next->text)));
}

static int raise_place(const char *name, const char *where, struct err *err)
{
	return err_config(err,
		"this value cannot be made safe for %s %s; to put it in as it is, write "
		"|none before the }",
		name, where);
}

static int add_closed(const struct format *format, const char *name,
	const struct lexer *lexer, const char *value, struct buf *ret, struct err *err)
{
	CLEANUP_BUF struct buf where = BUF_INIT;

	if (*value && (!is_within(format, value) || lexer_refuses(lexer, value))) {
		buf_printf(&where, "in %s", lexer->closed);
		return raise_place(name, where.data, err);
	}
	buf_puts(ret, value);
	return 0;
}

static int add_bare(const struct format *format, const char *name,
	const struct lexer *lexer, const char *value, const struct escape_next *next,
	struct buf *ret, struct err *err)
{
	bool safe = is_within(format, value);

	if (format->line)
		return format->bare(value, ret, err);
	if (lexer_begins(lexer) && lexer_ends(lexer, next->text, next->size)) {
		if (!safe || !*value || !str_equal(format->within, SAFE))
			return format->bare(value, ret, err);
	} else if (!safe || (!*value && !may_be_empty(lexer, next))) {
		return raise_place(name,
			"in a part of a word that is not in quotes: put quotes around "
			"the word",
			err);
	}
	buf_puts(ret, value);
	return 0;
}

static int add_quoted(
	escape_function *add, const char *value, struct buf *ret, struct err *err)
{
	if (add)
		return add(value, ret, err);
	return err_config(err, "no value can stand in these quotes");
}

int escape_add(int escape, struct lexer *lexer, const char *value,
	const struct escape_next *next, struct buf *ret, struct err *err)
{
	const struct format *format = &formats[escape];
	const char *name = escape_names[escape];
	int rc = 0;

	if (format->language == LEXER_NONE)
		buf_puts(ret, value);
	else if (lexer->escaped)
		rc = raise_place(name, "behind a backslash", err);
	else if (lexer->place == LEXER_CLOSED)
		rc = add_closed(format, name, lexer, value, ret, err);
	else if (lexer->place == LEXER_BARE)
		rc = add_bare(format, name, lexer, value, next, ret, err);
	else if (lexer->place == LEXER_DOUBLE)
		rc = add_quoted(format->in_double, value, ret, err);
	else
		rc = add_quoted(format->in_single, value, ret, err);
	if (rc == 0 && *value)
		lexer_pass(lexer);
	return rc;
}
