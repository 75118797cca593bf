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

/* In the arena. */
struct pg_target {
	const char *const *words; /* for struct pg_spec */
	bool as_us;               /* the same */
	const char *name;         /* for people: without user, password and words */
	const char *database;     /* or NULL: as the user is called */
	const char *secrets[PG_SECRETS_MAX]; /* NULL behind the last */
};

/*
 * Parses it. Returns 0, or -1 with ERR_CONFIG, whose text quotes nothing of it; `ret`
 * then has the secrets that were found.
 */
int pg_target_parse(
	const char *text, struct arena *arena, struct pg_target *ret, struct err *err);

#endif
