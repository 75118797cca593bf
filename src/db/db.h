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

struct dialect;
struct err;
struct log;
struct memory_schema;
struct migration;
struct migrations;
struct stop;

/* SQLite's SQL, for contributors_read(). */
extern const struct dialect db_dialect;

/* What happens if ledger and migrations disagree. */
enum db_answer { DB_REFUSE, DB_WARN, DB_ACCEPT };

/* How the database is checked before commit, besides its foreign keys. */
enum db_verify { DB_QUICK, DB_FULL, DB_NONE };

/*
 * Where a database in which we have recorded nothing of a contributor says which of its
 * migrations it has.
 */
struct db_adopt {
	const char *contributor;
	const char *source; /* one of db_adopt_sources() */
	/* The version of a baseline; a tool's table, or NULL: the usual one. */
	const char *what;
};

/* How it is known that a migration was applied, which is then recorded, and not run. */
struct db_origin {
	const char *tool;     /* that has applied it: "sqlx", "baseline" */
	bool verified;        /* its file is what was applied; else that is trusted */
	const char *replaces; /* the id of its row in our ledger, if it has one */
};

/* What another tool has applied, and has no file here. */
struct db_missing {
	const char *contributor;
	const char *id; /* the version; or, where the tool has names, the whole name */
	const char *tool;
	int64_t when_ms; /* that Drizzle's journal gave to it; 0: none */
};

/* What the functions below have read of a database, kept for the next one. */
struct db_seen;
struct db_seen *db_seen_new(struct arena *arena);

struct db_spec {
	const char *path;              /* absolute */
	struct migrations *migrations; /* their hashes are set as they are needed */
	struct fs *fs;                 /* who we are on disk */
	struct fs_attr attr;           /* of the database; its sidecars follow */
	const char *journal_mode;      /* "wal", "delete", "truncate", "persist" */
	bool journal_mode_set;         /* it also applies to an existing database */
	const char *const *pragmas; /* "page_size=8192" …, NULL-terminated; at creation */
	int64_t application_id;     /* 0: any */
	bool foreign_keys;          /* they are on where each migration begins */
	bool foreign_keys_set;      /* the step itself says it */
	enum db_verify verify;
	enum db_answer drift;         /* a migration was changed after it was applied */
	enum db_answer unknown;       /* an applied migration no longer exists */
	enum db_answer out_of_order;  /* a pending one is before an applied one */
	enum db_answer schema_drift;  /* the schema is not what was applied makes */
	const struct db_adopt *adopt; /* at most one a contributor */
	size_t adopt_count;
	bool rehearse;        /* db_apply() tries what is pending on a copy before */
	bool backup;          /* before anything is changed */
	int64_t keep_backups; /* the newest so many; 0: all */
	int64_t busy_timeout_ms;
	const char *step; /* written into the lock file, for those who wait */
	struct stop *stop;
	const struct log *log;
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
	const struct migration **pending; /* in order; in the arena */
	size_t pending_count;
	const struct migration **adopted; /* to be recorded as applied, and not run */
	const struct db_origin *origins;  /* of each of these */
	size_t adopted_count;
	const struct db_missing *missing; /* to be recorded without their files */
	size_t missing_count;
	const char *doubt;     /* why what is pending may be applied already, or NULL */
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

/*
 * What struct db_adopt may have as its source: "auto" (the only ledger of another tool
 * that is there), "baseline", "user_version" (the first so many), or a tool. The list
 * ends with NULL; it is in the arena.
 */
const char **db_adopt_sources(struct arena *arena);

/* A tool, for help. */
struct db_tool {
	const char *name;
	const char *table;        /* the usual one of its ledger */
	const char *verified;     /* by what a file is, "the SHA-384 of it", or NULL */
	const char *foreign_keys; /* "on", "off" … while it runs migrations */
};

/* Sets the tool at that index. Returns false behind the last. */
bool db_adopt_tool(size_t i, struct db_tool *ret);

/* Returns the version of the library, "SQLite 3.40.1"; a static text. */
const char *db_version(void);

#endif
