/* SPDX-License-Identifier: MIT */
/* Finding a setting in a section. */
#include "conf/value.h"

#include <string.h>

#include "base/str.h"

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
