/* SPDX-License-Identifier: MIT */
/* Trying what is pending on a copy of the database. */
#include "fixture.h"

static void begin(struct world *world)
{
	contribute(world, "app", "m");
	put("m/001_a.sql", "CREATE TABLE a (x); INSERT INTO a VALUES (1), (1);");
	apply_all(world);
}

static void add(struct world *world, const char *text)
{
	put("m/002_b.sql", text);
	load(world);
}

static void an_upgrade_is_tried_before(void **state)
{
	struct world *world = *state;

	begin(world);
	world->spec.rehearse = true;
	add(world, "CREATE UNIQUE INDEX u ON a (x);");
	assert_int_equal(apply(world), -1);
	assert_says(shown(&world->err), "rehearsed on a copy");
	assert_string_equal(
		sql(world, "SELECT count(*) FROM groundwork_migrations"), "1\n");
	add(world, "DELETE FROM a WHERE rowid = 2; CREATE UNIQUE INDEX u ON a (x);");
	assert_int_equal(apply(world), 0);
	assert_string_equal(sql(world, "SELECT count(*) FROM a"), "1\n");
}

static void a_plan_says_what_it_found(void **state)
{
	struct world *world = *state;

	begin(world);
	world->spec.try_on_copy = true;
	add(world, "DELETE FROM a WHERE rowid = 2; CREATE UNIQUE INDEX u ON a (x);");
	assert_int_equal(check(world), 1);
	assert_string_equal(world->report.tried,
		"rehearsed on a copy: it would work, and change the schema by\n"
		"+ index u");
	assert_string_equal(sql(world, "SELECT count(*) FROM a"), "2\n");
	add(world, "DELETE FROM a;");
	assert_int_equal(check(world), 1);
	assert_string_equal(world->report.tried,
		"rehearsed on a copy: it would work, and leave the schema as it is");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			an_upgrade_is_tried_before, world_setup, world_teardown),
		cmocka_unit_test_setup_teardown(
			a_plan_says_what_it_found, world_setup, world_teardown),
	};

	return cmocka_run_group_tests_name("db/rehearse", tests, NULL, NULL);
}
