/* SPDX-License-Identifier: MIT */
/* A database in memory with the schema of another one. */
#include "db/memory.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "db/connection.h"
#include "ledger/query.h"

/* What is made in memory; each table is compared with each virtual one. */
#define BYTES_MAX   ((size_t)64 * 1024 * 1024)
#define OBJECTS_MAX 100000
#define VIRTUAL_MAX 1000

/* ---- reading ---- */

static const char read_sql[] =
	"SELECT type, name, tbl_name, sql FROM main.sqlite_master ORDER BY rowid";

static const char *copy_text(
	const struct query *query, int column, struct arena *arena, size_t *bytes)
{
	const char *text = query_text(query, column);

	if (!text)
		return NULL;
	*bytes += strlen(text);
	return arena_strdup(arena, text);
}

static bool is_virtual(const struct memory_object *object)
{
	static const char create[] = "CREATE VIRTUAL ";

	/* SQLite stores it with this beginning. */
	return object->sql &&
		sqlite3_strnicmp(object->sql, create, (int)sizeof create - 1) == 0;
}

int memory_read_schema(struct connection *connection, struct arena *arena,
	const struct memory_schema **ret, struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	struct memory_schema *schema = arena_alloc(arena, sizeof *schema);
	size_t bytes = 0, virtuals = 0;
	int rc = query_run(
		&query, &connection->store, "read the schema", read_sql, NULL, 0, err);

	for (; rc == 1; rc = query_next(&query, err)) {
		struct memory_object object = {
			.type = copy_text(&query, 0, arena, &bytes),
			.name = copy_text(&query, 1, arena, &bytes),
			.table = copy_text(&query, 2, arena, &bytes),
			.sql = copy_text(&query, 3, arena, &bytes),
		};

		virtuals += is_virtual(&object);
		if (bytes > BYTES_MAX || schema->count == OBJECTS_MAX ||
			virtuals > VIRTUAL_MAX) {
			*schema = (struct memory_schema){.unusable = "it is too large"};
			rc = 0;
			break;
		}
		if (!object.type || !object.name || !object.table)
			return err_fail(err, "its schema has a row without a name");
		schema->list = arena_array_grow(
			arena, schema->list, schema->count, sizeof *schema->list);
		schema->list[schema->count++] = object;
	}
	if (rc == 0)
		*ret = schema;
	return rc;
}

/* ---- making it anew ---- */

/*
 * In the order in which they are made. A virtual table creates its shadow tables, and may
 * need another table to exist.
 */
enum part { TABLE, VIRTUAL, SHADOW, INDEX, STORED, PARTS, BUILT_IN };

struct making {
	struct connection *connection;
	const struct memory_schema *schema;
	enum part *parts;      /* of each object */
	const char **virtuals; /* the names of the virtual tables */
	size_t virtuals_count;
};

/* Is it named as a shadow table of a virtual table would be: NAME_…? */
static bool may_be_shadow(const struct making *making, const char *name)
{
	size_t size = strlen(name);

	for (size_t i = 0; i < making->virtuals_count; i++) {
		const char *of = making->virtuals[i];
		size_t length = strlen(of);

		if (size > length && name[length] == '_' &&
			sqlite3_strnicmp(name, of, (int)length) == 0)
			return true;
	}
	return false;
}

static enum part part_of(const struct making *making, const struct memory_object *object)
{
	if (!object->sql || sqlite3_strnicmp(object->name, "sqlite_", 7) == 0)
		return BUILT_IN;
	if (str_equal(object->type, "index"))
		return INDEX;
	if (!str_equal(object->type, "table"))
		return STORED;
	if (is_virtual(object))
		return VIRTUAL;
	return may_be_shadow(making, object->name) ? SHADOW : TABLE;
}

static void find_parts(struct making *making, struct arena *arena)
{
	const struct memory_schema *schema = making->schema;

	making->parts = arena_alloc(arena, schema->count * sizeof *making->parts);
	making->virtuals = arena_alloc(arena, schema->count * sizeof *making->virtuals);
	for (size_t i = 0; i < schema->count; i++)
		if (is_virtual(&schema->list[i]))
			making->virtuals[making->virtuals_count++] = schema->list[i].name;
	for (size_t i = 0; i < schema->count; i++)
		making->parts[i] = part_of(making, &schema->list[i]);
}

static const char to_make[] = "make its schema in memory";

static bool exists(struct connection *connection, const struct memory_object *object)
{
	return sqlite3_table_column_metadata(connection->db, "main", object->name, NULL,
		       NULL, NULL, NULL, NULL, NULL) == SQLITE_OK;
}

static int store(struct connection *connection, const struct memory_object *object,
	struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	const struct query_value values[] = {
		{.text = object->type},
		{.text = object->name},
		{.text = object->table},
		{.text = object->sql},
	};

	return query_run(&query, &connection->store, to_make,
		"INSERT INTO main.sqlite_master(type, name, tbl_name, rootpage, sql) "
		"VALUES(?1, ?2, ?3, 0, ?4)",
		values, 4, err);
}

/* Its first statement alone: that is what SQLite reads. */
static int create(struct connection *connection, const struct memory_object *object,
	struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	int rc = query_run(
		&query, &connection->store, object->name, object->sql, NULL, 0, err);

	return rc < 0 ? -1 : 0;
}

static int create_virtual(struct connection *connection,
	const struct memory_object *object, struct err *err)
{
	static const char missing[] = "no such module: ";
	DECLARE_ERR(why);

	if (create(connection, object, &why) == 0)
		return 0;
	if (strncmp(sqlite3_errmsg(connection->db), missing, sizeof missing - 1) == 0)
		return store(connection, object, err);
	*err = why;
	return -1;
}

static int make(struct connection *connection, const struct memory_object *object,
	enum part part, struct err *err)
{
	if (part == SHADOW && exists(connection, object))
		return 0;
	if (part == VIRTUAL)
		return create_virtual(connection, object, err);
	return (part == STORED ? store : create)(connection, object, err);
}

/* SQLite's own tables, which cannot be created by their names. */
static int make_built_in(struct connection *connection,
	const struct memory_object *object, struct err *err)
{
	static const struct {
		const char *name;
		const char *sql;
	} ways[] = {
		{"sqlite_sequence",
			"CREATE TABLE main.groundwork_sequence(a INTEGER PRIMARY KEY "
			"AUTOINCREMENT); DROP TABLE main.groundwork_sequence"},
		{"sqlite_stat1", "ANALYZE main"},
	};

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		if (str_equal(object->name, ways[i].name))
			return connection_exec(connection, to_make, ways[i].sql, err);
	return 0;
}

static int make_parts(struct making *making, struct err *err)
{
	struct connection *connection = making->connection;
	const struct memory_schema *schema = making->schema;

	for (enum part part = TABLE; part < PARTS; part++)
		for (size_t i = 0; i < schema->count; i++)
			if (making->parts[i] == part &&
				make(connection, &schema->list[i], part, err) < 0)
				return -1;
	for (size_t i = 0; i < schema->count; i++)
		if (make_built_in(connection, &schema->list[i], err) < 0)
			return -1;
	return 0;
}

static int make_all(struct connection *connection, const struct memory_schema *schema,
	struct err *err)
{
	struct arena arena = {0};
	struct making making = {.connection = connection, .schema = schema};
	int rc;

	find_parts(&making, &arena);
	rc = make_parts(&making, err);
	arena_release(&arena);
	return rc;
}

/* Those of ANALYZE differ from one library to another. */
static bool is_counted(const struct memory_object *object)
{
	return sqlite3_strnicmp(object->name, "sqlite_stat", 11) != 0;
}

/* Is there an object for each, and no other one? */
static int check_all(struct connection *connection, const struct memory_schema *schema,
	struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	int64_t count = 0;
	int rc = query_run(&query, &connection->store, to_make,
		"SELECT count(*) FROM main.sqlite_master "
		"WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\'",
		NULL, 0, err);

	for (size_t i = 0; i < schema->count; i++)
		count += is_counted(&schema->list[i]);
	if (rc < 0)
		return -1;
	if (query_integer(&query, 0) == count)
		return 0;
	return err_fail(err, "the library has other objects of its virtual tables");
}

static void set_defensive(struct connection *connection, int on)
{
	/* harden() has found that it works */
	(void)sqlite3_db_config(
		connection->db, SQLITE_DBCONFIG_DEFENSIVE, on, (int *)NULL);
}

/* Rows of the schema are written only while defensive mode is off. */
static int fill(struct connection *connection, const struct memory_schema *schema,
	struct err *err)
{
	int rc;

	set_defensive(connection, 0);
	rc = connection_exec(connection, to_make, "PRAGMA writable_schema=ON", err);
	if (rc == 0)
		rc = make_all(connection, schema, err);
	if (rc == 0)
		rc = connection_exec(
			connection, to_make, "PRAGMA writable_schema=RESET", err);
	set_defensive(connection, 1); /* which ends writable_schema, too */
	return rc < 0 ? -1 : check_all(connection, schema, err);
}

int memory_open(struct connection *connection, const struct db_spec *spec,
	const struct memory_schema *schema, struct err *err)
{
	if (connection_open(connection, NULL, spec, MEMORY, err) < 0)
		return -1;
	if (schema && schema->unusable)
		err_fail(err, "%s", schema->unusable);
	else if (!schema || fill(connection, schema, err) == 0)
		return 0;
	return 1;
}
