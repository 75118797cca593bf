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
struct pg_spec;

struct running {
	struct pg_connection *connection;
	struct buf begin; /* statements before each text … */
	size_t begin_count;
	struct buf reset; /* … and behind it */
};

void running_begin(struct running *running, struct pg_connection *connection,
	const struct pg_spec *spec);
void running_end(struct running *running);

/* Returns -1 for a statement that no transaction can have, and what to write; else 0. */
int run_check_inside(const struct migration *migration, const struct migration_text *text,
	struct err *err);

/*
 * Runs it as one message, in the transaction that there is; or `alone`, without those of
 * ours: then it is one statement. Returns 0, or -1 with its place in the file.
 */
int run_text(struct running *running, const struct migration *migration,
	const struct migration_text *text, bool alone, struct err *err);

#endif
