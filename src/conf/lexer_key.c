/* SPDX-License-Identifier: MIT */
/* What the text before and behind a bare value says of it: a key, or a name. */
#include <string.h>

#include "base/str.h"
#include "conf/lexer.h"

bool lexer_is_key(const struct lexer *lexer, const char *text, size_t size)
{
	while (size && str_is_space(*text)) {
		text++;
		size--;
	}
	switch (lexer->language) {
	case LEXER_TOML:
		return lexer->key;
	case LEXER_JSON:
		return size && *text == ':';
	case LEXER_JS:
		return size && *text == ':' && (lexer->run == '{' || lexer->run == ',');
	case LEXER_PHP:
		return size > 1 && text[0] == '=' && text[1] == '>';
	default:
		return false;
	}
}

static bool is_word(char c)
{
	return str_is_alnum(c) || c == '_' || c == '$' || (c & 0x80);
}

/* Two bytes that go together: "->", "::". */
static bool is_behind(const struct lexer *lexer, const char *two)
{
	return lexer->previous == two[0] && lexer->last == two[1];
}

static bool belongs_to_text_before(const struct lexer *lexer)
{
	if (!lexer->last || is_word(lexer->last))
		return true;
	switch (lexer->language) {
	case LEXER_SQL:
		return strchr(".:@#", lexer->last);
	case LEXER_JS:
		return strchr(".#@", lexer->last);
	case LEXER_LUA:
		return (lexer->last == '.' && lexer->previous != '.') ||
			lexer->last == ':';
	default:
		return is_behind(lexer, "->") || is_behind(lexer, "::") ||
			lexer->last == '\\';
	}
}

static bool belongs_to_text_behind(
	const struct lexer *lexer, const char *text, size_t size)
{
	char c = size ? *text : '\n';
	char next = size > 1 ? text[1] : '\n';

	if (is_word(c) || c == '(')
		return true;
	switch (lexer->language) {
	case LEXER_SQL:
		return strchr(".@", c);
	case LEXER_JS:
		return c == '.' || (c == '=' && next != '=');
	case LEXER_LUA:
		return (c == '.' && next != '.') || c == ':' || (c == '=' && next != '=');
	default:
		return c == '\\' || (c == ':' && next == ':') ||
			(c == '-' && next == '>') || (c == '=' && next != '=');
	}
}

bool lexer_is_operand(const struct lexer *lexer, const char *text, size_t size)
{
	bool program = lexer->language == LEXER_SQL || lexer->language == LEXER_JS ||
		lexer->language == LEXER_LUA || lexer->language == LEXER_PHP;

	return program && !belongs_to_text_before(lexer) &&
		!belongs_to_text_behind(lexer, text, size);
}
