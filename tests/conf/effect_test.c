/* SPDX-License-Identifier: MIT */
/* Keys that have no effect beside the others of their section. */
#include "../ground.h"

#define DIR  "[directory:d]\npath = d\n"
#define FILE "[file:f]\npath = f\n"

/* With one key that is not, and is named, or NULL. */
static void judge(const char *text, const char *expected)
{
	const struct problems *problems = &ground.bootstrap.problems;

	(void)ground_read(text, NULL, NULL); /* what it returns is in `problems`, too */
	if (!expected && problems->count)
		fail_msg("%s: %s", text, problems->list[0].text);
	if (expected && (problems->count != 1 || !strstr(ground_problems(), expected)))
		fail_msg("%s: %s", text, ground_problems());
}

static void a_key_without_those_that_it_needs_is_an_error(void **state)
{
	(void)state;
	judge(DIR "recursive = full\n",
		"3: [directory:d] recursive: has no effect without `owner` or `group`");
	judge(DIR "exclude = a\n",
		"exclude: has no effect without `source` or `recursive = mismatch` or "
		"`full`");
	judge(DIR "exclude = a\nrecursive = no\n", "exclude: has no effect");
	judge(DIR "merge = always\n", "merge: has no effect without `source`");
	judge(FILE "source = s\nvars = A\n", "vars: has no effect without");
	judge(FILE "source = s\nescape = json\n", "escape: has no effect without");
	judge(FILE "source = s\nmissing = keep\n", "missing: has no effect without");
	judge(FILE "missing = empty\n", "missing: has no effect without");
	judge(FILE "source = s\nsuffix = .x\n", "suffix: has no effect without");
	judge("[secret:s]\nsource = a\nidentity = i\nenv = A\nmode = 0640\n",
		"mode: has no effect without `path`");
	judge("[database:d]\npath = d\nkeep_backups = 2\n",
		"keep_backups: has no effect without `backup = before-migrate`");
	judge("[database:d]\npath = d\nexclude = x\n", "exclude: is of `migrations`");
	judge("[app]\nreload_watch = x\n",
		"reload_watch: has no effect without `reload`");
	judge("[app]\narguments = *\n", "arguments: has no effect without `command`");
	judge("[bootstrap]\ndatabases = x\n", "databases: has no effect without");
	/* An owner for all of them is not put right on what exists. */
	judge("[defaults:directory]\nowner = root\n" DIR "recursive = full\n",
		"recursive: has no effect without `owner` or `group`");
}

static void a_key_with_one_that_ends_its_effect_is_an_error(void **state)
{
	(void)state;
	judge(DIR "retries = 0\nretry_delay = 1s\n",
		"retry_delay: has no effect with `retries = 0`: leave one of both out");
	judge(DIR "retries = 1\nretry_delay = 1s\n", NULL);
	judge(DIR "retry_delay = 1s\n", NULL);
}

static void what_may_have_an_effect_is_none(void **state)
{
	(void)state;
	judge(DIR "recursive = full\nowner = root\n", NULL);
	judge(DIR "recursive = mismatch\ngroup = root\nexclude = a\n", NULL);
	judge(DIR "recursive = full\ngroup = root\nexclude = a\n", NULL);
	judge(DIR "source = s\nexclude = a\nmerge = mirror\n", NULL);
	judge(FILE "template = t\nvars = A\nescape = json\nmissing = keep\n", NULL);
	/* A variable decides. */
	judge(DIR "recursive = ${R:-no}\n", NULL);
	judge(DIR "recursive = ${R:-no}\nowner = root\nexclude = a\n", NULL);
	/* It is so anyway. */
	judge(DIR "recursive = no\nmerge = empty\n", NULL);
	judge(FILE "prune = 0\nmissing = ERROR\n", NULL);
	/* For all that have a use for it; and taken out on purpose. */
	judge("[defaults:file]\nmissing = keep\nvars = A\n" FILE, NULL);
	judge(DIR "source =\nmerge = always\n", NULL);
	judge("[defaults:directory]\nsource = s\n" DIR "merge = always\n", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_key_without_those_that_it_needs_is_an_error, ground_setup,
			ground_teardown),
		cmocka_unit_test_setup_teardown(
			a_key_with_one_that_ends_its_effect_is_an_error, ground_setup,
			ground_teardown),
		cmocka_unit_test_setup_teardown(
			what_may_have_an_effect_is_none, ground_setup, ground_teardown),
	};

	return cmocka_run_group_tests_name("conf/effect", tests, NULL, NULL);
}
