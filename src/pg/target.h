/* SPDX-License-Identifier: MIT */
/*
 * Where a database is, as libpq's users write it ("Connection Strings", 34.1.1 of
 * PostgreSQL's documentation): postgres://USER:PASSWORD@HOST:PORT/DATABASE?WORD=VALUE, or
 * host=HOST dbname=DATABASE …
 */
#ifndef PG_TARGET_H
#define PG_TARGET_H

#include "ledger/server.h"

/* As struct server_engine has them. */
int pg_target_parse(const char *text, struct arena *arena, struct server_target *ret,
	struct err *err);
int pg_target_check_part(const char *before, const char *value, struct err *err);

/* Is it of the first form, or begins it so? */
bool pg_target_is_url(const char *text);

#endif
