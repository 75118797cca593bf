/* SPDX-License-Identifier: MIT */
/* Migrations that run outside of a transaction, as their tool marks them. */
#include "../directory.h"
#include "base/err.h"
#include "base/fs_reader.h"
#include "base/problems.h"
#include "base/str.h"
#include "dialect.h"
#include "migration/contributor.h"
#include "migration/migration.h"
#include "migration/outside.h"

/*
 * What is made of a file of that name, which shares its transaction or not: "outside",
 * "inside", or what is wrong.
 */
static void expect_of(const struct dialect *dialect, bool together, const char *name,
	const char *expected)
{
	struct fs fs = FS_INIT;
	const struct contributor contributor = {.name = "app", .fs = &fs};
	struct migration migration = {.file = in(name),
		.from = &contributor,
		.dialect = dialect,
		.marked = !str_ends(name, "up.sql"),
		.may_have_placeholders = name[0] == 'V'};
	CLEANUP_READER struct fs_reader reader = FS_READER_INIT;
	CLEANUP_TEXT struct migration_text text = MIGRATION_TEXT_INIT;
	struct problems problems = {0};
	const char *got;
	DECLARE_ERR(err);

	fs_begin(&fs);
	assert_int_equal(migration_hash(&migration, &reader, &err), 0);
	assert_int_equal(migration_load(&migration, &reader, &text, &problems, &err), 0);
	outside_check(&migration, &text, together, &problems);
	got = text.outside ? "outside" : "inside";
	if (problems.count)
		got = problem_text(&problems, 0) + strlen(directory) + 1;
	assert_string_equal(got, expected);
	problems_release(&problems);
	fs_end(&fs);
}

static void expect_in(
	const struct dialect *dialect, const char *name, const char *expected)
{
	expect_of(dialect, false, name, expected);
}

static bool is_concurrent(const char *text, size_t size)
{
	return size > 1 && text[0] == 'c';
}

static void expect(const char *name, const char *expected)
{
	struct dialect dialect = plain_dialect;

	dialect.outside = is_concurrent;
	expect_in(&dialect, name, expected);
}

static void a_comment_of_the_tool(void **state)
{
#define CANNOT \
	"cannot run in a transaction: move it into a migration of its own; with " \
	"markers of dbmate write `-- migrate:up transaction:false`, with those of " \
	"goose `-- +goose NO TRANSACTION`"
	static const struct {
		const char *text;
		const char *expected;
	} cases[] = {
		{"-- migrate:up transaction:false\na;\n", "outside"},
		{"--  migrate:up  a:b\ttransaction:false\r\na;\n", "outside"},
		{"-- migrate:up\n-- migrate:down transaction:false\n", "inside"},
		{"-- migrate:up transaction:falsehood\na;\n", "inside"},
		{"-- migrate:up\n-- transaction:false\na;\n", "inside"},
		{"-- +goose NO TRANSACTION\n-- +goose Up\na;\n", "outside"},
		{"-- +goose Up\n-- +goose no transaction\na;\n", "outside"},
		{"-- +goose Up\n-- goose knows NO TRANSACTION\na;\n", "inside"},
		{"-- +migrate Up notransaction\na;\n", "outside"},
		{"-- +migrate Up\na;\n-- +migrate Down notransaction\nb;\n", "inside"},
		{"-- no-transaction\na;\n", "outside"},
		{"\n-- no-transaction\na;\n", "inside"},
		{"c;\nc;\n", "outside"},
		{"a;\nc;\n", "1_a.sql:2: 'c;' " CANNOT},
		{"-- nothing\n", "inside"},
		{"-- migrate:up\nc;\n", "1_a.sql:2: 'c;' " CANNOT},
		{"-- migrate:up transaction:false\na;\nc;\n", "outside"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		put("1_a.sql", cases[i].text);
		expect("1_a.sql", cases[i].expected);
	}
}

static void a_file_of_diesel(void **state)
{
#define AT      "2024_a/metadata.toml:"
#define OUTSIDE "runs the migration outside of a transaction: "
#define WRITE   "write `run_in_transaction = true` or `run_in_transaction = false`"
	static const struct {
		const char *toml;
		const char *expected;
	} cases[] = {
		{"run_in_transaction = false\n", "outside"},
		{"# as\r\n\r\n \"run_in_transaction\"=false # it is\r\n", "outside"},
		{"author = 'x'\nrun_in_transaction = true", "inside"},
		{"run_in_transaction = false\n[other]\nrun_in_transaction = true\n",
			"outside"},
		{"run_in_transactions = false\n",
			AT "1: diesel does not know 'run_in_transactions', and without "
			   "run_in_transaction here it " OUTSIDE WRITE
			   "; did you mean 'run_in_transaction'?"},
		{"\n[x]\nrun_in_transaction = true\n",
			"2024_a/metadata.toml: lacks run_in_transaction, without which "
			"diesel " OUTSIDE WRITE},
		{"\nrun_in_transaction = False\n",
			AT "2: run_in_transaction is neither true nor false, so diesel "
			   "passes over this file: " WRITE},
		{"run_in_transaction = true\nrun_in_transaction = false\n",
			AT "2: run_in_transaction is there twice, so diesel passes over "
			   "this file: " WRITE},
	};

	(void)state;
	put("2024_a/up.sql", "a;\n");
	expect("2024_a/up.sql", "inside");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		put("2024_a/metadata.toml", cases[i].toml);
		expect("2024_a/up.sql", cases[i].expected);
	}
}

static void a_file_of_flyway(void **state)
{
	(void)state;
	put("V1__a.sql", "a;\n");
	expect("V1__a.sql", "inside");
	put("V1__a.sql.conf", "# as\nexecuteInTransaction=false\nencoding=UTF-8\n");
	expect("V1__a.sql", "outside");
	expect_in(&plain_dialect, "V1__a.sql", "inside");
	put("V1__a.sql.conf", "executeInTransaction=true\nshouldExecute=false\n");
	expect("V1__a.sql", "inside");
}

static void one_that_shares_a_transaction(void **state)
{
	struct dialect dialect = plain_dialect;

	(void)state;
	dialect.outside = is_concurrent;
	put("1_a.sql", "\nc;\n");
	expect_of(&dialect, true, "1_a.sql",
		"1_a.sql:2: runs outside of a transaction, and with `transaction = all` "
		"there is one around it: write `each`");
	put("1_a.sql", "a;\n");
	expect_of(&dialect, true, "1_a.sql", "inside");
}

/* SQLite has one transaction for all. */
static void a_dialect_that_has_none(void **state)
{
	(void)state;
	put("2024_a/up.sql", "-- no-transaction\na;\n");
	put("2024_a/metadata.toml", "[config]\n");
	expect_in(&plain_dialect, "2024_a/up.sql", "inside");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(a_comment_of_the_tool),
		UNIT(a_file_of_diesel),
		UNIT(a_file_of_flyway),
		UNIT(one_that_shares_a_transaction),
		UNIT(a_dialect_that_has_none),
	};

	return cmocka_run_group_tests_name("migration/outside", tests, NULL, NULL);
}
