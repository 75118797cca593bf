/* SPDX-License-Identifier: MIT */
/* Keys of a JSON document that are set to values from outside. */
#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/document_assign.h"
#include "conf/document_json.h"
#include "conf/escape_value.h"

/* All values are one patch: an object, or a value with what it comes from. */
struct node {
	const char *name;
	size_t size;       /* of the name */
	const char *value; /* as JSON, or NULL: an object */
	const char *from;
	struct node *first, *last, *next;
};

struct assignment {
	const struct json *json;
	struct arena *arena;
	struct node root;
	/* The path of the value at hand: the sizes of its names, and what it leads to. */
	size_t *sizes;
	size_t depth;
	size_t found; /* 0: nothing */
};

/* ---- where a value goes ---- */

/*
 * The size of the name that the path begins with: the longest that the object has, whose
 * value is then `ret`, or else up to the first dot, with 0.
 */
static size_t first_name(
	const struct assignment *all, size_t object, const char *path, size_t *ret)
{
	for (size_t size = strlen(path); size; size--) {
		CLEANUP_BUF struct buf name = BUF_INIT;

		if (path[size] && path[size] != '.')
			continue;
		buf_add(&name, path, size);
		*ret = json_find(all->json, object, name.data);
		if (*ret)
			return size;
	}
	*ret = 0;
	return strcspn(path, ".");
}

/* What the path leads to, or through, is nobody's to be replaced where it has members. */
static int check_value(const struct json *json, size_t token, bool last, const char *key,
	const char *end, struct err *err)
{
	static const char *const names[] = {"null", "a boolean", "a boolean", "a number",
		"a string", "an array", "an object"};
	enum json_type type = json->tokens[token].type;

	if (last ? type < JSON_ARRAY : type == JSON_OBJECT || type == JSON_NULL)
		return 0;
	(void)err_config(err, "'%.*s' is %s, %s", (int)(end - key), key, names[type],
		last ? "which no variable's value is"
		     : "and only of an object a member can be set");
	return err_at(err, json_place(json, json->tokens[token].start));
}

static int find_place(struct assignment *all, const char *key, struct err *err)
{
	bool there = true, last = false;

	all->depth = 0;
	all->found = 0;
	for (const char *at = key; !last;) {
		size_t found = 0;
		size_t size = there ? first_name(all, all->found, at, &found)
				    : strcspn(at, ".");

		if (!size)
			return err_config(err, "'%s' has a name of no characters", key);
		if (all->depth == JSON_DEPTH_MAX)
			return err_config(
				err, "it leads deeper than %d objects", JSON_DEPTH_MAX);
		last = !at[size];
		if (found && check_value(all->json, found, last, key, at + size, err) < 0)
			return -1;
		all->sizes[all->depth++] = size;
		all->found = found;
		there = found;
		at += size + 1;
	}
	return 0;
}

/* ---- the patch ---- */

static struct node *find_member(const struct node *object, const char *name, size_t size)
{
	struct node *node = object->first;

	while (node && (node->size != size || memcmp(node->name, name, size) != 0))
		node = node->next;
	return node;
}

static struct node *add_member(
	struct assignment *all, struct node *object, const char *name, size_t size)
{
	struct node *node = arena_alloc(all->arena, sizeof *node);

	*node = (struct node){.name = name, .size = size};
	if (object->last)
		object->last->next = node;
	else
		object->first = node;
	object->last = node;
	return node;
}

/* `text` NULL: the member is missing, and stays so. */
static int put(struct assignment *all, const struct document_value *value,
	const char *text, struct err *err)
{
	struct node *object = &all->root;
	const char *at = value->key;

	for (size_t i = 0; i < all->depth; i++) {
		struct node *node = find_member(object, at, all->sizes[i]);

		if (node && node->value)
			return err_config(err,
				"%s sets '%.*s', and only of an object a member can be "
				"set",
				node->from, (int)(at + all->sizes[i] - value->key),
				value->key);
		if (!node && !text)
			return 0;
		if (!node)
			node = add_member(all, object, at, all->sizes[i]);
		object = node;
		at += all->sizes[i] + 1;
	}
	object->value = text;
	object->from = value->from;
	return 0;
}

static int add_value(
	struct assignment *all, const struct document_value *value, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	int rc = find_place(all, value->key, err);

	if (rc < 0)
		return -1;
	if (!all->found && str_equal(value->value, "null"))
		return put(all, value, NULL, err);
	if (all->found && all->json->tokens[all->found].type == JSON_STRING)
		rc = escape_quote(escape_json, '"', value->value, &text, err);
	else
		rc = escape_json_bare(value->value, &text, err);
	return rc < 0
		? -1
		: put(all, value, arena_memdup(all->arena, text.data, text.len), err);
}

static void write_object(const struct node *object, struct buf *to)
{
	buf_putc(to, '{');
	for (const struct node *node = object->first; node; node = node->next) {
		buf_puts(to, node == object->first ? "\"" : ",\"");
		json_escape(to, node->name, node->size);
		buf_puts(to, "\":");
		if (node->value)
			buf_puts(to, node->value);
		else
			write_object(node, to);
	}
	buf_putc(to, '}');
}

int document_json_assign(const char *file, const char *text, size_t size,
	const struct document_value *values, size_t count, struct arena *arena,
	struct buf *to, struct err *err)
{
	CLEANUP_JSON struct json json = JSON_INIT, patch = JSON_INIT;
	CLEANUP_BUF struct buf written = BUF_INIT;
	struct assignment all = {.json = &json, .arena = arena};

	if (count && json_read(&json, file, text, size, err) < 0)
		return -1;
	all.sizes = arena_alloc(arena, JSON_DEPTH_MAX * sizeof *all.sizes);
	for (size_t i = 0; i < count; i++)
		if (add_value(&all, &values[i], err) < 0)
			return err_prefix(err, "%s", values[i].from);
	if (!all.root.first) {
		buf_add(to, text, size);
		return 0;
	}
	write_object(&all.root, &written);
	if (json_read(&patch, "the variables", written.data, written.len, err) < 0)
		return -1;
	return json_merge(&json, &patch, to, err);
}
