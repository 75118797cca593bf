/* SPDX-License-Identifier: MIT */
/* Reading the command line. */
#include "cli/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "cli/command.h"
#include "conf/convert.h"
#include "step/kinds.h"

static const struct option *find_name(const char *name, size_t size)
{
	for (const struct option *option = option_table; option->name; option++)
		if (strlen(option->name) == size &&
			strncmp(option->name, name, size) == 0)
			return option;
	return NULL;
}

static const struct option *find_letter(char letter)
{
	for (const struct option *option = option_table; option->name; option++)
		if (option->letter == letter)
			return option;
	return NULL;
}

const char *options_synonym(const char *word)
{
	static const struct {
		const char *word, *hint;
	} synonyms[] = {
#define MEANT(x) "; did you mean '" x "'?"
		{"validate", MEANT("check")},
		{"verify", MEANT("check")},
		{"lint", MEANT("check")},
		{"test", MEANT("check")},
		{"start", MEANT("run")},
		{"up", MEANT("apply")},
		{"bootstrap", MEANT("apply")},
		{"migrate", MEANT("apply")},
		{"dry-run", MEANT("plan")},
		{"preview", MEANT("plan")},
		{"ls", MEANT("list")},
		{"graph", MEANT("list --format dot")},
		{"wait-for", MEANT("wait")},
		{"man", MEANT("explain")},
		{"--dry-run", MEANT("plan")},
		{"--dryrun", MEANT("plan")},
		{"-n", MEANT("plan")},
		{"--check", MEANT("check")},
		{"--validate", MEANT("check")},
		{"-V", MEANT("--version")},
		{"-H", MEANT("--help")},
		{"-?", MEANT("--help")},
		{"-f", MEANT("--config")},
		{"--file", MEANT("--config")},
		{"--directory", MEANT("--base")},
		{"--json", MEANT("--format json")},
#undef MEANT
	};

	for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
		if (str_equal(word, synonyms[i].word))
			return synonyms[i].hint;
	return "";
}

/* What does here what an option of tini, dumb-init, gosu or setpriv does, or NULL. */
static const char *setting_of(const char *word)
{
	static const struct {
		const char *letter, *name, *setting;
	} settings[] = {
		{"-s", "--subreaper", "`--init`, which reaps whatever is left to it"},
		{"-g", NULL, "`kill_mode = group` of [app]"},
		{"-e", NULL, "`exit_codes` of [app], as in `exit_codes = 143=0`"},
		{"-p", NULL, "`parent_death_signal` of [app], with `init = yes`"},
		{"-r", "--rewrite", "`signals` of [app], as in `signals = TERM=QUIT`"},
		{NULL, "--single-child", "`kill_mode = process` of [app], the default"},
		{"-u", "--reuid", "`user` of [app]"},
		{NULL, "--regid", "`group` of [app]"},
		{NULL, "--clear-groups",
			"`user` of [app] with a `group`, without `groups`"},
	};
	size_t size = strcspn(word, "=");

	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
		const char *letter = settings[i].letter, *name = settings[i].name;

		if ((letter && strncmp(word, letter, 2) == 0) ||
			(name && strlen(name) == size && strncmp(word, name, size) == 0))
			return settings[i].setting;
	}
	return NULL;
}

#define KEY_MAX 64

/* "[exec:NAME]", whose own key it is, "steps" where several have it, or NULL. */
static const char *kind_of(const char *key, struct arena *arena)
{
	const char *found = NULL;

	for (size_t i = 0; kinds[i]; i++) {
		if (!field_find(kinds[i]->fields, key))
			continue;
		if (found)
			return "steps";
		found = arena_printf(arena, "[%s:NAME]", kinds[i]->name);
	}
	return found;
}

/* Of which section "--stop-timeout=1s" is a key, which `ret` becomes; or NULL. */
static const char *section_of(const char *word, char ret[KEY_MAX], struct arena *arena)
{
	const char *name = word + strspn(word, "-");
	size_t size = strcspn(name, "=");

	if (size >= KEY_MAX || !str_starts(word, "--"))
		return NULL;
	for (size_t i = 0; i < size; i++)
		ret[i] = name[i] == '-' ? '_' : name[i];
	ret[size] = '\0';
	if (field_find(settings_app_fields, ret))
		return "[app]";
	if (field_find(settings_bootstrap_fields, ret))
		return "[bootstrap]";
	return field_find(step_fields, ret) ? "a step" : kind_of(ret, arena);
}

static int unknown(struct options *options, const char *word, struct err *err)
{
	const struct command *command = options->command; /* named before, or NULL */
	const char *names[64] = {0};
	const char *nearest;
	const char *words = !command || command->words == WORDS_COMMAND
		? "; the application's own options go behind '--'"
		: "";
	const char *synonym = options_synonym(word);
	const char *setting = setting_of(word);
	char key[KEY_MAX];
	const char *section = section_of(word, key, &options->arena);
	size_t n = 0;

	if (*synonym)
		return err_set(err, ERR_USAGE, "unknown option '%s'%s --help lists all%s",
			word, synonym, words);
	if (setting)
		return err_set(err, ERR_USAGE,
			"unknown option '%s'; here that is %s; --help lists all%s", word,
			setting, words);
	if (section)
		return err_set(err, ERR_USAGE,
			"unknown option '%s', which is the key `%s` of %s; --help lists "
			"all%s",
			word, key, section, words);
	for (const struct option *option = option_table; option->name && n < 63; option++)
		names[n++] = option->name;
	nearest = str_starts(word, "--") ? str_nearest(word + 2, names) : NULL;
	if (nearest)
		return err_set(err, ERR_USAGE,
			"unknown option '%s'; did you mean '--%s'? --help lists all%s",
			word, nearest, words);
	return err_set(
		err, ERR_USAGE, "unknown option '%s'; --help lists all%s", word, words);
}

static void *member(struct options *options, const struct option *option)
{
	return (char *)options + option->offset;
}

static int set(struct options *options, const struct option *option, const char *value,
	struct err *err)
{
	const struct field field = {
		.name = option->name,
		.type = option->type,
		.choices = option->choices,
		.parse = option->parse,
		.min = option->min,
	};
	const struct conversion how = {.arena = &options->arena};
	const char *item = "";
	void *to = option->type == FIELD_LIST ? &item : member(options, option);

	if (convert(&field, value, &how, to, err) < 0) {
		err->kind = ERR_USAGE;
		return -1;
	}
	if (option->type == FIELD_LIST)
		list_add(member(options, option), &options->arena, item, strlen(item));
	options->worker |= option->worker;
	return 0;
}

/* The rest of the arguments while they are read. */
struct arguments {
	struct options *options;
	const struct command *commands;
	char **next;
	char **operand; /* where the next one goes: they move to the front */
};

/* Sets an option, `written` so, to its value: this, or the next word. */
static int take(struct arguments *arguments, const struct option *option,
	const char *written, const char *value, struct err *err)
{
	arguments->options->written |= UINT64_C(1) << (option - option_table);
	if (option->arg && !value && !*arguments->next)
		return err_set(
			err, ERR_USAGE, "%s needs a value: %s", written, option->arg);
	if (!option->arg)
		value = option->value;
	else if (!value)
		value = *arguments->next++;
	return set(arguments->options, option, value, err) < 0
		? err_prefix(err, "--%s", option->name)
		: 0;
}

/* "--name", "--name=value", "--name value". */
static int read_long(struct arguments *arguments, const char *word, struct err *err)
{
	const char *name = word + 2;
	size_t size = strcspn(name, "=");
	const struct option *option = find_name(name, size);
	const char *value = name[size] ? name + size + 1 : NULL;

	if (!option)
		return unknown(arguments->options, word, err);
	if (!option->arg && value)
		return err_set(err, ERR_USAGE, "--%s takes no value", option->name);
	return take(arguments, option, word, value, err);
}

/* "-v", "-vq", "-cPATH", "-c PATH". */
static int read_short(struct arguments *arguments, const char *word, struct err *err)
{
	for (const char *letter = word + 1; *letter; letter++) {
		const struct option *option = find_letter(*letter);
		const char *value = letter[1] ? letter + 1 : NULL;
		const char written[] = {'-', *letter, '\0'};

		if (!option)
			return unknown(arguments->options, word, err);
		if (take(arguments, option, written, value, err) < 0)
			return -1;
		if (option->arg)
			return 0;
	}
	return 0;
}

/* A subcommand's name or an operand; false: the application's command begins here. */
static bool take_word(struct arguments *arguments, char *word)
{
	struct options *options = arguments->options;

	if (!options->command) {
		const struct command *command = arguments->commands;

		while (command->name && !str_equal(command->name, word))
			command++;
		options->command = command->name ? command : NULL;
		return options->command;
	}
	if (options->command->words != WORDS_OPERANDS)
		return false;
	*arguments->operand++ = word;
	return true;
}

static int read_words(struct options *options, const struct command *commands,
	char **argv, struct err *err)
{
	struct arguments arguments = {
		.options = options, .commands = commands, .next = argv, .operand = argv};

	while (*arguments.next) {
		char *word = *arguments.next++;
		int rc;

		if (str_equal(word, "--")) {
			options->words = arguments.next;
			if (arguments.operand == argv)
				return 0;
			while (*arguments.next)
				*arguments.operand++ = *arguments.next++;
			break;
		}
		if (word[0] != '-' || !word[1]) {
			if (take_word(&arguments, word))
				continue;
			options->words = arguments.next - 1;
			options->typed = true;
			return 0;
		}
		rc = word[1] == '-' ? read_long(&arguments, word, err)
				    : read_short(&arguments, word, err);
		if (rc < 0)
			return -1;
	}
	if (arguments.operand != argv) {
		*arguments.operand = NULL;
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
		return set(options, option, text, err);
	while (*text) {
		size_t size = strcspn(text, stop);

		if (size > 0 &&
			set(options, option, arena_memdup(&options->arena, text, size),
				err) < 0)
			return -1;
		text += size + (text[size] != '\0');
	}
	return 0;
}

static int read_environment(struct options *options, struct err *err)
{
	for (const struct option *option = option_table; option->name; option++) {
		const char *value = option->env ? getenv(option->env) : NULL;

		if (value && *value && set_from(options, option, value, err) < 0)
			return err_prefix(err, "%s", option->env);
	}
	return 0;
}

/* Reads the command line. A list in it replaces that of the environment. */
static int read_arguments(struct options *options, const struct command *commands,
	char **argv, struct err *err)
{
	struct options environment = *options;

	for (const struct option *option = option_table; option->name; option++)
		if (option->type == FIELD_LIST)
			*(struct list *)member(options, option) = (struct list){0};
	if (read_words(options, commands, argv, err) < 0)
		return -1;
	for (const struct option *option = option_table; option->name; option++) {
		struct list *list = member(options, option);

		if (option->type == FIELD_LIST && !list->count)
			*list = *(struct list *)member(&environment, option);
	}
	return 0;
}

int options_read(struct options *options, const struct command *commands, int argc,
	char **argv, struct err *err)
{
	*options = (struct options){.log_level = -1,
		.log_format = -1,
		.timeout_ms = DURATION_NOT_GIVEN,
		.deadline_ms = DURATION_NOT_GIVEN};
	if (read_environment(options, err) < 0 ||
		read_arguments(options, commands, argc > 0 ? argv + 1 : argv, err) < 0)
		return -1;
	if (!options->command)
		options->command = commands;
	return 0;
}

bool options_written(const struct options *options, const char *name)
{
	const struct option *option = find_name(name, strlen(name));

	return options->written >> (option - option_table) & 1;
}

const char *options_variable(const struct options *options, const char *name)
{
	return options_written(options, name) ? NULL : find_name(name, strlen(name))->env;
}

void options_release(struct options *options)
{
	arena_release(&options->arena);
}
