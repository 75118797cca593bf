/* SPDX-License-Identifier: MIT */
/* [bootstrap] and [app]: filling them. */
#include "plan/settings.h"

#include <string.h>

#include "base/err.h"
#include "base/problems.h"
#include "base/str.h"
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

const struct setting *settings_written(
	const struct conf *conf, const char *section, const char *key)
{
	const struct section *found = conf_section(conf, section);

	return found ? section_get(found, key) : NULL;
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
		const struct field alone[] = {
			*field_find(settings_bootstrap_fields, places[i]), {0}};

		/* As above. */
		(void)fill(conf, "bootstrap", alone, APP_NAMES_SET, ctx, &ret->bootstrap,
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

bool settings_fill_app(const struct conf *conf, struct ctx *ctx,
	const struct field *field, enum app_names names, struct app_settings *ret,
	struct problems *problems)
{
	static const struct app_settings before = {.launch = LAUNCH_INIT};
	const struct field alone[] = {*field, {0}};

	/* What a parser fills keeps what it had. */
	if (field->parse && field->size)
		memcpy((char *)ret + field->offset, (const char *)&before + field->offset,
			field->size);
	return fill(conf, "app", alone, names, ctx, ret, problems);
}

int settings_locate(const struct conf *conf, const char *key, struct err *err)
{
	const struct section *app = conf_section(conf, "app");

	err_prefix(err, "[app] %s", key);
	return err_at(err, section_place(app, key));
}
