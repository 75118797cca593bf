/* SPDX-License-Identifier: MIT */
/* A database in memory with the schema of another one. */
#include "fixture.h"
#include "db/connection.h"
#include "db/memory.h"
#include "ledger/query.h"

static const char everything[] =
	"CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT, x UNIQUE, y AS (x || 'y'));"
	"CREATE TABLE w(k, v, PRIMARY KEY(k, v)) WITHOUT ROWID;"
	"INSERT INTO a(x) VALUES(1);"
	"CREATE INDEX i ON a(lower(x)) WHERE x > 1;"
	"CREATE VIEW v AS SELECT * FROM missing;"
	"CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END;"
	"CREATE VIRTUAL TABLE f USING fts5(x, content='a');"
	"CREATE TABLE f_more(x);"
	"CREATE VIRTUAL TABLE r USING rtree(id, p, q);"
	"CREATE TABLE \"odd 'name'\"(\"a b\");"
	"ANALYZE;";

/* The schema as text, but for the sequence of the rows and for root pages. */
static const char *schema_text(struct world *world, struct connection *connection)
{
	struct query query = {0};
	const char *text = "";
	int rc = query_run(&query, &connection->store, "read",
		"SELECT type || '|' || name || '|' || tbl_name || '|' || ifnull(sql, '') "
		"FROM sqlite_master ORDER BY type, name",
		NULL, 0, &world->err);

	for (; rc == 1; rc = query_next(&query, &world->err))
		text = arena_printf(&world->arena, "%s%s\n", text, query_text(&query, 0));
	assert_int_equal(rc, 0);
	query_release(&query);
	return text;
}

static void open_with(struct world *world, struct connection *connection, const char *sql)
{
	assert_int_equal(memory_open(connection, &world->spec, NULL, &world->err), 0);
	if (connection_exec(connection, "fill", sql, &world->err) < 0)
		fail_msg("%s", world->err.text);
}

static const struct memory_schema *read_schema(
	struct world *world, struct connection *connection)
{
	const struct memory_schema *schema;

	if (memory_read_schema(connection, &world->arena, &schema, &world->err) < 0)
		fail_msg("%s", world->err.text);
	return schema;
}

static void a_schema_is_made_anew_without_rows(void **state)
{
	struct world *world = *state;
	struct connection from = {0}, to = {0};
	const struct memory_schema *schema;
	struct query query = {0};

	open_with(world, &from, everything);
	schema = read_schema(world, &from);
	if (memory_open(&to, &world->spec, schema, &world->err) != 0)
		fail_msg("%s", world->err.text);
	assert_string_equal(schema_text(world, &to), schema_text(world, &from));
	assert_int_equal(query_run(&query, &to.store, "count", "SELECT 1 FROM a", NULL, 0,
				 &world->err),
		0);
	query_release(&query);
	connection_release(&from);
	connection_release(&to);
}

static void the_schema_cannot_be_written_afterwards(void **state)
{
	struct world *world = *state;
	struct connection from = {0}, to = {0};
	const struct memory_schema *schema;

	open_with(world, &from, "CREATE TABLE a(x); CREATE VIEW v AS SELECT 1");
	schema = read_schema(world, &from);
	assert_int_equal(memory_open(&to, &world->spec, schema, &world->err), 0);
	assert_int_equal(connection_exec(&to, "write",
				 "PRAGMA writable_schema=ON; DELETE FROM sqlite_master",
				 &world->err),
		-1);
	connection_release(&from);
	connection_release(&to);
}

static void assert_unusable(
	struct world *world, struct memory_schema *schema, const char *says)
{
	struct connection to = {0};

	err_init(&world->err);
	assert_int_equal(memory_open(&to, &world->spec, schema, &world->err), 1);
	assert_says(world->err.text, says);
	connection_release(&to);
}

static void what_cannot_be_made_is_named(void **state)
{
	struct memory_object objects[] = {
		{"table", "a", "a", "CREATE TABLE a(x CHECK(own(x)))"},
		{"table", "f_x", "f_x", NULL},
	};
	struct world *world = *state;
	struct memory_schema schema = {.list = objects, .count = 1};

	assert_unusable(world, &schema, "a: no such function: own");
	schema = (struct memory_schema){.list = &objects[1], .count = 1};
	assert_unusable(world, &schema, "other objects");
	schema = (struct memory_schema){.unusable = "it is too large"};
	assert_unusable(world, &schema, "it is too large");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_schema_is_made_anew_without_rows),
		TEST(the_schema_cannot_be_written_afterwards),
		TEST(what_cannot_be_made_is_named),
	};

	return cmocka_run_group_tests_name("db/memory", tests, NULL, NULL);
}
