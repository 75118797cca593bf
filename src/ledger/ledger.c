/* SPDX-License-Identifier: MIT */
/* The ledger: reading and writing it. */
#include "ledger/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "ledger/store.h"
#include "ledger/spec.h"
#include "ledger/query.h"
#include "migration/format.h"
#include "migration/migration.h"

/* No set of migrations is so large. */
#define ROWS_MAX  100000
#define BYTES_MAX (64 * 1024 * 1024)

#define OURS   "groundwork"
#define STAMP  "stamp:" /* before a contributor's name */
#define BEGUN  "begun:" /* before that and an id */
#define SCHEMA "schema:digest"
#define NUMBER "number:user_version"

/* ---- reading ---- */

static const char *copy_text(const struct query *query, int column, struct arena *arena)
{
	const char *text = query_text(query, column);

	return arena_strdup(arena, text ? text : "");
}

static size_t row_size(const struct query *query)
{
	size_t all = 0, size;

	for (int column = 0; column < 5; column++, all += size)
		(void)query_bytes(query, column, &size); /* for its size alone */
	return all;
}

/* NULL if it is ours. Rows of one tool are next to each other, and share its name. */
static const char *copy_tool(
	const struct query *query, const struct ledger *ledger, struct arena *arena)
{
	const char *tool = query_text(query, 4);
	const char *last = ledger->count ? ledger->rows[ledger->count - 1].tool : NULL;

	if (!tool || str_equal(tool, OURS))
		return NULL;
	return last && str_equal(tool, last) ? last : arena_strdup(arena, tool);
}

static void add_row(struct ledger *ledger, const struct query *query, struct arena *arena)
{
	const char *tool = copy_tool(query, ledger, arena);
	struct ledger_row *row;
	const void *hash;

	ledger->rows = mem_grow(ledger->rows, ledger->count, sizeof *ledger->rows);
	row = &ledger->rows[ledger->count++];
	*row = (struct ledger_row){
		.position = ledger->count,
		.contributor = copy_text(query, 0, arena),
		.id = copy_text(query, 1, arena),
		.name = copy_text(query, 2, arena),
		.tool = tool,
	};
	ledger->adopted |= tool != NULL;
	hash = query_bytes(query, 3, &row->hash_size);
	row->hash = arena_memdup(arena, hash, row->hash_size);
}

/* Reads all rows into ledger->rows, which the caller must free. */
static int collect_rows(
	struct store *store, struct arena *arena, struct ledger *ledger, struct err *err)
{
	CLEANUP_BUF struct buf sql = BUF_INIT;
	CLEANUP_QUERY struct query query = {0};
	size_t bytes = 0;
	int rc;

	buf_printf(&sql, "SELECT module, id, name, hash, tool FROM %s ORDER BY %s",
		store->ledger, store->engine->row_order);
	rc = query_run(&query, store, "read the ledger, the table " LEDGER_NAME, sql.data,
		NULL, 0, err);

	for (; rc == 1; rc = query_next(&query, err)) {
		bytes += row_size(&query);
		if (ledger->count == ROWS_MAX || bytes > BYTES_MAX)
			return err_fail(err,
				"its ledger has more than %d rows, or %d MiB; no set of "
				"migrations is so large: is it damaged?",
				ROWS_MAX, BYTES_MAX / 1024 / 1024);
		add_row(ledger, &query, arena);
	}
	return rc;
}

/* A row of no contributor. */
static void add_own(
	struct ledger *ledger, const struct ledger_row *row, struct arena *arena)
{
	if (str_equal(row->id, SCHEMA) && row->hash_size == DIGEST_SIZE)
		ledger->schema_digest = row->hash;
	if (str_equal(row->id, NUMBER))
		ledger->user_version = arena_printf(
			arena, "%.*s", (int)row->hash_size, (const char *)row->hash);
	if (str_starts(row->id, BEGUN) && !ledger->begun)
		ledger->begun = row->id + strlen(BEGUN);
	if (!str_starts(row->id, STAMP))
		return;
	ledger->stamps = arena_array_grow(
		arena, ledger->stamps, ledger->stamps_count, sizeof *ledger->stamps);
	ledger->stamps[ledger->stamps_count] = *row;
	ledger->stamps[ledger->stamps_count++].id += strlen(STAMP);
}

/* Takes the rows of no contributor from the others. */
static void split_own(struct ledger *ledger, struct arena *arena)
{
	size_t kept = 0;

	for (size_t i = 0; i < ledger->count; i++) {
		struct ledger_row *row = &ledger->rows[i];

		if (!*row->contributor) {
			add_own(ledger, row, arena);
			continue;
		}
		ledger->rows[kept++] = *row;
		ledger->user_version = NULL;
	}
	ledger->count = kept;
}

int ledger_read(
	struct store *store, struct arena *arena, struct ledger *ledger, struct err *err)
{
	int rc = collect_rows(store, arena, ledger, err);
	struct ledger_row *rows = ledger->rows;

	split_own(ledger, arena);
	ledger->rows = arena_memdup(arena, rows, ledger->count * sizeof *rows);
	free(rows);
	return rc;
}

/* ---- writing ---- */

#define INSERT \
	"INSERT INTO %s(module, id, name, hash, applied_at, duration_us, tool) VALUES"

static const char insert_sql[] = INSERT "($1, $2, $3, $4, $5, $6, $7)";
static const char missing_sql[] =
	INSERT "($1, $2, $3, NULL, $4, 0, $5) ON CONFLICT DO NOTHING";
static const char find_sql[] =
	"SELECT 1 FROM %s WHERE module = $1 AND id = $2 AND hash = $3";
static const char delete_sql[] = "DELETE FROM %s WHERE module = $1 AND id = $2";

/* `sql` has a %s in the place of the table. */
static int run_on_table(struct query *query, struct store *store, const char *what,
	const char *sql, const struct query_value *values, size_t count, struct err *err)
{
	const char *table = strstr(sql, "%s");
	CLEANUP_BUF struct buf text = BUF_INIT;

	buf_printf(&text, "%.*s%s%s", (int)(table - sql), sql, store->ledger, table + 2);
	return query_run(query, store, what, text.data, values, count, err);
}

static int write_row(struct query *query, struct store *store, const char *sql,
	const struct query_value *values, size_t count, struct err *err)
{
	return run_on_table(query, store, "write the ledger", sql, values, count, err);
}

int ledger_add(struct store *store, struct query *insert,
	const struct migration *migration, int64_t duration_us, const char *tool,
	const char *replaces, struct err *err)
{
	const struct query_value values[] = {
		{.text = migration->contributor},
		{.text = migration->id},
		{.text = migration->name},
		{.blob = migration->hash, .size = sizeof migration->hash},
		{.integer = clock_epoch()},
		{.integer = duration_us},
		{.text = tool},
	};
	const struct query_value old[] = {
		{.text = migration->contributor},
		{.text = replaces ? replaces : migration->id},
	};
	CLEANUP_QUERY struct query delete = {0};

	/* A repeatable one has a row from its last run. */
	if ((replaces || format_is_repeatable(migration->id)) &&
		write_row(&delete, store, delete_sql, old, 2, err) < 0)
		return -1;
	return write_row(
		insert, store, insert_sql, values, sizeof values / sizeof *values, err);
}

int ledger_add_missing(struct store *store, struct query *insert,
	const struct ledger_missing *missing, struct err *err)
{
	const struct query_value values[] = {
		{.text = missing->contributor},
		{.text = missing->id},
		{.text = ""},
		{.integer = clock_epoch()},
		{.text = missing->tool},
	};

	return write_row(
		insert, store, missing_sql, values, sizeof values / sizeof *values, err);
}

int ledger_has(struct store *store, const struct migration *migration, struct err *err)
{
	const struct query_value values[] = {
		{.text = migration->contributor},
		{.text = migration->id},
		{.blob = migration->hash, .size = sizeof migration->hash},
	};
	CLEANUP_QUERY struct query query = {0};

	return run_on_table(&query, store, "read the ledger", find_sql, values,
		sizeof values / sizeof *values, err);
}

/* In the place of the row that has this id, if there is one. */
static int set_own(struct store *store, const char *id, const void *hash, size_t size,
	struct err *err)
{
	const struct query_value values[] = {
		{.text = ""},
		{.text = id},
		{.text = ""},
		{.blob = hash, .size = size},
		{.integer = clock_epoch()},
		{.integer = 0},
		{.text = OURS},
	};
	CLEANUP_QUERY struct query delete = {0};
	CLEANUP_QUERY struct query insert = {0};

	if (write_row(&delete, store, delete_sql, values, 2, err) < 0)
		return -1;
	return write_row(
		&insert, store, insert_sql, values, sizeof values / sizeof *values, err);
}

int ledger_set_stamp(struct store *store, const char *contributor,
	const unsigned char hash[DIGEST_SIZE], struct err *err)
{
	CLEANUP_BUF struct buf id = BUF_INIT;

	buf_printf(&id, STAMP "%s", contributor);
	return set_own(store, id.data, hash, DIGEST_SIZE, err);
}

int ledger_set_schema_digest(
	struct store *store, const unsigned char digest[DIGEST_SIZE], struct err *err)
{
	return set_own(store, SCHEMA, digest, DIGEST_SIZE, err);
}

int ledger_set_user_version(struct store *store, const char *number, struct err *err)
{
	return set_own(store, NUMBER, number, strlen(number), err);
}

static void name_begun(const struct migration *migration, struct buf *id)
{
	buf_printf(id, BEGUN "%s/%s", migration->contributor, migration->id);
}

int ledger_set_begun(
	struct store *store, const struct migration *migration, struct err *err)
{
	CLEANUP_BUF struct buf id = BUF_INIT;

	name_begun(migration, &id);
	return set_own(store, id.data, migration->hash, sizeof migration->hash, err);
}

int ledger_drop_begun(
	struct store *store, const struct migration *migration, struct err *err)
{
	CLEANUP_BUF struct buf id = BUF_INIT;
	CLEANUP_QUERY struct query delete = {0};
	struct query_value values[] = {{.text = ""}, {.text = NULL}};

	name_begun(migration, &id);
	values[1].text = id.data;
	return write_row(&delete, store, delete_sql, values, 2, err);
}
