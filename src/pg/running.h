/* SPDX-License-Identifier: MIT */
/*
 * Running the text of a migration on a server, between statements of ours by which what
 * it sets does not reach the next one.
 *
 *	running_begin() → run_text() … → running_end()
 */
#ifndef PG_RUNNING_H
#define PG_RUNNING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct err;
struct migration;
struct migration_text;
struct pg_connection;
struct server_spec;

/*
 * What a role or a database sets may be other strings than those we have read; a message
 * is parsed as a whole, by what was set before it.
 */
#define RUNNING_STRINGS "SET LOCAL standard_conforming_strings = on"

/* Begins a transaction for texts. */
#define RUNNING_BEGIN "BEGIN; " RUNNING_STRINGS

/* What a text has set would reach our own statements, and the next text. */
#define RUNNING_RESET "RESET ALL; RESET SESSION AUTHORIZATION; RESET ROLE; DISCARD TEMP"

struct running {
	struct pg_connection *connection;
	struct buf begin; /* statements before each text … */
	size_t begin_count;
	struct buf reset; /* … and behind it */
	/* May it have used the ledger (ledger_check.h)? With SERVER_ALL: always. */
	bool touched;
};

void running_begin(struct running *running, struct pg_connection *connection,
	const struct server_spec *spec);
void running_end(struct running *running);

/*
 * Runs it as one message, in the transaction that there is; or `alone`, without those of
 * ours: then it is one statement, and `touched` stays. Returns 0, or -1 with its place in
 * the file.
 */
int run_text(struct running *running, const struct migration *migration,
	const struct migration_text *text, bool alone, struct err *err);

#endif
