/* SPDX-License-Identifier: MIT */
/* Commands that are run once, or when their inputs change. */
#include "../ground.h"

#define STATE "[bootstrap]\nstate = st\n"

static char *const env[] = {"PATH=/usr/bin:/bin", NULL};

static void once_is_once(void **state)
{
	const char *ini = STATE "[exec:a]\ncommand = sh -c true\nonce = yes\n";

	(void)state;
	ground_load(ini, env);
	finds("exec:a", TO_DO, "run: sh -c");
	does("exec:a", 1, "ran: sh -c");
	finds("exec:a", IN_PLACE, "it was done on 2");
	does("exec:a", 0, "it was done on 2");
	ground_load(ini, env);
	finds("exec:a", IN_PLACE, "it was done on 2");
	ground.bootstrap.ctx.forced = true;
	does("exec:a", 1, "ran: sh -c");
}

static void what_failed_was_not_done(void **state)
{
	(void)state;
	ground_load(STATE "[exec:a]\ncommand = test -e good\nonce = yes\n", env);
	assert_int_equal(chdir(ground.base), 0);
	does("exec:a", -1, "ended with status 1");
	finds("exec:a", TO_DO, "");
	put("base/good", "");
	does("exec:a", 1, "");
	finds("exec:a", IN_PLACE, "");
	assert_int_equal(chdir("/"), 0);
}

static void with(const char *command, const char *variable, const char *inputs)
{
	CLEANUP_BUF struct buf ini = BUF_INIT;

	buf_printf(&ini, STATE "[exec:a]\ncommand = %s\ninputs = %s\nenv =\n  %s\n",
		command, inputs, variable);
	ground_load(ini.data, env);
}

static void each_input_counts(void **state)
{
	static const char *const changes[][3] = {
		{"true", "A=1", "one -two"},
		{"true x", "A=1", "one -two"},
		{"true x", "A=2", "one -two"},
		{"true x", "A=2", "one"},
		{"true x", "A=2", "one one"},
		{"true ab c", "A=2", "one one"},
		{"true a bc", "A=2", "one one"},
	};

	(void)state;
	put("one", "1");
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		with(changes[i][0], changes[i][1], changes[i][2]);
		finds("exec:a", TO_DO, i ? "its inputs have changed; run: true" : "run");
		does("exec:a", 1, "");
		finds("exec:a", IN_PLACE, "it was done with the same inputs");
	}
	with("true", "A=1", "one -two");
	does("exec:a", 1, "");
	put("one", "2");
	finds("exec:a", TO_DO, "");
	does("exec:a", 1, "");
	put("two", "");
	finds("exec:a", TO_DO, "");
	does("exec:a", 1, "");
	finds("exec:a", IN_PLACE, "");
	assert_int_equal(unlink(in("one")), 0);
	finds("exec:a", -1, "inputs: '");
	finds("exec:a", -1, "one' is missing");
	does("exec:a", -1, "one' is missing");
}

/* What the command changes while it runs is for the next time. */
static void inputs_are_as_they_were_before(void **state)
{
	(void)state;
	put("one", "1");
	with("sh -c 'echo 2 >>../one'", "A=1", "one");
	assert_int_equal(chdir(ground.base), 0);
	does("exec:a", 1, "");
	finds("exec:a", TO_DO, "its inputs have changed");
	assert_int_equal(chdir("/"), 0);
}

static void a_handed_on_variable_counts(void **state)
{
	char *const other[] = {"PATH=/usr/bin:/bin", "A=2", NULL};
	char *const one[] = {"PATH=/usr/bin:/bin", "A=1", NULL};
	const char *ini = STATE "[exec:a]\ncommand = true\ninputs = x.ini\nenv = A\n";

	(void)state;
	ground_load(ini, one);
	does("exec:a", 1, "");
	finds("exec:a", IN_PLACE, "");
	ground_load(ini, other);
	finds("exec:a", TO_DO, "");
}

/* Of a key, of a secret's file: the command gets what they hold. */
static void a_handed_on_value_of_a_step_counts(void **state)
{
	char *const file[] = {"PATH=/usr/bin:/bin", "B_FILE=b", NULL};
	const char *ini = STATE
		"[app]\nenv_from_file = B\n"
		"[key:k]\npath = k\ntype = password\nenv = A\n"
		"[exec:a]\ncommand = test -n \"$B$A\"\ninputs = x.ini\nenv =\n  A\n  B\n";

	(void)state;
	put("base/b", "first");
	assert_int_equal(chdir(in("base")), 0);
	ground_load(ini, file);
	finds("exec:a", TO_DO, "run: ");
	does("key:k", 1, "");
	does("exec:a", 1, "");
	finds("exec:a", IN_PLACE, "");
	put("base/b", "second");
	ground_load(ini, file);
	finds("exec:a", TO_DO, "its inputs have changed");
	does("exec:a", 1, "");
	finds("exec:a", IN_PLACE, "");
	assert_int_equal(unlink("k"), 0);
	does("key:k", 1, "");
	finds("exec:a", TO_DO, "its inputs have changed");
	assert_int_equal(chdir("/"), 0);
}

static void errors_are_found_at_once(void **state)
{
	(void)state;
	assert_int_equal(ground_read("[exec:a]\ncheck = x\nonce = yes\n"
				     "[exec:b]\ncommand = x\ncreates = y\nonce = yes\n"
				     "[exec:c]\ncommand = x\nonce = yes\ninputs = z\n",
				 NULL, NULL),
		0);
	says(ground_problems(), "3: [exec:a] once: has no effect without `command`");
	says(ground_problems(),
		"7: [exec:b] once: there is `creates` already, which "
		"says whether it was done: keep one of them; a `check` alone can");
	says(ground_problems(), "11: [exec:c] inputs: there is `once` already");
	ground_load("[exec:a]\ncommand = true\nonce = ${X:-yes}\n"
		    "[exec:b]\ncommand = true\nonce = ${X:-no}\n",
		env);
	ground_decide();
	says(ground_problems(), "3: [exec:a] once: something must be remembered between");
	assert_int_equal(ground.bootstrap.problems.count, 1);
}

/* ---- a directory of scripts ---- */

static void put_script(const char *name, const char *text)
{
	put(name, text);
	assert_int_equal(chmod(in(name), 0755), 0);
}

static void load_scripts(const char *keys)
{
	CLEANUP_BUF struct buf ini = BUF_INIT;

	buf_printf(
		&ini, STATE "[exec:a]\ncommand = ./\nworkdir = %s\n%s\n", in("d"), keys);
	ground_load(ini.data, env);
}

/* Those in front of the one that failed are not run again, and a new one is run. */
static void each_script_is_done_once(void **state)
{
	(void)state;
	put_script("d/1", "#!/bin/sh\necho 1 >>../ran\n");
	put_script("d/2", "#!/bin/sh\necho 2 >>../ran\ntest -e ../good\n");
	put_script("d/10", "#!/bin/sh\necho 10 >>../ran\n");
	load_scripts("once = yes");
	does("exec:a", -1, "2: the command ended with status 1");
	put("good", "");
	load_scripts("once = yes");
	finds("exec:a", TO_DO, "run 2 scripts of '");
	finds("exec:a", TO_DO, ": 2, 10; done before: 1");
	does("exec:a", 1, "ran 2 scripts of '");
	text_is("ran", "1\n2\n2\n10\n");
	finds("exec:a", IN_PLACE, "nothing of '");
	does("exec:a", 0, "; done before: 3");
	put_script("d/3", "#!/bin/sh\necho 3 >>../ran\n");
	finds("exec:a", TO_DO, ": 3; done before: 3");
	does("exec:a", 1, "ran 1 script of '");
	text_is("ran", "1\n2\n2\n10\n3\n");
	ground.bootstrap.ctx.forced = true;
	does("exec:a", 1, "ran 4 scripts of '");
}

static void each_script_is_an_input(void **state)
{
	static const char *const rules[] = {
		"scripts = *.x:sh {}", "scripts = *.x:sh {} a"};

	(void)state;
	put("one", "1");
	put_script("d/1", "#!/bin/sh\n");
	put("d/2.x", "");
	for (size_t i = 0; i < 2; i++) {
		CLEANUP_BUF struct buf keys = BUF_INIT;

		buf_printf(&keys, "inputs = %s\n%s", in("one"), rules[i]);
		load_scripts(keys.data);
		finds("exec:a", TO_DO, i ? "its inputs have changed; run 2" : "run 2");
		does("exec:a", 1, "ran 2 scripts of '");
		finds("exec:a", IN_PLACE, "it was done with the same inputs");
		put("d/2.x", i ? "true" : ":");
		finds("exec:a", TO_DO, "its inputs have changed; run 2 scripts of '");
		does("exec:a", 1, "ran 2 scripts of '");
		put_script("d/3", "#!/bin/sh\n");
		finds("exec:a", TO_DO, "its inputs have changed; run 3 scripts of '");
		assert_int_equal(unlink(in("d/3")), 0);
		finds("exec:a", IN_PLACE, "it was done with the same inputs");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GROUND(once_is_once),
		GROUND(what_failed_was_not_done),
		GROUND(each_input_counts),
		GROUND(inputs_are_as_they_were_before),
		GROUND(a_handed_on_variable_counts),
		GROUND(a_handed_on_value_of_a_step_counts),
		GROUND(errors_are_found_at_once),
		GROUND(each_script_is_done_once),
		GROUND(each_script_is_an_input),
	};

	return cmocka_run_group_tests_name("step/done", tests, NULL, NULL);
}
