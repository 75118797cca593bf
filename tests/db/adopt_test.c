/* SPDX-License-Identifier: MIT */
/* Taking over: what is recorded, and what stands in place of a ledger. */
#include "ledgers.h"

static void it_is_recorded_with_what_is_pending(void **state)
{
	struct world *world = *state;

	plain(world, SQLX SQLX_ROW "(1, 'a', 1, x'" A_SHA384 "', 5);" A);
	prepare(world, "sqlx", NULL);
	assert_int_equal(apply(world), 0);
	assert_string_equal(sql(world,
				    "SELECT id, tool, length(hash) "
				    "FROM groundwork_migrations ORDER BY rowid"),
		"1|sqlx|32\n2|groundwork|32\n3|groundwork|32\n");
	assert_string_equal(
		sql(world, "SELECT version, success FROM _sqlx_migrations"), "1|1\n");
	/* The key may stay, whatever becomes of the other ledger. */
	(void)sql(world, "DROP TABLE _sqlx_migrations");
	assert_int_equal(check(world), 0);
}

static void a_user_version_must_fit(void **state)
{
	struct world *world = *state;

	plain(world, "CREATE TABLE t(x); PRAGMA user_version = 4");
	prepare(world, "user_version", NULL);
	refused(world,
		"its user_version is 4, which cannot be the number of applied "
		"migrations of 'app': it has fewer");
	(void)sql(world, "PRAGMA user_version = 0");
	refused(world, "its user_version is 0, which cannot be");
	(void)sql(world, "PRAGMA user_version = -1");
	refused(world, "its user_version is -1, which cannot be");
}

static void a_baseline_may_have_its_name(void **state)
{
	static const char *const written[] = {"2", "02", "2_b", "2-b"};
	struct world *world = *state;

	plain(world, "CREATE TABLE t(x)");
	for (size_t i = 0; i < 4; i++) {
		prepare(world, "baseline", written[i]);
		assert_int_equal(check(world), 1);
		assert_int_equal(world->report.work.adopted_count, 2);
	}
	prepare(world, "baseline", "2_c");
	refused(world, "there is no migration app/2_c, which `adopt` names");
	assert_says(shown(&world->err), "; the first is '1', and the last '3'");
	/* Those of another contributor are not meant. */
	put("n/7_z.sql", "SELECT 1;");
	contribute(world, "late", "n");
	prepare(world, "baseline", "07");
	refused(world,
		"`adopt` names; it was left as it is; the first is '1', and the "
		"last '3'");
}

/* It is about what was there before; what comes later runs. */
static void a_baseline_may_stay(void **state)
{
	static const char *const fourth[4] = {"4_d.sql", "CREATE TABLE d(x);"};
	struct world *world = *state;

	plain(world, "CREATE TABLE c(x)");
	prepare(world, "baseline", "3");
	assert_int_equal(apply(world), 0);
	assert_int_equal(world->report.work.adopted_count, 3);
	add_files(world, fourth);
	assert_int_equal(apply(world), 0);
	assert_int_equal(world->report.work.adopted_count, 0);
	assert_string_equal(pending(world), "4");
}

static void contributors_have_ledgers_of_their_own(void **state)
{
	static struct ledger_adopt both[2];
	struct world *world = *state;

	plain(world,
		DBMATE "INSERT INTO schema_migrations VALUES('1');" SQL_MIGRATE
		       "INSERT INTO gorp_migrations VALUES('1_d.sql', ''), "
		       "('2_e.sql', '');");
	put("n/1_d.sql", "CREATE TABLE d (x);");
	put("n/2_e.sql", "CREATE TABLE e (x);");
	contribute(world, "app", "m");
	contribute(world, "other", "n");
	prepare(world, "dbmate", NULL);
	both[0] = adopt;
	both[1] = (struct ledger_adopt){.contributor = "other", .source = "sql-migrate"};
	world->spec.ledger.adopt = both;
	world->spec.ledger.adopt_count = 2;
	assert_int_equal(apply(world), 0);
	assert_string_equal(sql(world,
				    "SELECT module, id, tool FROM "
				    "groundwork_migrations ORDER BY module, id"),
		"app|1|dbmate\napp|2|groundwork\napp|3|groundwork\n"
		"other|1|sql-migrate\nother|2|sql-migrate\n");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_is_recorded_with_what_is_pending),
		TEST(a_user_version_must_fit),
		TEST(a_baseline_may_have_its_name),
		TEST(a_baseline_may_stay),
		TEST(contributors_have_ledgers_of_their_own),
	};

	return cmocka_run_group_tests_name("db/adopt", tests, NULL, NULL);
}
