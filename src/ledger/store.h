/* SPDX-License-Identifier: MIT */
/*
 * A database that an engine has opened, as this floor sees it: what is recorded in it,
 * and what other tools have recorded there, is read and compared in the same way whatever
 * the engine is. One has
 *
 *	a struct store_engine	how it is asked (query.h)
 *	a struct store		in each connection
 *
 * creates the ledger's table (ledger.h), and runs what compare.h says is pending. What a
 * new one needs besides is in server.h.
 */
#ifndef LEDGER_STORE_H
#define LEDGER_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/query.h"

struct adopt_engine;
struct arena;
struct err;
struct store;

/* A table that something else has made, as far as reading it may do harm or not. */
struct store_table {
	const char *unfit;    /* why it is no plain table, "is a view"; or NULL */
	const char **columns; /* their names */
	size_t columns_count;
};

struct store_engine {
	/* What query.h says of the functions of these names. */
	int (*run)(struct query *query, const char *sql, const struct query_value *values,
		size_t count, struct err *err);
	int (*next)(struct query *query, struct err *err);
	const char *(*text)(const struct query *query, int column);
	int64_t (*integer)(const struct query *query, int column);
	const void *(*bytes)(const struct query *query, int column, size_t *ret_size);
	enum query_type (*type)(const struct query *query, int column);
	void (*release)(struct query *query);

	const struct adopt_engine *adopting; /* adopt_sql.h */

	/* A column in whose order the ledger's rows were added. */
	const char *row_order;

	/* Looks for one: 1 with `ret` in the arena, 0 if there is none, or -1. */
	int (*find_table)(struct store *store, const char *name, struct arena *arena,
		struct store_table *ret, struct err *err);

	/* Reads the number that `adopt = user_version` is about. Returns 0, or -1. */
	int (*user_version)(struct store *store, int64_t *ret, struct err *err);
};

struct store {
	const struct store_engine *engine;
	const char *ledger; /* our table, in SQL */
};

#endif
