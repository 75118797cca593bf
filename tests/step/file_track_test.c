/* SPDX-License-Identifier: MIT */
/* Files that are rewritten until somebody edits them. */
#include "../ground.h"
#include "state/record.h"
#include "step/file_memory.h"

#define HEAD "[bootstrap]\nstate = st\n"

/* The configuration with that text of the file. */
static void load(const char *text)
{
	CLEANUP_BUF struct buf ini = BUF_INIT;

	buf_printf(
		&ini, HEAD "[file:f]\npath = f\npolicy = track\ncontent =\n  %s\n", text);
	ground_load(ini.data, NULL);
}

static void follows_the_template(void **state)
{
	(void)state;
	load("one");
	finds("file:f", TO_DO, "create '");
	does("file:f", 1, "created '");
	finds("file:f", IN_PLACE, "");
	load("two");
	finds("file:f", TO_DO, "anew: its text differs");
	does("file:f", 1, "wrote '");
	text_is("base/f", "two\n");
	finds("file:f", IN_PLACE, "");
	load("one");
	does("file:f", 1, "wrote '");
	text_is("base/f", "one\n");
	assert_int_equal(unlink(in("base/f")), 0);
	does("file:f", 1, "created '");
	assert_false(exists("base/f.new"));
}

static void leaves_what_was_edited(void **state)
{
	(void)state;
	load("one");
	does("file:f", 1, "");
	put("base/f", "mine\n");
	finds("file:f", IN_PLACE, "f' was changed, and is left as it is");
	does("file:f", 0, "");
	assert_false(exists("base/f.new"));
	load("two");
	finds("file:f", TO_DO, "f', which was changed, and write its new text to '");
	does("file:f", 1, "f', which was changed, and wrote its new text to '");
	text_is("base/f", "mine\n");
	text_is("base/f.new", "two\n");
	/* It is offered once. */
	assert_int_equal(unlink(in("base/f.new")), 0);
	finds("file:f", IN_PLACE, "was changed");
	does("file:f", 0, "");
	assert_false(exists("base/f.new"));
	load("three");
	does("file:f", 1, "");
	text_is("base/f.new", "three\n");
	load("four");
	does("file:f", 1, "");
	text_is("base/f.new", "four\n");
	text_is("base/f", "mine\n");
	/* Who takes it gives the file back. */
	assert_int_equal(rename(in("base/f.new"), in("base/f")), 0);
	finds("file:f", TO_DO, "remember '");
	does("file:f", 0, "");
	load("five");
	does("file:f", 1, "wrote '");
	text_is("base/f", "five\n");
}

static void what_was_there_before_is_anothers(void **state)
{
	(void)state;
	put("base/f", "mine\n");
	load("one");
	does("file:f", 1, "left '");
	text_is("base/f", "mine\n");
	text_is("base/f.new", "one\n");
}

static void a_new_file_that_was_edited_stays(void **state)
{
	(void)state;
	put("base/f", "mine\n");
	put("base/f.new", "my notes\n");
	load("one");
	finds("file:f", IN_PLACE, "");
	says(ground.heard.data,
		"f.new' is not as it was written, either: move that away");
	does("file:f", 0, "");
	text_is("base/f", "mine\n");
	text_is("base/f.new", "my notes\n");
	assert_int_equal(unlink(in("base/f.new")), 0);
	does("file:f", 1, "");
	put("base/f.new", "edited\n");
	load("two");
	does("file:f", 0, "");
	text_is("base/f.new", "edited\n");
}

/* What a start leaves that died before the exchange, or behind it. */
static void died_with(const char *text, const char *digest_of)
{
	struct ctx *ctx = &ground.bootstrap.ctx;
	char digest[FILE_DIGEST_SIZE];
	struct record record;

	load("one");
	assert_int_equal(
		record_read(&record, ctx->state, "file:f", ctx->arena, &ground.err), 0);
	file_memory_digest(digest_of, strlen(digest_of), digest);
	record_set(&record, arena_printf(ctx->arena, "next %s", in("base/f")), digest);
	assert_int_equal(record_write(&record, ctx->state, &ground.err), 0);
	put("base/f", text);
}

static void a_crash_makes_no_edit(void **state)
{
	static const char *const left[] = {"one\n", "two\n"};
	static const char *const next[] = {"one", "two", "three"};

	(void)state;
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < 3; k++) {
			load("one");
			does("file:f", 1, "created");
			died_with(left[i], "two\n");
			load(next[k]);
			does("file:f", strncmp(left[i], next[k], 3) != 0, "");
			assert_false(exists("base/f.new"));
			finds("file:f", IN_PLACE, "1 file in place");
			assert_int_equal(unlink(in("base/f")), 0);
		}
}

static void attributes_stay(void **state)
{
	(void)state;
	load("one");
	does("file:f", 1, "");
	assert_int_equal(chmod(in("base/f"), 0640), 0);
	load("two");
	does("file:f", 1, "");
	mode_is("base/f", 0640);
	put("base/f", "mine\n");
	load("three");
	does("file:f", 1, "");
	mode_is("base/f.new", 0640);
}

static void each_file_of_a_directory_counts(void **state)
{
	const char *ini = HEAD "[file:d]\npath = d\ntemplate = t\npolicy = track\n";

	(void)state;
	make_dir("t", geteuid(), 0755);
	put("t/a", "a1");
	put("t/b", "b1");
	ground_load(ini, NULL);
	does("file:d", 1, "");
	put("base/d/a", "mine");
	put("t/a", "a2");
	put("t/b", "b2");
	ground_load(ini, NULL);
	does("file:d", 1, "");
	text_is("base/d/a", "mine");
	text_is("base/d/a.new", "a2");
	text_is("base/d/b", "b2");
	finds("file:d", IN_PLACE, "d/a' was changed");
	/* Not where a template makes a file of that name. */
	put("t/b.new", "");
	put("base/d/b", "mine");
	put("t/b", "b3");
	ground_load(ini, NULL);
	finds("file:d", -1, "is a file of this step, and would be the new text");
}

static void a_source_is_followed_too(void **state)
{
	const char *ini = HEAD "[file:f]\npath = f\nsource = s\npolicy = track\n";

	(void)state;
	put("s", "one");
	ground_load(ini, NULL);
	does("file:f", 1, "");
	put("s", "two");
	does("file:f", 1, "wrote '");
	text_is("base/f", "two");
	put("base/f", "mine");
	put("s", "three");
	does("file:f", 1, "left '");
	text_is("base/f", "mine");
	text_is("base/f.new", "three");
}

static void keys_are_set_in_the_new_text(void **state)
{
	const char *ini = HEAD "[file:f]\npath = f.env\npolicy = track\ncontent = A=1\n"
			       "set = B=${B:-2}\n";
	char *const env[] = {"B=3", NULL};

	(void)state;
	ground_load(ini, NULL);
	does("file:f", 1, "");
	text_is("base/f.env", "A=1\nB=2\n");
	ground_load(ini, env);
	does("file:f", 1, "");
	text_is("base/f.env", "A=1\nB=3\n");
	put("base/f.env", "A=9\n");
	finds("file:f", IN_PLACE, "was changed");
}

static void needs_a_text_and_a_state(void **state)
{
	(void)state;
	assert_int_equal(
		ground_read("[file:f]\npath = f\npolicy = track\n", NULL, NULL), 0);
	says(ground_problems(), "3: [file:f] policy: track without template, source");
	ground_load("[file:f]\npath = f\npolicy = track\ncontent = x\n", NULL);
	ground_decide();
	says(ground_problems(), "3: [file:f] policy: something must be remembered");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GROUND(follows_the_template),
		GROUND(leaves_what_was_edited),
		GROUND(what_was_there_before_is_anothers),
		GROUND(a_new_file_that_was_edited_stays),
		GROUND(a_crash_makes_no_edit),
		GROUND(attributes_stay),
		GROUND(each_file_of_a_directory_counts),
		GROUND(a_source_is_followed_too),
		GROUND(keys_are_set_in_the_new_text),
		GROUND(needs_a_text_and_a_state),
	};

	return cmocka_run_group_tests_name("step/file_track", tests, NULL, NULL);
}
