/* SPDX-License-Identifier: MIT */
/* The names of migrations. */
#include "../unit.h"
#include "base/mem.h"
#include "migration/format.h"

/*
 * Expects "ROLE ID NAME", or "ROLE ID NAME (FORMER ID AND NAME)", of "NAME" or
 * "DIRECTORY/NAME"; "" for no migration.
 */
static void expect(const char *file, const char *wanted)
{
	static const char *const roles[] = {"up", "down", "again"};
	struct arena arena = {0};
	struct format_name name;
	char got[200] = "";
	size_t size;

	char *directory = arena_strdup(&arena, file);
	char *slash = strchr(directory, '/');

	if (slash)
		*slash++ = '\0';
	if (format_parse(directory, slash, &arena, &name)) {
		(void)snprintf(got, sizeof got, "%s %s %s", roles[name.format->role],
			name.id, name.name);
		size = strlen(got);
		if (name.former_id)
			(void)snprintf(got + size, sizeof got - size, " (%s %s)",
				name.former_id, name.former_name);
	}
	assert_string_equal(got, wanted);
	arena_release(&arena);
}

static void numbered(void **state)
{
	(void)state;
	expect("001_create_notes.sql", "up 001 create_notes");
	expect("20240131120000_x.sql", "up 20240131120000 x");
	expect("20240131120000-x.sql", "up 20240131120000 x");
	expect("20240131120000-2fa_x.sql", "up 20240131120000 2fa_x");
	expect("2024-01-31_x.sql", "up 2024-01-31 x");
	expect("2024-01-31-120000_x.sql", "up 2024-01-31-120000 x");
	expect("2024-01-31-120000-x.sql", "up 2024-01-31-120000 x");
	expect("2024-01-31-2fa_x.sql", "up 2024-01-31 2fa_x");
	expect("7.sql", "up 7 ");
	expect("7_.sql", "up 7 ");
	expect("7_a.b.sql", "up 7 a.b");
	expect("7_a.up.sql", "up 7 a");
	expect("7_a.down.sql", "down 7 a");
	expect("7_.up.sql", "up 7 ");
	expect("7_a.up.up.sql", "up 7 a.up");
}

/* A version with dashes was cut, and the rest of it was the name. */
static void numbers_with_dashes(void **state)
{
	(void)state;
	expect("2023-10-06-10000_x.sql", "up 2023-10-06-10000 x (2023-10-06 10000_x)");
	expect("20220329-040000.sql", "up 20220329-040000  (20220329 040000)");
	expect("2024-01-31-12_x.sql", "up 2024-01-31-12 x (2024-01-31 12_x)");
	expect("2024-01-31-120000-2_x.sql",
		"up 2024-01-31-120000-2 x (2024-01-31-120000 2_x)");
	expect("2024-1-x.sql", "up 2024-1 x (2024 1-x)");
	expect("20240131120000-2_x.sql", "up 20240131120000-2 x (20240131120000 2_x)");
	expect("001-1.up.sql", "up 001-1  (001 1)");
	expect("2024-01-31x.sql", "");
	expect("2024-01-31T120000_x.sql", "");
	expect("20240131T120000_x.sql", "");
}

static void directories(void **state)
{
	(void)state;
	expect("00000000000000_diesel_initial_setup/up.sql",
		"up 00000000000000 diesel_initial_setup");
	expect("2024-01-31-120000_x/up.sql", "up 2024-01-31-120000 x");
	expect("20240131120000_x/migration.sql", "up 20240131120000 x");
	expect("2023-10-06-10000_x/up.sql", "up 2023-10-06-10000 x (2023-10-06 10000_x)");
	expect("01-x/up.sql", "up 01-x  (01 x)");
	expect("01add_x/up.sql", "up 01add x");
	expect("20240131/up.sql", "up 20240131 ");
	expect("x/up.sql", "");
	expect("0_init/migration.sql", "up 0 init");
	expect("20240131-x/migration.sql", "up 20240131-x  (20240131 x)");
	expect("2024-01-31_x/migration.sql", "up 2024-01-31_x  (2024-01-31 x)");
	expect("init/migration.sql", "up init ");
	expect("20240131/migration.sql", "up 20240131 ");
	expect("R__x/migration.sql", "");
	expect("/migration.sql", "");
	expect("1_x/down.sql", "");
	expect("/up.sql", "");
	assert_true(format_needs_inside("2024-01-31-120000_x"));
	assert_true(format_needs_inside("1_x"));
	assert_false(format_needs_inside("2024"));
	assert_false(format_needs_inside("2024-01-31"));
	assert_false(format_needs_inside("docs"));
	assert_false(format_needs_inside(""));
}

static void flyway(void **state)
{
	(void)state;
	expect("V1__a.sql", "up 1 a");
	expect("V1.2.03__a_b.sql", "up 1.2.03 a_b");
	expect("V1_2__a.sql", "up 1_2 a");
	expect("V1__a__b.sql", "up 1 a__b");
	expect("V2013.01.15.11.35.56__a.sql", "up 2013.01.15.11.35.56 a");
	expect("V1__.sql", "up 1 ");
	expect("U1.2__a.sql", "down 1.2 a");
	expect("R__views.sql", "again R__views ");
	expect("R__.sql", "");
	expect("R1__views.sql", "");
	expect("V__a.sql", "");
	expect("V1_a.sql", "");
	expect("V1.__a.sql", "");
	expect("V.1__a.sql", "");
	expect("V1a__a.sql", "");
	expect("v1__a.sql", "");
	expect("B1__a.sql", "");
}

static void others(void **state)
{
	(void)state;
	expect("schema.sql", "");
	expect("a_1.sql", "");
	expect("1x.sql", "up 1 x");
	expect("01add_x2.sql", "up 01 add_x2");
	expect("01add-x.up.sql", "up 01 add-x");
	expect("3f2a_x.sql", "");
	expect("1 x.sql", "");
	expect("1.do.x.sql", "");
	expect("1_x.SQL", "");
	expect("1_x.sql.bak", "");
	expect(".sql", "");
	expect("V.sql", "");
	expect("", "");
}

static void programs(void **state)
{
	(void)state;
	assert_non_null(format_of_program("00002_x.go"));
	assert_non_null(format_of_program("V2__x.rs"));
	assert_non_null(format_of_program("20240101-x.js"));
	assert_null(format_of_program("00002_x_test.go"));
	assert_null(format_of_program("embed.go"));
	assert_null(format_of_program("V2_x.rs"));
	assert_null(format_of_program("00002_x.md"));
}

static void repeatable(void **state)
{
	(void)state;
	assert_true(format_is_repeatable("R__views"));
	assert_false(format_is_repeatable("001"));
	assert_false(format_is_repeatable("R_views"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbered),
		cmocka_unit_test(numbers_with_dashes),
		cmocka_unit_test(directories),
		cmocka_unit_test(flyway),
		cmocka_unit_test(others),
		cmocka_unit_test(programs),
		cmocka_unit_test(repeatable),
	};

	return cmocka_run_group_tests_name("migration/format", tests, NULL, NULL);
}
