/* SPDX-License-Identifier: MIT */
/* [bootstrap] and [app]. */
#include "plan/settings.h"

#include "base/err.h"
#include "base/problems.h"
#include "step/step.h"

#define BOOTSTRAP(member) offsetof(struct bootstrap_settings, member)
#define APP(member)	  offsetof(struct app_settings, member)

const char *const log_level_names[] = {"error", "warn", "info", "debug", NULL};

const struct field bootstrap_fields[] = {
	{"enabled", FIELD_BOOL, BOOTSTRAP(enabled), "yes",
		.help = "no starts the application without any step"},
	{"when", FIELD_LIST, BOOTSTRAP(when),
		.help = "conditions for bootstrapping at all, as for a step"},
	{"deadline", FIELD_DURATION, BOOTSTRAP(deadline_ms), "none",
		.help = "how long the whole bootstrap may take"},
	{"retry_attempts", FIELD_COUNT, BOOTSTRAP(retry_attempts), "3",
		.help = "`retries` of steps that do not write it"},
	{"retry_delay", FIELD_DURATION, BOOTSTRAP(retry_delay_ms), "500ms",
		.help = "`retry_delay` of steps that do not write it"},
	{"fail_fast", FIELD_BOOL, BOOTSTRAP(fail_fast), "yes",
		.help = "no goes on with the steps that do not depend on a failed one"},
	{"report", FIELD_PATH, BOOTSTRAP(report), .help = "where the JSON report is written"},
	{"log_level", FIELD_ENUM, BOOTSTRAP(log_level), "info", .choices = log_level_names,
		.help = "how much is told"},
	{0},
};

const struct field app_fields[] = {
	{"command", FIELD_COMMAND, APP(command),
		.help = "the application, where the command line names none"},
	{"user", FIELD_USER, APP(user), .help = "who it runs as, and who owns what is made"},
	{"group", FIELD_GROUP, APP(group), .help = "its group (default: the user's)"},
	{"workdir", FIELD_PATH, APP(workdir), .help = "where it runs"},
	{"env_file", FIELD_READ_PATHS, APP(env_file),
		.help = "files of NAME=value lines for its environment; -PATH may be missing"},
	{"file_env", FIELD_LIST, APP(file_env),
		.help = "names: where NAME_FILE is set, that file's content becomes NAME"},
	{"env", FIELD_LINES, APP(env), .help = "NAME=value lines for its environment"},
	{"unset_env", FIELD_LIST, APP(unset_env),
		.help = "names (globs) that are taken out of its environment"},
	{"clear_env", FIELD_BOOL, APP(clear_env), "no",
		.help = "yes keeps our own environment from it"},
	{"init", FIELD_ENUM, APP(init), "auto",
		.choices = (const char *const[]){"auto", "yes", "no", NULL},
		.help = "supervise it, become it, or (auto) supervise when PID 1"},
	{0},
};

const struct schema *settings_schema(struct arena *arena)
{
	struct schema *schema;
	size_t n = 0;

	while (kinds[n])
		n++;
	schema = arena_alloc(arena, (n + 3) * sizeof *schema);
	schema[0] = (struct schema){.kind = "app", .fields = app_fields, .settings = true};
	schema[1] = (struct schema){
		.kind = "bootstrap", .fields = bootstrap_fields, .settings = true};
	for (size_t i = 0; i < n; i++)
		schema[i + 2] = (struct schema){
			.kind = kinds[i]->name,
			.fields = kinds[i]->fields,
			.common = kinds[i]->part ? NULL : step_fields,
		};
	return schema;
}

static void fill(const struct conf *conf, const char *id, const struct field *fields,
	struct ctx *ctx, void *target, struct problems *problems)
{
	struct err err = ERR_INIT;
	struct expander expander = step_expander(ctx);
	struct field_context context = {
		.arena = ctx->arena, .base = ctx->base, .expander = &expander};
	const struct section *section = conf_find(conf, id);
	const struct section none = {.kind = id, .name = "", .id = id};

	expander.reference = NULL;
	expander.reference_why = "settings are read before any key is made; let the key step "
				 "hand it on with `env`";
	if (fields_fill(fields, FIELDS_ALL, section ? section : &none, &context, target,
		    &err) < 0)
		problems_add_text(problems, err.text);
}

void settings_fill(const struct conf *conf, struct ctx *ctx, struct settings *ret,
	struct problems *problems)
{
	fill(conf, "bootstrap", bootstrap_fields, ctx, &ret->bootstrap, problems);
	fill(conf, "app", app_fields, ctx, &ret->app, problems);
}
