/* SPDX-License-Identifier: MIT */
/* Keys that have no effect beside the others of their section. */
#include "conf/effect.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "conf/expand.h"
#include "conf/field.h"
#include "conf/value.h"

/* "KEY" or "KEY=VALUE|VALUE", in the words of `needs` and `moot`. */
struct companion {
	const char *key, *values; /* `values` NULL: any */
	size_t key_size, values_size;
};

static bool next_companion(const char **words, struct companion *ret)
{
	const char *word = *words + strspn(*words, " ");
	size_t size = strcspn(word, " ");
	const char *equals = memchr(word, '=', size);

	*words = word + size;
	*ret = (struct companion){.key = word, .key_size = size};
	if (equals) {
		ret->key_size = (size_t)(equals - word);
		ret->values = equals + 1;
		ret->values_size = size - ret->key_size - 1;
	}
	return size > 0;
}

static bool is_key(const struct companion *companion, const char *key)
{
	return strlen(key) == companion->key_size &&
		memcmp(key, companion->key, companion->key_size) == 0;
}

static bool is_one_of(const struct companion *companion, const char *value, size_t size)
{
	const char *at = companion->values, *end = at + companion->values_size;

	for (const char *bar; at < end; at = bar + 1) {
		bar = memchr(at, '|', (size_t)(end - at));
		bar = bar ? bar : end;
		if ((size_t)(bar - at) == size && strncasecmp(at, value, size) == 0)
			return true;
	}
	return false;
}

/* As a user would write it: "1" of a switch is a "yes". */
static const char *plain(const struct field *field, const char *text)
{
	bool on;

	if (field->type != FIELD_BOOL || !bool_parse(text, &on))
		return text;
	return on ? "yes" : "no";
}

static const char *default_of(const struct field *field)
{
	if (field->def)
		return field->def;
	return field->type == FIELD_BOOL    ? "no"
		: field->type == FIELD_ENUM ? field->choices[0]
					    : NULL;
}

/* Does what is written of a mode or an owner hold for what exists, too (field.h)? */
static bool is_of_section_alone(const struct field *field)
{
	return field->type == FIELD_MODE || field->type == FIELD_USER ||
		field->type == FIELD_GROUP;
}

/* May the section have it? */
static bool has(const struct section *section, const struct field *fields,
	const struct companion *companion)
{
	const struct field *field = fields;
	const struct setting *setting;
	const char *value;

	while (field->name && !is_key(companion, field->name))
		field++;
	if (!field->name)
		return false;
	setting = setting_find(section, field->name);
	if (setting && (setting->broken || !setting->value))
		return true;
	if (!companion->values)
		return setting && !(setting->defaulted && is_of_section_alone(field));
	value = setting ? setting->value->flat : default_of(field);
	if (setting && expand_needed(value))
		return true;
	value = value ? plain(field, value) : "";
	return is_one_of(companion, value, strlen(value));
}

/* "`owner` or `group`", "`recursive = mismatch` or `full`" */
static void add_names(const char *words, struct buf *ret)
{
	struct companion companion;

	while (next_companion(&words, &companion)) {
		buf_printf(ret, "%s`%.*s", ret->len ? " or " : "",
			(int)companion.key_size, companion.key);
		if (companion.values)
			buf_puts(ret, " = ");
		for (size_t i = 0; i < companion.values_size; i++)
			if (companion.values[i] == '|')
				buf_puts(ret, "` or `");
			else
				buf_putc(ret, companion.values[i]);
		buf_putc(ret, '`');
	}
}

/* Does it say something that is not so anyway? */
static bool says_something(const struct field *field, const struct setting *setting)
{
	const char *def = default_of(field);

	if (!setting || setting->defaulted)
		return false;
	if (field->type != FIELD_BOOL && field->type != FIELD_ENUM)
		return true;
	return !expand_needed(setting->value->flat) &&
		strcasecmp(plain(field, setting->value->flat), def) != 0;
}

void effect_check(const struct section *section, const struct field *fields,
	struct problems *problems)
{
	for (const struct field *field = fields; field && field->name; field++) {
		const char *needs = field->needs, *moot = field->moot;
		const struct setting *setting =
			needs || moot ? section_get(section, field->name) : NULL;
		struct companion companion;
		CLEANUP_BUF struct buf names = BUF_INIT;
		bool met = !needs;

		if (!says_something(field, setting))
			continue;
		while (needs && !met && next_companion(&needs, &companion))
			met = has(section, fields, &companion);
		while (moot && met && next_companion(&moot, &companion))
			met = !has(section, fields, &companion);
		if (met)
			continue;
		add_names(field->needs ? field->needs : field->moot, &names);
		problems_add(problems, setting->at,
			field->needs ? "[%s] %s: has no effect without %s: write that, "
				       "too, or leave this out"
				     : "[%s] %s: has no effect with %s: leave one of "
				       "both out",
			section->id, field->name, names.data);
	}
}
