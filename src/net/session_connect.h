/* SPDX-License-Identifier: MIT */
/* Connecting to a PostgreSQL server, in the child of net/session.h. */
#ifndef NET_SESSION_CONNECT_H
#define NET_SESSION_CONNECT_H

#include <stdbool.h>

struct pg_conn;   /* libpq's PGconn */
struct pg_result; /* PGresult */
struct task;

/* Why there is no connection. */
struct session_refusal {
	char state[6]; /* the SQLSTATE of the server that refuses it; else "" */
	char text[512];
	bool wrong; /* what is asked for: time does not mend it */
};

/*
 * Takes the words of the task, and connects; `notice` is called with what the server says
 * by the way, also later. Returns the connection, for PQfinish(), or NULL with why there
 * is none.
 */
struct pg_conn *session_connect(struct task *task,
	void (*notice)(void *user, const struct pg_result *result), void *user,
	struct session_refusal *ret);

#endif
