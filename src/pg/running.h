/* SPDX-License-Identifier: MIT */
/*
 * Running the text of a migration on a server, between statements of ours by which what
 * it sets does not reach the next one.
 *
 *	running_begin() → run_load(), run_text() … → running_end()
 */
#ifndef PG_RUNNING_H
#define PG_RUNNING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct err;
struct fs_reader;
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

/* Reads it into a text that is MIGRATION_TEXT_INIT. Returns 0, or -1. */
int run_load(const struct migration *migration, struct fs_reader *reader,
	struct migration_text *ret, struct err *err);

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
