/* SPDX-License-Identifier: MIT */
/* Following a text: what all languages have in common. */
#include "conf/lexer.h"

#include <string.h>

#include "conf/lexer_internal.h"

/*
 * Before a bare token of each language stands one of these bytes, and behind it, too.
 * Nothing stands bare in a line's value: it has a place of its own.
 */
static const struct {
	void (*take)(struct lexer *lexer, char c);
	const char *before, *behind;
} languages[] = {
	[LEXER_NONE] = {NULL, "", ""},
	[LEXER_JSON] = {lexer_quotes, " \t\n\r[{:,", " \t\n\r]},:"},
	[LEXER_TOML] = {lexer_quotes, " \t\n[{=,", " \t\r\n]},#="},
	[LEXER_SQL] = {lexer_quotes, " \t\n\r(,=<>;", " \t\n\r),;"},
	[LEXER_NGINX] = {lexer_quotes, " \t\n\r;{}", " \t\n\r;"},
	[LEXER_SHELL] = {lexer_shell, " \t\n;&|()<>=", " \t\n;&|)<>"},
	[LEXER_INI] = {lexer_line, "", ""},
	[LEXER_PROPERTIES] = {lexer_line, "", ""},
	[LEXER_ENV] = {lexer_line, "", ""},
};

void lexer_begin(struct lexer *lexer, enum lexer_language language)
{
	*lexer = (struct lexer){.language = language, .last = '\n', .previous = '\n'};
	if (languages[language].take == lexer_line)
		lexer_close(lexer, "a key");
}

void lexer_feed(struct lexer *lexer, const char *text, size_t size)
{
	void (*take)(struct lexer * lexer, char c) = languages[lexer->language].take;

	if (!take)
		return;
	for (size_t i = 0; i < size && !lexer->lost;) {
		if (take == lexer_quotes)
			i += lexer_quotes_skip(lexer, text + i, size - i);
		if (i < size)
			take(lexer, text[i++]);
	}
}

void lexer_pass(struct lexer *lexer)
{
	lexer->previous = lexer->last = 'x';
	if (lexer->language == LEXER_SHELL)
		lexer_shell_pass(lexer);
	else if (languages[lexer->language].take == lexer_line)
		lexer_line_pass(lexer);
	else if (lexer->run != '[')
		lexer->run = 0;
}

bool lexer_refuses(const struct lexer *lexer, const char *value)
{
	return lexer->language == LEXER_SHELL && lexer_shell_refuses(lexer, value);
}

bool lexer_begins(const struct lexer *lexer)
{
	return lexer->last && strchr(languages[lexer->language].before, lexer->last);
}

bool lexer_ends(const struct lexer *lexer, const char *text, size_t size)
{
	return size == 0 || (*text && strchr(languages[lexer->language].behind, *text));
}
