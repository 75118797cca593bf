/* SPDX-License-Identifier: MIT */
/* What an edit sets and removes. */
#include "conf/document_change.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "conf/document_doubt.h"
#include "conf/field.h"

static struct change *add_change(struct changes *changes, struct arena *arena)
{
	changes->items = arena_array_grow(
		arena, changes->items, changes->count, sizeof *changes->items);
	changes->items[changes->count] = (struct change){0};
	return &changes->items[changes->count++];
}

bool change_concerns(const struct change *change, const struct lines *lines)
{
	if (change->unset)
		return lines_is_key(lines, change->unset);
	if (change->match)
		return lines_is_key(lines, change->match);
	return lines_same_section(lines, change->section) &&
		lines_same_key(lines, change->key);
}

/* The longest one that the line begins with, or NULL. */
static const char *find_match(const struct list *match, const struct lines *lines)
{
	const char *found = NULL;

	for (size_t i = 0; match && i < match->count; i++) {
		const char *item = match->items[i];

		if (lines_is_key(lines, item) && (!found || strlen(item) > strlen(found)))
			found = item;
	}
	return found;
}

/* Headers in `set` come one after the other: mostly it is the last one. */
static size_t place_of(
	struct changes *changes, const struct lines *lines, struct arena *arena)
{
	size_t i = changes->section_count;

	while (i > 0) {
		const struct change_section *at = &changes->sections[--i];

		if (lines_same_section(lines, at->section) &&
			at->head.size == lines->head.size &&
			at->section.data - at->head.data ==
				lines->section.data - lines->head.data)
			return i;
	}
	changes->sections = arena_array_grow(arena, changes->sections,
		changes->section_count, sizeof *changes->sections);
	changes->sections[changes->section_count] = (struct change_section){
		lines->section, lines->head, CHANGE_NOWHERE, {NULL, 0}};
	return changes->section_count++;
}

static int raise_twice(const struct lines *lines, struct err *err)
{
	return lines_raise(lines,
		lines->format == DOCUMENT_LINES
			? "two lines are set or unset that begin alike"
			: "the key is set or unset twice",
		err);
}

/*
 * What has no '=' sets nothing. In a section of ini it may be a switch, as some programs
 * have them.
 */
static bool is_no_assignment(const struct lines *lines)
{
	return lines->format != DOCUMENT_LINES && !lines->section.size &&
		!lines->value.size && !memchr(lines->line.data, '=', lines->line.size) &&
		!memchr(lines->line.data, ':', lines->line.size);
}

/* A shell takes no white space around the '=' of a variable. */
static struct span line_of(const struct lines *lines, struct arena *arena)
{
	const char *key = lines->key.data, *value = lines->value.data;
	size_t size = lines->value.size;
	char *line;

	if (lines->format != DOCUMENT_ENV)
		return (struct span){key, (size_t)(value + size - key)};
	line = arena_printf(arena, "%s%.*s=%s", lines->exported ? "export " : "",
		(int)lines->key.size, key, (char *)arena_memdup(arena, value, size));
	return (struct span){line, strlen(line)};
}

/* What follows the line may be more of its value, or the line more of the one above. */
static int check_doubt(
	const struct document_doubt *doubt, const struct lines *lines, struct err *err)
{
	if (doubt->end && doubt->end > lines->rest.data)
		return lines_raise(lines,
			"the value seems to go on in the next line; only values of one "
			"line are set",
			err);
	if (doubt->open == lines->number)
		return lines_raise(lines,
			"the value ends in a backslash, which would join the next line "
			"to it",
			err);
	if (!doubt->why)
		return 0;
	(void)err_config(err, "%s; it is not set", doubt->why); /* always -1 */
	return lines_locate(lines, err);
}

static int add_set(struct changes *changes, const struct lines *lines,
	const struct list *match, struct arena *arena, struct err *err)
{
	const struct document_key *known;
	struct change *change;

	if (lines->heads && !lines->section.size)
		return lines_raise(lines, "the header has no name of a section", err);
	if (!lines->key.size)
		return lines_check_head(lines, err);
	if (is_no_assignment(lines))
		return lines_raise(lines, "it has no '=', as in KEY = VALUE", err);
	for (known = document_keys_find(&changes->keys, lines); known;
		known = known->next)
		if (change_concerns(&changes->items[known->number], lines))
			return raise_twice(lines, err);
	change = add_change(changes, arena);
	document_keys_add_line(&changes->keys, lines);
	change->place = place_of(changes, lines, arena);
	change->section = lines->section;
	change->head = lines->head;
	change->key = lines->key;
	change->value = lines->value;
	change->match = find_match(match, lines);
	change->line = line_of(lines, arena);
	change->exported = lines->exported;
	return 0;
}

int changes_find(enum document_format format, const struct document_edit *edit,
	struct arena *arena, struct changes *ret, struct err *err)
{
	struct document_doubt doubt = {0};
	struct lines lines;
	int rc;

	ret->keys = (struct document_keys){.table = {.arena = arena}, .format = format};
	for (size_t i = 0; edit->unset && i < edit->unset->count; i++) {
		add_change(ret, arena)->unset = edit->unset->items[i];
		document_keys_add(&ret->keys, edit->unset->items[i]);
	}
	if (!edit->set)
		return 0;
	rc = lines_begin(&lines, format, edit->set_name, edit->set, edit->set_size, err);
	if (rc < 0)
		return -1;
	while ((rc = lines_next(&lines, err)) == 1) {
		document_doubt_line(&doubt, &lines);
		if (check_doubt(&doubt, &lines, err) < 0 ||
			add_set(ret, &lines, edit->match, arena, err) < 0)
			return -1;
	}
	return rc;
}
