/* SPDX-License-Identifier: MIT */
/* What is noted of the paths that a plan makes. */
#include "../unit.h"
#include "base/buf.h"
#include "base/mem.h"
#include "step/planned.h"

static struct arena arena;
static struct planned planned;

static int begin(void **state)
{
	(void)state;
	planned = (struct planned){.arena = &arena};
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void add(const char *path, const char *by)
{
	planned_add(&planned, &(struct made){.path = path, .by = by});
}

static void each_path_has_its_notes(void **state)
{
	const struct made *made;

	(void)state;
	assert_null(planned_at(&planned, "/a"));
	add("/a/b", "one");
	add("/a/x/../b/", "two");
	add("/a", "three");
	made = planned_at(&planned, "/a//b");
	assert_string_equal(made->by, "two");
	assert_string_equal(made->same->by, "one");
	assert_null(made->same->same);
	assert_int_equal(made->number, 1);
	assert_string_equal(planned_at(&planned, "/a")->by, "three");
	assert_null(planned_at(&planned, "/a/b/c"));
	assert_null(planned_at(&planned, "/"));
	assert_int_equal(planned.count, 3);
}

static void what_is_inside_is_known_as_surely_as_it_can_be(void **state)
{
	(void)state;
	planned_add(
		&planned, &(struct made){.path = "/a/b/c", .by = "x", .perhaps = true});
	assert_true(planned_inside(&planned, "/a/b")->perhaps);
	assert_true(planned_inside(&planned, "/a")->perhaps);
	assert_true(planned_inside(&planned, "/")->perhaps);
	assert_null(planned_inside(&planned, "/a/b/c"));
	add("/a/d", "y");
	assert_false(planned_inside(&planned, "/a")->perhaps);
	assert_true(planned_inside(&planned, "/a/b")->perhaps);
	planned_add(&planned, &(struct made){.path = "/a/e", .by = "z", .command = true});
	assert_string_equal(planned_inside(&planned, "/a")->by, "y");
	/* What is copied into a directory makes none. */
	planned_add(&planned, &(struct made){.path = "/f/g", .content = true});
	assert_null(planned_inside(&planned, "/f"));
	assert_true(planned_at(&planned, "/f/g")->content);
}

struct taken {
	struct buf text;
	const char *until;
};

static bool take(void *user, const struct made *made)
{
	struct taken *taken = user;

	buf_puts(&taken->text, made->by);
	return taken->until && strcmp(made->by, taken->until) == 0;
}

static void above_goes_the_nearest_first(void **state)
{
	struct taken all = {.text = BUF_INIT};
	struct taken some = {.text = BUF_INIT, .until = "2"};

	(void)state;
	add("/", "1");
	add("/a/b", "2");
	add("/a", "3");
	add("/a/b", "4");
	add("/a/b/c", "5");
	add("/ab", "6");
	assert_false(planned_above(&planned, "/a/b", take, &all));
	assert_string_equal(all.text.data, "4231");
	assert_true(planned_above(&planned, "/a/b/c/d", take, &some));
	assert_string_equal(some.text.data, "542");
	assert_false(planned_above(&planned, "/x", take, &all));
	assert_string_equal(all.text.data, "42311");
	buf_release(&all.text);
	buf_release(&some.text);
}

static void the_first_that_may_make_any_is_kept(void **state)
{
	(void)state;
	add("/a", "1");
	planned_add(&planned, &(struct made){.by = "2", .command = true});
	planned_add(&planned, &(struct made){.by = "3", .command = true});
	assert_string_equal(planned.any->by, "2");
	assert_string_equal(planned.last->before->by, "2");
}

static void what_is_beside_a_file_has_its_name(void **state)
{
	static const struct {
		const char *path, *by;
	} cases[] = {
		{"/a/id.pub", "one"},
		{"/a//x/../id.pub/", "one"},
		{"/a/id2", "one"},
		{"/a/id2.crt", "two"},
		{"/a/id", NULL},
		{"/a/i", NULL},
		{"/a/id/x", NULL},
		{"/a/.id", NULL},
		{"/id.pub", NULL},
		{"/a", NULL},
		{"/", NULL},
	};

	(void)state;
	add("/a/id", "another");
	assert_null(planned_beside(&planned, "/a/id.pub"));
	planned_add(
		&planned, &(struct made){.path = "/a/id", .by = "one", .beside = true});
	planned_add(
		&planned, &(struct made){.path = "/a/id2", .by = "two", .beside = true});
	add("/a/id", "last");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct made *made = planned_beside(&planned, cases[i].path);

		if (!made != !cases[i].by || (made && strcmp(made->by, cases[i].by)))
			fail_msg("%s: %s", cases[i].path, made ? made->by : "none");
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_path_has_its_notes),
		TEST(what_is_inside_is_known_as_surely_as_it_can_be),
		TEST(above_goes_the_nearest_first),
		TEST(the_first_that_may_make_any_is_kept),
		TEST(what_is_beside_a_file_has_its_name),
	};

	return cmocka_run_group_tests_name("step/planned", tests, NULL, NULL);
}
