/* SPDX-License-Identifier: MIT */
/* The text of a migration. */
#include "../unit.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "dialect.h"
#include "migration/migration.h"

static void hash(const char *text, unsigned char ret[DIGEST_SIZE])
{
	struct arena arena = {0};
	struct problems problems = {0};
	struct migration migration = {.file = "x.sql"};
	struct script script = {
		.text = arena_strdup(&arena, text),
		.size = strlen(text),
		.file = "x.sql",
		.dialect = &plain_dialect,
		.arena = &arena,
		.problems = &problems,
	};

	assert_null(migration_parse(&migration, &script));
	assert_int_equal(problems.count, 0);
	memcpy(ret, migration.hash, DIGEST_SIZE);
	problems_release(&problems);
	arena_release(&arena);
}

static void hash_is_of_the_normal_text(void **state)
{
	unsigned char wanted[DIGEST_SIZE], got[DIGEST_SIZE];

	(void)state;
	crypto_digest("SELECT\n1;\n", 10, wanted);
	hash("SELECT\n1;\n", got);
	assert_memory_equal(got, wanted, DIGEST_SIZE);
	hash("\xef\xbb\xbfSELECT\r\n1;\r\n", got);
	assert_memory_equal(got, wanted, DIGEST_SIZE);
	hash("SELECT\n1;\r", got);
	assert_memory_not_equal(got, wanted, DIGEST_SIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hash_is_of_the_normal_text),
	};

	return cmocka_run_group_tests_name("migration/migration", tests, NULL, NULL);
}
