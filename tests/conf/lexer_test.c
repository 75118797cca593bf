/* SPDX-License-Identifier: MIT */
/* Lexers: what is skipped leaves them where they are when they take every byte. */
#include "../unit.h"
#include "conf/lexer_internal.h"

#define TEXTS 4000
#define SIZE  120

/* What matters to each language, and what does not. */
static const struct {
	enum lexer_language language;
	void (*take)(struct lexer *lexer, char c);
	const char *words[32];
} languages[] = {
	{LEXER_JSON, lexer_quotes, {"\"", "{", ":", ",", "\\", "u00", "n", "\n", "'"}},
	{LEXER_TOML, lexer_quotes,
		{"\"", "'", "\"\"\"", "'''", "#", "\n", "\\", "u00", "=", "[", "a"}},
	{LEXER_SQL, lexer_quotes,
		{"'", "\"", "`", "--", "/*", "*/", "\n", "\r", "$", "[", "]", "e", "N"}},
	{LEXER_NGINX, lexer_quotes,
		{"\"", "'", "\\", "#", "\n", ";", "{", "}", "lua_", "lua_block", "l",
			"map $a ", "${", "hostnames;", " "}},
	{LEXER_SHELL, lexer_shell,
		{"'", "\"", "`", "$", "(", ")", "{", "}", "#", "\\", "\n", "<<E\n", "E\n",
			"<<-'E'\n", "<<<", "case", "cas", "\t", "&&", "((", "))", "=",
			"$'", "\nE"}},
	{LEXER_INI, lexer_line, {"=", ":", "[", "]", "#", ";", "\n", "\"", "'", "\\"}},
	{LEXER_PROPERTIES, lexer_line, {"=", ":", " ", "#", "!", "\n", "\"", "\\"}},
	{LEXER_ENV, lexer_line, {"=", " ", "#", ";", "\n", "\"", "'", "\\"}},
	{LEXER_YAML, lexer_yaml,
		{": ", ":", "- ", "-", "\n", "\n  ", "\n    ", "#", " #", "\"", "'", "[",
			"]", "{", "}", ",", "|\n", ">", "&a ", "*a", "!t ", "\r\n",
			"\xc2\x85", "\xe2\x80\xa8", "\xe2\x80", "\xa9", "\\", "\\u00",
			"\t", "\r"}},
	{LEXER_XML, lexer_xml,
		{"<", ">", "<a ", "b=\"", "'", "/", "&", ";", "<!--", "--", "-->", "!",
			"<![CDATA[", "]]>", "<?", "?>", "<!D", "]", "#", "=", "\""}},
	{LEXER_HTML, lexer_xml,
		{"<", ">", "<script>", "</script>", "</script", "<a ", "b=\"", "onx='",
			"'", "/", "&", ";", "<!--", "-->", "!", "=", "\"", "-"}},
	{LEXER_PHP, lexer_php,
		{"<?php ", "<?=", "?>", "\"", "'", "`", "$", "$a", "{$", "}", "->", "[",
			"//", "/*", "*/", "#", "\n", "\r", "<<<E\n", "E;\n", "\nE", "\\",
			"\\x4", "=>", "<"}},
	{LEXER_JS, lexer_js,
		{"\"", "'", "`", "${", "$", "{", "}", "//", "/*", "*/", "/", "\\",
			"\\u{1", "\n", "return ", "++", "(", ")", "[", "]", "\xe2\x80",
			"\xa8", "\xa9", "="}},
	{LEXER_LUA, lexer_lua,
		{"\"", "'", "--", "-", "[", "[[", "]]", "[=[", "]=]", "]", "=", "\\",
			"\\0", "\n"}},
};

#define LANGUAGES (sizeof languages / sizeof *languages)

/* The same numbers at each run (Numerical Recipes, 7.1). */
static unsigned next(unsigned *seed, unsigned below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 16) % below;
}

static size_t add(char *to, size_t at, const char *word)
{
	size_t size = strlen(word);

	memcpy(to + at, word, size);
	return at + size;
}

/* A text that begins in the language's own code, of its words and of plain ones. */
static size_t make_text(size_t i, unsigned *seed, char ret[SIZE + 16])
{
	static const char *const plain[] = {"word", " ", "x", "1", "caf\xc3\xa9"};
	size_t count = 0, size = 0;

	while (languages[i].words[count])
		count++;
	if (languages[i].language == LEXER_PHP && next(seed, 4))
		size = add(ret, 0, "<?php ");
	while (size < SIZE)
		size = add(ret, size,
			next(seed, 3) ? languages[i].words[next(seed, (unsigned)count)]
				      : plain[next(seed, 5)]);
	return size;
}

/* The byte before the last is one that not all languages ask for. */
static void assert_same(const struct lexer *fed, const struct lexer *taken)
{
	assert_int_equal(fed->place, taken->place);
	assert_true(fed->closed == taken->closed);
	assert_int_equal(fed->lost, taken->lost);
	assert_int_equal(fed->prose, taken->prose);
	assert_int_equal(fed->escaped, taken->escaped);
	assert_int_equal(fed->tail, taken->tail);
	assert_int_equal(fed->mode, taken->mode);
	assert_int_equal(fed->quote, taken->quote);
	assert_int_equal(fed->run, taken->run);
	assert_int_equal(fed->depth, taken->depth);
	assert_memory_equal(fed->stack, taken->stack, sizeof fed->stack);
	assert_int_equal(fed->word_size, taken->word_size);
	assert_memory_equal(fed->word, taken->word, sizeof fed->word);
	if (fed->lost)
		return;
	assert_int_equal(fed->last, taken->last);
	if (fed->language != LEXER_LUA && fed->language != LEXER_INI &&
		fed->language != LEXER_PROPERTIES && fed->language != LEXER_ENV)
		assert_int_equal(fed->previous, taken->previous);
	assert_int_equal(fed->column, taken->column);
	assert_int_equal(fed->token, taken->token);
	assert_int_equal(fed->parent, taken->parent);
	assert_int_equal(fed->token_size, taken->token_size);
	assert_int_equal(fed->joined, taken->joined);
}

/* In pieces, as values stand between them. */
static void compare(size_t i, const char *text, size_t size, unsigned *seed)
{
	struct lexer fed, taken;

	lexer_begin(&fed, languages[i].language);
	lexer_begin(&taken, languages[i].language);
	for (size_t at = 0, to; at < size; at = to) {
		to = at + 1 + next(seed, 40);
		to = to < size ? to : size;
		for (size_t n = at; n < to;)
			n += lexer_feed(&fed, text + n, to - n);
		for (; at < to && !taken.lost; at++)
			languages[i].take(&taken, text[at]);
		assert_same(&fed, &taken);
		if (next(seed, 2))
			continue;
		lexer_pass(&fed, 3);
		lexer_join(&fed);
		lexer_pass(&taken, 3);
		lexer_join(&taken);
	}
}

static void skipping_changes_nothing(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (size_t i = 0; i < LANGUAGES; i++)
		for (int n = 0; n < TEXTS; n++) {
			char text[SIZE + 16];
			size_t size = make_text(i, &seed, text);

			compare(i, text, size, &seed);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(skipping_changes_nothing),
	};

	return cmocka_run_group_tests_name("conf/lexer", tests, NULL, NULL);
}
