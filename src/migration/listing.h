/* SPDX-License-Identifier: MIT */
/* What a contributor has: the files that are migrations by their names. */
#ifndef MIGRATION_LISTING_H
#define MIGRATION_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/place.h"
#include "migration/format.h"
#include "migration/migration.h"
#include "migration/names.h"

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
	const char *entry;     /* the name of the file, or of its directory */
	const char *sort;      /* set by sequence.c */
	const char *replaces; /* the file whose variant for our database it is, or NULL */
	bool replaced;        /* by its variant; set by sequence.c */
	size_t position;      /* in the journal, from 1; 0 without one */
};

struct listing {
	const struct contributor *contributor;
	struct arena *arena; /* of all strings */
	struct problems *problems;
	struct candidate *list;
	size_t count;
	size_t entries; /* seen so far, of any kind */

	bool prisma;                /* there is a migration_lock.toml: prisma.h */
	bool flat;                  /* by their format, none is in a subdirectory */
	bool excluded_sql;          /* `exclude` has left out SQL */
	struct names excluded;      /* all that it has left out */
	struct names globs;         /* of it that have matched, once for each name */
	struct names left;          /* SQL in subdirectories that is left out */
	bool journal;               /* it decides: drizzle.h */
	struct names unlisted;      /* files that it does not name */
	struct names other;         /* files for other databases, which are left out */
	struct names replaced;      /* by their variant for ours, the same */
	struct names empty;         /* directories that would be of a migration each */
	struct names unknown;       /* names of no format */
	struct names unknown_files; /* the same with their directory */
	const char *below;          /* a subdirectory with migrations that are not read */
	bool below_ours;            /* its name is that of our database */
};

/* Adds a file. Returns 0, or -1 if there are too many. */
int listing_add(struct listing *listing, const char *path, const char *entry,
	const struct format_name *name, struct err *err);

/* Does a glob of the contributor's `exclude` match the name? Then that is noted. */
bool listing_exclude(struct listing *listing, const char *name);

/*
 * Lists a directory, or one .sql file. Returns 0, or -1 if it cannot be read or there are
 * too many. A name of no format, a program and a directory that is missing or lacks its
 * migration are added to the problems.
 */
int listing_read(struct listing *listing, struct err *err);

void listing_release(struct listing *listing);

#endif
