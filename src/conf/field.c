/* SPDX-License-Identifier: MIT */
/* Fields checked at load, as far as that needs no expansion. */
#include "conf/field.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/convert.h"
#include "conf/expand.h"
#include "conf/words.h"

bool list_has(const struct list *list, const char *item)
{
	for (size_t i = 0; i < list->count; i++)
		if (str_equal(list->items[i], item))
			return true;
	return false;
}

void list_add(struct list *list, struct arena *arena, const char *text, size_t size)
{
	const size_t first = 8;
	size_t filled = list->count ? list->count + 1 : 0; /* with the NULL */
	const char **items;

	if (filled == 0 || (filled >= first && (filled & (filled - 1)) == 0)) {
		items = arena_alloc(arena, (filled ? 2 * filled : first) * sizeof *items);
		for (size_t i = 0; i < list->count; i++)
			items[i] = list->items[i];
		list->items = items;
	}
	list->items[list->count++] = arena_memdup(arena, text, size);
	list->items[list->count] = NULL;
}

const struct field *field_find(const struct field *fields, const char *name)
{
	for (; fields && fields->name; fields++)
		if (str_equal(fields->name, name))
			return fields;
	return NULL;
}

const struct field *field_exported(const struct field *fields)
{
	while (fields->name && !fields->exported)
		fields++;
	return fields->name ? fields : NULL;
}

/* Room for any scalar that is converted only to see whether it can be. */
union scratch {
	const char *text;
	struct field_mode mode;
	struct field_name name;
	bool yes;
	int64_t number;
	int choice;
};

/* ---- checking ---- */

struct check {
	const struct field *field;
	const struct value *link;
	const char *prefix;
	const char *const *words;
	struct problems *problems;
	struct conversion how;
	void *parsed; /* of a field with a parser: as if it were its member */
};

/* What of a text can be converted as it is written; NULL: nothing. */
static const char *unexpanded(const struct check *check, const char *text)
{
	const char *reference = strstr(text, "${");
	const char *equals = strchr(text, '=');

	if (!reference)
		return text;
	/* A name is judged whatever its value. */
	if (check->field->type != FIELD_ENV || !equals || equals > reference)
		return NULL;
	return arena_memdup(check->how.arena, text, (size_t)(equals - text) + 1);
}

static void check_text(const struct check *check, const char *text)
{
	const char *plain = unexpanded(check, text);
	union scratch scratch;
	DECLARE_ERR(err);

	if (plain &&
		convert(check->field, plain, &check->how,
			check->parsed ? check->parsed : &scratch, &err) < 0)
		problems_add(check->problems, check->link->at, "%s%s", check->prefix,
			err.text);
}

/* Only a list has lines; of anything else a second line should not be indented. */
static void check_scalar(const struct check *check)
{
	const char *flat = check->link->flat;
	const char *end = expand_needed(flat) ? NULL : strchr(flat, '\n');

	if (end && check->field->type != FIELD_STRING)
		problems_add(check->problems, check->link->at,
			"%sone value was expected, and the indented line '%.*s' goes "
			"on with it: unindent that",
			check->prefix, (int)strcspn(end + 1, "\n"), end + 1);
	else
		check_text(check, flat);
}

static void check_list(const struct check *check)
{
	struct list words = {0};
	DECLARE_ERR(err);

	if (words_split_field(
		    check->field, check->link->flat, check->how.arena, &words, &err) < 0)
		problems_add(check->problems, check->link->at, "%s%s", check->prefix,
			err.text);
	for (size_t i = 0; i < words.count; i++)
		check_text(check, words.items[i]);
}

static void check_link(const struct check *check)
{
	size_t before = check->problems->count;

	if (check->field->type == FIELD_TEXT)
		return;
	expand_check(check->link->flat, check->words, check->link->at, check->prefix,
		check->problems);
	if (check->problems->count != before)
		return;
	if (field_is_list(check->field))
		check_list(check);
	else
		check_scalar(check);
}

void field_check(const struct field *field, const struct section *section,
	const struct setting *setting, const char *const *words,
	struct problems *problems)
{
	CLEANUP_BUF struct buf prefix = BUF_INIT;
	struct arena arena = {0};
	const struct value *link = setting->value;
	void *parsed = field->parse ? arena_alloc(&arena, field->size) : NULL;

	buf_printf(&prefix, "[%s] %s: ", section->id, field->name);
	if ((setting->appended || (link && link->next)) && !field_is_list(field)) {
		problems_add(problems, setting->at,
			"%s+= works on lists, and this is none: write '='", prefix.data);
		link = NULL;
	}
	for (; link; link = link->next) {
		struct check check = {
			.field = field,
			.link = link,
			.prefix = prefix.data,
			.words = words,
			.problems = problems,
			.how = {.arena = &arena, .base = "/", .dir = link->dir},
			.parsed = parsed,
		};

		check_link(&check);
	}
	arena_release(&arena);
}
