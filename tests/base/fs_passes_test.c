/* SPDX-License-Identifier: MIT */
/* Other names of one object. */
#include "base/fs_passes.h"

#include "../directory.h"

#include "fs_child.h"

static bool passes(const char *path, const char *object)
{
	return fs_passes(in(path), in(object));
}

static void finds_what_is_there_by_its_path(void **state)
{
	(void)state;
	make_dir("a", 0, 0755);
	make_dir("a/b", 0, 0755);
	put("a/b/file", "");
	make_dir("a/other", 0, 0755);
	assert_true(passes("a/b/file", "a/b/file"));
	assert_true(passes("a/b/file", "a/b"));
	assert_true(passes("a/b/file", "a"));
	assert_true(passes("a/b/no/such", "a/b"));
	assert_true(fs_passes(in("a"), "/"));
	assert_false(passes("a/b", "a/b/file"));
	assert_false(passes("a/b/file", "a/other"));
	assert_false(passes("a/b/no", "a/b/no"));
	assert_false(passes("no", "a"));
}

static void finds_it_by_a_link_on_either_side(void **state)
{
	(void)state;
	make_dir("rel", 0, 0755);
	make_dir("rel/data", 0, 0755);
	make_dir("rel/other", 0, 0755);
	put("rel/data/db", "");
	put_link("cur", "rel", 0);
	put_link("data", "rel/data", 0);
	assert_true(passes("rel/data/db", "cur/data"));
	assert_true(passes("rel/data/db", "cur/data/db"));
	assert_true(passes("rel/data/new", "cur/data"));
	assert_true(passes("cur/data/db", "rel/data"));
	assert_true(passes("cur/data/db", "rel"));
	/* What it leads to is not all that it passes. */
	assert_true(passes("data/db", "rel"));
	assert_true(passes("data", "rel/data"));
	assert_false(passes("cur/data/db", "rel/other"));
	assert_false(passes("cur/other", "data/db"));
	/* A link itself, not where it leads. */
	assert_true(passes("cur/data", "cur"));
	assert_false(passes("rel/data", "cur"));
	assert_false(passes("rel/data/db", "data"));
}

static void finds_the_directory_of_a_link(void **state)
{
	(void)state;
	make_dir("links", 0, 0755);
	make_dir("data", 0, 0755);
	put_link("links/data", "../data", 0);
	put_link("alias", "links", 0);
	assert_true(passes("links/data/db", "alias/data"));
	assert_true(passes("alias/data/db", "links"));
	assert_true(passes("alias/data/db", "data"));
	assert_false(passes("data/db", "links"));
	/* A link to a link, and one without an end. */
	put_link("far", "alias/data/", 0);
	assert_true(passes("far/db", "links/data"));
	assert_true(passes("far/db", "alias"));
	assert_true(passes("far/db", "data"));
	put_link("absolute", in("far"), 0);
	assert_true(passes("absolute/db", "far"));
	assert_true(passes("absolute/db", "links"));
	put_link("loop", "loop/loop/x", 0);
	assert_false(passes("loop/db", "data"));
}

static void takes_no_hard_link_for_the_file(void **state)
{
	(void)state;
	make_dir("a", 0, 0755);
	put_link("b", "a", 0);
	put("a/file", "");
	assert_int_equal(link(in("a/file"), in("a/other")), 0);
	assert_false(passes("a/file", "a/other"));
	assert_true(passes("a/file", "b/file"));
	assert_true(passes("b/file", "a/file"));
}

static int look_through_a_mount(void)
{
	MUST(own_mounts());
	if (mount(in("rel"), in("bound"), NULL, MS_BIND, NULL) < 0)
		return SKIPPED;
	REQUIRE(passes("rel/data/db", "bound/data"));
	REQUIRE(passes("bound/data/db", "rel/data"));
	REQUIRE(passes("bound/data/db", "bound"));
	REQUIRE(!passes("bound/data/db", "rel/other"));
	return 0;
}

static void finds_it_by_a_mount(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("rel", 0, 0755);
	make_dir("rel/data", 0, 0755);
	make_dir("rel/other", 0, 0755);
	put("rel/data/db", "");
	make_dir("bound", 0, 0755);
	CHILD_OR_SKIP(look_through_a_mount, "no mounts here");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(finds_what_is_there_by_its_path),
		UNIT(finds_it_by_a_link_on_either_side),
		UNIT(finds_the_directory_of_a_link),
		UNIT(finds_it_by_a_mount),
		UNIT(takes_no_hard_link_for_the_file),
	};

	return cmocka_run_group_tests_name("base/fs_passes", tests, NULL, NULL);
}
