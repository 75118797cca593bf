/* SPDX-License-Identifier: MIT */
/* Contributors: their order, and every mistake of all of them at once. */
#include "listing.h"

static void test_two_contributors_may_have_one_version(void **state)
{
	struct world *world = *state;

	put(world, "a/001_x.sql", "SELECT 1;");
	put(world, "b/001_x.sql", "SELECT 1;");
	contribute(world, "b", "b");
	contribute(world, "a", "a");
	load(world);
	assert_string_equal(listing(world), "a/001 x\nb/001 x\n");
}

static void test_requires_orders(void **state)
{
	static const char *const on_z[] = {"z", NULL};
	static const char *const on_a_and_c[] = {"a", "c", NULL};
	struct world *world = *state;

	put(world, "m/1_x.sql", "SELECT 1;");
	contribute(world, "c", "m");
	contribute(world, "a", "m")->requires = on_z;
	contribute(world, "z", "m");
	contribute(world, "b", "m")->requires = on_a_and_c;
	load(world);
	assert_string_equal(listing(world), "c/1 x\nz/1 x\na/1 x\nb/1 x\n");
}

static void test_requires_mistakes(void **state)
{
	static const char *const on_b[] = {"b", NULL}, *const on_c[] = {"c", NULL};
	static const char *const typo[] = {"biling", NULL};
	struct world *world = *state;

	put(world, "m/1_x.sql", "SELECT 1;");
	contribute(world, "a", "m")->requires = on_b;
	contribute(world, "b", "m")->requires = on_c;
	contribute(world, "c", "m")->requires = on_b;
	contribute(world, "billing", "m");
	contribute(world, "d", "m")->requires = typo;
	contribute(world, "d", "m");
	assert_string_equal(problems_of(world),
		"/conf.d/app.ini:7: 'd' contributes to this database twice\n"
		"/conf.d/app.ini:7: contributors require each other: c → b → c\n"
		"/conf.d/app.ini:7: requires 'biling', which does not contribute to this "
		"database; did you mean 'billing'?\n");
}

static void test_problems_of_all_files_at_once(void **state)
{
	struct world *world = *state;

	put(world, "a/1_x.sql", "SELECT 'a;");
	put(world, "b/1_x.sql", "VACUUM;");
	contribute(world, "a", "a");
	contribute(world, "b", "b");
	(void)problems_of(world);
	assert_int_equal(world->problems.count, 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_two_contributors_may_have_one_version),
		TEST(test_requires_orders),
		TEST(test_requires_mistakes),
		TEST(test_problems_of_all_files_at_once),
	};

	return cmocka_run_group_tests_name("db/source", tests, NULL, NULL);
}
