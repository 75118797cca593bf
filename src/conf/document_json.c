/* SPDX-License-Identifier: MIT */
/* The keys of a JSON document. */
#include "conf/document_json.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "conf/document_assign.h"
#include "conf/document_edit.h"
#include "conf/escape_value.h"
#include "conf/field.h"

static bool json_has(const struct json *json, size_t token, const char *path);

/* Does the path begin with this name, which leads to the value at `token`? */
static bool leads_on(
	const struct json *json, size_t token, const struct buf *name, const char *path)
{
	const char *rest = path + name->len;

	if (strncmp(path, name->data, name->len) != 0)
		return false;
	return !*rest || (*rest == '.' && json_has(json, token, rest + 1));
}

/* A name may have dots: so each that fits is tried. */
static bool json_has(const struct json *json, size_t token, const char *path)
{
	const struct json_token *tokens = json->tokens;
	bool object = tokens[token].type == JSON_OBJECT;
	size_t number = 0;

	if (!object && tokens[token].type != JSON_ARRAY)
		return false;
	for (size_t i = token + 1; i < tokens[token].next; i = tokens[i].next) {
		CLEANUP_BUF struct buf name = BUF_INIT;

		if (object)
			json_decode(json, i, &name);
		else
			buf_printf(&name, "%zu", number++);
		if (name.len && leads_on(json, object ? i + 1 : i, &name, path))
			return true;
	}
	return false;
}

int document_json_read(
	const char *file, const char *text, size_t size, const char *key, struct err *err)
{
	CLEANUP_JSON struct json json = JSON_INIT;

	if (json_read(&json, file, text, size, err) < 0)
		return -1;
	return key && json_has(&json, 0, key);
}

/* ---- editing ---- */

static int merge(const char *file, const struct buf *text, const char *name,
	const char *patch, size_t size, struct buf *to, struct err *err)
{
	CLEANUP_JSON struct json json = JSON_INIT, changes = JSON_INIT;

	if (json_read(&json, file, text->data, text->len, err) < 0 ||
		json_read(&changes, name, patch, size, err) < 0)
		return -1;
	return json_merge(&json, &changes, to, err);
}

/* {"a": {"b": null}} for "a.b". */
static void add_null(struct buf *patch, const char *key)
{
	size_t depth = 0;

	for (;; depth++) {
		size_t size = strcspn(key, ".");

		buf_puts(patch, "{\"");
		json_escape(patch, key, size);
		buf_puts(patch, "\":");
		if (!key[size])
			break;
		key += size + 1;
	}
	buf_puts(patch, "null");
	for (size_t i = 0; i <= depth; i++)
		buf_putc(patch, '}');
}

int document_json_edit(const char *file, const char *text, size_t size,
	const struct document_edit *edit, struct buf *to, struct err *err)
{
	CLEANUP_BUF struct buf now = BUF_INIT;

	buf_add(&now, text, size);
	for (size_t i = 0; edit->unset && i < edit->unset->count; i++) {
		const char *key = edit->unset->items[i];
		CLEANUP_BUF struct buf patch = BUF_INIT, next = BUF_INIT;
		int has = document_json_read(file, now.data, now.len, key, err);

		if (has < 0)
			return -1;
		if (!has)
			continue;
		add_null(&patch, key);
		if (merge(file, &now, key, patch.data, patch.len, &next, err) < 0)
			return -1;
		buf_truncate(&now, 0);
		buf_add(&now, next.data, next.len);
	}
	if (edit->set)
		return merge(
			file, &now, edit->set_name, edit->set, edit->set_size, to, err);
	buf_add(to, now.data, now.len);
	return 0;
}

/* ---- one value ---- */

/*
 * The size of the name that the path begins with: the longest that the object has, whose
 * value is then `ret`, or else up to the first dot, with 0.
 */
static size_t first_name(
	const struct json *json, size_t object, const char *path, size_t *ret)
{
	for (size_t size = strlen(path); size; size--) {
		CLEANUP_BUF struct buf name = BUF_INIT;

		if (path[size] && path[size] != '.')
			continue;
		buf_add(&name, path, size);
		*ret = json_find(json, object, name.data);
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

/*
 * Appends {"a":{"b": for "a.b", with the value that is there in `ret`, or 0. Returns how
 * many braces are open, or -1.
 */
static int open_patch(const struct json *json, const char *key, struct buf *patch,
	size_t *ret, struct err *err)
{
	bool there = true, last = false;
	int depth = 0;

	for (const char *at = key; !last; depth++) {
		size_t found = 0, object = depth ? *ret : 0;
		size_t size =
			there ? first_name(json, object, at, &found) : strcspn(at, ".");

		if (!size)
			return err_config(err, "'%s' has a name of no characters", key);
		last = !at[size];
		if (found && check_value(json, found, last, key, at + size, err) < 0)
			return -1;
		buf_puts(patch, "{\"");
		json_escape(patch, at, size);
		buf_puts(patch, "\":");
		*ret = found;
		there = found;
		at += size + 1;
	}
	return depth;
}

int document_json_assign(const char *file, const char *text, size_t size,
	const struct document_value *value, struct buf *to, struct err *err)
{
	CLEANUP_BUF struct buf patch = BUF_INIT, now = BUF_INIT;
	CLEANUP_JSON struct json json = JSON_INIT;
	size_t found = 0;
	int depth;

	buf_add(&now, text, size);
	if (json_read(&json, file, now.data, now.len, err) < 0)
		return -1;
	depth = open_patch(&json, value->key, &patch, &found, err);
	if (depth < 0)
		return -1;
	if (found && json.tokens[found].type == JSON_STRING) {
		if (escape_quote(escape_json, '"', value->value, &patch, err) < 0)
			return -1;
	} else if (!found && str_equal(value->value, "null")) {
		buf_add(to, text, size);
		return 0;
	} else if (escape_json_bare(value->value, &patch, err) < 0) {
		return -1;
	}
	while (depth-- > 0)
		buf_putc(&patch, '}');
	return merge(file, &now, value->from, patch.data, patch.len, to, err);
}
