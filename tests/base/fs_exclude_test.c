/* SPDX-License-Identifier: MIT */
/* Globs on a tree. */
#include "../unit.h"
#include "base/fs_exclude.h"

static void matches_names_and_paths(void **state)
{
	static const struct {
		const char *glob, *below;
		bool excluded;
	} cases[] = {
		{"cache", "cache", true},
		{"cache", "a/cache", true},
		{"cache", "a/cached", false},
		{"cache", "cache/a", false}, /* it is not entered */
		{"*.bak", "a/.x.bak", true},
		{".*", "a/.hidden", true},
		{"a/cache", "a/cache", true},
		{"a/cache", "b/a/cache", false},
		{"/cache", "cache", true},
		{"/cache", "a/cache", false},
		{"a/*", "a/b", true},
		{"a/*", "a/b/c", false},
		{"*/c", "a/c", true},
		{"*/c", "c", false},
		{"a\\*", "a*", true},
		{"a\\*", "ab", false},
		{"x.db", "a/x.db-wal", true},
		{"x.db", "x.db-shm", true},
		{"a/x.db", "a/x.db-journal", true},
		{"*.db", "a/.x.db.lock", true},
		{"x.db", "x.db.lock", false},
		{"x.db", "x.db-other", false},
		{"x.db", "y.db-wal", false},
		{"", "-wal", false},
		{"", "..lock", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *const globs[] = {"other", cases[i].glob, NULL};

		if (fs_is_excluded(globs, cases[i].below) != cases[i].excluded)
			fail_msg("%s: %s", cases[i].glob, cases[i].below);
	}
}

static void excludes_nothing_without_globs(void **state)
{
	const char *const none[] = {NULL};

	(void)state;
	assert_false(fs_is_excluded(NULL, "a"));
	assert_false(fs_is_excluded(none, "a"));
}

static void what_leads_to_an_object_is_asked_for(void **state)
{
	static const struct {
		const char *glob, *below;
		bool left_out;
	} cases[] = {
		{"a/b", "a/b/c/d", true},
		{"a/b", "/a/b", true},
		{"a/b", "/a/b/c", true},
		{"/a", "//a/b", true},
		{"a/b", "/x/a/b", false},
		{"a/b", "/a", false},
		{"b", "/a/b/c", true},
		{"b", "/a/bc", false},
		{"x.db", "/a/x.db-wal", true},
		{"*", "/", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *const globs[] = {"other", cases[i].glob, NULL};

		if (fs_is_left_out(globs, cases[i].below) != cases[i].left_out)
			fail_msg("%s: %s", cases[i].glob, cases[i].below);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches_names_and_paths),
		cmocka_unit_test(excludes_nothing_without_globs),
		cmocka_unit_test(what_leads_to_an_object_is_asked_for),
	};

	return cmocka_run_group_tests_name("base/fs_exclude", tests, NULL, NULL);
}
