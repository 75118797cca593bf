/* SPDX-License-Identifier: MIT */
/*
 * The contributors of a database, and all their migrations.
 *
 * Versions count per contributor. The contributors are ordered by their `after`, and else
 * by name.
 */
#ifndef MIGRATION_CONTRIBUTORS_H
#define MIGRATION_CONTRIBUTORS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problems.h"
#include "migration/migration.h"

struct arena;
struct dialect;
struct err;
struct fs;
struct log;

/* A directory of migrations, or one .sql file. */
struct contributor {
	const char *name;
	const char *path;    /* absolute */
	const struct fs *fs; /* who reads it */
	const char *section; /* its id, for errors */
	const char *key;     /* the key in it that names `path`, and its place */
	struct place at;
	struct place after_at;    /* of the key `after` */
	const char *const *after; /* names of those before it; NULL-terminated, or NULL */
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
	const char *const *placeholders; /* "NAME=value"; NULL: `${NAME}` is text */
};

/*
 * Adds to `problems` what is wrong with their names and `after`; nothing is read from
 * disk. contributors_read() does so, too.
 */
void contributors_check(
	const struct contributor *contributors, size_t count, struct problems *problems);

/* Adds an error about the path of a contributor: "[migrations:audit] path: …". */
__attribute__((format(printf, 3, 4))) void contributor_problem(
	const struct contributor *contributor, struct problems *problems,
	const char *format, ...);

/*
 * Finds the migrations of all contributors, hashes and orders them (those of a stamped
 * one are hashed by migrations_hash(), if they must be); the list is in the
 * arena, and refers to the contributors. Returns 0, or -1 if a file or directory cannot
 * be read, or there are too many migrations. Everything else that is wrong (a version
 * twice, an unknown or circular `after`, …) is added to the problems with its place,
 * and then the list is incomplete. For their SQL see migrations_check().
 */
int contributors_read(const struct contributor *contributors, size_t count,
	const struct dialect *dialect, struct arena *arena, struct migrations *ret,
	struct problems *problems, struct err *err);

#endif
