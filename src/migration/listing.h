/* SPDX-License-Identifier: MIT */
/* The files of a contributor that are migrations by their names. */
#ifndef MIGRATION_LISTING_H
#define MIGRATION_LISTING_H

#include <stddef.h>

#include "base/place.h"
#include "migration/migration.h"

struct arena;
struct contributor;
struct err;
struct format;
struct markers;
struct problems;

struct candidate {
	struct migration migration; /* not read yet */
	struct place at;            /* its file, for errors */
	const struct format *format;
	const struct markers *markers; /* of its text, once it was read; or NULL */
};

/* The caller sets contributor, arena and problems, and frees the list. */
struct listing {
	const struct contributor *contributor;
	struct arena *arena; /* of all that the list points to */
	struct problems *problems;
	struct candidate *list;
	size_t count;
	size_t entries; /* seen so far, of any kind */
};

/*
 * Lists the candidates, in any order. Returns 0, or -1 if a directory cannot be read or
 * there are too many of them. A name of no format, a program, or a path that is missing
 * or neither a directory nor SQL, is added to the problems.
 */
int listing_read(struct listing *listing, struct err *err);

#endif
