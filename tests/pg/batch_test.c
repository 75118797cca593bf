/* SPDX-License-Identifier: MIT */
/* The message that a migration becomes. */
#include <string.h>

#include "../unit.h"
#include "migration/migration.h"
#include "pg/batch.h"

static const char text[] = "-- a\nCREATE TABLE a(x int)\n;-- b\n\nSELECT 1; -- c\n";

static void fill(struct batch *batch, size_t first, size_t count)
{
	struct statement statements[] = {
		{.text = strstr(text, "CREATE"), .size = 23, .line = 2},
		{.text = strstr(text, "SELECT"), .size = 9, .line = 5},
	};
	struct migration_text of = MIGRATION_TEXT_INIT;

	buf_puts(&of.text, text);
	of.statements = statements + first;
	of.statements_count = count;
	batch_fill(batch, "BEGIN; ", &of, "COMMIT");
	buf_release(&of.text);
}

static void what_does_not_run_is_blank(void **state)
{
	struct batch batch = BATCH_INIT;

	(void)state;
	fill(&batch, 0, 2);
	assert_string_equal(
		batch.sql.data, "BEGIN; CREATE TABLE a(x int)\n;    \n\nSELECT 1;COMMIT");
	batch_release(&batch);
}

/* Each of a thousand had the blanks of all before it. */
static void one_of_many_is_sent_alone(void **state)
{
	struct batch batch = BATCH_INIT;

	(void)state;
	fill(&batch, 1, 1);
	assert_string_equal(batch.sql.data, "BEGIN; SELECT 1;COMMIT");
	assert_int_equal(batch.start, 7);
	assert_ptr_equal(batch.first, strstr(text, "SELECT"));
	batch_release(&batch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_does_not_run_is_blank),
		cmocka_unit_test(one_of_many_is_sent_alone),
	};

	return cmocka_run_group_tests_name("pg/batch", tests, NULL, NULL);
}
