/* SPDX-License-Identifier: MIT */
/*
 * A value written for one place of a format. Each function appends it and returns 0, or
 * returns -1 (ERR_CONFIG), with nothing appended, where it cannot be made safe there.
 */
#ifndef CONF_ESCAPE_VALUE_H
#define CONF_ESCAPE_VALUE_H

struct buf;
struct err;

/* What they all are. */
typedef int escape_function(const char *value, struct buf *ret, struct err *err);

/* Between quotes that are there. */
escape_function escape_json, escape_toml_single, escape_quoted_sql, escape_quoted_name,
	escape_shell_double, escape_shell_single, escape_nginx, escape_env_double,
	escape_env_single;

/* With the quotes that it needs. */
escape_function escape_json_bare, escape_toml_bare, escape_sql_bare, escape_shell_bare,
	escape_nginx_bare;

/* In a line's value. */
escape_function escape_ini, escape_ini_double, escape_ini_single, escape_properties,
	escape_env;

#endif
