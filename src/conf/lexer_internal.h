/* SPDX-License-Identifier: MIT */
/*
 * The lexers of the families: each takes one byte. Its "stops" are the bytes at which, in
 * the place where it is, more than the last two bytes (and YAML's column) may change; all
 * others need not be taken one by one. NULL: every byte may change something.
 */
#ifndef CONF_LEXER_INTERNAL_H
#define CONF_LEXER_INTERNAL_H

#include "conf/lexer.h"

void lexer_quotes(struct lexer *lexer, char c); /* json, toml, sql, nginx */
void lexer_quotes_pass(struct lexer *lexer);
const char *lexer_quotes_stops(const struct lexer *lexer);
void lexer_nginx(struct lexer *lexer, char c); /* its code, for lexer_quotes() */
void lexer_nginx_pass(struct lexer *lexer);
void lexer_shell(struct lexer *lexer, char c);
void lexer_shell_pass(struct lexer *lexer);
const char *lexer_shell_stops(const struct lexer *lexer);
bool lexer_shell_refuses(const struct lexer *lexer, const char *value);
void lexer_line(struct lexer *lexer, char c); /* ini, properties, env */
void lexer_line_pass(struct lexer *lexer);
const char *lexer_line_stops(const struct lexer *lexer);
void lexer_yaml(struct lexer *lexer, char c);
void lexer_yaml_pass(struct lexer *lexer);
const char *lexer_yaml_stops(const struct lexer *lexer);
bool lexer_yaml_refuses(const struct lexer *lexer, const char *value);
bool lexer_yaml_begins(const struct lexer *lexer);
bool lexer_yaml_ends(const struct lexer *lexer, const char *text, size_t size);
void lexer_xml(struct lexer *lexer, char c); /* xml, html */
void lexer_xml_pass(struct lexer *lexer);
const char *lexer_xml_stops(const struct lexer *lexer);
bool lexer_xml_refuses(const struct lexer *lexer, const char *value);
#define LEXER_PHP_OUTSIDE "a text outside of <?php"
void lexer_php(struct lexer *lexer, char c);
void lexer_php_pass(struct lexer *lexer);
const char *lexer_php_stops(const struct lexer *lexer);
bool lexer_php_refuses(const struct lexer *lexer, const char *value);
void lexer_js(struct lexer *lexer, char c);
void lexer_js_pass(struct lexer *lexer);
const char *lexer_js_stops(const struct lexer *lexer);
bool lexer_js_refuses(const struct lexer *lexer, const char *value);
void lexer_lua(struct lexer *lexer, char c);
void lexer_lua_pass(struct lexer *lexer);
const char *lexer_lua_stops(const struct lexer *lexer);
bool lexer_lua_refuses(const struct lexer *lexer, const char *value);

/* Takes a byte if it belongs to an escape of a backslash and maybe digits. */
bool lexer_take_escape(struct lexer *lexer, char c);

/* Where the lexer is from here on. Once it is lost, it stays so. */
static inline void lexer_open(struct lexer *lexer, enum lexer_place place)
{
	if (lexer->lost)
		return;
	lexer->place = place;
	lexer->closed = NULL;
	lexer->prose = false;
}

static inline void lexer_close(struct lexer *lexer, const char *where)
{
	if (lexer->lost)
		return;
	lexer->place = LEXER_CLOSED;
	lexer->closed = where;
	lexer->prose = false;
}

/* The same of a comment and its like. */
static inline void lexer_close_prose(struct lexer *lexer, const char *where)
{
	lexer_close(lexer, where);
	lexer->prose = !lexer->lost;
}

/* Nothing is known from here on; `where` says why. The first call counts. */
static inline void lexer_lose(struct lexer *lexer, const char *where)
{
	lexer_close(lexer, where);
	lexer->lost = true;
}

#endif
