/* SPDX-License-Identifier: MIT */
/*
 * The ledger: which migrations were applied to a database.
 *
 * The column `module` is a contributor's name, which is never empty. Rows of no
 * contributor, with the module '', are about the ledger itself. The kind of such a row
 * stands before the colon, so no contributor's name can make one that is meant for
 * something else:
 *
 *	stamp:NAME	the stamp of a contributor (stamps.h)
 *	schema:digest	that of the schema and the migrations that it comes from
 *			(schema_digest.h)
 *	number:user_version
 *			that of the database, in the place of a hash, when migrations
 *			were last recorded (adopt_number.h); it comes behind their
 *			rows, or a version that knows no such row has added some
 *
 *	begun:NAME/ID	a migration that runs outside of a transaction has begun, and not
 *			ended
 *
 * A version of groundwork that does not know a kind ignores its rows.
 *
 *	ledger_read, ledger_match	read only
 *	ledger_create, ledger_add …	inside the transaction of the migrations
 */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"

/* The name of its table. */
#define LEDGER_NAME "groundwork_migrations"

struct adoption;
struct arena;
struct store;
struct ledger_missing;
struct err;
struct migration;
struct migrations;
struct query;

struct ledger_row {
	const char *contributor; /* the column is called `module` */
	const char *id;
	const char *name;
	const unsigned char *hash;
	size_t hash_size; /* 0: it was applied elsewhere, and its file was missing here */
	const char *tool; /* that has applied it; NULL: groundwork */
	size_t position;  /* in the order in which they were applied */

	/* What another tool has applied, and is to be recorded (adopt.h): */
	bool added;
	bool verified;        /* its file is what was applied; else that is trusted */
	const char *replaces; /* the id of the row that it replaces, or NULL */
	int64_t when_ms;      /* as that of struct ledger_missing */

	/* Set by ledger_match(): */
	const char *key; /* of the id, in the order of its contributor */
	const struct migration *migration; /* whose row it is, or NULL */
};

struct ledger {
	bool exists;
	bool others;  /* there are other tables or views */
	bool adopted; /* there are rows of other tools */
	/* Once they are matched, by contributor and version. */
	struct ledger_row *rows;
	size_t count;
	struct ledger_row *stamps; /* their id is the contributor's name */
	size_t stamps_count;
	const unsigned char *schema_digest; /* or NULL */
	const char *begun;                  /* "NAME/ID" of the first that has; or NULL */
	const char *user_version;           /* as recorded, behind all rows; or NULL */
	const struct adoption *adoption;    /* set by adopt.h; or NULL */
};

/*
 * Reads the rows into `ledger`, in the arena; the engine has found out that the table is
 * there, and one that we would create. Returns 0, or -1.
 */
int ledger_read(
	struct store *store, struct arena *arena, struct ledger *ledger, struct err *err);

/*
 * Finds the row of each migration, however its version is written ("7" for "007", if the
 * contributor's are numbers), as former versions of groundwork recorded it, and as
 * ledger_add_missing() has. Returns the rows as the migrations are ordered, NULL for
 * those without one, in the arena. Rows of other contributors have their id as key.
 */
const struct ledger_row **ledger_match(
	struct ledger *ledger, const struct migrations *migrations, struct arena *arena);

/*
 * Returns the row of that id, once they are matched, or NULL. The contributor is that of
 * `like`, one of its migrations.
 */
struct ledger_row *ledger_find(const struct ledger *ledger, const struct migration *like,
	const char *id, struct arena *arena);

/* Was the migration of a matched row changed after it was applied? */
bool ledger_is_changed(const struct ledger_row *row);

/* Is the row of a version that another tool has applied, and whose file was missing? */
bool ledger_is_trusted(const struct ledger_row *row);

/*
 * Adds a row, or replaces that of a repeatable migration, or the one with the id
 * `replaces` if that is not NULL. `insert` keeps the statement from row to row; the
 * caller releases it. `tool` is who has applied the migration: "groundwork", or what
 * `adopt` has named: "sqlx", "baseline". Returns 0, or -1.
 */
int ledger_add(struct store *store, struct query *insert,
	const struct migration *migration, int64_t duration_us, const char *tool,
	const char *replaces, struct err *err);

/*
 * Adds a row without a hash, for what was applied by another tool and has no file here.
 * If its id has a row, that stays. Returns 0, or -1.
 */
int ledger_add_missing(struct store *store, struct query *insert,
	const struct ledger_missing *missing, struct err *err);

/* Is there a row of the migration, as its text is now? Returns 1, 0 or -1. */
int ledger_has(struct store *store, const struct migration *migration, struct err *err);

/* Records the stamp of a contributor, in a row of no contributor. Returns 0, or -1. */
int ledger_set_stamp(struct store *store, const char *contributor,
	const unsigned char hash[DIGEST_SIZE], struct err *err);

/* Records the digest of the schema likewise. */
int ledger_set_schema_digest(
	struct store *store, const unsigned char digest[DIGEST_SIZE], struct err *err);

/* Records that a migration has begun likewise, or is none that has. Returns 0, or -1. */
int ledger_set_begun(
	struct store *store, const struct migration *migration, struct err *err);
int ledger_drop_begun(
	struct store *store, const struct migration *migration, struct err *err);

/* Records a user_version likewise. Returns 0, or -1. */
int ledger_set_user_version(struct store *store, const char *number, struct err *err);

#endif
