/* SPDX-License-Identifier: MIT */
/* What to write instead of a section or a key that there is not. */
#include "conf/suggest.h"

#include <string.h>

#include "base/buf.h"
#include "base/problems.h"
#include "base/str.h"
#include "conf/field.h"
#include "conf/merge.h"

/* "; did you mean 'x'?", or where nothing is near, all that there is. */
static const char *suggest(
	const struct merge *merge, const char *word, const struct list *known)
{
	CLEANUP_BUF struct buf all = BUF_INIT;
	char room[STR_SUGGEST_SIZE];
	const char *suggestion = str_suggest(word, known->items, room);

	if (*suggestion)
		return arena_strdup(merge->arena, suggestion);
	for (size_t i = 0; i < known->count; i++)
		buf_printf(&all, "%s%s", i > 0 ? ", " : "", known->items[i]);
	return arena_printf(merge->arena, "; there are %s", all.data);
}

/* ---- words of others ---- */

static bool is_divider(char c)
{
	return c == '_' || c == '-';
}

/* Is the word, up to its end or a space, this name? "DependsOn" is "depends_on". */
static bool is_word(const char *word, const char *name)
{
	for (;; word++, name++) {
		while (is_divider(*word))
			word++;
		while (is_divider(*name))
			name++;
		if (!*name || strchr(" :", *word))
			return !*name && strchr(" :", *word);
		if (*word != (*name >= 'A' && *name <= 'Z' ? *name - 'A' + 'a' : *name))
			return false;
	}
}

/* Is it one of the words, which end at a colon? */
static bool has_word(const char *words, const char *name)
{
	while (words && *words && *words != ':') {
		if (is_word(words, name))
			return true;
		words += strcspn(words, " :");
		words += strspn(words, " ");
	}
	return false;
}

/* ---- sections ---- */

const char *suggest_kind(
	const struct merge *merge, const char *word, bool steps_only, bool with_name)
{
	char room[STR_SUGGEST_SIZE];
	struct list known = {0}, named = {0};
	const char *near;

	for (const struct schema *schema = merge->schemas; schema->kind; schema++) {
		const char *kind = schema->kind;

		if (has_word(schema->elsewhere, word))
			return arena_printf(merge->arena, "; did you mean '%s'?", kind);
		if (!schema->settings)
			list_add(&named, merge->arena, kind, strlen(kind));
		if (!steps_only || !schema->settings)
			list_add(&known, merge->arena, kind, strlen(kind));
	}
	if (!steps_only)
		list_add(&known, merge->arena, "defaults", strlen("defaults"));
	near = str_suggest(word, known.items, room);
	return *near ? arena_strdup(merge->arena, near)
		     : suggest(merge, word, with_name ? &named : &known);
}

const char *suggest_text(const struct merge *merge)
{
	return merge->text
		? arena_printf(merge->arena,
			  " (a line of the text of `%s` is indented below that)",
			  merge->text)
		: "";
}

const char *suggest_scoped(const struct merge *merge, const char *id)
{
	struct list known = {0};

	if (problems_full(merge->problems)) /* nobody would read it */
		return "";
	for (const struct section *one = merge->sections.first; one; one = one->next)
		if (one->module)
			list_add(&known, merge->arena, one->id, strlen(one->id));
	if (!known.count)
		return ", and there is none: a name without a module has no '/'";
	return str_suggest(id, known.items, arena_alloc(merge->arena, STR_SUGGEST_SIZE));
}

/* ---- keys ---- */

static void add_names(struct list *names, const struct field *fields, struct arena *arena)
{
	for (; fields && fields->name; fields++)
		list_add(names, arena, fields->name, strlen(fields->name));
}

/* The field that says this elsewhere, or NULL. */
const struct field *suggest_renamed(const struct field *fields, const char *name)
{
	for (; fields && fields->name; fields++)
		if (has_word(fields->elsewhere, name) ||
			has_word(fields->otherwise, name))
			return fields;
	return NULL;
}

/* ": it is a key of [x:NAME]", or "" where no other kind has it. */
static const char *kinds_with(const struct merge *merge, const char *key)
{
	const struct schema *schema = merge->schemas;
	CLEANUP_BUF struct buf kinds = BUF_INIT;

	for (; schema->kind; schema++) {
		if (!field_find(schema->fields, key))
			continue;
		buf_printf(&kinds, "%s[%s%s]", kinds.len ? ", " : ": it is a key of ",
			schema->kind, schema->settings ? "" : ":NAME");
	}
	return arena_memdup(merge->arena, kinds.len ? kinds.data : "", kinds.len);
}

const char *suggest_key(const struct merge *merge, const char *key, const char **ret_near)
{
	const struct field *field = suggest_renamed(merge->schema->fields, key);
	const char *elsewhere = kinds_with(merge, key);
	struct list names = {0};
	const char *near;

	add_names(&names, merge->schema->fields, merge->arena);
	add_names(&names, merge->schema->common, merge->arena);
	near = *ret_near = str_nearest(key, names.items);
	if (!field)
		field = suggest_renamed(merge->schema->common, key);
	if (field)
		*ret_near = field->name;
	if (field && has_word(field->otherwise, key))
		return strchr(field->otherwise, ':');
	if (field)
		return arena_printf(merge->arena,
			": it is called '%s' here; write %s = …", field->name,
			field->name);
	/* The same name in another section is surer than one that is near. */
	return near && !*elsewhere
		? suggest(merge, key, &names)
		: arena_printf(merge->arena, "%s%s",
			  *elsewhere ? elsewhere : suggest(merge, key, &names),
			  suggest_text(merge));
}
