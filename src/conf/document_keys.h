/* SPDX-License-Identifier: MIT */
/*
 * Keys that are looked for in the lines of a document (conf/document_lines.h), by name:
 *
 *	struct document_keys keys = {.table = {.arena = &arena}, .format = format};
 *	document_keys_add(&keys, "section.key");	it has number 0
 *	for (known = document_keys_find(&keys, &lines); known; known = known->next)
 *		… lines_is_key(&lines, key known->number) …
 *
 * What is found may be it, and what is not found is not: of a text of lines, whose keys
 * are what a line begins with, that is all of them. Keys are copied into the arena.
 */
#ifndef CONF_DOCUMENT_KEYS_H
#define CONF_DOCUMENT_KEYS_H

#include "base/table.h"
#include "conf/document_lines.h"

struct document_key {
	size_t number; /* how many were added before it */
	struct document_key *next, *last;
};

struct document_keys {
	enum document_format format;
	struct table table;
	size_t count;
};

/* A key as lines_is_key() takes it, and one as the line has it. */
void document_keys_add(struct document_keys *keys, const char *key);
void document_keys_add_line(struct document_keys *keys, const struct lines *lines);

/* Those that the line may have, in their order; NULL: none. */
const struct document_key *document_keys_find(
	const struct document_keys *keys, const struct lines *lines);

#endif
