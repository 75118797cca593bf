/* SPDX-License-Identifier: MIT */
/* declare -i and declare -n, in a shell's text. */
#include "conf/shell_variables.h"

#include <stdbool.h>
#include <string.h>

#include "base/str.h"

#define NAME_MAX_SIZE 255

static size_t name_size(const char *word)
{
	size_t end = 0;

	while (str_is_alnum(word[end]) || word[end] == '_')
		end++;
	return str_is_digit(*word) ? 0 : end;
}

/* An option that is not known may be any, and "+i" counts as "-i". */
static void end_word(struct shell_variables *variables)
{
	const char *word = variables->word.data;
	size_t name = name_size(word);
	bool plain = *word == '-' || *word == '+';

	if (plain && strchr(word, 'n') && !variables->option)
		variables->option = 'n';
	if ((plain && strchr(word, 'i')) ||
		(!name && strchr(word, '$') && !strchr(word, '=')))
		variables->option = 'i';
	if (name && variables->option) {
		buf_putc(&variables->names, variables->option);
		buf_add(&variables->names, word, name);
		buf_putc(&variables->names, '\0');
	}
	buf_truncate(&variables->word, 0);
}

/* A byte of a command, of which quotes need not be understood but to find its end. */
static void take(struct shell_variables *variables, char c)
{
	bool escaped = variables->escaped;

	variables->escaped = false;
	if (escaped && c == '\n')
		return;
	if (!escaped && c == '\\' && variables->quote != '\'') {
		variables->escaped = true;
		return;
	}
	if (!escaped &&
		(variables->quote ? c == variables->quote : c == '"' || c == '\'')) {
		variables->quote = variables->quote ? 0 : c;
		return;
	}
	if (!escaped && !variables->quote && strchr(" \t\n;&|", c)) {
		end_word(variables);
		variables->inside = c == ' ' || c == '\t';
		return;
	}
	if (variables->word.len < NAME_MAX_SIZE)
		buf_putc(&variables->word, c);
}

/* The size of the command that begins there and declares variables, or 0. */
static size_t find_command(const struct buf *text, size_t at)
{
	static const char *const all[] = {"declare", "typeset", "local", NULL};
	const char *word = text->data + at;

	if (at && (str_is_alnum(word[-1]) || strchr("_-./", word[-1])))
		return 0;
	for (int i = 0; all[i]; i++) {
		size_t size = strlen(all[i]);

		if (strncmp(word, all[i], size) == 0 &&
			(word[size] == ' ' || word[size] == '\t'))
			return size;
	}
	return 0;
}

void shell_variables_read(struct shell_variables *variables, const struct buf *text)
{
	while (variables->done < text->len) {
		size_t at = variables->done++, size;

		if (variables->inside) {
			take(variables, text->data[at]);
			continue;
		}
		size = strchr("dtl", text->data[at]) ? find_command(text, at) : 0;
		if (size) {
			variables->done = at + size;
			variables->inside = true;
			variables->option = 0;
		}
	}
}

enum shell_use shell_variables_use(
	const struct shell_variables *variables, const char *name, size_t size)
{
	static const char *const numbers[] = {
		"RANDOM", "SRANDOM", "OPTIND", "HISTCMD", NULL};
	const char *at = variables->names.data;
	const char *end = at + variables->names.len;
	enum shell_use use = SHELL_TEXT;

	if (str_part_is_among(name, size, numbers))
		return SHELL_NUMBER;
	for (; at < end; at += strlen(at) + 1)
		if (strlen(at + 1) == size && memcmp(at + 1, name, size) == 0)
			use = use == SHELL_NUMBER || *at == 'i' ? SHELL_NUMBER
								: SHELL_CODE;
	return use;
}

void shell_variables_release(struct shell_variables *variables)
{
	buf_release(&variables->names);
	buf_release(&variables->word);
}
