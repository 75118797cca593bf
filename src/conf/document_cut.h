/* SPDX-License-Identifier: MIT */
/* Changes of a text: bytes of it, and what takes their place. */
#ifndef CONF_DOCUMENT_CUT_H
#define CONF_DOCUMENT_CUT_H

#include <stddef.h>

struct arena;
struct buf;

struct cut {
	size_t at, size;
	const char *with;
	size_t order; /* of those at one place */
};

struct cuts {
	struct arena *arena; /* holds them */
	struct cut *items;
	size_t count;
};

/* `with` is not copied. No two may overlap; at one place they stand in their order. */
void cuts_add(struct cuts *cuts, size_t at, size_t size, const char *with);

/* Appends the changed text. */
void cuts_write(struct cuts *cuts, const char *text, size_t size, struct buf *to);

#endif
