/* SPDX-License-Identifier: MIT */
/* Databases that were made to misuse or to waste our rights. */
#include "fixture.h"

#include "base/clock.h"
#include "db/connection.h"
#include "ledger/ledger.h"
#include "ledger/query.h"
#include "db/inspect.h"

static void begin(struct world *world)
{
	put("m/001_a.sql", "CREATE TABLE a (b);");
	contribute(world, "app", "m");
	apply_all(world);
	put("m/002_b.sql", "INSERT INTO a VALUES (2);");
	load(world);
}

/* It is neither read further, nor upgraded, nor changed. */
static void assert_refused(struct world *world, const char *why)
{
	const char *before = footprint(world);

	assert_int_equal(check(world), -1);
	assert_says(world->err.text, why);
	assert_int_equal(apply(world), -1);
	assert_says(world->err.text, why);
	assert_string_equal(footprint(world), before);
}

/* ---- false ledgers ---- */

#define KEEP "CREATE TABLE kept AS SELECT * FROM groundwork_migrations;"
#define DROP "DROP TABLE groundwork_migrations;"

static void a_ledger_that_is_something_else_is_refused(void **state)
{
	static const struct {
		const char *sql;
		const char *why;
	} cases[] = {
		{KEEP DROP "CREATE VIEW groundwork_migrations AS SELECT * FROM kept",
			"the view 'groundwork_migrations' is in the place of the ledger"},
		{KEEP DROP "CREATE VIEW Groundwork_Migrations AS WITH RECURSIVE "
			   "n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
			   "SELECT i AS module, i AS id, i AS name, i AS hash FROM n",
			"the view 'Groundwork_Migrations' is in the place of the ledger"},
		{DROP "CREATE VIRTUAL TABLE groundwork_migrations USING fts4(module, id, "
		      "name, hash, applied_at, duration_us, tool)",
			"is not the ledger that groundwork creates"},
		{"CREATE TRIGGER t AFTER INSERT ON groundwork_migrations BEGIN "
		 "DELETE FROM a; END",
			"the trigger 't' is in the place of the ledger, or on it"},
		{"CREATE TRIGGER t BEFORE DELETE ON main.GROUNDWORK_MIGRATIONS BEGIN "
		 "DELETE FROM a; END",
			"the trigger 't' is in the place of the ledger, or on it"},
		{"CREATE INDEX i ON groundwork_migrations(upper(name))",
			"the index 'i' is in the place of the ledger, or on it"},
		{"ALTER TABLE groundwork_migrations ADD COLUMN more",
			"is not the ledger that groundwork creates"},
		{"ALTER TABLE groundwork_migrations ADD COLUMN g AS (upper(name))",
			"is not the ledger that groundwork creates"},
		{DROP "CREATE TABLE groundwork_migrations(module TEXT, id TEXT, name "
		      "TEXT, hash BLOB, applied_at INTEGER, duration_us INTEGER, tool "
		      "TEXT CHECK(length(tool) < 99), PRIMARY KEY(module, id))",
			"is not the ledger that groundwork creates"},
		{DROP "CREATE TABLE groundwork_migrations(module TEXT, id TEXT, name "
		      "TEXT, hash BLOB, applied_at INTEGER, duration_us INTEGER, tool "
		      "TEXT, PRIMARY KEY(module, id)) WITHOUT ROWID",
			"is not the ledger that groundwork creates"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world *world;

		assert_int_equal(world_setup((void **)&world), 0);
		begin(world);
		(void)sql(world, cases[i].sql);
		assert_refused(world, cases[i].why);
		assert_int_equal(world_teardown((void **)&world), 0);
	}
	(void)state;
}

/* The columns of sqlite_schema that we read may differ from its SQL. */
static void a_schema_that_lies_is_refused(void **state)
{
	struct world *world = *state;

	begin(world);
	(void)sql(world,
		"CREATE TRIGGER t AFTER INSERT ON groundwork_migrations BEGIN "
		"DELETE FROM a; END; INSERT INTO a VALUES (1); "
		"PRAGMA writable_schema = ON; "
		"UPDATE sqlite_schema SET tbl_name = 'a' WHERE name = 't'");
	assert_refused(world, "malformed database schema (t)");
	assert_string_equal(
		sql(world, "PRAGMA writable_schema = ON; SELECT * FROM a"), "1\n");
}

/* As a restored dump has it, or a tool that quotes names. */
static void a_ledger_that_is_written_otherwise_is_the_same(void **state)
{
	struct world *world = *state;

	begin(world);
	(void)sql(world,
		KEEP DROP
		"CREATE TABLE \"groundwork_migrations\" (\n\t[module] text, `id` "
		"TEXT,name TEXT,\nhash BLOB, applied_at INTEGER, duration_us "
		"INTEGER, tool TEXT , primary key (module, id)\n);"
		"INSERT INTO groundwork_migrations SELECT * FROM kept");
	apply_all(world);
	assert_int_equal(world->report.work.pending_count, 1);
	assert_string_equal(sql(world, "SELECT * FROM a"), "2\n");
}

/* ---- limits of reading ---- */

#define NUMBERS(n) \
	"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " #n \
	") "

static void a_ledger_with_too_many_rows_is_refused(void **state)
{
	struct world *world = *state;

	begin(world);
	(void)sql(world,
		NUMBERS(100000) "INSERT INTO groundwork_migrations(module, id) "
				"SELECT 'gone', i FROM n");
	assert_refused(world, "its ledger has more than 100000 rows, or 64 MiB");
}

static void a_ledger_with_too_much_in_it_is_refused(void **state)
{
	struct world *world = *state;

	begin(world);
	(void)sql(world,
		NUMBERS(65) "INSERT INTO groundwork_migrations(module, id, name) "
			    "SELECT 'gone', i, hex(zeroblob(512 * 1024)) FROM n");
	assert_refused(world, "its ledger has more than 100000 rows, or 64 MiB");
}

static void a_row_that_is_too_large_is_refused(void **state)
{
	struct world *world = *state;

	begin(world);
	(void)sql(world, "UPDATE groundwork_migrations SET hash = zeroblob(9000000)");
	assert_refused(world, "string or blob too big");
}

/* Each number of a view's list takes dozens of bytes. */
static void a_schema_that_takes_too_much_memory_is_refused(void **state)
{
	struct world *world = *state;
	CLEANUP_BUF struct buf text = BUF_INIT;

	begin(world);
	buf_puts(&text, "CREATE VIEW v AS SELECT 1 IN (1");
	for (int i = 0; i < 2000000; i++)
		buf_puts(&text, ",1");
	buf_puts(&text, ")");
	(void)sql(world, text.data);
	assert_refused(
		world, "its schema and its ledger take more than 128 MiB of memory");
}

/* ---- connections ---- */

static const enum connection_purpose untrusted[] = {
	READ_IMMUTABLE, READ_SHARED, COPY_FROM, UPGRADE};
#define UNTRUSTED (sizeof untrusted / sizeof *untrusted)

static int64_t ask(struct connection *connection, const char *sql_text)
{
	CLEANUP_QUERY struct query query = {0};
	DECLARE_ERR(err);

	if (query_run(&query, &connection->store, "ask", sql_text, NULL, 0, &err) < 0)
		fail_msg("%s", err.text);
	return sqlite3_column_int64(query.statement, 0);
}

static void open_for(struct world *world, struct inspection *inspection,
	enum connection_purpose purpose, struct connection *ret)
{
	struct files files;

	assert_int_equal(
		inspect_database(&world->fs, world->db, inspection, &world->err), 0);
	files = inspect_files(inspection);
	if (connection_open(ret, &files, &world->spec, purpose, &world->err) < 0)
		fail_msg("%s", world->err.text);
}

static void every_connection_is_on_its_guard(void **state)
{
	struct world *world = *state;

	begin(world);
	(void)sql(world, "PRAGMA journal_mode = delete");
	for (size_t i = 0; i < UNTRUSTED; i++) {
		CLEANUP_CONNECTION struct connection connection = {0};
		CLEANUP_INSPECTION struct inspection inspection = INSPECTION_INIT;
		int defensive = 0;

		open_for(world, &inspection, untrusted[i], &connection);
		assert_int_equal(sqlite3_db_config(connection.db,
					 SQLITE_DBCONFIG_DEFENSIVE, -1, &defensive),
			SQLITE_OK);
		assert_int_equal(defensive, 1);
		assert_int_equal(ask(&connection, "PRAGMA cell_size_check"), 1);
		assert_int_equal(ask(&connection, "PRAGMA mmap_size"), 0);
		assert_int_equal(sqlite3_hard_heap_limit64(-1), 128 * 1024 * 1024);
		assert_int_equal(
			sqlite3_limit(connection.db, SQLITE_LIMIT_ATTACHED, -1), 0);
	}
}

static void what_we_ask_goes_through_no_view(void **state)
{
	struct world *world = *state;

	begin(world);
	(void)sql(world,
		"PRAGMA journal_mode = delete; "
		"CREATE VIEW v AS SELECT * FROM a");
	for (size_t i = 0; i < UNTRUSTED; i++) {
		CLEANUP_CONNECTION struct connection connection = {0};
		CLEANUP_INSPECTION struct inspection inspection = INSPECTION_INIT;

		open_for(world, &inspection, untrusted[i], &connection);
		assert_int_equal(connection_exec(&connection, "ask", "SELECT * FROM v",
					 &world->err),
			-1);
		assert_says(world->err.text, "'v' is a view or a trigger on a table");
	}
}

/* The limits of reading a ledger must not apply to the migrations. */
static void bounds_are_lifted_for_migrations(void **state)
{
	struct world *world = *state;

	put("m/001_a.sql",
		"CREATE TABLE a (b); "
		"INSERT INTO a VALUES (zeroblob(9000000));");
	contribute(world, "app", "m");
	apply_all(world);
	put("m/002_b.sql",
		"CREATE TABLE c AS SELECT * FROM a; "
		"INSERT INTO a VALUES (zeroblob(9000001));");
	world->spec.backup = true;
	apply_all(world);
	assert_string_equal(sql(world, "SELECT sum(length(b)) FROM a"), "18000001\n");
	assert_int_equal(sqlite3_hard_heap_limit64(-1), 0);
	assert_null(sqlite3_temp_directory); /* it pointed into what is gone */
}

static const char long_sql[] = "SELECT count(*) FROM a AS x, a AS y";

static void begin_with_rows(struct world *world)
{
	begin(world);
	(void)sql(world, NUMBERS(1000) "INSERT INTO a SELECT i FROM n");
}

static void reading_ends_when_its_time_is_over(void **state)
{
	struct world *world = *state;
	CLEANUP_CONNECTION struct connection connection = {0};
	CLEANUP_INSPECTION struct inspection inspection = INSPECTION_INIT;

	begin_with_rows(world);
	open_for(world, &inspection, READ_IMMUTABLE, &connection);
	assert_int_equal(ask(&connection, long_sql), 1000000);
	connection.bounded_until_ms = clock_ms() - 1;
	assert_int_equal(connection_exec(&connection, "ask", long_sql, &world->err), -1);
	assert_says(world->err.text, "takes more than 60 s");
}

static void trusted_work_takes_its_time(void **state)
{
	struct world *world = *state;
	CLEANUP_CONNECTION struct connection connection = {0};
	CLEANUP_INSPECTION struct inspection inspection = INSPECTION_INIT;

	begin_with_rows(world);
	open_for(world, &inspection, READ_IMMUTABLE, &connection);
	connection.bounded_until_ms = clock_ms() - 1;
	connection_trust(&connection);
	connection.bounded_until_ms = clock_ms() - 1;
	assert_int_equal(ask(&connection, long_sql), 1000000);
}

static void reading_ends_at_the_deadline(void **state)
{
	struct world *world = *state;
	struct stop stop = {.fd = -1, .deadline_ms = 1};

	begin(world);
	(void)sql(world,
		NUMBERS(5000) "INSERT INTO groundwork_migrations(module, id) "
			      "SELECT 'gone', i FROM n");
	world->spec.stop = &stop;
	assert_int_equal(check(world), -1);
	assert_says(world->err.text, "deadline");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

/* The limit of memory is the process's. */
static void a_second_connection_limits_the_first_only_while_it_is_open(void **state)
{
	CLEANUP_CONNECTION struct connection first = {0};
	CLEANUP_CONNECTION struct connection second = {0};
	struct world *world = *state;

	assert_int_equal(
		connection_open(&first, NULL, &world->spec, MEMORY, &world->err), 0);
	connection_trust(&first);
	assert_int_equal(
		connection_open(&second, NULL, &world->spec, MEMORY, &world->err), 0);
	assert_true(sqlite3_hard_heap_limit64(-1) > 0);
	connection_release(&second);
	assert_int_equal(sqlite3_hard_heap_limit64(-1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ledger_that_is_something_else_is_refused),
		TEST(a_schema_that_lies_is_refused),
		TEST(a_ledger_that_is_written_otherwise_is_the_same),
		TEST(a_ledger_with_too_many_rows_is_refused),
		TEST(a_ledger_with_too_much_in_it_is_refused),
		TEST(a_row_that_is_too_large_is_refused),
		TEST(a_schema_that_takes_too_much_memory_is_refused),
		TEST(every_connection_is_on_its_guard),
		TEST(what_we_ask_goes_through_no_view),
		TEST(bounds_are_lifted_for_migrations),
		TEST(a_second_connection_limits_the_first_only_while_it_is_open),
		TEST(reading_ends_when_its_time_is_over),
		TEST(trusted_work_takes_its_time),
		TEST(reading_ends_at_the_deadline),
	};

	/* A library may be built to map files by default. */
	(void)sqlite3_config(
		SQLITE_CONFIG_MMAP_SIZE, (sqlite3_int64)1 << 20, (sqlite3_int64)1 << 20);
	return cmocka_run_group_tests_name("db/untrusted", tests, NULL, NULL);
}
