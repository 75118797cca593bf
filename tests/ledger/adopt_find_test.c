/* SPDX-License-Identifier: MIT */
/* Finding the ledgers of other tools, and what is written where there is none. */
#include "../db/ledgers.h"

static void a_table_may_have_another_name(void **state)
{
	struct world *world = *state;

	plain(world, SQLX_TABLE("\"my \"\"own\"\"\"") SQLX);
	(void)sql(world,
		"INSERT INTO \"my \"\"own\"\"\"(version, description, success, "
		"checksum, execution_time) VALUES(2, '', 1, x'" B_SHA384 "', 0)");
	prepare(world, "sqlx", "my \"own\"");
	world->spec.ledger.out_of_order = LEDGER_ACCEPT;
	assert_int_equal(check(world), 1);
	assert_string_equal(adopted(world), "2");
	prepare(world, "sqlx", "theirs");
	refused(world, "it has no table 'theirs', the ledger of sqlx");
	assert_says(shown(&world->err), "it has the ledger of sqlx ('_sqlx_migrations')");
}

static void only_a_table_is_read(void **state)
{
	static const struct {
		const char *sql, *found;
	} others[] = {
		{"CREATE VIEW schema_migrations(version) AS SELECT abs(1);",
			"its 'schema_migrations' cannot be the ledger of dbmate: it is a "
			"view"},
		{"CREATE VIRTUAL TABLE schema_migrations USING fts4(version);",
			"it is a virtual table"},
		{"CREATE TABLE schema_migrations(v, version AS (hex(v)) VIRTUAL);",
			"it has computed columns"},
		{"CREATE TABLE schema_migrations(v, version AS (hex(v)) STORED);",
			"it has computed columns"},
		{"CREATE TABLE schema_migrations(id, applied_at);",
			"it has other columns than version"},
		{"CREATE TABLE schema_migrations(version, inserted_at);",
			"it has other columns than version"},
		{GOLANG_MIGRATE,
			"it has other columns than version; it was left as it is: it has "
			"the ledger of golang-migrate ('schema_migrations'): write "
			"`adopt = golang-migrate`"},
		{SQL_MIGRATE,
			"it has no table 'schema_migrations', the ledger of dbmate"},
		/* Rails has the same table, and another one. */
		{DBMATE "CREATE TABLE ar_internal_metadata(key, value);",
			"it is another tool's, as its 'ar_internal_metadata' shows"},
	};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		plain(world, others[i].sql);
		prepare(world, "dbmate", NULL);
		refused(world, others[i].found);
	}
	plain(world, "CREATE TABLE gorp_migrations(id, applied_at, more);");
	prepare(world, "sql-migrate", NULL);
	refused(world, "it has other columns than id applied_at");
}

/* What it is beside shows nothing about a table of another name. */
static void a_table_that_is_named_is_not_that_of_rails(void **state)
{
	struct world *world = *state;

	plain(world,
		DBMATE "ALTER TABLE schema_migrations RENAME TO mine; "
		       "INSERT INTO mine VALUES('1'); "
		       "CREATE TABLE ar_internal_metadata(key, value);" DBMATE);
	prepare(world, "dbmate", "mine");
	assert_int_equal(check(world), 1);
	assert_string_equal(adopted(world), "1");
	prepare(world, "dbmate", "Schema_Migrations");
	refused(world, "it is another tool's, as its 'ar_internal_metadata' shows");
}

static void each_form_of_a_tool_says_what_it_lacks(void **state)
{
	struct world *world = *state;

	plain(world, "CREATE TABLE __drizzle_migrations(id, hash, name);");
	prepare(world, "drizzle", NULL);
	refused(world, "at least hash created_at");
	refused(world, "name applied_at");
	/* What all of them say is said once. */
	plain(world, "CREATE TABLE __drizzle_migrations(id, hash AS (id), created_at);");
	refused(world, "the ledger of drizzle: it has computed columns; it was left");
}

static void auto_takes_the_only_one(void **state)
{
	struct world *world = *state;

	plain(world, DBMATE GOOSE);
	prepare(world, "auto", NULL);
	refused(world,
		"`adopt = auto` finds more than one ledger of another tool in it; it "
		"was left as it is: it has the ledgers of dbmate "
		"('schema_migrations') and goose ('goose_db_version'): write `adopt "
		"= dbmate` or `adopt = goose`");
	plain(world, "CREATE TABLE t(x);");
	refused(world, "`adopt = auto` finds no ledger of another tool in it");
	/* Rails has the same table as dbmate, and another one. */
	plain(world,
		DBMATE "CREATE TABLE ar_internal_metadata(key, value); "
		       "INSERT INTO schema_migrations VALUES('1');");
	refused(world,
		"finds no ledger of another tool in it; it was left as it is: its "
		"table 'schema_migrations' is not a ledger that we know");
}

static void without_adopt_the_error_says_what_to_write(void **state)
{
	struct world *world = *state;

	plain(world, DIESEL);
	prepare(world, "auto", NULL);
	world->spec.ledger.adopt_count = 0;
	refused(world, "has tables but no ledger");
	assert_says(shown(&world->err),
		"it has the ledger of diesel ('__diesel_schema_migrations'): write "
		"`adopt = diesel`");
	plain(world, "CREATE TABLE t(x); PRAGMA user_version = 3");
	refused(world,
		"if its user_version, 3, is the number of migrations that it has, "
		"write `adopt = user_version`");
	plain(world, "CREATE TABLE t(x); PRAGMA user_version = 4");
	refused(world,
		"if it has all up to some version, write `adopt = "
		"baseline:VERSION`");
	if (strstr(world->err.text, "user_version"))
		fail_msg("%s", world->err.text);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_table_may_have_another_name),
		TEST(only_a_table_is_read),
		TEST(a_table_that_is_named_is_not_that_of_rails),
		TEST(each_form_of_a_tool_says_what_it_lacks),
		TEST(auto_takes_the_only_one),
		TEST(without_adopt_the_error_says_what_to_write),
	};

	return cmocka_run_group_tests_name("db/adopt_find", tests, NULL, NULL);
}
