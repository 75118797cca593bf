/* SPDX-License-Identifier: MIT */
/* A directory of programs: which ones run, how, in which order, and whose they may be. */
#include "../ground.h"

static char *const env[] = {"PATH=/usr/bin:/bin", NULL};

/* A script that writes its name, as it was called, and its arguments to `ran`. */
static void put_script(const char *name, const char *more, mode_t mode)
{
	char text[512];

	(void)snprintf(text, sizeof text,
		"#!/bin/sh\nprintf '%%s' \"${0##*/}\" >>../ran\n"
		"for a; do printf ' %%s' \"$a\" >>../ran; done; echo >>../ran\n%s\n",
		more);
	put(name, text);
	assert_int_equal(chmod(in(name), mode), 0);
}

static void load(const char *keys)
{
	CLEANUP_BUF struct buf ini = BUF_INIT;

	buf_printf(&ini, "[exec:a]\nworkdir = %s\n%s\n", in("d"), keys);
	ground_load(ini.data, env);
}

static void executables_run_in_natural_order(void **state)
{
	(void)state;
	put_script("d/10-b", "", 0755);
	put_script("d/9-a", "", 0755);
	put_script("d/.hidden", "", 0755);
	put_script("d/1-c~", "", 0755);
	put("d/README", "x");
	make_dir("d/sub", 0, 0755);
	put_link("d/2-link", "9-a", 0);
	put_link("d/3-gone", "nowhere", 0);
	load("command = ../d 'x  y' {}");
	finds("exec:a", TO_DO, "run 3 scripts of '");
	finds("exec:a", TO_DO, "/d': 2-link, 9-a, 10-b; left out: 1-c~ (a leftover), ");
	finds("exec:a", TO_DO,
		"3-gone (a link that leads nowhere), README (not executable), "
		"sub (a directory)");
	does("exec:a", 1, "ran 3 scripts of '");
}

static void what_runs_gets_the_words_behind_the_directory(void **state)
{
	(void)state;
	put_script("d/a b", "", 0755);
	put_script("d/-c", "", 0755);
	load("command = ./ 'x  y' \"\"");
	does("exec:a", 1, "ran 2 scripts of '");
	text_is("ran", "-c x  y \na b x  y \n");
}

static void a_name_decides_before_the_execute_bit(void **state)
{
	(void)state;
	put_script("d/1.sh", "", 0755);
	put_script("d/2.sh", "", 0644);
	put_script("d/3.sql", "", 0644);
	put_script("d/4", "", 0755);
	put_script("d/5.sql.gz", "", 0644);
	load("command = ./\nscripts = *.sh:sh {} rule\n  3*:sh {} '{}.log'\n"
	     "  *.sql:false {}");
	finds("exec:a", TO_DO,
		"1.sh, 2.sh, 3.sql, 4; left out: 5.sql.gz (not executable)");
	does("exec:a", 1, "ran 4 scripts of '");
	buf_truncate(&ground.heard, 0);
	buf_printf(
		&ground.heard, "1.sh rule\n2.sh rule\n3.sql %s/3.sql.log\n4\n", in("d"));
	text_is("ran", ground.heard.data);
}

static void a_name_is_never_more_than_a_name(void **state)
{
	static const char *const names[] = {"$(touch x).sql", "'; touch x;'.sql",
		"-f.sql", "a b\n.sql", "{}.sql", "{dir}.sql", "${A}.sql"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char path[64];

		(void)snprintf(path, sizeof path, "d/%s", names[i]);
		put(path, "text\n");
	}
	load("command = ./ {dir}\ncreates = out\n"
	     "scripts = *.sql:sh -c 'cat <\"$1\" >>\"$2/all\"' sh {} {dir}");
	does("exec:a", 1, "ran 7 scripts of '");
	text_is("base/out/all", "text\ntext\ntext\ntext\ntext\ntext\ntext\n");
	assert_int_equal(entries("base"), 1);
	assert_int_equal(entries("d"), 7);
}

static void a_failure_ends_the_series(void **state)
{
	(void)state;
	put_script("d/1", "", 0755);
	put_script("d/2", "echo why; exit 3", 0755);
	put_script("d/3", "exit 4", 0755);
	put_script("d/4", "", 0755);
	load("command = ./");
	does("exec:a", -1, "2: the command ended with status 3; its last lines:\nwhy");
	text_is("ran", "1\n2\n");
	assert_int_equal(unlink(in("ran")), 0);
	load("command = ./\ncritical = no");
	does("exec:a", -1, "2: the command ended with status 3");
	text_is("ran", "1\n2\n3\n4\n");
	says(ground.heard.data,
		"1 groundwork: warning: [exec:a] 3: the command ended with status 4");
}

static void each_has_its_own_result(void **state)
{
	static const char skipped[] = "echo status=skipped >$GROUNDWORK_RESULT";

	(void)state;
	put_script("d/1", skipped, 0755);
	put_script("d/2", skipped, 0755);
	load("command = ./");
	does("exec:a", 0, "ran 2 scripts of '");
	put_script("d/2", "echo message=all well >$GROUNDWORK_RESULT", 0755);
	does("exec:a", 1, "ran 2 scripts of '");
	says(ground.heard.data, "[exec:a] 2: all well");
}

static void a_directory_of_nothing_is_in_place(void **state)
{
	(void)state;
	make_dir("d", 0, 0755);
	load("command = ./");
	finds("exec:a", IN_PLACE, "nothing of '");
	put("d/README", "x");
	finds("exec:a", IN_PLACE, "'; left out: README (not executable)");
	load("command = ./\nscripts = *.sh:sh {}\ncreates = out");
	finds("exec:a", -1, "/base/out': nothing of '");
	does("exec:a", -1, "there is nothing to run that could make '");
}

static void scripts_need_a_directory(void **state)
{
	(void)state;
	put_script("d/1", "", 0755);
	load("command = ./1\nscripts = *.sh:sh {}");
	finds("exec:a", -1, "/d/1' is no directory, and `scripts` are the files of one");
	load("command = sub\nscripts = *.sh:sh {}");
	finds("exec:a", -1, "/d/sub");
	does("exec:a", -1, "/d/sub");
	assert_int_equal(
		ground_read("[exec:a]\ncheck = x\nscripts = *:a {}\n", env, NULL), 0);
	says(ground_problems(), "3: [exec:a] scripts: has no effect without `command`");
}

static void root_runs_nothing_that_others_can_change(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("d", 0, 0755);
	put_script("d/1", "", 0755);
	put_script("d/2", "", 0777);
	put("d/3", "no script");
	assert_int_equal(chmod(in("d/3"), 0666), 0);
	load("command = ./");
	finds("exec:a", -1,
		"/d/2' (0:0, 0777) can be changed by everybody, and it would be "
		"run as user 0");
	does("exec:a", -1, "/d/2'");
	assert_false(exists("ran"));
	assert_int_equal(chmod(in("d/2"), 0755), 0);
	finds("exec:a", TO_DO, "1, 2; left out: 3 (not executable)");
	assert_int_equal(chmod(in("d"), 01777), 0);
	finds("exec:a", -1,
		"/d' (0:0, 1777) can be changed by everybody, and what is in it "
		"would be run as user 0");
	assert_int_equal(chmod(in("d"), 0755), 0);
	assert_int_equal(chown(in("d/2"), USER_A, USER_A), 0);
	finds("exec:a", -1, "can be changed by its owner, user 10001");
	load("command = ./\nuser = 10001\ngroup = 10001");
	finds("exec:a", TO_DO, "1, 2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GROUND(executables_run_in_natural_order),
		GROUND(what_runs_gets_the_words_behind_the_directory),
		GROUND(a_name_decides_before_the_execute_bit),
		GROUND(a_name_is_never_more_than_a_name),
		GROUND(a_failure_ends_the_series),
		GROUND(each_has_its_own_result),
		GROUND(a_directory_of_nothing_is_in_place),
		GROUND(scripts_need_a_directory),
		GROUND(root_runs_nothing_that_others_can_change),
	};

	return cmocka_run_group_tests_name("step/exec_scripts", tests, NULL, NULL);
}
