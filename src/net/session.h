/* SPDX-License-Identifier: MIT */
/*
 * A connection to a PostgreSQL server, held by a child of ours (net/child.h), the only
 * one who knows libpq: what a server sends is read by a process without our memory and,
 * mostly, without our rights; a stop or a deadline ends it at any moment.
 *
 *	struct session session = SESSION_INIT;
 *	session_open(&session, &target, &use, …) → session_run() … → session_close()
 *
 * Results and their texts are in the arena that is given.
 */
#ifndef NET_SESSION_H
#define NET_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/query_value.h"
#include "net/child.h"

struct arena;
struct err;
struct session;
struct stop;

/* Is it in this build? */
extern const bool session_available;

/* The library and the version that we were built with, "libpq 15.18", or NULL. */
const char *session_version(void);

struct session_target {
	/*
	 * Keyword, value, keyword, value … NULL, as PQconnectdbParams(3) has them, but
	 * for servicefile and servicedir, its PGSERVICEFILE and PGSYSCONFDIR; of the same
	 * keyword the last one counts. No file and no variable of the environment is read
	 * that they do not name.
	 */
	const char *const *words;
	/*
	 * The child stays the user that we are, for a socket that asks who that is, and
	 * for files that only we may read. It has no capabilities all the same.
	 */
	bool as_us;
};

struct session_use {
	struct stop *stop;
	/* What the server says by the way: "NOTICE", "WARNING" …; may be NULL. */
	void (*notice)(void *user, const char *severity, const char *text);
	void *user;
	bool rows_unread; /* what runs may have as many as it likes: none is taken */
	/* Where that one is lost, what runs is cancelled, and lost, too; or NULL. */
	struct session *beside;
};

enum session_outcome {
	SESSION_DONE,
	SESSION_REFUSED, /* the server says an error */
	SESSION_LOST,    /* there is no connection, or none any more */
};

struct session_result {
	enum session_outcome outcome;
	const char *state;   /* SQLSTATE, or "" */
	const char *message; /* why it is not done: one line, never NULL then */
	const char *detail, *hint, *context; /* or NULL */
	int64_t position; /* of the error, in characters of the SQL from 1; 0: unknown */
	size_t completed; /* how many statements were done before it */
	/*
	 * What the last one did, as the server says: "COMMIT"; or "ROLLBACK", once one
	 * has done that; or NULL.
	 */
	const char *tag;
	/* Rows of the last statement that has any, one behind the other. */
	size_t rows, columns;
	const char **cells; /* NULL is NULL */
	size_t *sizes;
	uint32_t *types; /* of the columns: OIDs of pg_type */
};

struct session {
	struct net_child child;
	int fd; /* -1: there is none */
	const struct session_use *use;
	int server_version;       /* 150018 is 15.18 */
	char server_encoding[32]; /* "UTF8" */
	int64_t server_pid; /* as it says, by pg_backend_pid(); a pooler says another */
};

#define SESSION_INIT \
	{ \
		.child = NET_CHILD_INIT, .fd = -1 \
	}

/*
 * Connects. `use` must live as long as the session. Returns 0 with what came out, or -1:
 * where no child can be made, and as stop_poll().
 */
int session_open(struct session *session, const struct session_target *target,
	const struct session_use *use, struct arena *arena, struct session_result *ret,
	struct err *err);

/*
 * Runs `sql`: without values it may be many statements; else one, with $1, $2 … Returns
 * 0 with what came out, or -1 as stop_check(): then what runs was cancelled, and its end
 * waited for, for 5 s at most.
 */
int session_run(struct session *session, const char *sql,
	const struct query_value *values, size_t count, struct arena *arena,
	struct session_result *ret, struct err *err);

/* Ends it, and the child. It may be SESSION_INIT, or closed already. */
void session_close(struct session *session);

#endif
