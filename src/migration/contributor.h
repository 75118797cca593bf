/* SPDX-License-Identifier: MIT */
/* A contributor: whose migrations these are, and where they lie. */
#ifndef MIGRATION_CONTRIBUTOR_H
#define MIGRATION_CONTRIBUTOR_H

#include <stdbool.h>

#include "base/place.h"

struct fs;
struct log;
struct problems;

/* A directory of migrations, or one .sql file. */
struct contributor {
	const char *name;
	const char *path;    /* absolute */
	const char *start;   /* for an error that it is missing; or NULL */
	const struct fs *fs; /* who reads it */
	const char *section; /* its id, for errors */
	const char *key;     /* the key in it that names `path`, and its place */
	struct place at;
	struct place after_at;    /* of the key `after` */
	const char *const *after; /* names of those before it; NULL-terminated, or NULL */
	const char *unknown;      /* what else is said of one that is missing; or NULL */
	const char *const *exclude; /* globs of names that are no migrations; the same */
	/*
	 * Of variant_databases, the one whose files are read where a name says which it
	 * is for. NULL: no word in a name means that.
	 */
	const char *variant;
	const struct log *log; /* for what is left out; or NULL */
	bool strict;           /* as in struct script (split.h) */
	bool stamped; /* a stamp is taken, and where there is one nothing is hashed yet */
	bool flyway;  /* it is known to be Flyway's: a lone U file is none that goes up */
	const char *const *placeholders;  /* "NAME=value"; or NULL */
	const char *placeholders_section; /* where that key is written, and its place */
	struct place placeholders_at;
};

/* Logs a warning about its placeholders, if it has a log. */
__attribute__((format(printf, 2, 3))) void contributor_warn_placeholders(
	const struct contributor *contributor, const char *format, ...);

/* Adds an error about the path of a contributor: "[migrations:audit] path: …". */
__attribute__((format(printf, 3, 4))) void contributor_problem(
	const struct contributor *contributor, struct problems *problems,
	const char *format, ...);

#endif
