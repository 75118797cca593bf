/* SPDX-License-Identifier: MIT */
/* Which files are node-sqlite's. */
#include "../unit.h"
#include "base/mem.h"
#include "dialect.h"
#include "migration/node_sqlite.h"
#include "migration/split.h"

/* `line`: of what shows it; 0 if nothing does. */
static void expect(const char *text, int line, bool up)
{
	struct arena arena = {0};
	const struct script script = {
		.text = arena_memdup(&arena, text, strlen(text) + 1),
		.size = strlen(text),
		.file = "x.sql",
		.dialect = &plain_dialect,
	};
	bool got_up;
	int got = node_sqlite_find(&script, &got_up);

	if (got != line || got_up != up)
		fail_msg("'%s': line %d%s", text, got, got_up ? ", with up" : "");
	arena_release(&arena);
}

static void with_up(void **state)
{
	(void)state;
	expect("-- Up\na;\n-- Down\nb;\n", 3, true);
	expect("--up \r\na;\r\n-- DOWN\r\nb;\r\n", 3, true);
	expect("----\n-- Up\n----\na;\n----\n-- Down\n----\nb;\n", 6, true);
	expect("-- Up\na;\n-- Down: all of it\nb;\n", 3, true);
	expect("-- Up\na;\n-- down votes\nb;\n", 3, true);
	expect("-- Up\n-- Down\na;\n", 2, true);
	expect("-- Up\n-- Down: drop\na;\n", 0, true);
	expect("-- Up\na;\n-- down-payments\nb;\n", 0, true);
	expect("-- Up\na;\n--Down\nb;\n", 0, true);
	expect("-- Up\na;\n", 0, true);
}

static void without_up(void **state)
{
	(void)state;
	expect("a;\n-- Down\nb;\n", 2, false);
	expect("a;\n  --\tdown \nb;\n", 2, false);
	expect("a;\n-- DOWN\nb;\n", 0, false);
	expect("a;\n--down\nb;\n", 0, false);
	expect("a;\n-- Down.\nb;\n", 0, false);
	expect("-- Up: x\na;\n-- Down: y\nb;\n", 0, false);
	expect("a;\n-- up\nb;\n-- down\nc;\n", 0, false);
	expect("a;\n-- down\nb;\n-- up\nc;\n", 0, false);
	expect("a\n-- down\nb;\n", 0, false);
	expect("a\n-- down\nb;\n-- Down\nc;\n", 4, false);
	expect("-- Up\na\n-- Down\nb\n", 3, true);
	expect("", 0, false);
}

static void elsewhere(void **state)
{
	(void)state;
	expect("a '\n-- Down\n';\nb;\n", 0, false);
	expect("/*\n-- Down\n*/\na;\n", 0, false);
	expect("a (\n-- down\nb);\n", 0, false);
	expect("a; -- down\nb;\n", 0, false);
	expect("a;\n/* Down */\nb;\n", 0, false);
	expect("a;\n-- Down\nb '\n", 2, false);
	expect("a '\n-- Down\n", 0, false);
}

static void a_comment(void **state)
{
	(void)state;
	assert_true(node_sqlite_is_up(" UP ", 4));
	assert_false(node_sqlite_is_up(" ups", 4));
	assert_false(node_sqlite_is_up("", 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_up),
		cmocka_unit_test(without_up),
		cmocka_unit_test(elsewhere),
		cmocka_unit_test(a_comment),
	};

	return cmocka_run_group_tests_name("migration/node_sqlite", tests, NULL, NULL);
}
