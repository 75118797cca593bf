/* SPDX-License-Identifier: MIT */
/* Finding keys by their names. */
#include "conf/document_keys.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "conf/document_property.h"

/* Names of ini are the same in any case. */
static void put(enum document_format format, struct span text, struct buf *ret)
{
	for (size_t i = 0; i < text.size; i++) {
		char c = text.data[i];
		bool upper = format == DOCUMENT_INI && c >= 'A' && c <= 'Z';

		buf_putc(ret, upper ? (char)(c - 'A' + 'a') : c);
	}
}

static void put_line(const struct lines *lines, struct buf *ret)
{
	if (lines->format == DOCUMENT_LINES)
		return;
	if (lines->format == DOCUMENT_PROPERTIES) {
		property_put_key(ret, lines->key);
		return;
	}
	put(lines->format, lines->section, ret);
	if (lines->section.size)
		buf_putc(ret, '.');
	put(lines->format, lines->key, ret);
}

static void add(struct document_keys *keys, const struct buf *name)
{
	struct document_key *first = table_get(&keys->table, name->data, name->len);
	struct document_key *known = arena_alloc(keys->table.arena, sizeof *known);

	*known = (struct document_key){.number = keys->count++, .last = known};
	if (!first) {
		table_put(&keys->table,
			arena_memdup(keys->table.arena, name->data, name->len), name->len,
			known);
		return;
	}
	first->last->next = known;
	first->last = known;
}

void document_keys_add(struct document_keys *keys, const char *key)
{
	CLEANUP_BUF struct buf name = BUF_INIT;

	if (keys->format != DOCUMENT_LINES)
		put(keys->format, (struct span){key, strlen(key)}, &name);
	add(keys, &name);
}

void document_keys_add_line(struct document_keys *keys, const struct lines *lines)
{
	CLEANUP_BUF struct buf name = BUF_INIT;

	put_line(lines, &name);
	add(keys, &name);
}

const struct document_key *document_keys_find(
	const struct document_keys *keys, const struct lines *lines)
{
	CLEANUP_BUF struct buf name = BUF_INIT;

	if (!lines->key.size)
		return NULL;
	put_line(lines, &name);
	return table_get(&keys->table, name.data, name.len);
}
