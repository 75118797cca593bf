/* SPDX-License-Identifier: MIT */
/*
 * A PostgreSQL database with all its migrations.
 *
 *	contributors_read()	finds and hashes all migrations, with pg_dialect
 *	pg_check()		asks the server which of them are pending; changes nothing
 *	pg_apply()		creates the database, or applies what is pending
 *
 * Applied migrations are recorded in the ledger, the table groundwork_migrations of the
 * schema, in the transaction of the migration. Many processes may apply at once: a second
 * connection holds the lock of the ledger, an advisory one, while the first one reads the
 * ledger again and migrates; others poll, outside of any transaction, since who waits for
 * a lock inside of one would hold up CREATE INDEX CONCURRENTLY.
 *
 * Connections are held by processes of their own (net/session.h), and all are closed on
 * return. Where a connection is lost, the ledger says how far it came, and it goes on
 * from there.
 */
#ifndef PG_PG_H
#define PG_PG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/stop.h"
#include "ledger/spec.h"

struct arena;
struct dialect;
struct err;
struct migration;

/* PostgreSQL's SQL, for contributors_read(). */
extern const struct dialect pg_dialect;

/* Which migrations share a transaction. */
enum pg_transaction { PG_EACH, PG_ALL };

struct pg_spec {
	struct ledger_spec ledger; /* whose name is the address, without secrets */
	const char *const *words;  /* libpq's: keyword, value … NULL (net/session.h) */
	bool as_us;                /* the same */
	const char *database;      /* its name; NULL: the user's */
	const char *schema;        /* NULL: the first of the search_path */
	bool create;               /* the database, if it is missing */
	const char *owner;         /* of a new one; NULL: the user of the connection */
	const char *encoding;      /* the same; NULL: the template's */
	const char *based_on;      /* the database that is copied; NULL: the usual one */
	enum pg_transaction transaction;
	int64_t lock_timeout_ms;      /* of a migration; 0: none */
	int64_t statement_timeout_ms; /* the same */
	bool planning; /* pg_check() also finds what begins no more, as pg_apply() does */
	bool rehearse; /* the same, and it tries what is pending */
	/* Its deadline is that of waiting for the server, which lasts `wait_ms`. */
	struct stop *stop;
	int64_t wait_ms;
	struct stop whole; /* its deadline is that of what pg_apply() then does */
};

/* Is a schema of that name the server's own, in which nobody makes tables? */
bool pg_is_own_schema(const char *name);

enum pg_state {
	PG_ABSENT,  /* there is no such database: it is to be created */
	PG_PENDING, /* `work` is to be done */
	PG_CURRENT, /* there is none */
};

/* What pg_check() found; after pg_apply(), what it found last and then did. */
struct pg_report {
	enum pg_state state;
	struct ledger_work work;
	const char *tried; /* how far pg_check() has tried it, or NULL */
	/* Of pg_apply(): where the connection was lost last, and how many times. */
	const struct migration *lost_at;
	int lost;
};

/*
 * Asks the server. Returns 0 if all is in place, 1 if pg_apply() has something to do, or
 * -1: ERR_TEMPORARY where the server cannot be reached or is not ready, ERR_FAILED where
 * it refuses us, or the ledger and the migrations disagree, and as stop_check().
 */
int pg_check(const struct pg_spec *spec, struct arena *arena, struct pg_report *ret,
	struct err *err);

/*
 * Does what pg_check() would report, and sets `ret`, which is empty before the first call
 * and kept between calls: a migration in which the connection is lost again and again
 * ends in ERR_FAILED. Once all connections are made, the deadline is that of `whole`; it
 * is as it was before where this fails with ERR_TEMPORARY. Returns 0, or -1 as above.
 */
int pg_apply(const struct pg_spec *spec, struct arena *arena, struct pg_report *ret,
	struct err *err);

#endif
