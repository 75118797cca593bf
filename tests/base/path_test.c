/* SPDX-License-Identifier: MIT */
/* Paths as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/path.h"

static void joins(void **state)
{
	static const struct {
		const char *dir, *path, *joined;
	} cases[] = {
		{"/d", "p", "/d/p"},
		{"/d/", "./p//q/.", "/d/p/q"},
		{"/d", "/p", "/p"},
		{"/d", "/p/./q/", "/p/q"},
		{"/", "p", "/p"},
		{"/", "", "/"},
		{"/d", "", "/d"},
		{"/d", ".", "/d"},
		{"d", "p", "d/p"},
		{"", "p", "p"},
		{"", "", "."},
		{".", "./", "."},
		{"/d", "../p", "/d/../p"},
		{"/d", "..", "/d/.."},
		{"/d", ".p", "/d/.p"},
		{"//d", "p", "/d/p"},
		{"x", "/", "/"},
	};
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(
			path_join(&arena, cases[i].dir, cases[i].path), cases[i].joined);
	arena_release(&arena);
}

static void splits(void **state)
{
	static const struct {
		const char *path, *dir, *base, *ending;
	} cases[] = {
		{"/a/b.json", "/a", "b.json", ".json"},
		{"/a", "/", "a", ""},
		{"a", ".", "a", ""},
		{"a/b", "a", "b", ""},
		{"/", "/", "", ""},
		{".env", ".", ".env", ""},
		{"/x.d/.env", "/x.d", ".env", ""},
		{"x.d/y", "x.d", "y", ""},
		{"a.tar.gz", ".", "a.tar.gz", ".gz"},
		{"a.", ".", "a.", "."},
	};
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_string_equal(path_dir(&arena, cases[i].path), cases[i].dir);
		assert_string_equal(path_base(cases[i].path), cases[i].base);
		assert_string_equal(path_ending(cases[i].path), cases[i].ending);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joins),
		cmocka_unit_test(splits),
	};

	return cmocka_run_group_tests_name("base/path", tests, NULL, NULL);
}
