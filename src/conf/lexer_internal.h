/* SPDX-License-Identifier: MIT */
/* The lexers of the families: each takes one byte. */
#ifndef CONF_LEXER_INTERNAL_H
#define CONF_LEXER_INTERNAL_H

#include "conf/lexer.h"

void lexer_quotes(struct lexer *lexer, char c); /* json, toml, sql, nginx */
/* Takes what means nothing in a string, if it is in one; returns how much that is. */
size_t lexer_quotes_skip(struct lexer *lexer, const char *text, size_t size);
void lexer_shell(struct lexer *lexer, char c);
void lexer_shell_pass(struct lexer *lexer);
bool lexer_shell_refuses(const struct lexer *lexer, const char *value);
void lexer_line(struct lexer *lexer, char c); /* ini, properties, env */
void lexer_line_pass(struct lexer *lexer);

/* Nothing is known from here on; `where` says why. */
static inline void lexer_lose(struct lexer *lexer, const char *where)
{
	lexer->lost = true;
	lexer->place = LEXER_CLOSED;
	lexer->closed = where;
}

static inline void lexer_close(struct lexer *lexer, const char *where)
{
	lexer->place = LEXER_CLOSED;
	lexer->closed = where;
}

#endif
