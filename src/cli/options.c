/* SPDX-License-Identifier: MIT */
/* Reading the command line. */
#include "cli/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "cli/command.h"

static const struct option *find_name(const char *name, size_t size)
{
	for (const struct option *one = option_table; one->name; one++)
		if (strlen(one->name) == size && strncmp(one->name, name, size) == 0)
			return one;
	return NULL;
}

static const struct option *find_letter(char letter)
{
	for (const struct option *one = option_table; one->name; one++)
		if (one->letter == letter)
			return one;
	return NULL;
}

static int unknown(const char *word, struct err *err)
{
	const char *names[64] = {0};
	const char *nearest;
	size_t n = 0;

	for (const struct option *one = option_table; one->name && n < 63; one++)
		names[n++] = one->name;
	nearest = str_starts(word, "--") ? str_nearest(word + 2, names) : NULL;
	if (nearest)
		return err_set(err, ERR_USAGE,
			"unknown option '%s'; did you mean '--%s'? --help lists all",
			word, nearest);
	return err_set(err, ERR_USAGE,
		"unknown option '%s'; --help lists all; a command that begins with '-' "
		"stands behind '--'",
		word);
}

/* The rest of the arguments while they are read. */
struct reader {
	struct options *options;
	const struct command *commands;
	char **next;
	char **operand; /* where the next one goes: they move to the front */
};

/* "--name", "--name=value", "--name value". */
static int read_long(struct reader *reader, const char *word, struct err *err)
{
	const char *name = word + 2;
	size_t size = strcspn(name, "=");
	const struct option *option = find_name(name, size);
	const char *value = name[size] ? name + size + 1 : NULL;

	if (!option)
		return unknown(word, err);
	if (!option->arg && value)
		return err_set(err, ERR_USAGE, "--%s takes no value", option->name);
	if (option->arg && !value && !*reader->next)
		return err_set(err, ERR_USAGE, "--%s needs a value: %s", option->name,
			option->arg);
	if (option->arg && !value)
		value = *reader->next++;
	return option->set(reader->options, value, err);
}

/* "-v", "-vq", "-cPATH", "-c PATH". */
static int read_short(struct reader *reader, const char *word, struct err *err)
{
	for (const char *letter = word + 1; *letter; letter++) {
		const struct option *option = find_letter(*letter);
		const char *value = letter[1] ? letter + 1 : NULL;

		if (!option)
			return unknown(word, err);
		if (!option->arg) {
			if (option->set(reader->options, NULL, err) < 0)
				return -1;
			continue;
		}
		if (!value && !*reader->next)
			return err_set(err, ERR_USAGE, "-%c needs a value: %s", *letter,
				option->arg);
		return option->set(reader->options, value ? value : *reader->next++, err);
	}
	return 0;
}

/* A subcommand's name or an operand; false: the application's command begins here. */
static bool take_word(struct reader *reader, char *word)
{
	struct options *options = reader->options;

	if (!options->command) {
		options->command = command_find(reader->commands, word);
		return options->command;
	}
	if (options->command->words != WORDS_OPERANDS)
		return false;
	*reader->operand++ = word;
	return true;
}

static int read_words(struct options *options, const struct command *commands,
	char **argv, struct err *err)
{
	struct reader reader = {
		.options = options, .commands = commands, .next = argv, .operand = argv};

	while (*reader.next) {
		char *word = *reader.next++;
		int rc;

		if (str_equal(word, "--") && reader.operand != argv) {
			while (*reader.next)
				*reader.operand++ = *reader.next++;
			break;
		}
		if (str_equal(word, "--")) {
			options->words = reader.next;
			return 0;
		}
		if (word[0] != '-' || !word[1]) {
			if (take_word(&reader, word))
				continue;
			options->words = reader.next - 1;
			return 0;
		}
		rc = word[1] == '-' ? read_long(&reader, word, err)
				    : read_short(&reader, word, err);
		if (rc < 0)
			return -1;
	}
	if (reader.operand != argv) {
		*reader.operand = NULL;
		options->words = argv;
	}
	return 0;
}

/* One variable, or each piece of a list of them. */
static int set_from(struct options *options, const struct option *option,
	const char *text, struct err *err)
{
	const char stop[] = {option->separator, '\0'};

	if (!option->separator)
		return option->set(options, text, err);
	while (*text) {
		size_t size = strcspn(text, stop);

		if (size > 0 &&
			option->set(options, arena_memdup(&options->arena, text, size),
				err) < 0)
			return -1;
		text += size + (text[size] != '\0');
	}
	return 0;
}

static int read_environment(struct options *options, struct err *err)
{
	for (const struct option *one = option_table; one->name; one++) {
		const char *value = one->env ? getenv(one->env) : NULL;

		if (value && *value && set_from(options, one, value, err) < 0)
			return err_prefix(err, "%s", one->env);
	}
	return 0;
}

/*
 * A list of the command line replaces the one of the environment; it does not add to it.
 */
static void take_lists(struct options *options, const struct options *environment)
{
	if (!options->config.count)
		options->config = environment->config;
	if (!options->force.count)
		options->force = environment->force;
}

int options_read(struct options *options, const struct command *commands, int argc,
	char **argv, struct err *err)
{
	struct options environment;

	*options = (struct options){.log_level = -1};
	if (read_environment(options, err) < 0)
		return -1;
	environment = *options;
	options->config = (struct words){0};
	options->force = (struct words){0};
	if (read_words(options, commands, argc > 0 ? argv + 1 : argv, err) < 0)
		return -1;
	take_lists(options, &environment);
	if (!options->command)
		options->command = commands;
	return 0;
}

void options_release(struct options *options)
{
	arena_release(&options->arena);
}
