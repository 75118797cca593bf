/* SPDX-License-Identifier: MIT */
/* What is done once all files are read: checking, filling from defaults, missing keys. */
#include <string.h>

#include "base/log.h"
#include "base/path.h"
#include "base/str.h"
#include "conf/convert.h"
#include "conf/effect.h"
#include "conf/expand.h"
#include "conf/foreign.h"
#include "conf/merge.h"
#include "conf/module.h"

/* A copy of a chain, with `rest` behind it. */
static struct value *chain_copy(
	struct merge *merge, const struct value *from, struct value *rest)
{
	struct value *first = rest;
	struct value **end = &first;

	for (; from; from = from->next) {
		struct value *copy = arena_alloc(merge->arena, sizeof *copy);

		*copy = *from;
		copy->next = rest;
		*end = copy;
		end = &copy->next;
	}
	return first;
}

static void fill_section(
	struct merge *merge, struct section *section, const struct section *defaults)
{
	const struct setting *from = defaults->settings;

	for (; from; from = from->next) {
		struct setting *setting = setting_find(section, from->key);

		if (!from->value)
			continue;
		if (!setting) {
			setting = setting_add(merge->arena, section, from->key);
			setting->at = from->at;
			setting->value = chain_copy(merge, from->value, NULL);
			setting->defaulted = true;
			setting->appended = from->appended;
		} else if (setting->appended && !setting->reset) {
			setting->value = chain_copy(merge, from->value, setting->value);
			setting->appended = from->appended;
		}
	}
}

/* Is it "key = value", with a key that this section knows? */
static bool is_assignment(const struct schema *schema, const char *line)
{
	char key[NAME_MAX_SIZE + 1] = "";
	size_t size = 0;
	const char *rest;

	while (str_is_alnum(line[size]) || line[size] == '_' || line[size] == '-')
		size++;
	rest = line + size + strspn(line + size, " \t");
	if (size == 0 || size >= sizeof key || rest == line + size)
		return false;
	memcpy(key, line, size);
	return (*rest == '=' || str_starts(rest, "+=")) && schema_field(schema, key);
}

/* A key that should not be indented would become items of the list above it. */
static void check_indented(struct merge *merge, const struct section *section,
	const struct schema *schema, const struct setting *setting)
{
	const struct value *link = setting->value;

	for (; link; link = link->next) {
		const char *line = link->flat;

		while ((line = strchr(line, '\n'))) {
			line++;
			if (is_assignment(schema, line))
				problems_add(merge->problems, link->at,
					"[%s] %s: the indented line '%.*s' goes on with "
					"it: unindent that",
					section->id, setting->key,
					(int)strcspn(line, "\n"), line);
		}
	}
}

/* What the application may expand itself is only a warning. */
static void warn_of_foreign(
	struct merge *merge, const struct section *section, const struct setting *setting)
{
	for (const struct value *link = setting->value; link; link = link->next) {
		struct log_event event = {.level = LOG_WARN};
		struct foreign found;

		if (!merge->log ||
			!foreign_find(link->flat, strlen(link->flat), &found) ||
			*found.text != '{')
			continue;
		event.at = value_place(link, found.text);
		event.message = arena_printf(merge->arena,
			"[%s] %s: '%.*s' is left as it is, and ${%.*s} would be "
			"expanded; where it is meant, write ${X:-{}{",
			section->id, setting->key, (int)found.size, found.text,
			(int)found.name_size, found.name);
		log_event(merge->log, &event);
	}
}

static void check_settings(struct merge *merge, const struct section *section)
{
	const struct schema *schema = schema_find(merge->schemas, section->kind);
	const struct setting *setting = section->settings;

	for (; setting; setting = setting->next) {
		const struct field *field = schema_field(schema, setting->key);

		struct field named = *field;

		if (!setting->value)
			continue;
		named.name = setting->key;
		field_check(&named, section, setting, merge->words, merge->arena,
			merge->problems);
		if (field_is_list(field) && !field_has_lines(field))
			check_indented(merge, section, schema, setting);
		if (field->type == FIELD_ENV || field->variable)
			warn_of_foreign(merge, section, setting);
	}
}

/* With an allow-list, what else looks like a reference is the text's own. */
static void check_texts(struct merge *merge, const struct section *section)
{
	for (const struct field *field = section->fields; field->name; field++) {
		const struct setting *text = section_get(section, field->name);

		if (field->type == FIELD_TEXT && text &&
			!(field->allow && section_get(section, field->allow)))
			(void)expand_check(text->value->text, merge->words,
				merge->conditions, text->value->text_at,
				arena_printf(merge->arena, "[%s] %s: ", section->id,
					field->name),
				merge->problems);
	}
}

/*
 * A section meant to go on with one of another file, and mistyped, is a new one. Those of
 * a manifest are numbered: nobody has typed them.
 */
static const char *suggest_section(
	struct merge *merge, const struct section *section, const struct field *field)
{
	const struct section *other = merge->sections.first;
	struct list known = {0};
	const char *nearest;

	if (problems_full(merge->problems)) /* nobody would read it */
		return "";
	if (section->at.file && str_equal(path_base(section->at.file), MODULE_MANIFEST))
		return "";
	for (; other; other = other->next)
		if (other != section && other->kind == section->kind &&
			section_get(other, field->name))
			list_add(&known, merge->arena, other->name, strlen(other->name));
	nearest = known.count ? str_nearest(section->name, known.items) : NULL;
	return nearest ? arena_printf(merge->arena, "; did you mean [%s:%s]?",
				 section->kind, nearest)
		       : "";
}

static void check_required(
	struct merge *merge, const struct section *section, const struct field *fields)
{
	for (; fields && fields->name; fields++) {
		const struct setting *setting;

		if (!fields->required || fields->def)
			continue;
		setting = setting_find(section, fields->name);
		if (!setting || (!setting->value && !setting->broken))
			problems_add(merge->problems, section->at,
				"[%s] %s: missing, and it is required (%s)%s",
				section->id, fields->name, fields->help,
				suggest_section(merge, section, fields));
	}
}

void merge_hint_modules(struct merge *merge)
{
	const struct section *section = merge->sections.first;

	for (; section && !section->module; section = section->next) {
		const struct section *other = section->next;

		if (!problems_at(merge->problems, section->at))
			continue;
		while (other &&
			!(other->module && other->kind == section->kind &&
				str_equal(section_own_name(other), section->name)))
			other = other->next;
		if (other)
			problems_append(merge->problems, section->at,
				arena_printf(merge->arena,
					"; that of a module is called [%s]", other->id));
	}
}

void merge_finish(struct merge *merge)
{
	bool first = !merge->finished;
	struct section *section = first ? merge->defaults.first : NULL;

	for (; section; section = section->next)
		check_settings(merge, section);
	section = first ? merge->sections.first : merge->finished->next;
	for (; section; section = section->next) {
		const struct schema *schema = schema_find(merge->schemas, section->kind);
		const struct section *defaults = merge->defaults.first;

		check_settings(merge, section);
		while (defaults && defaults->kind != section->kind)
			defaults = defaults->next;
		if (defaults)
			fill_section(merge, section, defaults);
		check_texts(merge, section);
		check_required(merge, section, schema->fields);
		check_required(merge, section, schema->common);
		effect_check(section, schema->fields, merge->problems);
		effect_check(section, schema->common, merge->problems);
	}
	merge->finished = merge->sections.last;
}
