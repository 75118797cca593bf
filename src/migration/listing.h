/* SPDX-License-Identifier: MIT */
/* What a contributor has: the files that are migrations by their names. */
#ifndef MIGRATION_LISTING_H
#define MIGRATION_LISTING_H

#include <stddef.h>

#include "base/place.h"
#include "migration/format.h"
#include "migration/migration.h"

struct arena;
struct contributor;
struct err;
struct problems;

/* A file that is a migration by its name. */
struct candidate {
	struct migration migration;
	struct place at; /* the file, for errors */
	const struct format *format;
	enum format_role role; /* the format's, unless the others of its version differ */
	const char *stem;      /* id and name, as they are written */
	const char *entry;     /* the name of the file, or of its directory */
	const char *sort;      /* set by sequence.c */
};

struct listing {
	const struct contributor *contributor;
	struct arena *arena; /* of all strings */
	struct problems *problems;
	struct candidate *list; /* the caller's to free */
	size_t count;
	size_t entries; /* seen so far, of any kind */
};

/* Adds a file. Returns 0, or -1 if there are too many. */
int listing_add(struct listing *listing, const char *path, const char *entry,
	const struct format_name *name, struct err *err);

/*
 * Lists a directory, or one .sql file. Returns 0, or -1 if it cannot be read or there are
 * too many. A name of no format, a program and a directory that is missing or lacks its
 * migration are added to the problems.
 */
int listing_read(struct listing *listing, struct err *err);

#endif
