/* SPDX-License-Identifier: MIT */
/* Following a text: what all languages have in common. */
#include "conf/lexer.h"

#include <string.h>

#include "base/scan.h"
#include "conf/lexer_internal.h"

/*
 * Before a bare token of each language stands one of these bytes, and behind it, too.
 * Nothing stands bare in a line's value, in XML's text: they have a place of their own.
 * A value of env is one token.
 */
static const struct language {
	void (*take)(struct lexer *lexer, char c);
	void (*pass)(struct lexer *lexer);
	const char *(*stops)(const struct lexer *lexer);
	bool (*refuses)(const struct lexer *lexer, const char *value);
	const char *before, *behind;
} languages[] = {
	[LEXER_NONE] = {NULL, NULL, NULL, NULL, "", ""},
	[LEXER_JSON] = {lexer_quotes, lexer_quotes_pass, lexer_quotes_stops, NULL,
		" \t\n\r[{:,", " \t\n\r]},:"},
	[LEXER_TOML] = {lexer_quotes, lexer_quotes_pass, lexer_quotes_stops, NULL,
		" \t\n[{=,", " \t\r\n]},#="},
	[LEXER_SQL] = {lexer_quotes, lexer_quotes_pass, lexer_quotes_stops, NULL,
		" \t\n\r(,=<>;", " \t\n\r),;"},
	[LEXER_NGINX] = {lexer_quotes, lexer_quotes_pass, lexer_quotes_stops, NULL,
		NGINX_ENDS, " \t\n\r;"},
	[LEXER_SHELL] = {lexer_shell, lexer_shell_pass, lexer_shell_stops,
		lexer_shell_refuses, " \t\n;&|()<>=", " \t\n;&|)<>"},
	[LEXER_INI] = {lexer_line, lexer_line_pass, lexer_line_stops, NULL, "", ""},
	[LEXER_PROPERTIES] = {lexer_line, lexer_line_pass, lexer_line_stops, NULL, "",
		""},
	[LEXER_ENV] = {lexer_line, lexer_line_pass, lexer_line_stops, NULL, "= \t",
		"\r\n"},
	[LEXER_YAML] = {lexer_yaml, lexer_yaml_pass, lexer_yaml_stops, lexer_yaml_refuses,
		"", ""},
	[LEXER_XML] = {lexer_xml, lexer_xml_pass, lexer_xml_stops, lexer_xml_refuses, "",
		""},
	[LEXER_HTML] = {lexer_xml, lexer_xml_pass, lexer_xml_stops, lexer_xml_refuses, "",
		""},
	[LEXER_PHP] = {lexer_php, lexer_php_pass, lexer_php_stops, lexer_php_refuses,
		" \t\n\r([{,;:=!", " \t\n\r)],;:}?"},
	[LEXER_JS] = {lexer_js, lexer_js_pass, lexer_js_stops, lexer_js_refuses,
		" \t\n\r([{,:=", " \t\n\r)],;:}"},
	[LEXER_LUA] = {lexer_lua, lexer_lua_pass, lexer_lua_stops, lexer_lua_refuses,
		" \t\n\r([{,;=", " \t\n\r)],;}"},
};

void lexer_begin(struct lexer *lexer, enum lexer_language language)
{
	*lexer = (struct lexer){.language = language, .last = '\n', .previous = '\n'};
	if (languages[language].take == lexer_line)
		lexer_close(lexer, "a key");
	else if (language == LEXER_PHP)
		lexer_close(lexer, LEXER_PHP_OUTSIDE);
	lexer->key = language == LEXER_TOML;
}

/* Takes what is in front of the first stop; returns how much that is. */
static size_t skip(struct lexer *lexer, const char *stops, const char *text, size_t size)
{
	size_t n = scan_until(text, size, stops);

	if (n == 0)
		return 0;
	lexer->previous = n > 1 ? text[n - 2] : lexer->last;
	lexer->last = text[n - 1];
	if (lexer->language == LEXER_YAML)
		lexer->column += (int)n;
	if (lexer->language == LEXER_YAML || lexer->language == LEXER_NGINX ||
		lexer->language == LEXER_SHELL)
		lexer->token_size += n;
	return n;
}

size_t lexer_feed(struct lexer *lexer, const char *text, size_t size)
{
	const struct language *language = &languages[lexer->language];

	lexer->complete = LEXER_NO_WORD;
	for (size_t i = 0; language->take && i < size && !lexer->lost;) {
		const char *stops = language->stops(lexer);

		if (stops)
			i += skip(lexer, stops, text + i, size - i);
		if (i < size)
			language->take(lexer, text[i++]);
		if (lexer->complete)
			return i;
	}
	return size;
}

void lexer_pass(struct lexer *lexer, size_t size)
{
	lexer->previous = lexer->last = 'x';
	if (languages[lexer->language].pass)
		languages[lexer->language].pass(lexer);
	lexer->token_size += size;
}

void lexer_join(struct lexer *lexer)
{
	lexer->filled = true;
	if (lexer->language == LEXER_YAML && lexer->place == LEXER_BARE)
		lexer->joined = true;
}

bool lexer_refuses(const struct lexer *lexer, const char *value)
{
	const struct language *language = &languages[lexer->language];

	return !lexer->lost && language->refuses && language->refuses(lexer, value);
}

bool lexer_begins(const struct lexer *lexer)
{
	if (lexer->language == LEXER_YAML)
		return lexer_yaml_begins(lexer);
	if (lexer->language == LEXER_ENV && lexer->quote)
		return false;
	return lexer->last && strchr(languages[lexer->language].before, lexer->last);
}

bool lexer_ends(const struct lexer *lexer, const char *text, size_t size)
{
	if (lexer->language == LEXER_YAML)
		return lexer_yaml_ends(lexer, text, size);
	return size == 0 || (*text && strchr(languages[lexer->language].behind, *text));
}
