/* SPDX-License-Identifier: MIT */
/*
 * A SQLite database with all its migrations.
 *
 *	contributors_read()	reads every contributor's directory, checks all SQL
 *	db_check()		is it in place? writes not one byte
 *	db_apply()		makes it so: cold, or what is pending
 *
 * Several contributors share one database: versions count per contributor, and they go
 * in the order of their `requires`, then by name. What was applied stands in the
 * ledger, table groundwork_migrations of the same database, written in the same
 * transaction.
 *
 * Cold: built in a temporary beside the target, all contributors in one transaction,
 * synced, published without replacing: who comes second finds a whole database.
 * Pending: under the lock ".NAME.lock", BEGIN IMMEDIATE, and the ledger read again
 * inside; that, not the lock, is the guarantee. Both may be killed at any system call.
 * A backup is a copy of just what the transaction then changes, beside the database, as
 * NAME.bak-20260131T081530.123Z. The journal mode is switched under the lock, too, and
 * where it cannot be, that is a warning.
 * All connections are closed on return. What others may do to a database or its directory
 * meanwhile does not reach beyond them (files.h, system_calls.h, connect.h).
 */
#ifndef DB_DB_H
#define DB_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fs.h"
#include "base/mem.h"

struct dialect;
struct err;
struct log;
struct migration;
struct migrations;
struct stop;

/* SQLite's SQL, for contributors_read(). */
extern const struct dialect db_dialect;

/* What is done where ledger and migrations disagree. */
enum db_answer { DB_REFUSE, DB_WARN, DB_ACCEPT };

/* What is asked of the database before commit, besides its foreign keys. */
enum db_verify { DB_QUICK, DB_FULL, DB_NONE };

/* All of `contributor` up to the version `id` is in a database that we did not make. */
struct db_baseline {
	const char *contributor;
	const char *id;
};

struct db_spec {
	const char *path; /* absolute */
	const struct migrations *migrations;
	struct fs *fs;              /* who we are on disk */
	struct fs_attr attr;        /* of the database; its sidecars follow */
	const char *journal_mode;   /* "wal", "delete", "truncate", "persist" */
	bool journal_mode_set;      /* it also holds for a database that is there */
	const char *const *pragmas; /* "page_size=8192" …, NULL-terminated; at creation */
	int64_t application_id;     /* 0: any */
	enum db_verify verify;
	enum db_answer drift;        /* a migration was changed after it was applied */
	enum db_answer unknown;      /* one that was applied is not there any more */
	enum db_answer out_of_order; /* a pending one comes before one that was applied */
	const struct db_baseline *baselines; /* for tables without a ledger of ours */
	size_t baselines_count;
	bool backup;          /* before anything is changed */
	int64_t keep_backups; /* the newest so many; 0: all */
	int64_t busy_timeout_ms;
	const char *step; /* written into the lock file, for those who wait */
	struct stop *stop;
	const struct log *log;
};

enum db_state {
	DB_ABSENT,    /* no file: cold */
	DB_PENDING,   /* `pending` of its migrations are not in it */
	DB_CURRENT,   /* all is in place */
	DB_UNSETTLED, /* cannot be told without recovery: counts as pending */
};

/* What a check found; after db_apply(), what it found last and then did. */
struct db_report {
	enum db_state state;
	const struct migration **pending; /* in order; in the arena that was given */
	size_t pending_count;
	const struct migration **adopted; /* recorded as applied, and not run */
	size_t adopted_count;
	size_t applied_count;  /* of ours, in the ledger, counting neither of these */
	bool stamp;            /* the application_id, which it lacks */
	const char *switch_to; /* journal mode that it is not in, or NULL */
	bool switched;         /* after db_apply(): it is now */
	const char *backup;    /* the one that db_apply() has made, or NULL */
	int64_t duration_us;
	enum fs_outcome outcome; /* FS_MADE: by this call; FS_THERE: it was there */
	const char *attr_why;    /* mode or owner to be put right, or NULL */
};

/*
 * 0 in place · 1 to do (`ret` says what) · -1 it is not what we could work on: not a
 * database, not ours, drift, an unknown migration, a leftover sidecar. Nothing is
 * written.
 */
int db_check(const struct db_spec *spec, struct arena *arena, struct db_report *ret,
	struct err *err);
int db_apply(const struct db_spec *spec, struct arena *arena, struct db_report *ret,
	struct err *err);

/* Can "page_size=8192" be set at creation? 0, or -1 and why not. */
int db_pragma_check(const char *setting, struct err *err);

/* "SQLite 3.40.1": of the library that runs, for --version. */
const char *db_version(void);

#endif
