/* SPDX-License-Identifier: MIT */
/* The keys of a database and of its contributors, and what src/db is asked to make. */
#ifndef STEP_DATABASE_SPEC_H
#define STEP_DATABASE_SPEC_H

#include "conf/field.h"
#include "db/db.h"
#include "migration/variant.h"
#include "step/owner.h"
#include "step/step.h"

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
		.help = "what `${NAME}` stands for in migrations with Flyway's names", \
		.example = "schema=main"}, \
		{"exclude", FIELD_LIST, offsetof(conf, directory.exclude), \
			.check = database_check_glob, \
			.help = "globs of files and directories that are no migrations", \
			.example = "LATEST.sql schema.sql"}, \
	{ \
		"dialect", FIELD_STRING, offsetof(conf, directory.dialect), \
			.parse = database_parse_dialect, .size = sizeof(const char *), \
			.help = "whose files are read, as `02_x.sqlite.sql` " \
				"(default: sqlite)", \
			.example = "sqlite" \
	}

/* For those: a glob of names, and the word of a database, whichever it has. */
int database_check_glob(const char *item, struct err *err);
int database_parse_dialect(void *member, const char *text, struct err *err);

struct database_conf {
	const char *path;
	const char *migrations;
	struct access access;
	int journal_mode;
	struct list pragma;
	int64_t application_id; /* 0: none is asked for */
	int backup;
	int64_t keep_backups;
	int foreign_keys;
	int verify;
	int drift;
	int unknown;
	int out_of_order;
	struct list adopt;
	bool strict;
	int64_t busy_timeout_ms;
	struct directory_keys directory;
};

struct migrations_conf {
	const char *database;
	const char *path;
	struct list after;
	struct directory_keys directory;
};

extern const struct field database_fields[];
extern const struct field migrations_fields[];

/* kind->prepare: what is wrong with `adopt`, and with the migrations that exist. */
void database_prepare(struct step *step, struct ctx *ctx, struct problems *problems);

/*
 * What src/db is asked to make. Reads all contributors where database_prepare() did not;
 * every error in their SQL becomes part of one. Returns 0 with `ret`, whose strings and
 * migrations are in the arena, or -1.
 */
int database_spec(
	const struct step *step, struct ctx *ctx, struct db_spec *ret, struct err *err);

#endif
