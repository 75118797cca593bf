/* SPDX-License-Identifier: MIT */
/* Merging: later files override, reset and append; defaults fill. */
#include "conf/merge.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "conf/module.h"
#include "conf/suggest.h"

#define NOT_IN_MODULE "[%s]: a module declares steps alone: write this into a drop-in"

/* ---- headers ---- */

const struct schema *schema_find(const struct schema *schemas, const char *kind)
{
	for (; schemas->kind; schemas++)
		if (str_equal(schemas->kind, kind))
			return schemas;
	return NULL;
}

bool is_section_name(const char *name)
{
	size_t size = strlen(name);

	if (size == 0 || size > NAME_MAX_SIZE || !str_is_alnum(name[0]))
		return false;
	for (; *name; name++)
		if (!str_is_alnum(*name) && !strchr("_.-", *name))
			return false;
	return true;
}

/* Is it "module/name"? The module's may have a slash, too. */
static bool is_scoped_name(const char *name)
{
	char part[NAME_MAX_SIZE + 1];
	int slashes = 0;

	for (;; slashes++) {
		size_t size = strcspn(name, "/");

		if (size >= sizeof part)
			return false;
		memcpy(part, name, size);
		part[size] = '\0';
		if (!is_section_name(part))
			return false;
		if (!name[size])
			return slashes == 1 || slashes == 2;
		name += size + 1;
	}
}

struct section *merge_find(const struct merge *merge, const char *kind, const char *name)
{
	CLEANUP_BUF struct buf id = BUF_INIT;

	buf_printf(&id, "%s:%s", kind, name);
	return table_get(&merge->sections.by_id, id.data, id.len);
}

/* Makes the section, or goes on with it where an earlier file declared it. */
static void open_section(struct merge *merge, struct section_list *list,
	const struct schema *schema, const char *name, const struct reader_line *line)
{
	const char *id = line->section;
	struct section *section;
	size_t size;

	if (merge->module) {
		name = arena_printf(merge->arena, "%s/%s", merge->module, name);
		id = arena_printf(merge->arena, "%s:%s", schema->kind, name);
	}
	size = strlen(id);
	section = table_get(&list->by_id, id, size);
	if (section && merge->module && section->last_header.file != line->at.file)
		problems_add(merge->problems, line->at,
			"[%s]: '%s' line %d declares this step already: choose another "
			"name",
			line->section, section->last_header.file,
			section->last_header.line);
	merge->repeated = section && section->last_header.file == line->at.file;
	if (merge->repeated) {
		problems_add(merge->problems, line->at,
			"[%s]: this header is in line %d already: put its keys together",
			line->section, section->last_header.line);
	} else if (!section) {
		if (list->count == SECTIONS_MAX) {
			problems_add(merge->problems, line->at,
				"[%s]: one section too many: %d are the most",
				line->section, SECTIONS_MAX);
			return;
		}
		section = arena_alloc(merge->arena, sizeof *section);
		section->kind = schema->kind;
		section->fields = schema->fields;
		section->name = name;
		section->id = id;
		section->module = merge->module;
		section->at = line->at;
		if (list->last)
			list->last->next = section;
		else
			list->first = section;
		list->last = section;
		list->count++;
		list->by_id.arena = merge->arena;
		table_put(&list->by_id, section->id, size, section);
	}
	section->last_header = line->at;
	merge->text = NULL;
	merge->current = section;
	merge->schema = schema;
}

/* A drop-in says more of a module's section, once that is known. */
static void read_override(struct merge *merge, const struct schema *schema,
	const char *name, const struct reader_line *line)
{
	if (!merge->overriding)
		merge->keeping = true;
	else if (modules_disabled(merge->disabled, name))
		return;
	else if (merge_find(merge, schema->kind, name))
		open_section(merge, &merge->sections, schema, name, line);
	else
		problems_add(merge->problems, line->at,
			"[%s]: no module declares this step%s", line->section,
			suggest_scoped(merge, line->section));
}

static void keep(struct merge *merge, const struct reader_line *line)
{
	merge->overrides = arena_array_grow(merge->arena, merge->overrides,
		merge->overrides_count, sizeof *merge->overrides);
	merge->overrides[merge->overrides_count++] = *line;
}

void merge_overrides(struct merge *merge)
{
	merge->module = NULL;
	merge->overriding = true;
	for (size_t i = 0; i < merge->overrides_count; i++)
		merge_line(merge, &merge->overrides[i]);
	merge->overriding = false;
	merge->overrides_count = 0;
}

static void read_named(struct merge *merge, const char *kind, const char *name,
	const struct reader_line *line)
{
	bool defaults = str_equal(kind, "defaults"); /* whose name is a kind */
	const struct schema *schema;

	if (defaults)
		kind = name;
	schema = schema_find(merge->schemas, kind);
	if (!schema || (defaults && schema->settings))
		problems_add(merge->problems, line->at, "[%s]: unknown kind '%s'%s",
			line->section, kind, suggest_kind(merge, kind, defaults, true));
	else if (schema->settings)
		problems_add(merge->problems, line->at,
			"[%s]: '%s' takes no name: write [%s]", line->section, kind,
			kind);
	else if (defaults && merge->module)
		problems_add(merge->problems, line->at, NOT_IN_MODULE, line->section);
	else if (!defaults && !merge->module && is_scoped_name(name))
		read_override(merge, schema, name, line);
	else if (!is_section_name(name))
		problems_add(merge->problems, line->at,
			"[%s]: '%s' is no name: it has up to %d letters, digits, '_', "
			"'.' and '-', and begins with a letter or digit",
			line->section, name, NAME_MAX_SIZE);
	else
		open_section(merge, defaults ? &merge->defaults : &merge->sections,
			schema, name, line);
}

/* Another program's INI may have a section of that name, too. */
static void read_settings(
	struct merge *merge, const struct schema *schema, const struct reader_line *line)
{
	const struct place *end = &merge->text_end;
	DECLARE_ERR(warning);

	if (merge->log && merge->text && end->line == line->at.line - 1 &&
		str_equal(end->file, line->at.file)) {
		err_config(&warning,
			"[%s] is groundwork's here%s; where that is meant, an empty line "
			"above it says so",
			line->section, suggest_text(merge));
		(void)err_at(&warning, line->at); /* the error itself, which is one */
		log_err(merge->log, LOG_WARN, &warning);
	}
	open_section(merge, &merge->sections, schema, "", line);
}

static void read_header(struct merge *merge, const struct reader_line *line)
{
	const char *colon = strchr(line->section, ':');
	const struct schema *schema;

	merge->current = NULL;
	merge->keeping = false;
	if (colon) {
		read_named(merge,
			arena_memdup(merge->arena, line->section,
				(size_t)(colon - line->section)),
			colon + 1, line);
		return;
	}
	schema = schema_find(merge->schemas, line->section);
	if (schema && schema->settings && merge->module)
		problems_add(merge->problems, line->at, NOT_IN_MODULE, line->section);
	else if (schema && schema->settings)
		read_settings(merge, schema, line);
	else if (schema || str_equal(line->section, "defaults"))
		problems_add(merge->problems, line->at,
			"[%s]: a name is missing: write [%s:%s]", line->section,
			line->section, schema ? "NAME" : "KIND");
	else
		problems_add(merge->problems, line->at, "[%s]: unknown section%s%s",
			line->section, suggest_kind(merge, line->section, false, false),
			suggest_text(merge));
}

/* ---- assignments ---- */

const struct field *schema_field(const struct schema *schema, const char *key)
{
	static const struct field variable = {
		.name = "NAME", .type = FIELD_STRING, .variable = true};
	const struct field *field = field_find(schema->fields, key);

	if (schema->variables)
		return str_is_name(key, strlen(key)) ? &variable : NULL;

	if (!field && schema->common)
		field = field_find(schema->common, key);
	return field;
}

static void read_unknown(struct merge *merge, const struct reader_line *line)
{
	const char *near;
	const char *advice = suggest_key(merge, line->key, &near);

	problems_add(merge->problems, line->at, "[%s] %s: unknown key%s",
		merge->current->id, line->key, advice);
	/* One error is enough: what was meant is not missing, too. */
	if (near && !setting_find(merge->current, near))
		setting_add(merge->arena, merge->current, near)->broken = true;
}

static void append(struct setting *setting, struct value *value)
{
	if (!value)
		return;
	if (setting->value)
		setting->last->next = value;
	else
		setting->value = value;
	setting->last = value;
}

/* Of a text that begins below its key, and may be INI: where it ends. */
static void note_text(
	struct merge *merge, const char *key, const struct reader_line *line)
{
	const struct value *value = line->value;
	const char *last;

	merge->text = key;
	merge->text_end = key && !value ? line->at : (struct place){0};
	if (!key || !value || value->text_at.line == line->at.line || !*value->flat)
		return;
	last = strrchr(value->flat, '\n');
	last = last ? last + 1 : value->flat;
	if (*last == '[' || strchr(last, '='))
		merge->text_end = value_place(value, last);
}

static void read_known(
	struct merge *merge, const struct field *field, const struct reader_line *line)
{
	struct section *section = merge->current;
	const char *key = merge->schema->variables ? line->key : field->name;
	struct setting *setting = setting_find(section, key);
	struct value *value = line->value;

	note_text(merge, field->type == FIELD_TEXT ? key : NULL, line);
	if (value && value->quoted && field->type == FIELD_COMMAND) {
		value->flat = value->quoted;
		value->lines = value->quoted_lines;
	}
	/* Indented comments are content of a text, and nothing elsewhere. */
	if (value && field->type != FIELD_TEXT && !*value->flat)
		value = NULL;
	if (line->append && !value && !line->broken)
		return;
	if (!setting) {
		setting = setting_add(merge->arena, section, key);
		setting->appended = line->append;
	}
	if (!line->append && !merge->repeated && setting->first.file == line->at.file)
		problems_add(merge->problems, line->at,
			"[%s] %s: this key is in line %d already: keep one of them",
			section->id, key, setting->first.line);
	if (setting->first.file != line->at.file)
		setting->first = line->at;
	setting->at = line->at;
	setting->broken = line->broken;
	if (line->append) {
		append(setting, value);
		return;
	}
	setting->value = setting->last = value;
	setting->reset = !value;
	setting->appended = !value;
}

void merge_line(void *user, const struct reader_line *line)
{
	struct merge *merge = user;
	const struct field *field;

	if (!line->key)
		read_header(merge, line);
	if (merge->keeping)
		keep(merge, line);
	if (!line->key || !merge->current || str_starts(line->key, "x-"))
		return;
	field = schema_field(merge->schema, line->key);
	if (field)
		read_known(merge, field, line);
	else if (merge->schema->variables)
		problems_add(merge->problems, line->at,
			"[%s] %s: this is no name of a variable: it has letters, digits "
			"and '_', and begins with no digit",
			merge->current->id, line->key);
	else if (!line->broken)
		read_unknown(merge, line);
}
