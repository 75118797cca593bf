/* SPDX-License-Identifier: MIT */
/* The keys of a JSON document. */
#include "conf/document_json.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/table.h"
#include "conf/document_edit.h"
#include "conf/field.h"

/* What a path leads to: the tokens of members' names, or of elements; 0: none. */
struct found {
	size_t token, other;
	bool array;  /* the way to the first leads through one */
	bool wanted; /* it is a key that is looked for, */
	bool begins; /* or the beginning of one, up to a dot */
};

static struct found *add_path(struct table *paths, const char *path, size_t size)
{
	struct found *found = table_get(paths, path, size);

	if (!found) {
		found = arena_alloc(paths->arena, sizeof *found);
		*found = (struct found){0};
		table_put(paths, path, size, found);
	}
	return found;
}

/* A name may have dots: so each beginning that fits is tried. */
static void add_key(struct table *paths, const char *key)
{
	for (const char *dot = key; (dot = strchr(dot, '.')); dot++)
		add_path(paths, key, (size_t)(dot - key))->begins = true;
	add_path(paths, key, strlen(key))->wanted = true;
}

/* What is in an object or array that `path` leads to. */
static void find(const struct json *json, size_t token, bool in_array, struct buf *path,
	const struct table *paths)
{
	const struct json_token *tokens = json->tokens;
	bool object = tokens[token].type == JSON_OBJECT, array = in_array || !object;
	size_t before = path->len, number = 0;

	if (!object && tokens[token].type != JSON_ARRAY)
		return;
	for (size_t i = token + 1; i < tokens[token].next; i = tokens[i].next) {
		struct found *found;
		size_t begin;

		buf_truncate(path, before);
		if (before)
			buf_putc(path, '.');
		begin = path->len;
		if (object)
			json_decode(json, i, path);
		else
			buf_printf(path, "%zu", number++);
		found = path->len > begin ? table_get(paths, path->data, path->len)
					  : NULL;
		if (found && found->wanted) {
			found->array |= !found->token && array;
			*(found->token ? &found->other : &found->token) = i;
		}
		if (found && found->begins)
			find(json, i + object, array, path, paths);
	}
	buf_truncate(path, before);
}

/* All keys at once: a pass over the text. */
static void find_keys(
	const struct json *json, const struct list *keys, struct table *ret_paths)
{
	CLEANUP_BUF struct buf path = BUF_INIT;

	for (size_t i = 0; i < keys->count; i++)
		add_key(ret_paths, keys->items[i]);
	find(json, 0, false, &path, ret_paths);
}

static const struct found *found_of(const struct table *paths, const char *key)
{
	return table_get(paths, key, strlen(key));
}

int document_json_missing(const char *file, const char *text, size_t size,
	const struct list *keys, struct buf *ret, struct err *err)
{
	CLEANUP_JSON struct json json = JSON_INIT;
	struct arena arena = {0};
	struct table paths = {.arena = &arena};

	if (!keys)
		return json_check(file, text, size, err);
	if (json_read(&json, file, text, size, err) < 0)
		return -1;
	find_keys(&json, keys, &paths);
	for (size_t i = 0; i < keys->count; i++)
		if (!found_of(&paths, keys->items[i])->token)
			buf_printf(ret, "%s'%s'", ret->len ? ", " : "", keys->items[i]);
	arena_release(&arena);
	return 0;
}

/* ---- editing ---- */

/* The members that are to go, by the tokens of their names. */
struct gone {
	size_t *list; /* in the order of the text */
	size_t count, at;
	struct arena arena;
};

static int in_order(const void *a, const void *b)
{
	const size_t *one = a, *other = b;

	return (*one > *other) - (*one < *other);
}

/* Is the member clear, and may it go? */
static int check_found(const struct json *json, const struct found *found,
	const char *key, struct err *err)
{
	struct place place;

	if (!found->array && !found->other)
		return 0;
	place = json_place(json, json->tokens[found->token].start);
	if (found->array) {
		(void)err_config(err,
			"'%s' is in an array, of which nothing is unset: `set` the whole "
			"array",
			key);
		return err_at(err, place);
	}
	(void)err_config(err,
		"'%s' is this member, and the one in line %d, too: `set` null for the "
		"one that is meant",
		key, place.line);
	return err_at(err, json_place(json, json->tokens[found->other].start));
}

static int find_gone(const struct json *json, const struct list *unset, struct gone *ret,
	struct err *err)
{
	struct table paths = {.arena = &ret->arena};

	ret->list = arena_alloc(&ret->arena, unset->count * sizeof *ret->list);
	find_keys(json, unset, &paths);
	for (size_t i = 0; i < unset->count; i++) {
		const struct found *found = found_of(&paths, unset->items[i]);

		if (!found->token)
			continue;
		if (check_found(json, found, unset->items[i], err) < 0)
			return -1;
		ret->list[ret->count++] = found->token;
	}
	if (ret->count)
		qsort(ret->list, ret->count, sizeof *ret->list, in_order);
	return 0;
}

/* {"a":{"b":null}}, if "b" in "a" is to go. */
static void add_nulls(
	const struct json *json, size_t object, struct gone *gone, struct buf *patch)
{
	const struct json_token *tokens = json->tokens;

	buf_putc(patch, '{');
	for (size_t i = object + 1; i < tokens[object].next; i = tokens[i].next) {
		if (gone->at == gone->count || gone->list[gone->at] >= tokens[i].next)
			continue;
		json_next(patch);
		buf_add(patch, json->text + tokens[i].start,
			tokens[i].end - tokens[i].start);
		buf_putc(patch, ':');
		if (gone->list[gone->at] != i) {
			add_nulls(json, i + 1, gone, patch);
			continue;
		}
		buf_puts(patch, "null");
		while (gone->at < gone->count && gone->list[gone->at] < tokens[i].next)
			gone->at++;
	}
	buf_putc(patch, '}');
}

static int merge(const struct json *json, const char *name, const char *patch,
	size_t size, struct buf *to, struct err *err)
{
	CLEANUP_JSON struct json changes = JSON_INIT;

	if (json_read(&changes, name, patch, size, err) < 0)
		return -1;
	return json_merge(json, &changes, to, err);
}

static int unset(const char *file, const char *text, size_t size, const struct list *keys,
	struct buf *to, struct err *err)
{
	CLEANUP_JSON struct json json = JSON_INIT;
	CLEANUP_BUF struct buf patch = BUF_INIT;
	struct gone gone = {0};
	int rc;

	if (json_read(&json, file, text, size, err) < 0)
		return -1;
	rc = find_gone(&json, keys, &gone, err);
	if (rc == 0 && !gone.count) {
		buf_add(to, text, size);
	} else if (rc == 0) {
		add_nulls(&json, 0, &gone, &patch);
		rc = merge(&json, "unset", patch.data, patch.len, to, err);
	}
	arena_release(&gone.arena);
	return rc;
}

int document_json_edit(const char *file, const char *text, size_t size,
	const struct document_edit *edit, struct buf *to, struct err *err)
{
	CLEANUP_JSON struct json json = JSON_INIT;
	CLEANUP_BUF struct buf now = BUF_INIT;

	if (edit->unset && edit->unset->count) {
		struct buf *rest = edit->set ? &now : to;

		if (unset(file, text, size, edit->unset, rest, err) < 0)
			return -1;
		text = now.data;
		size = now.len;
	}
	if (!edit->set)
		return 0;
	if (json_read(&json, file, text, size, err) < 0)
		return -1;
	return merge(&json, edit->set_name, edit->set, edit->set_size, to, err);
}
