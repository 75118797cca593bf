/* SPDX-License-Identifier: MIT */
/* Looking for secrets in commands. */
#include "plan/arguments.h"

#include <string.h>

#include "base/err.h"
#include "base/problems.h"
#include "base/str.h"
#include "conf/conf.h"
#include "conf/expand.h"
#include "plan/settings.h"
#include "step/secret_env.h"
#include "step/step.h"

/* A command that is looked at. */
struct command {
	const struct section *section;
	const char *key;
	struct place at;
	struct ctx *ctx;
	struct problems *problems;
};

static const struct field *fields_of(const struct section *section)
{
	const struct kind *kind = kind_find(section->kind);

	if (kind)
		return kind->fields;
	return str_equal(section->kind, "app") ? app_fields : NULL;
}

/* How a command comes by a value without showing it. */
static const char *advice(const struct command *command, bool variable)
{
	if (str_equal(command->section->kind, "app"))
		return variable ? "the application finds it in its environment"
				: "let the key step hand it on with `env`";
	if (field_find(fields_of(command->section), "env"))
		return variable ? "write the name into `env`, and $NAME into a script"
				: "hand it on in `env`";
	return "let the command read it from a file";
}

static void found(void *user, const char *name)
{
	const struct command *command = user;
	bool variable = !strchr(name, ':');

	if (variable && !secret_env_has(command->ctx, name))
		return;
	problems_add(command->problems, command->at,
		"[%s] %s: ${%s} would show a secret to everybody who lists processes; %s",
		command->section->id, command->key, name, advice(command, variable));
}

static void check_value(struct command *command, const struct value *value)
{
	DECLARE_ERR(reported); /* with what else is wrong with the value */
	struct list words = {0};

	command->at = value->at;
	if (!expand_needed(value->flat) ||
		command_split(value->flat, command->ctx->arena, &words, &reported) < 0)
		return;
	for (size_t i = 0; i < words.count; i++)
		expand_shown(words.items[i], found, command);
}

void arguments_check(const struct conf *conf, struct ctx *ctx, struct problems *problems)
{
	for (const struct section *one = conf->sections; one; one = one->next) {
		const struct field *field = fields_of(one);

		for (; field && field->name; field++) {
			const struct setting *set = section_get(one, field->name);
			struct command command = {
				.section = one,
				.key = field->name,
				.ctx = ctx,
				.problems = problems,
			};
			const struct value *value = set ? set->value : NULL;

			if (field->type != FIELD_COMMAND)
				continue;
			for (; value; value = value->next)
				check_value(&command, value);
		}
	}
}
