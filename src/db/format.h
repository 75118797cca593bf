/* SPDX-License-Identifier: MIT */
/*
 * What the name of a file says: the formats of all tools whose folders are read.
 *
 *	NNN_name.sql			goose, dbmate, sql-migrate, sqlx
 *	NNN_name.up.sql, .down.sql	golang-migrate, sqlx
 *	NNN_name/up.sql			diesel; /migration.sql: Prisma, Drizzle
 *	V1.2__name.sql, U…, R__…	Flyway, refinery
 */
#ifndef DB_FORMAT_H
#define DB_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* A folder is of one family: what it means beside another one could only be guessed. */
enum format_family {
	FORMAT_NUMBERED,
	FORMAT_FOLDERS,
	FORMAT_FLYWAY,
};

enum format_role {
	FORMAT_UP,
	FORMAT_DOWN,       /* takes another one back; never runs */
	FORMAT_REPEATABLE, /* has no version, and runs again when it has changed */
};

struct format {
	const char *pattern; /* as people write it: "V1.2__name.sql" */
	enum format_family family;
	enum format_role role;
	const char *prefix;
	const char *ending;
};

/* A name taken apart. Both parts live in the arena. */
struct format_name {
	const struct format *format;
	const char *id;   /* the version as written: "001", "1.2"; or "R__views" */
	const char *name; /* "create_notes"; empty where the id says it all */
};

/*
 * Takes "007_add_notes.sql", or "007_add_notes/up.sql", apart. False where no format has
 * such a name.
 */
bool format_parse(const char *file, struct arena *arena, struct format_name *ret);

/* Where the migration of such a folder is: the endings "/up.sql" …; NULL ends them. */
const char *format_inside(size_t i);

/* Is it the name of a folder that must have a migration in it? */
bool format_is_folder(const char *name);

/* Is it a migration in another language than SQL, which nobody here can run? */
bool format_is_code(const char *file);

/* "expected NNN_name.sql, …", for messages. */
const char *format_expected(struct arena *arena);

#endif
