/* SPDX-License-Identifier: MIT */
/*
 * Where a database is, as libpq's users write it ("Connection Strings", 34.1.1 of
 * PostgreSQL's documentation): postgres://USER:PASSWORD@HOST:PORT/DATABASE?WORD=VALUE, or
 * host=HOST dbname=DATABASE …
 */
#ifndef PG_TARGET_H
#define PG_TARGET_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;

#define PG_SECRETS_MAX 4
#define PG_ADDED_MAX   3
#define PG_FILES_MAX   9 /* two of a service, and NULL behind them */

/* A file that it names; libpq passes over most of those that it cannot use. */
struct pg_target_file {
	const char *word; /* "passfile"; NULL behind the last */
	const char *path;
};

/* In the arena. */
struct pg_target {
	const char *const *words; /* for struct pg_spec */
	bool as_us;               /* the same */
	const char *name; /* for people: no user, no password, no word but `service` */
	const char *database; /* or NULL: as the user is called, or the service says */
	const char *secrets[PG_SECRETS_MAX]; /* NULL behind the last */
	struct pg_target_file files[PG_FILES_MAX];
	/* Of a service file, which has further words: libpq reads them. NULL: none. */
	const char *service;
	/* The server is to be verified, and the word sslrootcert to say by what. */
	bool needs_roots;
	const char **end; /* of the words, for pg_target_add() */
};

/*
 * Parses it. Returns 0, or -1 with ERR_CONFIG, whose text quotes nothing of it; `ret`
 * then has the secrets that were found.
 */
int pg_target_parse(
	const char *text, struct arena *arena, struct pg_target *ret, struct err *err);

/* Is it of the first form, or begins it so? */
bool pg_target_is_url(const char *text);

/*
 * May this value be put into an address, behind `before`, without meaning more there than
 * the part that it is in? One that begins the address may be anything. Returns 0, or -1
 * with ERR_CONFIG, whose text quotes nothing of it.
 */
int pg_target_check_part(const char *before, const char *value, struct err *err);

/* Adds one of up to PG_ADDED_MAX words, whose texts outlive the target. */
void pg_target_add(struct pg_target *target, const char *word, const char *value);

#endif
