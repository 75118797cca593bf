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

static bool goes_on(char c)
{
	return str_is_alnum(c) || c == '_';
}

bool value_find(
	const struct value *value, const char *name, size_t size, struct place *ret)
{
	const char *at = value->lines ? strstr(value->flat, "${") : NULL;
	const struct value_line *line = value->lines;
	const char *begin = value->flat;

	while (at && (strncmp(at + 2, name, size) != 0 || goes_on(at[2 + size])))
		at = strstr(at + 2, "${");
	if (!at)
		return false;
	for (const char *c = begin; c < at; c++)
		if (*c == '\n') {
			begin = c + 1;
			line++;
		}
	*ret = value->at;
	ret->line = line->number;
	ret->column = line->column - 1 + str_column(begin, at);
	return true;
}
