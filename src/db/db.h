/* SPDX-License-Identifier: MIT */
/*
 * A SQLite database with all its migrations.
 *
 *	contributors_read()	finds and hashes all migrations, with db_dialect
 *	db_pending()		which of them are pending?
 *	db_check()		inspects the database; changes nothing
 *	db_apply()		creates the database, or applies what is pending
 *
 * Applied migrations are recorded in the ledger, the table groundwork_migrations of the
 * same database, in the same transaction.
 *
 * A missing database is built in a temporary file, with all migrations in one
 * transaction, synced, and published without replacing: if another process has created
 * it meanwhile, that database stays, and is upgraded. An existing database is upgraded
 * in one IMMEDIATE transaction, which reads the ledger again; that makes it safe, while
 * the lock ".NAME.lock" only keeps others waiting in order. The process may be killed at
 * any system call of either. A backup is made inside the transaction, before its first
 * change. The journal mode is switched under the lock, too; if that fails, it is a
 * warning.
 *
 * All connections are closed on return. What other users do to the database or its
 * directory meanwhile affects nothing else (files.h, system_calls.h, connection.h).
 */
#ifndef DB_DB_H
#define DB_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fs.h"
#include "base/mem.h"
#include "ledger/spec.h"

struct dialect;
struct err;
struct log;
struct memory_schema;
struct migration;
struct migrations;
struct stop;

/* SQLite's SQL, for contributors_read(). */
extern const struct dialect db_dialect;

/* How the database is checked before commit, besides its foreign keys. */
enum db_verify { DB_QUICK, DB_FULL, DB_NONE };

/* What the functions below have read of a database, kept for the next one. */
struct db_seen;
struct db_seen *db_seen_new(struct arena *arena);

struct db_spec {
	struct ledger_spec ledger; /* whose name is the path */
	const char *path;          /* absolute */
	struct fs *fs;             /* who we are on disk */
	struct fs_attr attr;       /* of the database; its sidecars follow */
	const char *journal_mode;  /* "wal", "delete", "truncate", "persist" */
	bool journal_mode_set;     /* it also applies to an existing database */
	const char *const *pragmas; /* "page_size=8192" …, NULL-terminated; at creation */
	int64_t application_id;     /* 0: any */
	bool foreign_keys;          /* they are on where each migration begins */
	enum db_verify verify;
	enum ledger_answer schema_drift; /* the schema is not what was applied makes */
	bool rehearse;           /* db_apply() tries what is pending on a copy before */
	bool backup;             /* before anything is changed */
	int64_t keep_backups;    /* the newest so many; 0: all */
	int64_t busy_timeout_ms; /* -1: no limit */
	const char *step;        /* written into the lock file, for those who wait */
	struct stop *stop;
	bool compile;     /* for a plan: db_check() also compiles what is pending … */
	bool try_on_copy; /* … or runs it on a copy of the database */
	bool may_write;   /* for a plan: db_check() also asks whether we may write */
	struct db_seen *seen; /* spares reading an unchanged database again; or NULL */
};

enum db_state {
	DB_ABSENT,    /* no file: it is to be created */
	DB_PENDING,   /* pending, adopted or set_id is to be done */
	DB_CURRENT,   /* none of them is */
	DB_UNSETTLED, /* unknown until it is recovered, which db_apply() does */
};

/* What the file of a database stores of its settings, as SQLite writes their values. */
struct db_header {
	bool wal;
	char page_size[8];
	const char *auto_vacuum;
	const char *encoding;
};

/* What db_check() found; after db_apply(), what it found last and then did. */
struct db_report {
	enum db_state state;
	struct ledger_work work;
	bool set_id;           /* the application_id is to be set */
	const char *switch_to; /* the journal mode that it is not in, or NULL */
	bool switched;         /* it is now; after db_apply() */
	const char *backup;    /* that db_apply() has made, or NULL */
	const char **surplus;  /* old backups that db_apply() will remove then */
	size_t surplus_count;
	const char *attr_why; /* the mode or owner that is to be changed, or NULL */
	const char *tried;    /* how far the pending SQL was tried, and what it does */
	const struct memory_schema *stored; /* for db_check() itself; or NULL */
	struct db_header header;            /* unless it is DB_ABSENT */
};

/*
 * Finds what is pending as db_check() does, but logs nothing, and looks neither at the
 * SQL nor at the schema. What db_check() needs for these it reads into spec->seen, if
 * schema_drift and compile are the same. Returns 0, or -1.
 */
int db_pending(const struct db_spec *spec, struct arena *arena, struct db_report *ret,
	struct err *err);

/*
 * Inspects the database, and writes nothing. Returns 0 if all is in place, 1 if
 * db_apply() has something to do, which `ret` describes, or -1 if it cannot be read, or
 * must not be changed: no database, another application's, a disagreement that the spec
 * refuses, a leftover or foreign sidecar, an error in the SQL of what is pending. With
 * spec->compile that SQL is also compiled against the schema, in memory: then it finds
 * what db_apply() would fail with whatever the rows are. With spec->try_on_copy it is run
 * on a copy, or, if there is no database, in memory: then it finds what it fails with.
 * With spec->may_write it is an error if what db_apply() would write may not be written.
 */
int db_check(const struct db_spec *spec, struct arena *arena, struct db_report *ret,
	struct err *err);

/*
 * Does what db_check() would report, and sets `ret`. Returns 0, or -1. Either way the
 * pending migrations are applied all or not at all.
 */
int db_apply(const struct db_spec *spec, struct arena *arena, struct db_report *ret,
	struct err *err);

/* Checks that "page_size=8192" can be set at creation: 0, or -1 and why not. */
int db_pragma_check(const char *setting, struct err *err);

/* Returns the version of the library, "SQLite 3.40.1"; a static text. */
const char *db_version(void);

#endif
