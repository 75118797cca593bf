/* SPDX-License-Identifier: MIT */
/* Variables that commands set: who sees them, and what they may not be. */
#include "base/secrets.h"
#include "step/exports.h"

#include "../ground.h"

static char *const env[] = {"PATH=/usr/bin:/bin", "A=before", NULL};

static void load(const char *script, const char *more)
{
	CLEANUP_BUF struct buf ini = BUF_INIT;

	buf_printf(&ini,
		"[exec:a]\ncommand = sh -c 'exec >$GROUNDWORK_RESULT; %s'\n"
		"export = A TOKEN\n%s",
		script, more);
	ground_load(ini.data, env);
	ground_decide();
	assert_string_equal(ground_problems(), "");
}

static const char *value_of(const char *name)
{
	return env_get(ground.bootstrap.ctx.env, name);
}

static void later_steps_see_them(void **state)
{
	(void)state;
	load("echo \"env A=a = b\"; echo secret TOKEN=0123456789",
		"[exec:b]\ncommand = sh -c 'echo \"<$A><$TOKEN>\"'\norder = 31\n"
		"[exec:c]\ncommand = sh -c 'echo \"<$TOKEN>\"; exit 1'\nenv = TOKEN\n"
		"order = 31\n");
	does("exec:b", 1, "");
	says(ground.heard.data, "[exec:b] <before><>");
	does("exec:a", 1, "ran: sh -c");
	assert_string_equal(value_of("A"), "a = b");
	does("exec:b", 1, "");
	says(ground.heard.data, "[exec:b] <a = b><>");
	does("exec:c", -1, "its last lines:\n<***>");
	assert_true(secrets_in(&ground.bootstrap.secrets, "x 0123456789"));
}

static void what_comes_out_empty_is_unset(void **state)
{
	(void)state;
	load("echo env A=; echo status=skipped", "");
	does("exec:a", 0, "");
	assert_null(value_of("A"));
}

static void a_failure_sets_nothing(void **state)
{
	(void)state;
	load("echo env A=after; exit 1", "");
	does("exec:a", -1, "ended with status 1");
	assert_string_equal(value_of("A"), "before");
}

static void only_what_is_named_is_set(void **state)
{
	static const struct {
		const char *script, *error;
	} cases[] = {
		{"echo env A=after; echo env B=1",
			"it set B in GROUNDWORK_RESULT, which is"},
		{"echo secret 0123456789=x",
			"it set what is no name in GROUNDWORK_RESULT"},
		{"echo secret 0123456789", "it wrote 'secret …' without a NAME=value"},
		{"printf \"env A=%0*d\" 65537 0",
			"the value of A in GROUNDWORK_RESULT is "
			"longer than 64 KiB"},
		{"echo env A", "it wrote 'env …' without a NAME=value"},
		{"printf \"env A=a\\000b\"", "it wrote a NUL byte to GROUNDWORK_RESULT"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		load(cases[i].script, "");
		does("exec:a", -1, cases[i].error);
		assert_string_equal(value_of("A"), "before");
		assert_null(strstr(shown(&ground.err), "0123456789"));
		assert_null(strstr(ground.heard.data, "0123456789"));
	}
	ground_load(
		"[exec:a]\ncommand = sh -c 'echo secret A=0123 >$GROUNDWORK_RESULT'\n",
		env);
	does("exec:a", 1, "");
	says(ground.heard.data, "line 1 of GROUNDWORK_RESULT is neither");
	assert_null(strstr(ground.heard.data, "0123"));
}

/* Behind its step a value is not known before that has run; in front of it, it is. */
static void nothing_is_decided_by_them(void **state)
{
	static const char text[] =
		"[exec:a]\ncommand = x\nexport = A B\n"
		"[assert:early]\nthat = env:A=before\n"
		"[assert:late]\nthat = !env:A=before off:B env:C|D*|B\norder = 40\n"
		"[directory:d]\npath = ${A:?no}/${B}\norder = 40\n"
		"[exec:when]\ncommand = ${NONE}\nwhen = !env:A\norder = 40\n"
		"[file:f]\npath = f\ncontent = ${if on:B}${B}${end}${for N in B}x${end}\n"
		"order = 40\n";

	(void)state;
	assert_int_equal(ground_read(text, env, NULL), 0);
	ground_decide();
	assert_string_equal(
		ground_problems(), "13:11: [exec:when] command: NONE is not set\n");
	assert_non_null(ground_step("assert:early")->conf);
	assert_null(ground_step("directory:d")->conf);
	assert_null(exports_pending(&ground.bootstrap.ctx, "A"));
}

static void errors_are_found_at_once(void **state)
{
	(void)state;
	assert_int_equal(ground_read("[exec:a]\ncheck = x\nexport = A\n"
				     "[exec:b]\ncommand = x\ncreates = y\nexport = 1 A\n"
				     "[exec:c]\ncommand = x\nexport = GROUNDWORK_BASE\n"
				     "[exec:d]\ncommand = x\nexport = KEY\n"
				     "[key:k]\npath = k\nenv = KEY\n",
				 env, NULL),
		0);
	ground_decide();
	says(ground_problems(), "3: [exec:a] export: has no effect without `command`");
	says(ground_problems(), "3: [exec:a] export: it does not go with `check`");
	says(ground_problems(), "7: [exec:b] export: it does not go with `creates`");
	says(ground_problems(), "7:10: [exec:b] export: '1' is not the name");
	says(ground_problems(), "10:10: [exec:c] export: 'GROUNDWORK_BASE' is");
	says(ground_problems(), "13: [exec:d] export: KEY has its value by");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GROUND(later_steps_see_them),
		GROUND(what_comes_out_empty_is_unset),
		GROUND(a_failure_sets_nothing),
		GROUND(only_what_is_named_is_set),
		GROUND(nothing_is_decided_by_them),
		GROUND(errors_are_found_at_once),
	};

	return cmocka_run_group_tests_name("step/exports", tests, NULL, NULL);
}
