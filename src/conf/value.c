/* SPDX-License-Identifier: MIT */
/* Finding a setting in a section. */
#include "conf/value.h"

#include <string.h>

#include "base/str.h"

const char *section_own_name(const struct section *section)
{
	return section->module ? section->name + strlen(section->module) + 1
			       : section->name;
}

struct setting *setting_find(const struct section *section, const char *key)
{
	struct setting *setting = section->settings;

	while (setting && !str_equal(setting->key, key))
		setting = setting->next;
	return setting;
}

const struct setting *section_get(const struct section *section, const char *key)
{
	const struct setting *setting = setting_find(section, key);

	return setting && setting->value ? setting : NULL;
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
