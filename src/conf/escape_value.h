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
 * Do many readers of ini files take less for this value, where it is in no quotes: up to
 * a comment, or without quotes of its own?
 */
bool escape_ini_is_cut(const char *value);

/* Wherever there is text. */
escape_function escape_xml, escape_url;

/* ---- what they are made of ---- */

/* Appends what `add` makes of the value, between two of `mark`. */
int escape_quote(escape_function *add, char mark, const char *value, struct buf *ret,
	struct err *err);

/* Is it a number as JSON writes them (RFC 8259, 6)? All with bare ones read these. */
bool escape_is_number(const char *value);

/* Is it true or false? */
bool escape_is_boolean(const char *value);

/* Raises an error where the value is not UTF-8; `where` is the format's name. */
int escape_must_be_utf8(const char *value, const char *where, struct err *err);

#endif
