/* SPDX-License-Identifier: MIT */
/*
 * What comes out of what the child of net/session.h is asked, until its parent gets it.
 *
 *	struct session_answer answer = SESSION_ANSWER_INIT;
 *	session_answer_rows() …  session_answer_error() …  session_answer_send()
 */
#ifndef NET_SESSION_ANSWER_H
#define NET_SESSION_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "net/session.h"

struct pg_result; /* libpq's PGresult */

struct session_answer {
	enum session_outcome outcome;
	const char *state;       /* of an error without a result; or NULL */
	const char *message;     /* the same */
	struct pg_result *error; /* the first one, or NULL */
	size_t completed;
	char tag[64]; /* of the last one, or of the first that is ROLLBACK */
	/* Of the last statement that has any; as they are sent. */
	int columns;
	int64_t rows;
	struct buf types, cells;
	bool unread;   /* rows are passed over */
	bool in_rows;  /* there may be more of the same statement */
	bool is_whole; /* a result has come, and the last one ended a statement */
};

#define SESSION_ANSWER_INIT \
	{ \
		.outcome = SESSION_DONE, .types = BUF_INIT, .cells = BUF_INIT \
	}

/*
 * Takes the rows of a result: one by one, so that a server fills no memory, and a last
 * one without; `unread` ones are as many as they are. Returns 0, or -1 once they are too
 * many, which is what is said then.
 */
int session_answer_rows(struct session_answer *answer, struct pg_result *result);

/* Takes a result without rows. */
void session_answer_done(struct session_answer *answer, struct pg_result *result);

/* Takes an error, and its result. Behind the first there may be that of a cancelling. */
void session_answer_error(struct session_answer *answer, struct pg_result *result);

/* Sends it to the parent, and releases it. */
void session_answer_send(struct session_answer *answer);

#endif
