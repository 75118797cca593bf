/* SPDX-License-Identifier: MIT */
/* What bash reads as the name of a variable, or as arithmetic. */
#include <string.h>

#include "base/scan.h"
#include "base/str.h"
#include "conf/shell_command.h"

/* Builtins of bash that read a word as the name of a variable, or run it later. */
bool shell_takes_names(const struct shell_command *command, const char *name)
{
	static const char *const all[] = {"unset", "read", "mapfile", "readarray",
		"getopts", "complete", "compgen", "compopt", "bind", "wait", NULL};
	size_t behind = command->count - 1 - command->head;

	if (str_equal(name, "printf"))
		return (behind == 2 &&
			       str_equal(command->items[command->head + 1], "-v")) ||
			(behind == 1 && str_starts(command->last, "-v"));
	return str_is_among(name, all);
}

/* declare -i, -a and -n, and what is no NAME=… */
enum shell_use shell_find_declared(const struct shell_command *command, const char *name)
{
	static const char *const all[] = {
		"declare", "typeset", "local", "export", "readonly", "integer", NULL};
	enum shell_use use =
		shell_words_assignment(command->last) ? SHELL_TEXT : SHELL_CODE;

	if (!str_is_among(name, all))
		return SHELL_TEXT;
	for (size_t i = command->head + 1; i + 1 < command->count; i++) {
		const char *word = command->items[i];
		bool option = *word == '-' || *word == '+';

		if ((command->unknown[i] && !shell_words_assignment(word)) ||
			(option && strchr(word, 'i')))
			return SHELL_NUMBER;
		if (option && word[strspn(word, "-+gxrlu")])
			use = SHELL_CODE;
	}
	return str_equal(name, "integer") ? SHELL_NUMBER : use;
}

static bool is_comparison(const char *word, size_t size)
{
	static const char *const all[] = {"-eq", "-ne", "-lt", "-le", "-gt", "-ge", NULL};

	return str_part_is_among(word, size, all);
}

/* [ -v NAME ], [[ -v NAME ]], and the latter's next line */
bool shell_is_name_test(const struct shell_command *command)
{
	static const char *const tests[] = {"[", "[[", "test", NULL};
	const char *before = command->count > 1 ? command->items[command->count - 2] : "";

	return (str_equal(before, "-v") || str_equal(before, "-R")) &&
		(command->count == 2 ||
			str_is_among(command->items[command->head], tests));
}

/* Operators of [[ whose words are texts, in front of a word. */
static bool takes_text(const char *word)
{
	static const char *const all[] = {"=", "==", "!=", "=~", "-z", "-n", "-e", "-f",
		"-d", "-r", "-w", "-x", "-s", "-h", "-L", "-b", "-c", "-p", "-S", "-g",
		"-u", "-k", "-O", "-G", "-N", "-a", "-o", "-nt", "-ot", "-ef", NULL};

	return str_is_among(word, all);
}

/* What stands behind the word, or NULL where that is not seen. */
static const char *behind_word(const struct lexer *lexer, const struct escape_next *next)
{
	const char *at = next->text, *end = at + next->size;

	if (lexer->place != LEXER_BARE) {
		char quote = lexer->place == LEXER_DOUBLE ? '"' : '\'';

		at += scan_until(at, next->size, quote == '"' ? "\"\\`$" : "'");
		if (at == end || *at != quote)
			return NULL;
		at++;
	}
	at += scan_until(at, (size_t)(end - at), " \t\n;&|()<>\"'\\`$");
	if (at < end && strchr("\"'\\`$", *at))
		return NULL;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at < end && *at == '\\' ? NULL : at;
}

/* A word that is compared: bash reads numbers as arithmetic in [[, but not in [. */
enum shell_use shell_find_compared(const struct shell_command *command,
	const struct lexer *lexer, const struct escape_next *next)
{
	const char *head = command->items[command->head];
	const char *before =
		command->count > 1 ? command->items[command->count - 2] : NULL;
	bool classic = str_equal(head, "[") || str_equal(head, "test");
	bool modern = str_equal(head, "[["), first = command->count == 1;
	const char *behind;
	size_t size;

	if (before && (modern || command->count == 3) &&
		is_comparison(before, strlen(before)))
		return classic ? SHELL_TEXT : SHELL_NUMBER;
	if (!(modern || first) || (modern && takes_text(before)))
		return SHELL_TEXT;
	if (first && shell_words_assignment(command->last))
		return SHELL_TEXT;
	if (!next) /* in $(…), of which no end is seen */
		return modern ? SHELL_NUMBER : SHELL_TEXT;
	behind = behind_word(lexer, next);
	if (!behind) /* maybe in the next line of a [[ */
		return modern ? SHELL_NUMBER : SHELL_CODE;
	size = scan_until(behind, (size_t)(next->text + next->size - behind),
		" \t\n;&|()<>\"'\\`$");
	return is_comparison(behind, size) ||
			(modern && behind == next->text + next->size)
		? SHELL_NUMBER
		: SHELL_TEXT;
}
