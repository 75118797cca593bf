/* SPDX-License-Identifier: MIT */
/* The ledger: reading, comparing and writing it. */
#include "db/ledger.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "db/connect.h"
#include "db/migration.h"

/* How the three ways to disagree are answered, until keys of the step choose. */
enum answer { ANSWER_WARN, ANSWER_ERROR };
static const struct {
	enum answer drift, unknown, out_of_order;
} policy = {
	.drift = ANSWER_ERROR,
	.unknown = ANSWER_WARN,
	.out_of_order = ANSWER_ERROR,
};

#define TOLD_MAX 5 /* migrations that one message names */

/* No STRICT: older libraries could not open it. */
static const char create_sql[] =
	"CREATE TABLE IF NOT EXISTS main.groundwork_migrations("
	"module TEXT, id TEXT, name TEXT, hash BLOB, applied_at INTEGER, "
	"duration_us INTEGER, tool TEXT, PRIMARY KEY(module, id))";
static const char tables_sql[] =
	"SELECT lower(name) = 'groundwork_migrations' FROM main.sqlite_master "
	"WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
static const char read_sql[] =
	"SELECT module, id, name, hash FROM main.groundwork_migrations";
static const char insert_sql[] =
	"INSERT INTO main.groundwork_migrations(module, id, name, hash, applied_at, "
	"duration_us, tool) VALUES(?, ?, ?, ?, ?, ?, 'groundwork')";

/* ---- reading ---- */

static int row_cmp(
	const char *module_a, const char *id_a, const char *module_b, const char *id_b)
{
	int order = strcmp(module_a, module_b);

	return order ? order : migration_version_cmp(id_a, id_b);
}

static int by_version(const void *a, const void *b)
{
	const struct ledger_row *left = a, *right = b;

	return row_cmp(left->module, left->id, right->module, right->id);
}

static const char *column_text(sqlite3_stmt *statement, int column, struct arena *arena)
{
	const unsigned char *text = sqlite3_column_text(statement, column);

	return arena_strdup(arena, text ? (const char *)text : "");
}

static void add_row(
	struct ledger *ledger, size_t *room, sqlite3_stmt *statement, struct arena *arena)
{
	struct ledger_row *row;
	const void *hash;

	if (ledger->count == *room) {
		*room = *room ? *room * 2 : 64;
		ledger->rows = mem_resize(ledger->rows, *room, sizeof *ledger->rows);
	}
	row = &ledger->rows[ledger->count++];
	*row = (struct ledger_row){
		.module = column_text(statement, 0, arena),
		.id = column_text(statement, 1, arena),
		.name = column_text(statement, 2, arena),
	};
	hash = sqlite3_column_blob(statement, 3);
	row->hash_size = (size_t)sqlite3_column_bytes(statement, 3);
	row->hash = (const unsigned char *)arena_memdup(arena, hash, row->hash_size);
}

static int read_rows(struct connection *connection, struct arena *arena,
	struct ledger *ledger, struct err *err)
{
	sqlite3_stmt *statement = NULL;
	struct ledger_row *grown;
	size_t room = 0;
	int rc;

	if (connection_prepare(connection,
		    "read the ledger, the table groundwork_migrations", read_sql,
		    &statement, err) < 0)
		return -1;
	while ((rc = sqlite3_step(statement)) == SQLITE_ROW)
		add_row(ledger, &room, statement, arena);
	grown = ledger->rows;
	ledger->rows = arena_alloc(arena, ledger->count * sizeof *grown);
	if (ledger->count)
		memcpy(ledger->rows, grown, ledger->count * sizeof *grown);
	free(grown);
	rc = rc == SQLITE_DONE ? 0 : connection_fail(connection, "read the ledger", err);
	(void)sqlite3_finalize(statement); /* repeats an error that was told */
	if (ledger->count > 1)
		qsort(ledger->rows, ledger->count, sizeof *ledger->rows, by_version);
	return rc;
}

static int read_tables(
	struct connection *connection, struct ledger *ledger, struct err *err)
{
	sqlite3_stmt *statement = NULL;
	int rc;

	if (connection_prepare(
		    connection, "read the schema", tables_sql, &statement, err) < 0)
		return -1;
	while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
		if (sqlite3_column_int(statement, 0))
			ledger->exists = true;
		else
			ledger->others = true;
	}
	rc = rc == SQLITE_DONE ? 0 : connection_fail(connection, "read the schema", err);
	(void)sqlite3_finalize(statement); /* repeats an error that was told */
	return rc;
}

/* Would a connection that may write get further than this one, which may not? */
static bool needs_recovery(const struct connection *connection)
{
	int code = sqlite3_errcode(connection->db) & 0xff;

	if (!sqlite3_db_readonly(connection->db, "main"))
		return false;
	return code == SQLITE_READONLY || code == SQLITE_CANTOPEN ||
		code == SQLITE_PROTOCOL;
}

int ledger_read(struct connection *connection, struct arena *arena, struct ledger *ret,
	struct err *err)
{
	struct err why = ERR_INIT;
	struct ledger ledger = {.exists = false};
	int rc = read_tables(connection, &ledger, &why);

	if (rc == 0 && ledger.exists)
		rc = read_rows(connection, arena, &ledger, &why);
	if (rc < 0 && needs_recovery(connection))
		return 1;
	if (rc < 0) {
		*err = why;
		return -1;
	}
	*ret = ledger;
	return 0;
}

/* ---- comparing ---- */

static struct ledger_row *find_row(
	const struct ledger *ledger, const struct db_migration *migration)
{
	struct ledger_row key = {.module = migration->module, .id = migration->id};

	if (!ledger->count)
		return NULL;
	return bsearch(&key, ledger->rows, ledger->count, sizeof key, by_version);
}

/* The migrations that a message is about. */
struct telling {
	struct buf text;
	size_t count;
};

__attribute__((format(printf, 2, 3))) static void tell(
	struct telling *telling, const char *format, ...)
{
	va_list args;

	if (telling->count++ >= TOLD_MAX)
		return;
	va_start(args, format);
	buf_puts(&telling->text, telling->count > 1 ? ", " : "");
	buf_vprintf(&telling->text, format, args);
	va_end(args);
}

/* 0 nothing to tell, or told as a warning · -1. `advice` says what to do. */
static int answer(enum answer how, bool warn, const struct db_spec *spec,
	struct telling *telling, const char *advice, struct err *err)
{
	int rc = 0;

	if (telling->count > TOLD_MAX)
		buf_printf(&telling->text, " and %zu more", telling->count - TOLD_MAX);
	if (telling->count && how == ANSWER_ERROR)
		rc = err_fail(
			err, "'%s': %s: %s", spec->path, telling->text.data, advice);
	else if (telling->count && warn)
		log_warn(spec->log, "'%s': %s: %s", spec->path, telling->text.data,
			advice);
	buf_release(&telling->text);
	return rc;
}

static int check_drift(const struct db_spec *spec, const struct ledger *ledger, bool warn,
	struct err *err)
{
	struct telling changed = {.text = BUF_INIT};

	for (size_t i = 0; i < spec->migrations->count; i++) {
		const struct db_migration *one = &spec->migrations->list[i];
		const struct ledger_row *row = find_row(ledger, one);

		if (row &&
			(row->hash_size != DIGEST_SIZE ||
				memcmp(row->hash, one->hash, DIGEST_SIZE) != 0))
			tell(&changed, "%s/%s ('%s')", one->module, one->id, one->file);
	}
	return answer(policy.drift, warn, spec, &changed,
		"changed since it was applied; put the file back as it was, and make the "
		"change in a new migration",
		err);
}

static bool is_configured(const struct db_migrations *migrations, const char *module)
{
	for (size_t i = 0; i < migrations->count; i++)
		if (str_equal(migrations->list[i].module, module))
			return true;
	return false;
}

static int check_unknown(const struct db_spec *spec, const struct ledger *ledger,
	bool warn, struct err *err)
{
	struct telling unknown = {.text = BUF_INIT};

	for (size_t i = 0; i < ledger->count; i++) {
		const struct ledger_row *row = &ledger->rows[i];

		if (!row->ours && is_configured(spec->migrations, row->module))
			tell(&unknown, "%s/%s (%s)", row->module, row->id, row->name);
	}
	return answer(policy.unknown, warn, spec, &unknown,
		"applied, but not among our migrations; is this an older version of the "
		"application?",
		err);
}

/* The latest that its contributor has in the ledger, or NULL. */
static const struct ledger_row *latest(const struct ledger *ledger, const char *module)
{
	for (size_t i = ledger->count; i > 0; i--)
		if (str_equal(ledger->rows[i - 1].module, module))
			return &ledger->rows[i - 1];
	return NULL;
}

static int check_order(const struct db_spec *spec, const struct ledger *ledger, bool warn,
	const struct db_report *report, struct err *err)
{
	struct telling late = {.text = BUF_INIT};
	const struct ledger_row *last = NULL;

	for (size_t i = 0; i < report->pending_count; i++) {
		const struct db_migration *one = report->pending[i];

		if (!last || !str_equal(last->module, one->module))
			last = latest(ledger, one->module);
		if (last && migration_version_cmp(one->id, last->id) < 0)
			tell(&late, "%s/%s ('%s', behind %s)", one->module, one->id,
				one->file, last->id);
	}
	return answer(policy.out_of_order, warn, spec, &late,
		"comes before one that is applied already; give it a version behind that",
		err);
}

static void sort_out(const struct db_spec *spec, const struct ledger *ledger,
	struct arena *arena, struct db_report *ret)
{
	const struct db_migrations *all = spec->migrations;

	ret->pending = arena_alloc(arena, all->count * sizeof(void *));
	ret->pending_count = 0;
	ret->applied_count = 0;
	for (size_t i = 0; i < all->count; i++) {
		struct ledger_row *row = find_row(ledger, &all->list[i]);

		if (row) {
			row->ours = true;
			ret->applied_count++;
		} else {
			ret->pending[ret->pending_count++] = &all->list[i];
		}
	}
}

int ledger_compare(const struct db_spec *spec, const struct ledger *ledger, bool warn,
	struct arena *arena, struct db_report *ret, struct err *err)
{
	if (!ledger->exists && ledger->others && spec->migrations->count)
		return err_fail(err,
			"'%s' has tables but no ledger of ours: it was made by something "
			"else, "
			"and what of our migrations is in it cannot be known; it was "
			"left as "
			"it is (taking it over comes by hand)",
			spec->path);
	sort_out(spec, ledger, arena, ret);
	if (check_drift(spec, ledger, warn, err) < 0 ||
		check_unknown(spec, ledger, warn, err) < 0)
		return -1;
	return check_order(spec, ledger, warn, ret, err);
}

/* ---- writing ---- */

int ledger_create(struct connection *connection, struct err *err)
{
	return connection_exec(connection, "create the ledger", create_sql, err);
}

int ledger_prepare(
	struct connection *connection, struct sqlite3_stmt **ret, struct err *err)
{
	return connection_prepare(connection, "write the ledger", insert_sql, ret, err);
}

int ledger_add(struct connection *connection, struct sqlite3_stmt *insert,
	const struct db_migration *migration, int64_t duration_us, struct err *err)
{
	/* What binding could fail with is memory, and then the step fails with it. */
	(void)sqlite3_bind_text(insert, 1, migration->module, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(insert, 2, migration->id, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(insert, 3, migration->name, -1, SQLITE_STATIC);
	(void)sqlite3_bind_blob(insert, 4, migration->hash, DIGEST_SIZE, SQLITE_STATIC);
	(void)sqlite3_bind_int64(insert, 5, clock_epoch());
	(void)sqlite3_bind_int64(insert, 6, duration_us);
	if (sqlite3_step(insert) != SQLITE_DONE)
		return connection_fail(connection, "write the ledger", err);
	if (sqlite3_reset(insert) != SQLITE_OK)
		return connection_fail(connection, "write the ledger", err);
	return 0;
}
