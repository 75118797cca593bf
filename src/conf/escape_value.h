/* SPDX-License-Identifier: MIT */
/*
 * A value written for one place of a format. Each function appends it and returns 0, or
 * returns -1 (ERR_CONFIG), with nothing appended, where it cannot be made safe there.
 */
#ifndef CONF_ESCAPE_VALUE_H
#define CONF_ESCAPE_VALUE_H

#include <stdbool.h>

struct buf;
struct err;
struct escape_next;
struct lexer;

/* What they all are. */
typedef int escape_function(const char *value, struct buf *ret, struct err *err);

/* Between quotes that are there. */
escape_function escape_json, escape_toml_single, escape_quoted_sql, escape_quoted_name,
	escape_shell_double, escape_shell_single, escape_nginx, escape_env_double,
	escape_env_single, escape_yaml_double, escape_yaml_single, escape_php_double,
	escape_php_single, escape_js, escape_lua;

/* With the quotes that it needs. */
escape_function escape_json_bare, escape_toml_bare, escape_sql_bare, escape_shell_bare,
	escape_nginx_bare, escape_yaml_bare, escape_php_bare, escape_js_bare,
	escape_lua_bare, escape_env;

/* In a line's value; anywhere in a line. */
escape_function escape_line, escape_ini, escape_ini_double, escape_ini_single,
	escape_ini_backquote, escape_properties;

/*
 * What readers of ini files may take for something else in this value: a set. Quotes
 * around it help against the first alone.
 */
#define ESCAPE_INI_CUT      1U /* they end it at a comment, or take its own quotes off */
#define ESCAPE_INI_EXPANDED 2U /* they expand what is behind a % */
unsigned escape_ini_misread(const char *value, bool quoted);

#define ESCAPE_EXPANDED 4U /* of properties, yaml and xml: they expand a ${ */

/*
 * Some readers of env files leave an escape between double quotes in the value. This one
 * needs an escape there, and none without them, where it gets single quotes.
 */
#define ESCAPE_ENV_ESCAPED 8U
unsigned escape_env_misread(const char *value);

/* Wherever there is text. */
escape_function escape_xml, escape_url;

/*
 * Returns -1 where the value, in the text so far, makes a key of an nginx map that is
 * read as a directive or pattern; or 0.
 */
int escape_map_key(const struct lexer *lexer, const char *value,
	const struct escape_next *next, const struct buf *text, struct err *err);

/* ---- what they are made of ---- */

/* Appends what `add` makes of the value, between two of `mark`. */
int escape_quote(escape_function *add, char mark, const char *value, struct buf *ret,
	struct err *err);

/* Is it a number as JSON writes them (RFC 8259, 6)? All with bare ones read these. */
bool escape_is_number(const char *value);

/* Is it one that all readers of YAML read alike? 1e3 and 0.0e0 are strings for 1.1. */
bool escape_yaml_is_number(const char *value);

/*
 * May a plain word be something else than text for a reader of YAML 1.1 or 1.2, but for
 * such a number, and a boolean that is no key?
 */
bool escape_yaml_needs_quotes(const char *word, bool key);

/* Is it true or false? */
bool escape_is_boolean(const char *value);

/* Raises an error where the value is not UTF-8; `where` is the format's name. */
int escape_must_be_utf8(const char *value, const char *where, struct err *err);

#endif
