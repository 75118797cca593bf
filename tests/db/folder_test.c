/* SPDX-License-Identifier: MIT */
/*
 * One contributor: which files are migrations, their order, and every mistake at its
 * place.
 */
#include "listing.h"

#include "base/crypto.h"
#include "db/sql.h"

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
	put(world, "m/schema.sql", "SELECT 1;");
	put(world, "m/003.undo.sql", "SELECT 1;");
	put(world, "m/004_loud.SQL", "SELECT 1;");
	contribute(world, "app", "m");
#define EXPECTED \
	"is not a name of a migration: expected NNN_name.sql, NNN_name.up.sql, " \
	"NNN_name/up.sql, NNN_name/migration.sql, V1.2__name.sql, R__name.sql\n"
	assert_string_equal(problems_of(world),
		"m/003.undo.sql: " EXPECTED "m/004_loud.SQL: " EXPECTED
		"m/schema.sql: " EXPECTED);
}

static void test_pairs(void **state)
{
	struct world *world = *state;

	put(world, "m/10_b.up.sql", "SELECT 1;");
	put(world, "m/10_b.down.sql", "DROP TABLE '");
	put(world, "m/2_a.up.sql", "SELECT 1;");
	put(world, "m/11_c.sql", "SELECT 1;");
	contribute(world, "app", "m");
	load(world);
	assert_string_equal(listing(world), "app/2 a\napp/10 b\napp/11 c\n");
}

static void test_a_way_back_needs_its_way_up(void **state)
{
	struct world *world = *state;

	put(world, "m/1_a.sql", "SELECT 1;");
	put(world, "m/2_b.down.sql", "SELECT 1;");
	put(world, "f/V1__a.sql", "SELECT 1;");
	put(world, "f/U1__a.sql", "SELECT 1;");
	put(world, "f/U2__b.sql", "SELECT 1;");
	put(world, "3_c.down.sql", "SELECT 1;");
	contribute(world, "app", "m");
	contribute(world, "fly", "f");
	contribute(world, "single", "3_c.down.sql");
	assert_string_equal(problems_of(world),
		"3_c.down.sql: takes version 3 back, for which there is no way up\n"
		"f/U2__b.sql: takes version 2 back, for which there is no V file (were "
		"it one of refinery's that go up, name it V)\n"
		"m/2_b.down.sql: takes version 2 back, for which there is no way up\n");
}

static void test_flyway(void **state)
{
	struct world *world = *state;

	put(world, "m/V1.10__c.sql", "SELECT 1;");
	put(world, "m/V1_2__b_two.sql", "SELECT 1;");
	put(world, "m/U1.2__b.sql", "SELECT 1;");
	put(world, "m/V1__a.sql", "SELECT 1;");
	put(world, "m/R__views.sql", "SELECT 1;");
	put(world, "m/R__10_late.sql", "SELECT 1;");
	put(world, "m/2024/V2024.1__deep.sql", "SELECT 1;");
	put(world, "m/2024/7_other.sql", "SELECT 1;");
	contribute(world, "app", "m");
	load(world);
	assert_string_equal(listing(world),
		"app/1 a\napp/1_2 b_two\napp/1.10 c\napp/2024.1 deep\n"
		"app/R__10_late \napp/R__views \n");
}

static void test_folders(void **state)
{
	struct world *world = *state;

	assert_int_equal(mkdir(at(world, "m"), 0755), 0);
	put(world, "m/00000000000000_setup/up.sql", "SELECT 1;");
	put(world, "m/2024-01-31-120000_notes/up.sql", "SELECT 1;");
	put(world, "m/2024-01-31-120000_notes/down.sql", "DROP TABLE '");
	put(world, "m/2024-01-31-120000_notes/metadata.toml", "");
	put(world, "m/20240131120001_next/migration.sql", "SELECT 1;");
	put(world, "m/.git/up.sql", "DROP TABLE '");
	put(world, "m/docs/x.sql", "DROP TABLE '");
	assert_int_equal(mkdir(at(world, "m/3_empty"), 0755), 0);
	contribute(world, "app", "m");
	load(world);
	assert_string_equal(listing(world),
		"app/00000000000000 setup\napp/2024-01-31-120000 notes\n"
		"app/20240131120001 next\n");
}

static void test_folders_without_their_file(void **state)
{
	struct world *world = *state;

	assert_int_equal(mkdir(at(world, "m"), 0755), 0);
	put(world, "m/1_a/up.sql", "SELECT 1;");
	put(world, "m/2_b/UP.SQL", "SELECT 1;");
	put(world, "m/notes/up.sql", "SELECT 1;");
	contribute(world, "app", "m");
	assert_string_equal(problems_of(world),
		"m/2_b: has neither up.sql nor migration.sql in it\n"
		"m/notes/up.sql: " EXPECTED);
}

/* They were passed over, and what they make was missing. */
static void test_programs_are_refused(void **state)
{
	struct world *world = *state;

	put(world, "m/00001_a.sql", "SELECT 1;");
	put(world, "m/00002_b.go", "package m");
	put(world, "m/00002_b_test.go", "package m");
	put(world, "m/embed.go", "package m");
	put(world, "f/V1__a.sql", "SELECT 1;");
	put(world, "f/V2__b.rs", "fn x() {}");
	put(world, "f/mod.rs", "fn x() {}");
	contribute(world, "app", "m");
	contribute(world, "fly", "f");
#define PROGRAM \
	"is a migration that is a program; only SQL is run: write it in SQL, or move " \
	"it away\n"
	assert_string_equal(
		problems_of(world), "f/V2__b.rs: " PROGRAM "m/00002_b.go: " PROGRAM);
}

static void test_two_formats_of_names(void **state)
{
	struct world *world = *state;
	const char *text;

	put(world, "m/1_a.sql", "SELECT 1;");
	put(world, "m/V2__b.sql", "SELECT 1;");
	put(world, "m/V3__c.sql", "SELECT 1;");
	contribute(world, "app", "m");
	text = problems_of(world);
	assert_says(text, "m/V2__b.sql: is of the form V1.2__name.sql, and '");
	assert_says(text, "/m/1_a.sql' of the form NNN_name.sql: ");
	assert_int_equal(world->problems.count, 1);
}

#define DBMATE "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n"

static void test_two_formats_of_marks(void **state)
{
	struct world *world = *state;
	const char *text;

	put(world, "m/1_a.sql", DBMATE);
	put(world, "m/2_b.sql", "-- +goose Up\nSELECT 1;\n");
	contribute(world, "app", "m");
	text = problems_of(world);
	assert_says(text, "m/2_b.sql: has '-- +goose Up', but '");
	assert_says(
		text, "/m/1_a.sql' has '-- migrate:up'; give each form a directory\n");
	assert_int_equal(world->problems.count, 1);
}

/* A mark that is spelt wrong is none, and both ways would run. */
static void test_marks_in_some_files_only(void **state)
{
	struct world *world = *state;
	const char *text;

	put(world, "m/1_a.sql", "-- migrate up\nSELECT 1;\n-- migrate down\nSELECT 2;");
	put(world, "m/2_b.sql", DBMATE);
	contribute(world, "app", "m");
	text = problems_of(world);
	assert_says(text, "m/1_a.sql: has no '-- migrate:up', but '");
	assert_says(text, "/m/2_b.sql' has\n");
	put(world, "m/1_a.sql", DBMATE);
	put(world, "m/2_b.sql", "SELECT 1;");
	assert_says(problems_of(world), "m/2_b.sql: has no '-- migrate:up', but '");
}

static void test_a_way_back_in_some_files_only(void **state)
{
	struct world *world = *state;

	put(world, "m/1-a.sql", "-- Up\nSELECT 1;\n-- Down\nSELECT 2;\n");
	put(world, "m/2-b.sql", "SELECT 3;\n");
	contribute(world, "app", "m");
	load(world);
	assert_int_equal(world->migrations.list[0].statements_count, 1);
	assert_int_equal(world->migrations.list[1].statements_count, 1);
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

static void test_single_file(void **state)
{
	struct world *world = *state;

	put(world, "schema.sql", "SELECT 1;");
	put(world, "007_bond.sql", "SELECT 1;");
	put(world, "notes.txt", "SELECT 1;");
	contribute(world, "a", "schema.sql");
	contribute(world, "b", "007_bond.sql");
	load(world);
	assert_string_equal(listing(world), "a/schema \nb/007 bond\n");
	contribute(world, "c", "notes.txt");
	assert_says(problems_of(world), "/conf.d/app.ini:7: '");
	assert_says(problems_of(world),
		"notes.txt' is neither a directory of migrations nor a .sql file\n");
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
static void test_the_way_back_never_runs(void **state)
{
	static const char *const texts[] = {
		DBMATE,
		"\n-- +goose Up\nSELECT 1;\n-- +goose Down\nDROP TABLE a;\n",
		"-- +migrate Up\nSELECT 1;\n-- +migrate Down\nDROP TABLE a;\n",
		"SELECT 1;\n-- //@UNDO\nDROP TABLE a;\n",
	};
	struct world *world = *state;

	contribute(world, "app", "m");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const struct db_migration *one;

		put(world, "m/1_x.sql", texts[i]);
		load(world);
		one = &world->migrations.list[0];
		assert_int_equal(one->statements_count, 1);
		assert_memory_equal(one->statements[0].text, "SELECT 1;", 9);
	}
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

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_natural_order),
		TEST(test_other_names_are_mistakes),
		TEST(test_pairs),
		TEST(test_a_way_back_needs_its_way_up),
		TEST(test_flyway),
		TEST(test_folders),
		TEST(test_folders_without_their_file),
		TEST(test_programs_are_refused),
		TEST(test_two_formats_of_names),
		TEST(test_two_formats_of_marks),
		TEST(test_marks_in_some_files_only),
		TEST(test_a_way_back_in_some_files_only),
		TEST(test_version_twice),
		TEST(test_single_file),
		TEST(test_missing_and_empty_folders),
		TEST(test_hash_is_of_the_normal_text),
		TEST(test_bytes_that_are_no_text),
		TEST(test_the_way_back_never_runs),
		TEST(test_links_are_followed),
	};

	return cmocka_run_group_tests_name("db/folder", tests, NULL, NULL);
}
