/* SPDX-License-Identifier: MIT */
/* How much of a database is to be verified. */
#include "db/verify_extent.h"

#include <sqlite3.h>
#include <string.h>

#include "base/err.h"
#include "db/connection.h"
#include "ledger/ledger.h"
#include "ledger/query.h"
#include "db/touched.h"

#define SMALL "4194304" /* bytes */

static const char finding[] = "find what was touched";

static const char whole_sql[] =
	"SELECT 1 FROM pragma_page_count, pragma_page_size, pragma_auto_vacuum "
	"WHERE page_count * page_size < " SMALL " OR auto_vacuum";

/* A virtual table has no pages of its own, and neither has a view. */
static const char table_sql[] =
	"SELECT tbl_name FROM main.sqlite_master WHERE name = ?1 COLLATE NOCASE "
	"AND type IN ('table', 'index') AND rootpage";

/*
 * A UNIQUE index to whose columns a foreign key refers: by it the key is checked, and
 * without it the key cannot be.
 */
static const char key_index_sql[] =
	"SELECT 1 FROM main.sqlite_master AS i, "
	"pragma_index_list(i.tbl_name, 'main') AS l, main.sqlite_master AS c, "
	"pragma_foreign_key_list(c.name, 'main') AS f "
	"WHERE i.type = 'index' AND i.name = ?1 COLLATE NOCASE "
	"AND l.name = i.name AND l.\"unique\" AND c.type = 'table' "
	"AND f.\"table\" = i.tbl_name COLLATE NOCASE AND NOT EXISTS (SELECT 1 "
	"FROM pragma_index_xinfo(i.name, 'main') AS x WHERE x.key "
	"AND NOT EXISTS (SELECT 1 FROM pragma_foreign_key_list(c.name, 'main') AS o "
	"WHERE o.id = f.id AND o.\"to\" = x.name COLLATE NOCASE))";

/* Adds the table, or that of an index. Returns 1, 0 if there is none, or -1. */
static int add_table(struct touched *touched, struct connection *connection,
	const char *name, enum touched_what what, struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	CLEANUP_QUERY struct query key = {0};
	const struct query_value value = {.text = name};
	int keys = query_run(
		&key, &connection->store, finding, key_index_sql, &value, 1, err);
	int rc = 1;

	if (keys < 0)
		return -1;
	if (keys == 1)
		what = TOUCHED_ROWS; /* the index is as good as new: so are the rows */
	if (sqlite3_stricmp(name, "sqlite_master") == 0)
		touched_add(touched, name, what);
	else
		rc = query_run(
			&query, &connection->store, finding, table_sql, &value, 1, err);
	if (rc == 1 && query.statement)
		touched_add(touched, query_text(&query, 0), what);
	return rc;
}

/* These are written without asking the authorizer, or by ourselves. */
static int add_own(
	struct touched *touched, struct connection *connection, struct err *err)
{
	static const char *const tables[] = {
		"sqlite_master", "sqlite_sequence", LEDGER_NAME};

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		if (add_table(touched, connection, tables[i], TOUCHED_ROWS, err) < 0)
			return -1;
	return 0;
}

/* Replaces indexes by their tables. Sets `all` if a table is missing. Or -1. */
static int name_tables(
	struct touched *touched, struct connection *connection, struct err *err)
{
	struct touched noted = *touched;

	touched->count = 0;
	for (size_t i = 0; i < noted.count; i++) {
		int rc;

		touched->at = noted.tables[i].at;
		rc = add_table(touched, connection, noted.tables[i].name,
			noted.tables[i].what, err);
		if (rc < 0)
			return -1;
		if (rc == 1)
			continue;
		memcpy(touched->tables, noted.tables, sizeof noted.tables);
		touched->count = noted.count;
		touched->all = true;
		return 0;
	}
	touched->at = (struct place){.line = 0};
	return 0;
}

int verify_extent(struct touched *touched, struct connection *connection, struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	int rc = query_run(&query, &connection->store, finding, whole_sql, NULL, 0, err);

	if (rc < 0)
		return -1;
	touched->all |= rc == 1;
	if (!touched->all && name_tables(touched, connection, err) < 0)
		return -1;
	return touched->all ? 0 : add_own(touched, connection, err);
}
