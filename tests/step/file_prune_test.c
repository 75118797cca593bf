/* SPDX-License-Identifier: MIT */
/* Removing what has no template any more, and nothing else. */
#include "../ground.h"
#include "state/record.h"
#include "step/file_memory.h"

#define HEAD "[bootstrap]\nstate = st\n[file:d]\npath = d\nprune = yes\n"

static const char *const managed = HEAD "template = t\npolicy = manage\n";
static const char *const source = HEAD "source = t\npolicy = manage\n";

/* Templates a, sub/b and sub/deep/c, which were made by that configuration. */
static void lay(const char *ini)
{
	make_dir("t", geteuid(), 0755);
	make_dir("t/sub", geteuid(), 0755);
	put("t/a", "a");
	put("t/sub/b", "b");
	put("t/sub/deep/c", "c");
	ground_load(ini, NULL);
	does("file:d", 1, "");
	finds("file:d", IN_PLACE, "3 files in place");
}

static void drop(const char *name)
{
	assert_int_equal(unlink(in(name)), 0);
}

static void what_has_no_template_goes(void **state)
{
	(void)state;
	lay(managed);
	put("base/d/sub/mine", "");
	drop("t/sub/b");
	drop("t/sub/deep/c");
	finds("file:d", TO_DO, "remove '");
	finds("file:d", TO_DO, "sub/deep', which has no template any more");
	assert_true(exists("base/d/sub/b"));
	does("file:d", 1, "removed '");
	assert_true(exists("base/d/a"));
	assert_false(exists("base/d/sub/b"));
	assert_false(exists("base/d/sub/deep"));
	assert_true(exists("base/d/sub/mine"));
	finds("file:d", IN_PLACE, "");
	does("file:d", 0, "");
	/* The directory was ours, and is empty now. */
	drop("base/d/sub/mine");
	finds("file:d", TO_DO, "d/sub'");
	does("file:d", 1, "d/sub'");
	assert_false(exists("base/d/sub"));
	assert_int_equal(entries("base/d"), 1);
}

static void what_was_changed_stays(void **state)
{
	(void)state;
	lay(managed);
	drop("t/sub/b");
	put("base/d/sub/b", "mine");
	finds("file:d", IN_PLACE, "sub/b' has no template any more, and was changed");
	does("file:d", 0, "");
	text_is("base/d/sub/b", "mine");
	/* As it was made, it is ours again. */
	put("base/d/sub/b", "b");
	does("file:d", 1, "removed '");
	assert_false(exists("base/d/sub/b"));
}

static void what_was_there_before_stays(void **state)
{
	(void)state;
	make_dir("base/d", geteuid(), 0755);
	put("base/d/sub/b", "mine");
	put("base/d/x", "a");
	make_dir("t", geteuid(), 0755);
	make_dir("t/sub", geteuid(), 0755);
	put("t/a", "a");
	put("t/sub/b", "b");
	ground_load(HEAD "template = t\n", NULL); /* policy = create */
	does("file:d", 1, "");
	drop("t/sub/b");
	finds("file:d", IN_PLACE, "");
	text_is("base/d/sub/b", "mine");
	assert_true(exists("base/d/x"));
	/* Under create what was made goes, too. */
	put("t/z", "z");
	drop("t/a");
	does("file:d", 1, "removed '");
	assert_false(exists("base/d/a"));
	assert_true(exists("base/d/z"));
}

static void what_took_its_place_stays(void **state)
{
	(void)state;
	lay(managed);
	make_dir("elsewhere", geteuid(), 0755);
	put("elsewhere/c", "c");
	/* A link on the way, where the same text lies. */
	drop("base/d/sub/deep/c");
	assert_int_equal(rmdir(in("base/d/sub/deep")), 0);
	put_link("base/d/sub/deep", in("elsewhere"), geteuid());
	drop("t/sub/deep/c");
	assert_int_equal(rmdir(in("t/sub/deep")), 0);
	/* Others in place of a file. */
	drop("t/sub/b");
	drop("base/d/sub/b");
	assert_int_equal(mkfifo(in("base/d/sub/b"), 0600), 0);
	finds("file:d", IN_PLACE, "");
	does("file:d", 0, "");
	text_is("elsewhere/c", "c");
	assert_true(exists("base/d/sub/b"));
	assert_true(exists("base/d/sub/deep"));
}

static void links_and_directories_go(void **state)
{
	(void)state;
	make_dir("t", geteuid(), 0755);
	make_dir("t/empty", geteuid(), 0755);
	put("t/a", "a");
	put_link("t/one", "a", geteuid());
	put_link("t/two", "a", geteuid());
	ground_load(source, NULL);
	does("file:d", 1, "");
	drop("t/one");
	drop("t/two");
	assert_int_equal(rmdir(in("t/empty")), 0);
	drop("base/d/two");
	put_link("base/d/two", "elsewhere", geteuid());
	does("file:d", 1, "removed '");
	assert_false(exists("base/d/one"));
	assert_true(exists("base/d/two"));
	assert_false(exists("base/d/empty"));
}

/* How often is it found there? */
static size_t times(const char *text, const char *part)
{
	size_t count = 0;

	while ((text = strstr(text, part))) {
		text += strlen(part);
		count++;
	}
	return count;
}

/* A start died when it was about to write another text, or had written it. */
static void die(const char *path, const char *next)
{
	struct ctx *ctx = &ground.bootstrap.ctx;
	char digest[FILE_DIGEST_SIZE];
	struct record record;

	assert_int_equal(
		record_read(&record, ctx->state, "file:d", ctx->arena, &ground.err), 0);
	file_memory_digest(next, strlen(next), digest);
	record_set(&record, arena_printf(ctx->arena, "next %s", in(path)), digest);
	assert_int_equal(record_write(&record, ctx->state, &ground.err), 0);
}

static void after_a_crash_each_is_listed_once(void **state)
{
	static const char *const texts[] = {"a", "a2"};

	(void)state;
	lay(managed);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		CLEANUP_BUF struct buf why = BUF_INIT;
		struct step *step = ground_step("file:d");

		put("t/a", "a");
		does("file:d", i > 0, "");
		drop("t/a");
		put("base/d/a", texts[i]);
		die("base/d/a", "a2");
		finds("file:d", TO_DO, "remove '");
		assert_int_equal(
			step->kind->check(step, &ground.bootstrap.ctx, &why, &ground.err),
			TO_DO);
		assert_int_equal(times(why.data, "remove '"), 1);
		does("file:d", 1, "removed '");
		assert_false(exists("base/d/a"));
		finds("file:d", IN_PLACE, "2 files in place");
	}
}

/* A directory that was ours and has become another's stays in the record. */
static void what_is_not_made_any_more_is_not_counted(void **state)
{
	(void)state;
	lay(managed);
	put("base/d/sub/deep/mine", "");
	drop("t/sub/deep/c");
	does("file:d", 1, "removed '");
	finds("file:d", IN_PLACE, "2 files in place");
}

static void a_link_that_became_a_file_goes_with_its_directory(void **state)
{
	(void)state;
	make_dir("t", geteuid(), 0755);
	make_dir("t/sub", geteuid(), 0755);
	put("t/a", "a");
	put_link("t/sub/x", "a", geteuid());
	ground_load(source, NULL);
	does("file:d", 1, "");
	drop("t/sub/x");
	drop("base/d/sub/x");
	put("t/sub/x", "x");
	does("file:d", 1, "");
	drop("t/sub/x");
	assert_int_equal(rmdir(in("t/sub")), 0);
	does("file:d", 1, "removed '");
	assert_false(exists("base/d/sub"));
}

static void a_stop_ends_the_listing(void **state)
{
	(void)state;
	make_dir("t", geteuid(), 0755);
	put("t/a", "a");
	ground_load(managed, NULL);
	ground.bootstrap.stop.deadline_ms = 1;
	finds("file:d", -1, "the deadline has passed");
	ground_decide();
	assert_string_equal(ground_problems(), "");
	ground.bootstrap.stop.deadline_ms = 0;
	does("file:d", 1, "created '");
}

static void another_steps_file_stays(void **state)
{
	CLEANUP_BUF struct buf ini = BUF_INIT;

	(void)state;
	lay(managed);
	drop("t/a");
	drop("t/sub/b");
	buf_printf(&ini, "%s[file:a]\npath = d/a\ncontent = x\n[directory:d]\npath = d\n",
		managed);
	ground_load(ini.data, NULL);
	ground_decide();
	does("file:d", 1, "removed '");
	assert_true(exists("base/d/a"));
	assert_false(exists("base/d/sub/b"));
}

/* A directory of templates that is not mounted is no reason to remove anything. */
static void without_templates_nothing_goes(void **state)
{
	(void)state;
	lay(managed);
	drop("t/a");
	drop("t/sub/b");
	drop("t/sub/deep/c");
	finds("file:d", -1, "holds no template");
	does("file:d", -1, "holds no template");
	assert_true(exists("base/d/a"));
}

static void the_offered_text_goes_too(void **state)
{
	(void)state;
	lay(HEAD "template = t\npolicy = track\n");
	put("base/d/sub/b", "mine");
	put("t/sub/b", "b2");
	does("file:d", 1, "left '");
	assert_true(exists("base/d/sub/b.new"));
	finds("file:d", IN_PLACE, "");
	drop("t/sub/b");
	does("file:d", 1, "removed '");
	assert_false(exists("base/d/sub/b.new"));
	text_is("base/d/sub/b", "mine");
}

static void is_for_directories(void **state)
{
	(void)state;
	put("one", "x");
	ground_load(HEAD "template = one\n", NULL);
	finds("file:d", -1, "is a file, and this is for a directory");
	assert_int_equal(ground_read(HEAD "content = x\n", NULL, NULL), 0);
	says(ground_problems(),
		"5: [file:d] prune: has no effect without `template` or `source`");
	ground_load("[file:d]\npath = d\ntemplate = t\nprune = yes\n", NULL);
	ground_decide();
	says(ground_problems(), "4: [file:d] prune: something must be remembered");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GROUND(what_has_no_template_goes),
		GROUND(what_was_changed_stays),
		GROUND(what_was_there_before_stays),
		GROUND(what_took_its_place_stays),
		GROUND(links_and_directories_go),
		GROUND(after_a_crash_each_is_listed_once),
		GROUND(what_is_not_made_any_more_is_not_counted),
		GROUND(a_link_that_became_a_file_goes_with_its_directory),
		GROUND(a_stop_ends_the_listing),
		GROUND(another_steps_file_stays),
		GROUND(without_templates_nothing_goes),
		GROUND(the_offered_text_goes_too),
		GROUND(is_for_directories),
	};

	return cmocka_run_group_tests_name("step/file_prune", tests, NULL, NULL);
}
