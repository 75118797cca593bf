/* SPDX-License-Identifier: MIT */
/* What is decided of a step before the first one runs. */
#include "../ground.h"

static void decide(const char *ini, char *const *env)
{
	ground_load(ini, env);
	ground_decide();
}

static const struct step *decided(const char *id)
{
	return ground_step(id);
}

static void keys_are_filled(void **state)
{
	static char *const env[] = {"WHERE=x", NULL};

	(void)state;
	decide("[link:a]\npath = ${WHERE}\ntarget = t\ntimeout = 5s\n"
	       "[link:off]\npath = p\ntarget = t\nwhen = env:GONE\n"
	       "[link:disabled]\npath = ${GONE}\ntarget = t\nenabled = no\n"
	       "[link:later]\npath = p\ntarget = ${file:/nowhere}\n",
		env);
	assert_string_equal(ground_problems(), "");
	assert_non_null(decided("link:a")->conf);
	assert_int_equal(decided("link:a")->keys.timeout_ms, 5000);
	assert_null(decided("link:off")->draft);
	assert_null(decided("link:disabled")->draft);
	assert_non_null(decided("link:later")->draft);
	assert_null(decided("link:later")->conf);
}

static void what_is_wrong_is_listed(void **state)
{
	(void)state;
	decide("[link:a]\npath = ${GONE}\ntarget = ${GONE}\n"
	       "[link:b]\npath = p\ntarget = t\nwhen = env:${GONE}\ntimeout = ${GONE}\n",
		NULL);
	assert_string_equal(ground_problems(),
		"2:8: [link:a] path: GONE is not set\n"
		"3:10: [link:a] target: GONE is not set\n"
		"7:12: [link:b] when: GONE is not set\n");
	says(shown(decided("link:a")->wrong), "2:8: [link:a] path: GONE is not set; ");
	says(shown(decided("link:a")->wrong), "3:10: [link:a] target: GONE is not set");
}

static void what_is_not_critical_fails_alone(void **state)
{
	(void)state;
	decide("[link:a]\npath = ${GONE}\ntarget = t\ncritical = no\n"
	       "[link:b]\npath = p\ntarget = ${GONE}\n",
		NULL);
	assert_string_equal(
		ground_problems(), "7:10: [link:b] target: GONE is not set\n");
	says(shown(decided("link:a")->wrong), "2:8: [link:a] path: GONE is not set");
	assert_null(strstr(shown(decided("link:a")->wrong), "target"));
}

static void makes(const char *path, bool expected)
{
	CLEANUP_BUF struct buf absolute = BUF_INIT;

	buf_printf(&absolute, "%s/%s", ground.base, path);
	if (steps_make(&ground.bootstrap.plan.steps, absolute.data) != expected)
		fail_msg("%s: %d", path, !expected);
}

static void what_steps_make_is_known(void **state)
{
	(void)state;
	decide("[file:f]\npath = f\n[key:k]\npath = k\n[link:l]\npath = l\ntarget = t\n"
	       "[database:d]\npath = d.db\n[exec:e]\ncommand = true\ncreates = sub/e\n"
	       "env = A=${key:k}\n[exec:none]\ncommand = true\n[directory:dir]\n"
	       "path = dir\n[file:off]\npath = off\nwhen = env:GONE\n",
		NULL);
	assert_null(decided("exec:e")->conf);
	makes("f", true);
	makes("f/below", true);
	makes("ff", false);
	makes("x/../f", true);
	makes("k", true);
	makes("l", true);
	makes("d.db", true);
	makes("sub/e", true);
	makes("sub", false);
	makes("off", false);
	/* It makes a directory, and nothing in it. */
	makes("dir/file", false);
	assert_false(steps_make(&ground.bootstrap.plan.steps, "/"));
}

static void each_of_many_paths_is_made(void **state)
{
	static const struct field fields[] = {
		{"path", FIELD_PATHS, .made = true},
		{0},
	};
	static const struct kind kind = {.name = "many", .fields = fields};
	const struct list paths = {
		.items = (const char *[]){"/a", "/b/c", NULL}, .count = 2};
	const struct list none = {0}; /* wrong, and so never filled */
	struct step step = {.kind = &kind, .draft = &paths};
	struct table made = {0};
	const struct steps steps = {.list = &step, .count = 1, .made = &made};

	(void)state;
	ground_load("", NULL);
	made.arena = ground.bootstrap.ctx.arena;
	steps_add_made(&steps, &step);
	assert_true(steps_make(&steps, "/a/below"));
	assert_true(steps_make(&steps, "/b/c"));
	assert_false(steps_make(&steps, "/b"));
	assert_true(steps_make(&steps, "/b/x/..//c/."));
	assert_false(steps_make(&steps, "/a/.."));
	made = (struct table){.arena = made.arena};
	step.draft = &none;
	steps_add_made(&steps, &step);
	assert_false(steps_make(&steps, "/a"));
}

static void a_path_that_is_missing_makes_nothing(void **state)
{
	(void)state;
	put("t", "text");
	assert_int_equal(
		ground_read("[key:k]\n[file:f]\npath = f\ntemplate = t\n", NULL, NULL),
		0);
	says(ground_problems(), "[key:k] path: missing");
	ground_decide();
	makes("k", false);
	makes("f", true);
}

static void files_are_read_where_nothing_changes_them(void **state)
{
	static const char template[] = "[file:f]\npath = f\ntemplate = t\n";
	CLEANUP_BUF struct buf ini = BUF_INIT;
	struct ctx *ctx = &ground.bootstrap.ctx;

	(void)state;
	put("t", "text");
	decide(template, NULL);
	assert_non_null(step_prepared(decided("file:f"), ctx));
	ctx->touched = true;
	assert_null(step_prepared(decided("file:f"), ctx));
	/* Behind a command, and made by a step, it may be another one by then. */
	buf_printf(&ini, "%s[exec:e]\ncommand = true\norder = 1\n", template);
	decide(ini.data, NULL);
	assert_null(step_prepared(decided("file:f"), ctx));
	buf_truncate(&ini, 0);
	buf_printf(&ini, "%s[exec:e]\ncommand = true\norder = 1\nwhen = env:GONE\n",
		template);
	decide(ini.data, NULL);
	assert_non_null(step_prepared(decided("file:f"), ctx));
	buf_truncate(&ini, 0);
	buf_printf(&ini, "%s[key:k]\npath = %s\n", template, in("t"));
	decide(ini.data, NULL);
	assert_null(step_prepared(decided("file:f"), ctx));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GROUND(keys_are_filled),
		GROUND(what_is_wrong_is_listed),
		GROUND(what_is_not_critical_fails_alone),
		GROUND(what_steps_make_is_known),
		GROUND(each_of_many_paths_is_made),
		GROUND(a_path_that_is_missing_makes_nothing),
		GROUND(files_are_read_where_nothing_changes_them),
	};

	return cmocka_run_group_tests_name("step/decide", tests, NULL, NULL);
}
