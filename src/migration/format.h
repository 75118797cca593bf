/* SPDX-License-Identifier: MIT */
/*
 * The names of migrations, in the formats of all tools whose directories are read.
 *
 *	NNN_name.sql			goose, dbmate, sql-migrate, sqlx
 *	NNN_name.up.sql, .down.sql	golang-migrate, sqlx
 *	NNN_name/up.sql			diesel; /migration.sql: Prisma, Drizzle
 *	V1.2__name.sql, U…, R__…	Flyway, refinery
 *
 * A new format is a row in format.c; how its tool orders versions is in version.h, and
 * what its text may have in markers.h and placeholders.h.
 */
#ifndef MIGRATION_FORMAT_H
#define MIGRATION_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "migration/version.h"

struct arena;
struct format_parts;

/*
 * The formats that may be in one directory together. How migrations of two families
 * are ordered among each other could only be guessed.
 */
struct format_family {
	enum version_order order; /* unless markers or names show another one */
	bool recursive;           /* migrations are in subdirectories, too */
	bool placeholders;        /* their text may have some (placeholders.h) */
};

enum format_role {
	FORMAT_UP,
	FORMAT_DOWN,       /* reverts another one, and then never runs */
	FORMAT_REPEATABLE, /* has no version, and runs again when it was changed */
};

struct format {
	const char *pattern; /* as people write it: "V1.2__name.sql" */
	const struct format_family *family;
	enum format_role role;
	const char *reverts; /* FORMAT_DOWN: what there must be of the same version */
	bool may_go_up;      /* without that it goes up, unless the others are Flyway's */

	bool marked; /* tools that have markers in a file give it such a name */

	/* How format.c reads a name; prefix, inside and former may be NULL. */
	const char *prefix; /* before the version */
	const char *ending; /* after the name */
	const char *inside; /* the file, if the name is its directory's */
	bool (*split)(const char *stem, size_t prefix, struct format_parts *ret);
	bool (*former)(const char *stem, size_t prefix, struct format_parts *ret);
};

/* A name and what it means. All strings are in the arena. */
struct format_name {
	const struct format *format;
	const char *id;   /* the version as written: "001", "1.2"; or "R__views" */
	const char *name; /* "create_notes"; "" if there is none */
	const char *stem; /* both, as they are written */

	/* How former versions of groundwork split the same name, or NULL. */
	const char *former_id;
	const char *former_name;
};

/*
 * Parses the name of a file, "007_add_notes.sql". With `inside` it is the name of a
 * directory, "007_add_notes", and `inside` the file in it: "up.sql". Returns false if it
 * is a name of no format.
 */
bool format_parse(const char *file, const char *inside, struct arena *arena,
	struct format_name *ret);

/*
 * The format at that index; NULL behind the last. Of those with `inside` the most
 * preferred comes first.
 */
const struct format *format_at(size_t i);

/* Must a directory of this name contain a migration, by a format with `inside`? */
bool format_needs_inside(const char *directory);

/*
 * If the file is a migration in another language than SQL, which cannot be run, returns
 * the format of its name; else NULL.
 */
const struct format *format_of_program(const char *file);

/*
 * If the file is one that Flyway runs and groundwork does not, a baseline or a callback,
 * returns what it is and what to do, for messages; else NULL.
 */
const char *format_not_run(const char *file);

#define FORMAT_REPEATABLE_PREFIX "R__" /* Flyway's */

/* Is the migration of this id repeatable? */
bool format_is_repeatable(const char *id);

/* Returns "expected NNN_name.sql, …", for messages; it is in the arena. */
const char *format_expected(struct arena *arena);

#endif
