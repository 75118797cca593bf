/* SPDX-License-Identifier: MIT */
/*
 * How an engine asks the ledger of another tool (adopt_tools.h): a table with what is
 * SQL in it, one row a tool, and three queries that are made of a row.
 */
#ifndef LEDGER_ADOPT_SQL_H
#define LEDGER_ADOPT_SQL_H

struct adopt_tool;
struct buf;
struct store;

struct adopt_sql {
	const char *table; /* its usual name here; NULL: that of adopt_tools.h */

	/* The name of a migration, and its checksum as text, or NULL. */
	const char *migration; /* NULL: the tool has no ledger in this engine */
	const char *recorded;
	/* A column, and what it is if the migration was applied as a whole; or NULL. */
	const char *state;
	const char *whole;
	const char *reach; /* an enum adopt_reach; NULL: ADOPT_ONE */
	const char *where; /* the rows that count; NULL: all of them */
	/* Of several rows of one migration the one with the highest `newest` counts. */
	const char *newest;
	const char *having; /* what that one must be to count */
	const char *damage; /* what is wrong with a row as a text, or NULL; or NULL */
	const char *when;   /* the when_ms of a migration, if that finds a changed one */
};

/* What stands around an expression to make another of it. */
struct adopt_around {
	const char *before;
	const char *after;
};

struct adopt_engine {
	const struct adopt_sql *tools; /* by enum adopt_tool_id */
	struct adopt_around size;      /* that of a value in bytes; NULL for NULL */
	struct adopt_around quoted;    /* the value as SQL writes it */

	/* Appends " FROM " and the table, in the schema where find_table() looks. */
	void (*from)(struct store *store, const char *table, struct buf *ret);

	/*
	 * Appends the query that reads the ledger. A row has the name of a migration; its
	 * checksum, or NULL; what shows that it was not applied as a whole, or NULL;
	 * which migrations it is about; and `when`, or NULL.
	 */
	void (*query)(struct store *store, const struct adopt_tool *tool,
		const char *table, struct buf *ret);
};

/* Appends the query for what is wrong with each row, or NULL, and for its size. */
void adopt_sql_damage(struct store *store, const struct adopt_tool *tool,
	const char *table, struct buf *ret);

/* Appends the query for the names that several rows have, of which all count. */
void adopt_sql_twice(struct store *store, const struct adopt_tool *tool,
	const char *table, struct buf *ret);

#endif
