/* SPDX-License-Identifier: MIT */
/*
 * A database of a server, whatever speaks with it. A new engine is a directory beside
 * src/pg, which has
 *
 *	a struct dialect	how its SQL is cut (migration/dialect.h)
 *	a struct store_engine	how it is asked (store.h)
 *	a struct server_engine	how its addresses are read, and all of it is done
 *
 * and a row in step/database_engine.c, the only file beside it that knows it.
 */
#ifndef LEDGER_SERVER_H
#define LEDGER_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/stop.h"
#include "ledger/spec.h"

struct arena;
struct dialect;
struct err;
struct migration;
struct server_held;

/* ---- where it is ---- */

#define SERVER_SECRETS_MAX 4
#define SERVER_ADDED_MAX   3
#define SERVER_FILES_MAX   9 /* two of a service, and NULL behind them */

/* A file that an address names. */
struct server_target_file {
	const char *word; /* "passfile"; NULL behind the last */
	const char *path;
};

/* What an address says; in the arena. */
struct server_target {
	const char *const *words; /* keyword, value … NULL (net/session.h) */
	bool as_us;               /* the same */
	const char *name; /* for people: no user, no password, no word but `service` */
	const char *database; /* or NULL: as the user is called, or the service says */
	const char *secrets[SERVER_SECRETS_MAX]; /* NULL behind the last */
	struct server_target_file files[SERVER_FILES_MAX];
	/* Of a service file of libpq's, which has further words. NULL: none. */
	const char *service;
	/* The server is to be verified, and the word sslrootcert to say by what. */
	bool needs_roots;
	const char **end; /* of the words, for server_target_add() */
};

/* Adds one of up to SERVER_ADDED_MAX words, whose texts outlive the target. */
void server_target_add(struct server_target *target, const char *word, const char *value);

/* ---- what is asked of it ---- */

/* Which migrations share a transaction. */
enum server_transaction { SERVER_EACH, SERVER_ALL };

struct server_spec {
	struct ledger_spec ledger; /* whose name is the address, without secrets */
	const char *const *words;  /* of struct server_target */
	bool as_us;                /* the same */
	const char *database;      /* its name; NULL: the user's */
	const char *schema;        /* NULL: the first of the search_path */
	bool create;               /* the database, if it is missing */
	const char *owner;         /* of a new one; NULL: the user of the connection */
	const char *encoding;      /* the same; NULL: the template's */
	const char *based_on;      /* the database that is copied; NULL: the usual one */
	enum server_transaction transaction;
	int64_t lock_timeout_ms;      /* of a migration; 0: none */
	int64_t statement_timeout_ms; /* the same */
	bool planning; /* check() also finds what begins no more, as apply() does */
	bool rehearse; /* the same, and it tries what is pending */
	bool hold;     /* apply() follows check(), which leaves its connection to it */
	/* Its deadline is that of waiting for the server, which lasts `wait_ms`. */
	struct stop *stop;
	int64_t wait_ms;
	struct stop whole; /* its deadline is that of what apply() then does */
};

enum server_state {
	SERVER_ABSENT,  /* there is no such database: it is to be created */
	SERVER_PENDING, /* `work` is to be done */
	SERVER_CURRENT, /* there is none */
};

/* What check() found; after apply(), what it found last and then did. */
struct server_report {
	enum server_state state;
	struct ledger_work work;
	const char *tried; /* how far check() has tried it, or NULL */
	/* Of apply(): where the connection was lost last, and how many times. */
	const struct migration *lost_at;
	int lost;
	/* Of check(), if spec->hold: the connection on which apply() goes on, or NULL. */
	struct server_held *held;
};

/* ---- who does it ---- */

struct server_engine {
	const char
		*database; /* in names of files: one of variant_databases (variant.h) */
	const struct dialect *dialect;
	const bool *available; /* in this build */

	/* Is it an address in this engine's own form? */
	bool (*is_address)(const char *text);

	/*
	 * Parses an address. Returns 0, or -1 with ERR_CONFIG, whose text quotes nothing
	 * of it; `ret` then has the secrets that were found.
	 */
	int (*parse)(const char *text, struct arena *arena, struct server_target *ret,
		struct err *err);

	/*
	 * May this value be put into an address, behind `before`, without meaning more
	 * there than the part that it is in? One that begins the address may be anything.
	 * Returns 0, or -1 as parse().
	 */
	int (*check_part)(const char *before, const char *value, struct err *err);

	/* Can it be the name of a database, and of a schema for tables? As parse(). */
	int (*check_name)(const char *text, struct err *err);
	int (*check_schema)(const char *text, struct err *err);

	/*
	 * Asks the server. Returns 0 if all is in place, 1 if apply() has something to
	 * do, or -1: ERR_TEMPORARY where the server cannot be reached or is not ready,
	 * ERR_FAILED where it refuses us, or the ledger and the migrations disagree, and
	 * as stop_check().
	 */
	int (*check)(const struct server_spec *spec, struct arena *arena,
		struct server_report *ret, struct err *err);

	/*
	 * Does what check() would report, and sets `ret`, which has nothing but `held`
	 * before the first call and is kept between calls: a migration in which the
	 * connection is lost again and again ends in ERR_FAILED. Once all connections are
	 * made, the deadline is that of `whole`; it is as it was before where this fails
	 * with ERR_TEMPORARY. Returns 0, or -1 as above.
	 */
	int (*apply)(const struct server_spec *spec, struct arena *arena,
		struct server_report *ret, struct err *err);

	/* Ends a connection that apply() has not taken, unless it is NULL. */
	void (*let_go)(struct server_held *held);
};

#endif
