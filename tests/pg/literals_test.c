/* SPDX-License-Identifier: MIT */
/* Values as SQL writes them. */
#include "../unit.h"
#include "base/buf.h"
#include "base/query_value.h"
#include "pg/literals.h"

static void values_replace_their_numbers(void **state)
{
	static const struct query_value values[] = {
		{.text = "it's $2 \\"},
		{.blob = "\0\xff", .size = 2},
		{.integer = -7},
	};
	CLEANUP_BUF struct buf sql = BUF_INIT;

	(void)state;
	literals_write(&sql, "INSERT INTO \"a$1\"\"$2\".t VALUES($3, $1, $2)", values);
	literals_write(&sql, "DELETE FROM t WHERE x = $1", values + 2);
	assert_string_equal(sql.data,
		"INSERT INTO \"a$1\"\"$2\".t VALUES(-7, 'it''s $2 \\', '\\x00ff'); "
		"DELETE FROM t WHERE x = -7; ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_replace_their_numbers),
	};

	return cmocka_run_group_tests_name("pg/literals", tests, NULL, NULL);
}
