/* SPDX-License-Identifier: MIT */
/*
 * The migrations of one contributor: which files of its directory they are, and their
 * order.
 */
#ifndef MIGRATION_DIRECTORY_H
#define MIGRATION_DIRECTORY_H

#include <stddef.h>

struct arena;
struct contributor;
struct dialect;
struct err;
struct migration;
struct problems;
struct stamp;

/* Migrations, in order. The list grows, and is the caller's to free. */
struct found {
	struct migration *list;
	size_t count;
	struct stamp *stamps; /* the same */
	size_t stamps_count;
	const struct dialect *dialect;
	struct arena *arena; /* of all that the list points to */
	struct problems *problems;
};

/*
 * Adds the migrations of `contributor`, with their hashes or its stamp, to `found`.
 * Returns 0, or -1 if something cannot be read. All else that is wrong (a directory that
 * is missing or has none, a name of no format, names of two formats, a version twice, a
 * down migration without its up migration) is added to the problems. Their SQL is not
 * looked at.
 */
int directory_read(
	struct found *found, const struct contributor *contributor, struct err *err);

#endif
