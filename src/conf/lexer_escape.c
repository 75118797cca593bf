/* SPDX-License-Identifier: MIT */
/* Escapes that begin with a backslash, as far as all languages have them in common. */
#include <string.h>

#include "base/str.h"
#include "conf/lexer_internal.h"

static bool is_hexadecimal(char c)
{
	return str_is_digit(c) || (c && strchr("abcdefABCDEF", c));
}

/* "\x41", "\u00e4", "\u{e4}", "\065" are one escape, whatever language has which. */
bool lexer_take_escape(struct lexer *lexer, char c)
{
	if (lexer->escaped) {
		lexer->escaped = false;
		lexer->tail = c == 'U' ? 8 : c == 'u' ? 4 : 0;
		if (c == 'x' || str_is_digit(c))
			lexer->tail = 2;
		return true;
	}
	if (lexer->tail && (is_hexadecimal(c) || c == '{')) {
		lexer->tail = c == '{' ? 9 : (unsigned char)(lexer->tail - 1);
		return true;
	}
	lexer->tail = 0;
	lexer->escaped = c == '\\';
	return lexer->escaped;
}
