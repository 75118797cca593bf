/* SPDX-License-Identifier: MIT */
/* Merging a patch into a JSON text, whose other bytes are copied. */
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

#define STYLE_MAX 128 /* white space that is copied to each new member */

struct piece {
	const char *text;
	size_t size;
};

struct editor {
	const struct json *json, *patch;
	/* How the text is written, as its first member shows it. */
	bool lines; /* a member a line */
	struct piece line_end, unit, colon;
	size_t line, seen; /* where the line begins that the byte `seen` is in */
	struct arena arena;
	struct buf *to;
	size_t room; /* how many bytes `to` may still get */
	bool full;
	struct err *err;
};

struct member {
	const char *key; /* decoded; `size` bytes */
	size_t size;
	size_t token; /* of the key */
	size_t other; /* the value that the other object has by this name, or 0 */
};

struct members {
	struct member *list;
	size_t count;
};

static int by_key(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	int order = memcmp(x->key, y->key, x->size < y->size ? x->size : y->size);

	return order ? order : (x->size > y->size) - (x->size < y->size);
}

static int by_token(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return (x->token > y->token) - (x->token < y->token);
}

/* An object's members, sorted by key. */
static int read_members(
	struct editor *m, const struct json *json, size_t object, struct members *ret)
{
	size_t end = json->tokens[object].next, n = 0;
	CLEANUP_BUF struct buf key = BUF_INIT;

	for (size_t i = object + 1; i < end; i = json->tokens[i].next)
		n++;
	ret->list = arena_alloc(&m->arena, n * sizeof *ret->list);
	ret->count = 0;
	for (size_t i = object + 1; i < end; i = json->tokens[i].next) {
		buf_truncate(&key, 0);
		json_decode(json, i, &key);
		ret->list[ret->count++] = (struct member){
			.key = arena_memdup(&m->arena, key.data, key.len),
			.size = key.len,
			.token = i,
		};
	}
	qsort(ret->list, n, sizeof *ret->list, by_key);
	for (size_t i = 1; i < n; i++) {
		const struct member *twice = &ret->list[i];

		if (by_key(twice - 1, twice) != 0)
			continue;
		(void)err_config(m->err, "two members have the name '%s'", twice->key);
		return err_at(m->err, json_place(json, json->tokens[twice->token].start));
	}
	return 0;
}

/* Says of each member which value the other object has for it; both are sorted. */
static void match(struct members *old, struct members *new)
{
	for (size_t i = 0, k = 0; i < old->count && k < new->count;) {
		int order = by_key(&old->list[i], &new->list[k]);

		if (order == 0) {
			old->list[i].other = new->list[k].token + 1;
			new->list[k].other = old->list[i].token + 1;
		}
		i += order <= 0;
		k += order >= 0;
	}
	qsort(old->list, old->count, sizeof *old->list, by_token);
	qsort(new->list, new->count, sizeof *new->list, by_token);
}

/* The same tokens, written the same way but for the space between them. */
static bool equal(const struct json *a, size_t i, const struct json *b, size_t k)
{
	size_t count = a->tokens[i].next - i;

	if (b->tokens[k].next - k != count)
		return false;
	for (size_t n = 0; n < count; n++) {
		const struct json_token *x = &a->tokens[i + n], *y = &b->tokens[k + n];
		size_t size = x->end - x->start;

		if (x->type != y->type || x->next - i != y->next - k)
			return false;
		if (x->type < JSON_ARRAY &&
			(y->end - y->start != size ||
				memcmp(a->text + x->start, b->text + y->start, size) !=
					0))
			return false;
	}
	return true;
}

/* What is too much is not written, and said at the end. */
static void add(struct editor *m, struct piece span)
{
	m->full |= span.size > m->room;
	if (m->full)
		return;
	buf_add(m->to, span.text, span.size);
	m->room -= span.size;
}

static void add_text(struct editor *m, const char *text)
{
	add(m, (struct piece){text, strlen(text)});
}

static struct piece between(const struct json *json, size_t start, size_t end)
{
	return (struct piece){json->text + start, end - start};
}

static bool has_line_end(struct piece span)
{
	return memchr(span.text, '\n', span.size);
}

/*
 * The white space with which the line of this byte begins. Lines may be long: what was
 * searched for a byte before this one is not searched again.
 */
static struct piece indentation(struct editor *m, size_t at)
{
	const char *text = m->json->text, *line_end;
	size_t from = at < m->line ? 0 : m->seen, end;

	line_end = memrchr(text + from, '\n', at > from ? at - from : 0);
	if (line_end || from == 0)
		m->line = line_end ? (size_t)(line_end - text) + 1 : 0;
	m->seen = at;
	for (end = m->line; end < at && strchr(" \t", text[end]); end++)
		if (end - m->line == STYLE_MAX)
			return (struct piece){0};
	return between(m->json, m->line, end);
}

static void see_style(struct editor *m)
{
	const struct json_token *root = m->json->tokens;
	const char *line_end = memchr(m->json->text, '\n', m->json->size);
	struct piece indent;
	bool crlf = line_end && line_end > m->json->text && line_end[-1] == '\r';

	m->line_end = crlf ? (struct piece){"\r\n", 2} : (struct piece){"\n", 1};
	m->lines = true;
	m->unit = (struct piece){"  ", 2};
	m->colon = (struct piece){": ", 2};
	if (root->next == 1)
		return;
	m->lines = has_line_end(between(m->json, root->start, root[1].start));
	indent = indentation(m, root[1].start);
	if (root[1].start - m->line <= STYLE_MAX)
		m->unit = indent;
	if (root[2].start - root[1].end <= STYLE_MAX)
		m->colon = between(m->json, root[1].end, root[2].start);
}

static void add_line(struct editor *m, struct piece indent, int depth)
{
	add(m, m->line_end);
	add(m, indent);
	while (depth-- > 0)
		add(m, m->unit);
}

/* What stands in front of an element, on a line of its own or not. */
static void separate(
	struct editor *m, bool first, bool lines, struct piece indent, int depth)
{
	if (!first)
		add_text(m, ",");
	if (lines)
		add_line(m, indent, depth);
	else if (!first && m->colon.size > 1)
		add_text(m, " ");
}

/*
 * A value of the patch, in lines where it has them there, which are indented like the
 * line it begins on. In an array null is a value, and means no removal.
 */
static void write_value(
	struct editor *m, size_t token, struct piece indent, int depth, bool in_array)
{
	const struct json_token *all = m->patch->tokens, *value = &all[token];
	bool object = value->type == JSON_OBJECT, first = true;
	bool lines = m->lines && token + 1 < value->next &&
		has_line_end(between(m->patch, value->start, all[token + 1].start));

	if (value->type < JSON_ARRAY) {
		add(m, between(m->patch, value->start, value->end));
		return;
	}
	add_text(m, object ? "{" : "[");
	for (size_t i = token + 1; i < value->next; i = all[i].next) {
		if (object && !in_array && all[i + 1].type == JSON_NULL)
			continue;
		separate(m, first, lines, indent, depth + 1);
		first = false;
		if (object) {
			add(m, between(m->patch, all[i].start, all[i].end));
			add(m, m->colon);
		}
		write_value(m, i + object, indent, depth + 1, in_array || !object);
	}
	if (lines && !first)
		add_line(m, indent, depth);
	add_text(m, object ? "}" : "]");
}

static int merge_object(struct editor *m, size_t at, size_t patch);

/* The value of a member that stays. */
static int merge_value(struct editor *m, const struct member *member)
{
	const struct json_token *key = &m->json->tokens[member->token];
	size_t value = member->token + 1;
	enum json_type type = m->patch->tokens[member->other].type;

	if (member->other && type == JSON_OBJECT && key[1].type == JSON_OBJECT)
		return merge_object(m, value, member->other);
	if (!member->other || equal(m->json, value, m->patch, member->other))
		add(m, between(m->json, key[1].start, key[1].end));
	else
		write_value(m, member->other, indentation(m, key->start), 0, false);
	return 0;
}

/* What stands in front of a new member: what does in front of the last one. */
static void add_gap(struct editor *m, const struct json_token *object,
	const struct members *old, bool first, struct piece indent)
{
	const struct json_token *tokens = m->json->tokens;
	size_t start = object->start + 1, last = old->count - 1, key;

	if (old->count == 0) {
		separate(m, first, m->lines, indent, 1);
		return;
	}
	key = tokens[old->list[first ? 0 : last].token].start;
	if (!first && last > 0)
		start = tokens[old->list[last - 1].token + 1].end;
	if (key - start > STYLE_MAX) {
		separate(m, first, m->lines, indent, 0);
		return;
	}
	if (!first && last == 0) {
		add_text(m, ",");
		if (key == start && m->colon.size > 1)
			add_text(m, " ");
	}
	add(m, between(m->json, start, key));
}

/* The members that the object does not have. Returns whether it still has none. */
static bool insert(struct editor *m, const struct json_token *object,
	const struct members *old, const struct members *new, bool first)
{
	bool none = old->count == 0;
	size_t last = none ? 0 : old->list[old->count - 1].token;
	size_t line = none ? object->start : m->json->tokens[last].start;
	struct piece indent = indentation(m, line);

	for (size_t i = 0; i < new->count; i++) {
		const struct json_token *key = &m->patch->tokens[new->list[i].token];

		if (new->list[i].other || key[1].type == JSON_NULL)
			continue;
		add_gap(m, object, old, first, indent);
		first = false;
		add(m, between(m->patch, key->start, key->end));
		add(m, m->colon);
		write_value(m, new->list[i].token + 1, indent, none, false);
	}
	return first;
}

static int merge_object(struct editor *m, size_t at, size_t patch)
{
	const struct json_token *tokens = m->json->tokens, *object = &tokens[at];
	size_t end = object->start + 1; /* of the member before */
	struct members old, new;
	bool first = true;

	if (read_members(m, m->json, at, &old) < 0 ||
		read_members(m, m->patch, patch, &new) < 0)
		return -1;
	match(&old, &new);
	add_text(m, "{");
	for (size_t i = 0; i < old.count; i++) {
		const struct member *member = &old.list[i];
		const struct json_token *key = &tokens[member->token];
		bool stays = !member->other ||
			m->patch->tokens[member->other].type != JSON_NULL;

		if (stays) {
			size_t start = first ? tokens[old.list->token].start : key->start;

			add(m, between(m->json, first ? object->start + 1 : end, start));
			add(m, between(m->json, key->start, key[1].start));
			if (merge_value(m, member) < 0)
				return -1;
			first = false;
		}
		end = key[1].end;
	}
	first = insert(m, object, &old, &new, first);
	if (old.count == 0 && !first && m->lines)
		add_line(m, indentation(m, object->start), 0);
	else if (!first || old.count == 0)
		add(m, between(m->json, end, object->end - 1));
	add_text(m, "}");
	return 0;
}

int json_merge(const struct json *json, const struct json *patch, struct buf *to,
	struct err *err)
{
	const struct json *both[] = {json, patch};
	struct editor m = {
		.json = json,
		.patch = patch,
		.to = to,
		.room = JSON_SIZE_MAX,
		.err = err,
	};
	const struct json_token *root = json->tokens;
	struct members members;
	int rc = 0;

	for (size_t i = 0; i < 2; i++) {
		if (both[i]->tokens->type == JSON_OBJECT)
			continue;
		(void)err_config(err, "an object is expected");
		return err_at(err, json_place(both[i], both[i]->tokens->start));
	}
	/* What is inserted is not merged, and so not seen again. */
	for (size_t i = 1; i < patch->count && rc == 0; i++)
		if (patch->tokens[i].type == JSON_OBJECT)
			rc = read_members(&m, patch, i, &members);
	see_style(&m);
	add(&m, between(json, 0, root->start));
	if (rc == 0)
		rc = merge_object(&m, 0, 0);
	add(&m, between(json, root->end, json->size));
	arena_release(&m.arena);
	if (rc == 0 && m.full) {
		(void)err_config(err, "the merged text is larger than 16 MiB");
		return err_at(err, json_place(json, root->start));
	}
	return rc;
}
