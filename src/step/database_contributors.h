/* SPDX-License-Identifier: MIT */
/* The contributors of a database, and what they hold. */
#ifndef STEP_DATABASE_CONTRIBUTORS_H
#define STEP_DATABASE_CONTRIBUTORS_H

#include "conf/field.h"
#include "migration/contributors.h"
#include "migration/variant.h"

struct ctx;
struct ledger_adopt;
struct db_seen;
struct err;
struct problems;
struct step;

/* Which files of a directory are its migrations, and how they are read. */
struct directory_keys {
	struct list exclude;
	const char *dialect; /* of variant_databases; NULL: sqlite */
	struct list placeholders;
};

/* Their rows in the table of fields whose struct is `conf`. */
#define DIRECTORY_FIELDS(conf) \
	{"placeholders", FIELD_ENV, offsetof(conf, directory.placeholders), \
		.any_name = true, \
		.help = "what `${NAME}` stands for in migrations with Flyway's " \
			"names, one a line", \
		.example = "schema=main"}, \
		{"exclude", FIELD_LIST, offsetof(conf, directory.exclude), \
			.check = contributors_check_glob, .globs = true, \
			.help = "globs of files and directories that are no migrations", \
			.example = "LATEST.sql schema.sql"}, \
	{ \
		"dialect", FIELD_STRING, offsetof(conf, directory.dialect), \
			.parse = contributors_parse_dialect, \
			.size = sizeof(const char *), \
			.help = "whose files are read, as `02_x.sqlite.sql` " \
				"(default: sqlite): " VARIANT_DATABASES "; with " \
				"another's word, its files run on SQLite", \
			.example = "sqlite" \
	}

/* For those: a glob of names, and the word of a database, whichever it has. */
int contributors_check_glob(const char *item, struct err *err);
int contributors_parse_dialect(void *member, const char *text, struct err *err);

struct migrations_conf {
	const char *database;
	const char *path;
	struct list after;
	struct directory_keys directory;
};

extern const struct field migrations_fields[];

/* Lives in the arena. */
struct database_contributors {
	struct contributor *list;
	size_t count;
	struct ledger_adopt *adopt; /* what is taken over: database_adopt.h */
	size_t adopt_count;
	struct migrations migrations; /* once they were read */
	struct db_seen *seen;         /* the database's; NULL unless prepare() found it */
};

/*
 * Finds them, with their keys. With `problems` it is for prepare(), and all that is wrong
 * is listed there; else the first that is wrong is the error. Returns 0, or -1.
 */
int database_contributors_find(const struct step *step, struct ctx *ctx,
	struct problems *problems, struct database_contributors *ret, struct err *err);

/* A kind's order_parts(). */
void database_contributors_order(
	struct step *step, struct ctx *ctx, struct problems *problems);

/* Finds and reads them, and `adopt`; all that is wrong is one error. Returns 0, or -1. */
int database_contributors_read(const struct step *step, struct ctx *ctx,
	struct database_contributors *ret, struct err *err);

#endif
