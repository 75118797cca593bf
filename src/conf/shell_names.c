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
			       (command->unknown[command->head + 1] ||
				       str_equal(command->items[command->head + 1],
					       "-v"))) ||
			(behind == 1 &&
				(command->level->unknown ||
					str_starts(command->last, "-v") ||
					(!*command->last &&
						str_starts(command->value, "-v"))));
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

bool shell_is_name_test(const struct shell_command *command)
{
	static const char *const tests[] = {"[", "[[", "test", NULL};
	const char *before = command->count > 1 ? command->items[command->count - 2] : "";
	size_t words = command->count - 1 - command->head;
	bool given = str_equal(before, "-v") || str_equal(before, "-R");

	return (given && command->level->test) ||
		(words > 1 && str_is_among(command->items[command->head], tests) &&
			(given || (words == 2 && command->unknown[command->count - 2])));
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

enum shell_use shell_find_compared(const struct shell_command *command,
	const struct lexer *lexer, const struct escape_next *next)
{
	const char *head = command->items[command->head];
	const char *before =
		command->count > 1 ? command->items[command->count - 2] : NULL;
	bool test = command->level->test || (before && str_equal(head, "[["));
	const char *behind;
	size_t size;

	if (!test || (before && takes_text(before)))
		return SHELL_TEXT;
	if ((before && is_comparison(before, strlen(before))) || !next)
		return SHELL_NUMBER;
	behind = behind_word(lexer, next);
	if (!behind || behind == next->text + next->size)
		return SHELL_NUMBER;
	size = scan_until(behind, (size_t)(next->text + next->size - behind),
		" \t\n;&|()<>\"'\\`$");
	return is_comparison(behind, size) ? SHELL_NUMBER : SHELL_TEXT;
}
