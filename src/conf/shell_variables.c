/* SPDX-License-Identifier: MIT */
/* declare -i and declare -n, in a shell's text, and what hands values to variables. */
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

void shell_variables_init(struct shell_variables *variables)
{
	*variables = (struct shell_variables){.names = BUF_INIT,
		.inputs = BUF_INIT,
		.loop = BUF_INIT,
		.declared.word = BUF_INIT,
		.handed.word = BUF_INIT};
}

/* ---- the words of a command ---- */

struct sort {
	const char *begins; /* the first bytes of */
	const char *commands[6];
	const char *ends; /* of a word */
	void (*note)(struct shell_variables *variables, struct shell_follower *command);
	bool one_line; /* they end with it, whatever quotes seem to be open */
};

static bool is_noted(const struct shell_variables *variables, char option,
	const char *name, size_t size)
{
	const char *at = variables->names.data, *end = at + variables->names.len;

	for (; at < end; at += strlen(at) + 1)
		if (*at == option && strlen(at + 1) == size &&
			memcmp(at + 1, name, size) == 0)
			return true;
	return false;
}

/* An option that is not known may be any, and "+i" counts as "-i". */
static void note_declared(
	struct shell_variables *variables, struct shell_follower *command)
{
	const char *word = command->word.data;
	size_t name = name_size(word);
	bool plain = *word == '-' || *word == '+';

	if (plain && strchr(word, 'n') && !command->option)
		command->option = 'n';
	if ((plain && strchr(word, 'i')) ||
		(!name && strchr(word, '$') && !strchr(word, '=')))
		command->option = 'i';
	if (name && command->option &&
		!is_noted(variables, command->option, word, name)) {
		buf_putc(&variables->names, command->option);
		buf_add(&variables->names, word, name);
		buf_putc(&variables->names, '\0');
		if (variables->any != SHELL_NUMBER)
			variables->any =
				command->option == 'i' ? SHELL_NUMBER : SHELL_CODE;
	}
}

/* Of `for` it is one while nothing stands behind it in its line. */
static void note_handed(struct shell_variables *variables, struct shell_follower *command)
{
	const char *word = shell_variables_option(command->word.data, 'a');
	size_t name = name_size(word);

	if (command->option == 'r' && name) {
		buf_add(&variables->inputs, word, name);
		buf_putc(&variables->inputs, '\0');
	} else if (command->option == 'f' && command->word.len) {
		buf_truncate(&variables->loop, 0);
		buf_add(&variables->loop, word, name);
		command->option = 'l';
	} else if (command->option == 'l' && command->word.len) {
		buf_truncate(&variables->loop, 0);
	}
}

static const struct sort declaring = {
	.begins = "dtl",
	.commands = {"declare", "typeset", "local"},
	.ends = " \t\n;&|",
	.note = note_declared,
};

static const struct sort handing = {
	.begins = "rmfs",
	.commands = {"read", "mapfile", "readarray", "for", "select"},
	.ends = " \t\n;&|<>()#",
	.note = note_handed,
	.one_line = true,
};

/* A byte of a command, of which quotes need not be understood but to find its end. */
static void take(struct shell_variables *variables, const struct sort *sort,
	struct shell_follower *command, char c)
{
	bool escaped = command->escaped;

	command->escaped = false;
	if (escaped && c == '\n')
		return;
	if (sort->one_line && c == '\n')
		command->quote = 0;
	if (!escaped && c == '\\' && command->quote != '\'') {
		command->escaped = true;
		return;
	}
	if (!escaped && (command->quote ? c == command->quote : c == '"' || c == '\'')) {
		command->quote = command->quote ? 0 : c;
		return;
	}
	if (!escaped && !command->quote && strchr(sort->ends, c)) {
		sort->note(variables, command);
		buf_truncate(&command->word, 0);
		command->inside = c && strchr(" \t<>", c);
		return;
	}
	if (command->word.len < NAME_MAX_SIZE)
		buf_putc(&command->word, c);
}

/* The size of the command of that sort that begins there, or 0. */
static size_t find_command(const struct sort *sort, const struct buf *text, size_t at)
{
	const char *word = text->data + at;

	if (!strchr(sort->begins, *word) ||
		(at && (str_is_alnum(word[-1]) || strchr("_-./", word[-1]))))
		return 0;
	for (int i = 0; sort->commands[i]; i++) {
		size_t size = strlen(sort->commands[i]);

		if (strncmp(word, sort->commands[i], size) == 0 &&
			(word[size] == ' ' || word[size] == '\t' ||
				(word[size] == '\\' && word[size + 1] == '\n')))
			return size;
	}
	return 0;
}

static void follow(struct shell_variables *variables, const struct sort *sort,
	struct shell_follower *command, const struct buf *text)
{
	while (command->done < text->len) {
		size_t at = command->done++, size = 0;

		/* What is no command, as in a comment, hides none behind it. */
		if (!command->inside || sort->one_line)
			size = find_command(sort, text, at);
		if (size) {
			command->done = at + size;
			command->inside = true;
			command->escaped = false;
			command->quote = 0;
			command->option = strchr("fs", text->data[at]) ? 'f' : 0;
			if (sort == &handing && !command->option)
				command->option = 'r';
			buf_truncate(&command->word, 0);
		} else if (command->inside) {
			take(variables, sort, command, text->data[at]);
		}
	}
}

/* ---- the variables ---- */

const char *shell_variables_option(const char *word, char letter)
{
	const char *at = *word == '-' ? strchr(word, letter) : NULL;

	return at ? at + 1 : *word == '-' ? "" : word;
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

enum shell_use shell_variables_loop(const struct shell_variables *variables)
{
	return shell_variables_use(variables, variables->loop.data, variables->loop.len);
}

/* What is read into as far as it is not known yet: once, until more is declared. */
static void judge_inputs(struct shell_variables *variables)
{
	const struct buf *inputs = &variables->inputs;

	if (variables->judged_names != variables->names.len)
		variables->judged_inputs = 0;
	variables->judged_names = variables->names.len;
	while (variables->judged_inputs < inputs->len) {
		const char *name = inputs->data + variables->judged_inputs;
		size_t size = strlen(name);
		enum shell_use use = shell_variables_use(variables, name, size);

		if (use != SHELL_TEXT && variables->input != SHELL_NUMBER)
			variables->input = use;
		variables->judged_inputs += size + 1;
	}
}

void shell_variables_read(struct shell_variables *variables, const struct buf *text)
{
	follow(variables, &declaring, &variables->declared, text);
	follow(variables, &handing, &variables->handed, text);
	judge_inputs(variables);
}

void shell_variables_release(struct shell_variables *variables)
{
	buf_release(&variables->names);
	buf_release(&variables->inputs);
	buf_release(&variables->loop);
	buf_release(&variables->declared.word);
	buf_release(&variables->handed.word);
}
