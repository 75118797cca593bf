/* SPDX-License-Identifier: MIT */
/*
 * A connection to a server, for one of our purposes.
 *
 *	CLEANUP_PG_CONNECTION struct pg_connection connection = PG_CONNECTION_INIT;
 *	pg_connect(…) → pg_run() … → released at the end of its scope
 */
#ifndef PG_CONNECTION_H
#define PG_CONNECTION_H

#include <stdbool.h>

#include "ledger/store.h"
#include "net/session.h"

struct arena;
struct buf;
struct err;
struct server_spec;

/* A name in quotes, whose 63 bytes may be quotes, and our table. */
#define PG_LEDGER_MAX 176

struct pg_connection {
	struct store store; /* the first member */
	struct session session;
	struct session_use use;
	const struct server_spec *spec;
	/* Statements with values become a part of it, and are not run; or NULL. */
	struct buf *collected;
	bool quiet;                 /* what runs is ours: its notices are passed over */
	bool has_ledger;            /* as it was read last */
	bool has_rows;              /* the same; and as we have written it since */
	const char *schema;         /* of the ledger; NULL before it was looked for */
	char ledger[PG_LEDGER_MAX]; /* the ledger's table, in SQL: store.ledger */
	bool lost;                  /* there is no connection any more */
	char state[6];              /* SQLSTATE of the last error; "": none */
	char tag[16];               /* what was done last, as session_result has it */
};

#define PG_CONNECTION_INIT \
	{ \
		.session = SESSION_INIT \
	}
#define CLEANUP_PG_CONNECTION __attribute__((cleanup(pg_connection_release)))

/*
 * Connects to the database of the spec, or to `database` if that is not NULL. Returns 0,
 * or -1 with `connection->state`: ERR_TEMPORARY where the server cannot be reached or is
 * not ready, else ERR_FAILED.
 */
int pg_connect(struct pg_connection *connection, const struct server_spec *spec,
	const char *database, struct err *err);

/*
 * Runs statements of our own. Returns 1 if the last one has a row, 0 if not, or -1 with
 * `connection->state` and the error of pg_take().
 */
int pg_run(struct pg_connection *connection, const char *what, const char *sql,
	struct err *err);

/*
 * Begins a transaction that only reads, of one moment, for queries of our own: nothing
 * that others have put into a schema takes part in them, no settings of the user or the
 * database reach them, and no rows are hidden. `ret_path` gets the schemas of the
 * search_path that exist, in the arena, up to a NULL. Returns 0, or -1.
 */
int pg_begin_reading(struct pg_connection *connection, struct arena *arena,
	const char *const **ret_path, struct err *err);

/* Rolls back; where that fails, the end of the connection does it. */
void pg_roll_back(struct pg_connection *connection);

/* Was the last error of this SQLSTATE? */
bool pg_is_state(const struct pg_connection *connection, const char *state);

/*
 * Keeps the state and the tag of what came out, and returns 0 if that is SESSION_DONE, or
 * -1 with the error: "what: message (SQLSTATE); detail; hint". A lost connection, and
 * what time can mend, is ERR_TEMPORARY.
 */
int pg_take(struct pg_connection *connection, const char *what,
	const struct session_result *result, struct err *err);

void pg_connection_release(struct pg_connection *connection);

/* Whose store it is. */
static inline struct pg_connection *pg_connection_of(struct store *store)
{
	return (struct pg_connection *)store;
}

/* How a server is asked. */
extern const struct store_engine pg_engine;
extern const struct adopt_engine pg_adopting;

#endif
