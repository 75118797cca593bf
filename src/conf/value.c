/* SPDX-License-Identifier: MIT */
/* The settings of a section. */
#include "conf/value.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"

#define INDEXED_FROM 64 /* settings; most sections have a few, and need no table */

const char *section_own_name(const struct section *section)
{
	return section->module ? section->name + strlen(section->module) + 1
			       : section->name;
}

static void index_setting(struct section *section, struct setting *setting)
{
	table_put(&section->by_key, setting->key, strlen(setting->key), setting);
}

struct setting *setting_add(struct arena *arena, struct section *section, const char *key)
{
	struct setting *setting = arena_alloc(arena, sizeof *setting);

	setting->key = key;
	*(section->settings ? &section->last_setting->next : &section->settings) =
		setting;
	section->last_setting = setting;
	section->setting_count++;
	section->by_key.arena = arena;
	if (section->setting_count == INDEXED_FROM)
		for (setting = section->settings; setting->next; setting = setting->next)
			index_setting(section, setting);
	if (section->setting_count >= INDEXED_FROM)
		index_setting(section, setting);
	return setting;
}

struct setting *setting_find(const struct section *section, const char *key)
{
	struct setting *setting = section->settings;

	if (section->by_key.count)
		return table_get(&section->by_key, key, strlen(key));
	/* Asked of each key of each step: mostly the first byte is another one. */
	while (setting && (*setting->key != *key || !str_equal(setting->key, key)))
		setting = setting->next;
	return setting;
}

const struct setting *section_get(const struct section *section, const char *key)
{
	const struct setting *setting = setting_find(section, key);

	return setting && setting->value ? setting : NULL;
}

struct place section_place(const struct section *section, const char *key)
{
	const struct setting *setting = section_get(section, key);

	return setting ? setting->at : section->at;
}

bool section_has_text(const struct section *section, const char *key, const char *text)
{
	const struct setting *setting = section_get(section, key);
	const struct value *value = setting ? setting->value : NULL;

	for (; value; value = value->next)
		if (strstr(value->flat, text))
			return true;
	return false;
}

struct place value_place(const struct value *value, const char *at)
{
	const struct value_line *line = value->lines;
	struct place place = value->at;
	const char *begin = value->flat;

	if (!line)
		return place;
	for (const char *c = begin; c < at; c++)
		if (*c == '\n') {
			begin = c + 1;
			line++;
		}
	place.line = line->number;
	place.column = line->column - 1 + str_column(begin, at);
	return place;
}

struct place value_place_behind(
	const struct value *value, const char *at, const struct place *behind)
{
	struct place place;

	for (int line = 1; line < behind->line && strchr(at, '\n'); line++)
		at = strchr(at, '\n') + 1;
	place = value_place(value, at);
	if (place.column)
		place.column += behind->column - 1;
	return place;
}

static bool goes_on(char c)
{
	return str_is_alnum(c) || c == '_';
}

bool value_find(
	const struct value *value, const char *name, size_t size, struct place *ret)
{
	const char *at = value->lines ? strstr(value->flat, "${") : NULL;

	while (at && (strncmp(at + 2, name, size) != 0 || goes_on(at[2 + size])))
		at = strstr(at + 2, "${");
	if (at)
		*ret = value_place(value, at);
	return at;
}
