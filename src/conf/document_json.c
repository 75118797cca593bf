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
#include "conf/document_edit.h"
#include "conf/field.h"

/* What a path leads to: the tokens of members' names, or of elements; 0: none. */
struct found {
	size_t token, other;
	bool array; /* the way to the first leads through one */
};

/* A name may have dots: so each that fits is tried. */
static void find(const struct json *json, size_t token, const char *path,
	struct buf *name, struct found *ret)
{
	const struct json_token *tokens = json->tokens;
	bool object = tokens[token].type == JSON_OBJECT;
	size_t size = strlen(path), number = 0;

	if (!object && tokens[token].type != JSON_ARRAY)
		return;
	for (size_t i = token + 1; i < tokens[token].next; i = tokens[i].next) {
		bool first = !ret->token;

		buf_truncate(name, 0);
		if (object)
			json_decode(json, i, name);
		else
			buf_printf(name, "%zu", number++);
		if (!name->len || name->len > size ||
			memcmp(path, name->data, name->len) != 0)
			continue;
		if (path[name->len] == '.')
			find(json, i + object, path + name->len + 1, name, ret);
		else if (!path[name->len])
			*(first ? &ret->token : &ret->other) = i;
		ret->array |= first && ret->token && !object;
	}
}

int document_json_missing(const char *file, const char *text, size_t size,
	const struct list *keys, struct buf *ret, struct err *err)
{
	CLEANUP_JSON struct json json = JSON_INIT;
	CLEANUP_BUF struct buf name = BUF_INIT;

	if (!keys)
		return json_check(file, text, size, err);
	if (json_read(&json, file, text, size, err) < 0)
		return -1;
	for (size_t i = 0; i < keys->count; i++) {
		struct found found = {0};

		find(&json, 0, keys->items[i], &name, &found);
		if (!found.token)
			buf_printf(ret, "%s'%s'", ret->len ? ", " : "", keys->items[i]);
	}
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
	struct place place = json_place(json, json->tokens[found->token].start);

	if (found->array) {
		(void)err_config(err,
			"'%s' is in an array, of which nothing is unset: `set` the whole "
			"array",
			key);
		return err_at(err, place);
	}
	if (!found->other)
		return 0;
	(void)err_config(err,
		"'%s' is this member, and the one in line %d, too: `set` null for the "
		"one that is meant",
		key, place.line);
	return err_at(err, json_place(json, json->tokens[found->other].start));
}

static int find_gone(const struct json *json, const struct list *unset, struct gone *ret,
	struct err *err)
{
	CLEANUP_BUF struct buf name = BUF_INIT;

	ret->list = arena_alloc(&ret->arena, unset->count * sizeof *ret->list);
	for (size_t i = 0; i < unset->count; i++) {
		struct found found = {0};

		find(json, 0, unset->items[i], &name, &found);
		if (!found.token)
			continue;
		if (check_found(json, &found, unset->items[i], err) < 0)
			return -1;
		ret->list[ret->count++] = found.token;
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
