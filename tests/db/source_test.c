/* SPDX-License-Identifier: MIT */
/*
 * Contributors: which files are migrations, their order, and every mistake at its
 * place.
 */
#include "fixture.h"

#include "base/crypto.h"

/* All migrations as "module/id name" lines. */
static const char *listing(struct world *world)
{
	struct buf text = BUF_INIT;
	char *kept;

	for (size_t i = 0; i < world->migrations.count; i++) {
		const struct db_migration *one = &world->migrations.list[i];

		buf_printf(&text, "%s/%s %s\n", one->module, one->id, one->name);
	}
	kept = arena_strdup(&world->arena, text.data);
	buf_release(&text);
	return kept;
}

static void test_natural_order(void **state)
{
	struct world *world = *state;

	put(world, "m/10_ten.sql", "SELECT 1;");
	put(world, "m/9_nine.sql", "SELECT 1;");
	put(world, "m/011_eleven.sql", "SELECT 1;");
	put(world, "m/20240101120000_late.sql", "SELECT 1;");
	put(world, "m/README.md", "no SQL;");
	put(world, "m/.hidden.sql", "no SQL;");
	put(world, "m/1_old.sql~", "no SQL;");
	put(world, "m/.1_swap.sql.swp", "no SQL;");
	contribute(world, "app", "m");
	load(world);
	assert_string_equal(listing(world),
		"app/9 nine\napp/10 ten\napp/011 eleven\napp/20240101120000 late\n");
}

static void test_other_names_are_mistakes(void **state)
{
	struct world *world = *state;

	put(world, "m/001_a.sql", "SELECT 1;");
	put(world, "m/V1__flyway.sql", "SELECT 1;");
	put(world, "m/002_b.down.sql", "SELECT 1;");
	put(world, "m/003.sql", "SELECT 1;");
	put(world, "m/004_loud.SQL", "SELECT 1;");
	contribute(world, "app", "m");
#define EXPECTED \
	"is not a name of a migration: expected NNN_name.sql, where NNN is the " \
	"version\n"
	assert_string_equal(problems_of(world),
		"m/002_b.down.sql: " EXPECTED "m/003.sql: " EXPECTED
		"m/004_loud.SQL: " EXPECTED "m/V1__flyway.sql: " EXPECTED);
}

static void test_version_twice(void **state)
{
	struct world *world = *state;
	const char *text;

	put(world, "m/1_a.sql", "SELECT 1;");
	put(world, "m/001_b.sql", "SELECT 1;");
	contribute(world, "app", "m");
	text = problems_of(world);
	assert_says(text, "m/1_a.sql: version 1 is there twice: also in '");
	assert_says(text, "/m/001_b.sql'\n");
}

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

static void test_single_file(void **state)
{
	struct world *world = *state;

	put(world, "schema.sql", "SELECT 1;");
	put(world, "007_bond.sql", "SELECT 1;");
	put(world, "notes.txt", "SELECT 1;");
	contribute(world, "a", "schema.sql");
	contribute(world, "b", "007_bond.sql");
	load(world);
	assert_string_equal(listing(world), "a/schema schema\nb/007 bond\n");
	contribute(world, "c", "notes.txt");
	assert_says(problems_of(world), "/conf.d/app.ini:7: '");
	assert_says(problems_of(world),
		"notes.txt' is neither a folder of migrations nor a .sql file\n");
}

static void test_missing_and_empty_folders(void **state)
{
	struct world *world = *state;

	put(world, "empty/README", "nothing yet");
	contribute(world, "a", "missing");
	contribute(world, "b", "empty");
	assert_says(problems_of(world), "missing' is not there\n");
	assert_says(problems_of(world), "/conf.d/app.ini:7: there is no migration in '");
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

static void test_hash_is_of_the_normal_text(void **state)
{
	struct world *world = *state;
	unsigned char wanted[DIGEST_SIZE];

	put(world, "a/1_x.sql", "\xef\xbb\xbfSELECT\r\n1;\r\n");
	put(world, "b/1_x.sql", "SELECT\n1;\n");
	put(world, "c/1_x.sql", "SELECT\n1;\r");
	contribute(world, "a", "a");
	contribute(world, "b", "b");
	contribute(world, "c", "c");
	load(world);
	crypto_digest("SELECT\n1;\n", 10, wanted);
	assert_memory_equal(world->migrations.list[0].hash, wanted, DIGEST_SIZE);
	assert_memory_equal(world->migrations.list[1].hash, wanted, DIGEST_SIZE);
	assert_memory_not_equal(world->migrations.list[2].hash, wanted, DIGEST_SIZE);
}

static void test_bytes_that_are_no_text(void **state)
{
	struct world *world = *state;

	put_bytes(world, "m/1_nul.sql", "SELECT 1;\nSEL\0ECT 2;", 20);
	put_bytes(world, "m/2_wide.sql", "\xff\xfeS\0E\0", 6);
	put(world, "m/3_latin.sql", "-- caf\xe9\nSELECT 1;");
	contribute(world, "app", "m");
	assert_string_equal(problems_of(world),
		"m/1_nul.sql:2:4: a NUL byte; what follows would never run\n"
		"m/2_wide.sql: is UTF-16; save it as UTF-8\n"
		"m/3_latin.sql:1:7: is not UTF-8 here\n");
}

/* Such a file was read as plain SQL, and its way back ran behind its way up. */
static void test_formats_with_a_way_back_are_refused(void **state)
{
	static const char *const texts[] = {
		"-- migrate:up\nCREATE TABLE a(x);\n-- migrate:down\nDROP TABLE a;\n",
		"\n-- +goose Up\nCREATE TABLE a(x);\n-- +goose Down\nDROP TABLE a;\n",
		"--+migrate Up\nCREATE TABLE a(x);\n",
	};
	struct world *world = *state;

	contribute(world, "app", "m");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		put(world, "m/1_x.sql", texts[i]);
		assert_says(problems_of(world), "this file also has the way back in it");
	}
	put(world, "m/1_x.sql", "SELECT 1; -- migrate:up is not at the start\n");
	load(world);
}

static void test_links_are_followed(void **state)
{
	struct world *world = *state;

	put(world, "data/1_x.sql", "SELECT 1;");
	assert_int_equal(mkdir(at(world, "m"), 0755), 0);
	assert_int_equal(symlink("../data/1_x.sql", at(world, "m/1_x.sql")), 0);
	assert_int_equal(symlink("gone", at(world, "m/2_y.sql")), 0);
	contribute(world, "app", "m");
	assert_string_equal(problems_of(world), "m/2_y.sql: is not there\n");
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
		TEST(test_natural_order),
		TEST(test_other_names_are_mistakes),
		TEST(test_version_twice),
		TEST(test_two_contributors_may_have_one_version),
		TEST(test_single_file),
		TEST(test_missing_and_empty_folders),
		TEST(test_requires_orders),
		TEST(test_requires_mistakes),
		TEST(test_hash_is_of_the_normal_text),
		TEST(test_bytes_that_are_no_text),
		TEST(test_formats_with_a_way_back_are_refused),
		TEST(test_links_are_followed),
		TEST(test_problems_of_all_files_at_once),
	};

	return cmocka_run_group_tests_name("db/source", tests, NULL, NULL);
}
