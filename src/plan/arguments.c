/* SPDX-License-Identifier: MIT */
/* Looking for secrets in commands. */
#include "plan/arguments.h"

#include <string.h>

#include "base/err.h"
#include "base/problems.h"
#include "base/str.h"
#include "conf/conf.h"
#include "conf/expand.h"
#include "conf/words.h"
#include "step/secret_env.h"
#include "step/step.h"

/* A command that is checked, or the path that {file} or {dir} stands for in one. */
struct found_command {
	const struct section *section;
	const struct field *field;
	struct place at;
	struct ctx *ctx;
	struct problems *problems;
};

/* How a command comes by a value without showing it. */
static const char *advice(const struct found_command *command, bool variable)
{
	if (command->field->type != FIELD_COMMAND)
		return "{file} and {dir} put this path into a command";
	if (str_equal(command->section->kind, "app"))
		return variable ? "the application finds it in its environment"
				: "let the key step hand it on with `env`";
	if (field_find(command->section->fields, "env"))
		return variable ? "write the name into `env`, and $NAME into a script"
				: "hand it on in `env`";
	return "let the command read it from a file";
}

static void found(void *user, const char *name, bool shown)
{
	const struct found_command *command = user;
	bool variable = !strchr(name, ':');
	bool path = str_starts(name, EXPAND_FILE ":");

	/* That there is no such step is said by who looks for it. */
	if (!variable && !path &&
		!steps_find(command->ctx->steps, command->section->module, name))
		return;
	if (!shown || str_starts(name, EXPAND_TEXT ":") ||
		(variable && !list_has(&command->ctx->secret_env, name)))
		return;
	problems_add(command->problems, command->at,
		"[%s] %s: ${%s} would show a secret to everybody who lists processes; %s",
		command->section->id, command->field->name, name,
		advice(command, variable));
}

static void check_words(struct found_command *command, const char *text)
{
	DECLARE_ERR(reported); /* with what else is wrong with the value */
	struct command_words words = {0};

	if (!expand_needed(text) ||
		command_split(text, command->ctx->arena, &words, &reported) < 0)
		return;
	for (size_t i = 0; i < words.list.count; i++) {
		const char *many =
			words_reference(words.list.items[i], command->ctx->arena);

		expand_each(many ? many : words.list.items[i], found, command);
	}
}

/* Returns whether {file} or {dir} stands in it. */
static bool check_setting(struct found_command *command)
{
	const struct setting *set = section_get(command->section, command->field->name);
	const struct value *value = set ? set->value : NULL;
	bool staged = false;

	for (; value; value = value->next) {
		command->at = value->at;
		staged |= strstr(value->flat, "{file}") || strstr(value->flat, "{dir}");
		if (command->field->type == FIELD_COMMAND)
			check_words(command, value->flat);
		else
			expand_each(value->flat, found, command);
	}
	return staged;
}

static void check_commands(struct found_command *command)
{
	const struct field *fields = command->section->fields;
	bool staged = false;

	for (command->field = fields; command->field->name; command->field++)
		if (command->field->type == FIELD_COMMAND)
			staged |= check_setting(command);
	for (command->field = fields; staged && command->field->name; command->field++)
		if (command->field->made)
			check_setting(command);
}

void arguments_check(const struct conf *conf, struct ctx *ctx, struct problems *problems)
{
	struct found_command command = {.ctx = ctx, .problems = problems};

	for (command.section = conf->sections; command.section;
		command.section = command.section->next)
		check_commands(&command);
}
