/* SPDX-License-Identifier: MIT */
/* Paths as text. */
#include "../unit.h"
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
	struct arena arena = {0};

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
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_string_equal(path_dir(&arena, cases[i].path), cases[i].dir);
		assert_string_equal(path_base(cases[i].path), cases[i].base);
		assert_string_equal(path_ending(cases[i].path), cases[i].ending);
	}
	arena_release(&arena);
}

static void says_what_is_below(void **state)
{
	static const struct {
		const char *path, *top;
		bool below;
	} cases[] = {
		{"/a", "/a", true},
		{"/a/b", "/a", true},
		{"/a/b", "/a/", true},
		{"/ab", "/a", false},
		{"/a", "/a/b", false},
		{"/", "/", true},
		{"/a", "/", true},
		{"/a/c/../b", "/a/b", true},
		{"/a/b/c", "/a/x/../b", true},
		{"/a/../b", "/a", false},
		{"/../../a", "/a", true},
		{"/a/..b", "/a", true},
		{"/x/..", "/", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(
			path_is_below(cases[i].path, cases[i].top), cases[i].below);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joins),
		cmocka_unit_test(splits),
		cmocka_unit_test(says_what_is_below),
	};

	return cmocka_run_group_tests_name("base/path", tests, NULL, NULL);
}
