/* SPDX-License-Identifier: MIT */
/* Migrations that were applied under another name. */
#include "../unit.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "ledger/ledger.h"
#include "ledger/moved.h"
#include "ledger/spec.h"
#include "migration/migration.h"

/* The migrations are all pending but those that a row has. */
static void expect(struct ledger_row *rows, size_t rows_count,
	struct migration *migrations, size_t count, size_t max, size_t wanted,
	const char *names, const char *sql)
{
	const struct ledger ledger = {.rows = rows, .count = rows_count};
	const struct migrations all = {.list = migrations, .count = count};
	const struct migration *pending[8];
	struct ledger_work work = {.pending = pending};
	struct buf got_names = BUF_INIT, got_sql = BUF_INIT;

	for (size_t i = 0; i < count; i++) {
		bool applied = false;

		for (size_t k = 0; k < rows_count; k++)
			applied |= rows[k].migration == &migrations[i];
		if (!applied)
			pending[work.pending_count++] = &migrations[i];
	}
	assert_int_equal(
		moved_find(&ledger, &all, &work, max, &got_names, &got_sql), wanted);
	assert_string_equal(got_names.data, names);
	assert_string_equal(got_sql.data, sql);
	buf_release(&got_names);
	buf_release(&got_sql);
}

static struct migration migration(const char *of, const char *id, unsigned char text)
{
	struct migration made = {
		.contributor = of, .id = id, .name = "it's", .file = "f.sql"};

	memset(made.hash, text, sizeof made.hash);
	return made;
}

static struct ledger_row row(const char *of, const char *id, const unsigned char *hash)
{
	return (struct ledger_row){.contributor = of,
		.id = id,
		.name = "n",
		.hash = hash,
		.hash_size = DIGEST_SIZE};
}

static unsigned char one[DIGEST_SIZE], two[DIGEST_SIZE];

static int set_hashes(void **state)
{
	(void)state;
	memset(one, 1, sizeof one);
	memset(two, 2, sizeof two);
	return 0;
}

#define COUNT(list) list, sizeof(list) / sizeof *(list)
#define UPDATE      "UPDATE groundwork_migrations SET module = "

static void a_renamed_section(void **state)
{
	struct ledger_row rows[] = {row("app", "1", one), row("app", "2", two)};
	struct migration now[] = {migration("main", "1", 1), migration("main", "2", 2)};

	(void)state;
	expect(COUNT(rows), COUNT(now), 5, 2,
		"main/1 ('f.sql') was applied as app/1, "
		"main/2 ('f.sql') was applied as app/2",
		UPDATE "'main' WHERE module = 'app';");
}

static void a_renamed_file(void **state)
{
	struct ledger_row rows[] = {row("app", "1", one), row("app", "2", two)};
	struct migration now[] = {migration("app", "1", 1), migration("app", "3", 2)};

	(void)state;
	rows[0].migration = &now[0];
	expect(COUNT(rows), COUNT(now), 5, 1, "app/3 ('f.sql') was applied as app/2",
		UPDATE "'app', id = '3', name = 'it''s' WHERE module = 'app' AND "
		       "id = '2';");
}

/* The section has a row of that id already. */
static void rows_that_do_not_all_fit(void **state)
{
	struct ledger_row rows[] = {
		row("old", "1", one), row("old", "2", two), row("app", "1", one)};
	struct migration now[] = {migration("app", "1", 1), migration("app", "2", 2)};

	(void)state;
	rows[2].migration = &now[0];
	expect(COUNT(rows), COUNT(now), 5, 1, "app/2 ('f.sql') was applied as old/2",
		UPDATE "'app', id = '2', name = 'it''s' WHERE module = 'old' AND "
		       "id = '2';");
}

static void both_of_them(void **state)
{
	struct ledger_row rows[] = {row("app", "1", one)};
	struct migration now[] = {migration("main", "7", 1)};

	(void)state;
	expect(COUNT(rows), COUNT(now), 5, 1, "main/7 ('f.sql') was applied as app/1",
		UPDATE "'main' WHERE module = 'app'; " UPDATE
		       "'main', id = '7', name = 'it''s' WHERE module = 'main' AND "
		       "id = '1';");
}

static void the_same_id_is_meant(void **state)
{
	struct ledger_row rows[] = {row("app", "1", one), row("app", "2", one)};
	struct migration now[] = {migration("main", "2", 1)};

	(void)state;
	expect(COUNT(rows), COUNT(now), 5, 1, "main/2 ('f.sql') was applied as app/2",
		UPDATE "'main' WHERE module = 'app';");
	expect(COUNT(rows), COUNT(now), 0, 1, "", "");
}

static void others_have_nothing_to_do_with_it(void **state)
{
	struct ledger_row rows[] = {row("app", "1", one), row("old", "2", two)};
	struct migration now[] = {migration("app", "1", 1), migration("app", "2", 1),
		migration("app", "R__x", 2)};

	(void)state;
	rows[0].migration = &now[0];
	expect(COUNT(rows), COUNT(now), 5, 0, "", "");
	rows[1].hash_size = 0; /* applied by another tool, and without a file */
	now[1] = migration("app", "2", 2);
	expect(COUNT(rows), COUNT(now), 5, 0, "", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_renamed_section),
		cmocka_unit_test(a_renamed_file),
		cmocka_unit_test(rows_that_do_not_all_fit),
		cmocka_unit_test(both_of_them),
		cmocka_unit_test(the_same_id_is_meant),
		cmocka_unit_test(others_have_nothing_to_do_with_it),
	};

	return cmocka_run_group_tests_name("db/moved", tests, set_hashes, NULL);
}
