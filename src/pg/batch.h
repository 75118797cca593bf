/* SPDX-License-Identifier: MIT */
/*
 * The text of a migration as one message to the server, and where in the file the server
 * has found an error.
 */
#ifndef PG_BATCH_H
#define PG_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct err;
struct migration;
struct migration_text;
struct pg_connection;
struct session_result;

/*
 * What runs of the text, at the places that it has there: all else (comments, the
 * transaction commands that are left out, parts that do not run) is blank. `before` and
 * `behind` are statements of ours.
 */
struct batch {
	struct buf sql;
	size_t start;      /* of the text in it, … */
	const char *first; /* … from there on: that of its first statement */
};

#define BATCH_INIT \
	{ \
		.sql = BUF_INIT \
	}

void batch_fill(struct batch *batch, const char *before,
	const struct migration_text *text, const char *behind);

/*
 * Raises an error of the server: at the line and column that it names, or else at the
 * statement behind the last one that was completed; `before_count` are of ours. Returns
 * -1.
 */
int batch_raise(const struct batch *batch, const struct migration *migration,
	const struct migration_text *text, struct pg_connection *connection,
	const struct session_result *result, size_t before_count, struct err *err);

void batch_release(struct batch *batch);

#endif
