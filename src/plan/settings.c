/* SPDX-License-Identifier: MIT */
/* [bootstrap] and [app]: filling them. */
#include "plan/settings.h"

#include <string.h>

#include "base/err.h"
#include "base/problems.h"
#include "base/str.h"
#include "conf/misread.h"
#include "proc/account.h"
#include "step/kinds.h"

const struct schema *settings_schema(struct arena *arena)
{
	struct schema *schema;
	size_t settings = 0;
	size_t n = 0;

	while (settings_sections[settings].name)
		settings++;
	while (kinds[n])
		n++;
	schema = arena_alloc(arena, (settings + n + 1) * sizeof *schema);
	for (size_t i = 0; i < settings; i++)
		schema[i] = (struct schema){
			.kind = settings_sections[i].name,
			.fields = settings_sections[i].fields,
			.settings = true,
			.variables = settings_sections[i].variables,
		};
	for (size_t i = 0; i < n; i++)
		schema[settings + i] = (struct schema){
			.kind = kinds[i]->name,
			.elsewhere = kinds[i]->elsewhere,
			.fields = kinds[i]->fields,
			.common = kinds[i]->part_of ? NULL : step_fields,
		};
	return schema;
}

static void check_names(const char *user, const char *group, struct place at,
	const char *key, struct problems *problems)
{
	DECLARE_ERR(err);

	if (identity_check(user, group, &err) < 0)
		problems_add(problems, at, "[app] %s: %s", key, err.text);
}

/* Then that is listed already. */
static bool is_misread(const struct setting *setting)
{
	const struct field *field = field_find(settings_app_fields, setting->key);
	const struct value *value = setting->value;
	const char *at;
	DECLARE_ERR(ignored);

	for (; value; value = value->next)
		if (misread_check(field, value->flat, &at, &ignored) < 0)
			return true;
	return false;
}

static void check_account(const char *account, struct place at, struct problems *problems)
{
	struct arena scratch = {0};
	struct account_entry ignored;
	DECLARE_ERR(err);

	if (account_parse(account, &scratch, &ignored, &err) < 0)
		problems_add(problems, at, "[app] account: %s", err.text);
	arena_release(&scratch);
}

const struct setting *settings_written(
	const struct conf *conf, const char *section, const char *key)
{
	const struct section *found = conf_section(conf, section);

	return found ? section_get(found, key) : NULL;
}

void settings_check_app(const struct conf *conf, const struct app_settings *app,
	struct problems *problems)
{
	const struct section *section = conf_section(conf, "app");
	const struct setting *user = settings_written(conf, "app", "user");
	const struct setting *groups = settings_written(conf, "app", "groups");
	const struct setting *account = settings_written(conf, "app", "account");

	for (size_t i = 0; groups && !is_misread(groups) && i < app->groups.count; i++)
		check_names("", app->groups.items[i], groups->at, "groups", problems);
	/* One that is wrong in itself may be NULL. */
	if (section && app->user && app->group.name && !(user && is_misread(user)))
		check_names(app->user, app->group.name, user ? user->at : section->at,
			"user", problems);
	if (account && !is_misread(account) && app->account && *app->account)
		check_account(app->account, account->at, problems);
}

static bool fill(const struct conf *conf, const char *id, const struct field *fields,
	enum app_names names, struct ctx *ctx, void *target, struct problems *problems)
{
	struct expander expander = step_expander(ctx);
	struct field_context context = {
		.arena = ctx->arena, .base = ctx->base, .expander = &expander};
	const struct section *section = conf_section(conf, id);
	const struct section none = {.kind = id, .name = "", .id = id};

	expander.reference = NULL;
	expander.reference_why =
		"settings know variables alone, being read before any key is made; "
		"the application gets a file's value by `env_file` or `env_from_file`, "
		"and a key's by the key step's own `env`";
	expander.settled = names == APP_NAMES_SETTLED;
	if (names == APP_NAMES_KEPT) {
		expander.missing = EXPAND_KEEP;
		expander.bare = NULL; /* it is filled again, and warned of then */
	}
	return fields_judge(fields, FIELDS_ALL, section ? section : &none, &context,
		target, problems);
}

void settings_fill(const struct conf *conf, struct ctx *ctx, struct settings *ret,
	struct problems *problems)
{
	/* What cannot be filled is listed, and then nothing is run. */
	(void)fill(conf, "bootstrap", settings_bootstrap_fields, APP_NAMES_SET, ctx,
		&ret->bootstrap, problems);
}

static const char *const places[] = {"report", "metrics", "state", NULL};

void settings_fill_places(const struct conf *conf, struct ctx *ctx, struct settings *ret,
	struct problems *problems)
{
	for (size_t i = 0; places[i]; i++) {
		const struct field one[] = {
			*field_find(settings_bootstrap_fields, places[i]), {0}};

		/* As above. */
		(void)fill(conf, "bootstrap", one, APP_NAMES_SET, ctx, &ret->bootstrap,
			problems);
	}
}

bool settings_places_expand(const struct conf *conf)
{
	const struct section *section = conf_section(conf, "bootstrap");

	for (size_t i = 0; section && places[i]; i++) {
		const struct setting *setting = section_get(section, places[i]);

		if (setting && strstr(setting->value->flat, "${"))
			return true;
	}
	return false;
}

void settings_begin_app(struct app_settings *ret)
{
	ret->launch = (struct launch)LAUNCH_INIT;
}

bool settings_fill_app(const struct conf *conf, struct ctx *ctx,
	const struct field *field, enum app_names names, struct app_settings *ret,
	struct problems *problems)
{
	const struct app_settings before = {.launch = LAUNCH_INIT};
	const struct field one[] = {*field, {0}};

	/* What a parser fills keeps what it had. */
	if (field->parse && field->size)
		memcpy((char *)ret + field->offset, (const char *)&before + field->offset,
			field->size);
	return fill(conf, "app", one, names, ctx, ret, problems);
}

int settings_locate(const struct conf *conf, const char *key, struct err *err)
{
	const struct section *app = conf_section(conf, "app");

	err_prefix(err, "[app] %s", key);
	return err_at(err, section_place(app, key));
}
