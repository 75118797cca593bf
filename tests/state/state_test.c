/* SPDX-License-Identifier: MIT */
/* The state directory: which one is taken, what is in it, and its lock. */
#include "state.h"

#include <signal.h>
#include <sys/wait.h>

static void is_made_when_something_is_written(void **state)
{
	struct state s = at("a/state");

	(void)state;
	reads(&s, "x", NULL);
	assert_false(exists("a"));
	writes(&s, "x", "one");
	reads(&s, "x", "one");
	mode_is("a/state", 0700);
	mode_is("a/state/x", 0600);
	assert_int_equal(stat_of("a/state").st_uid, geteuid());
	writes(&s, "x", "two");
	state_release(&s);
	s = at("a/state");
	reads(&s, "x", "two");
	reads(&s, "y", NULL);
	assert_int_equal(entries("a/state"), 2); /* and the lock */
	state_release(&s);
}

static void an_empty_directory_is_taken_and_another_not(void **state)
{
	struct state s = at("empty");

	(void)state;
	make_dir("empty", geteuid(), 0755);
	make_dir("empty/lost+found", geteuid(), 0700);
	writes(&s, "x", "x");
	state_release(&s);
	make_dir("full", geteuid(), 0700);
	put("full/mail", "");
	s = at("full");
	refuses(&s, "is a directory of something else: it holds 'mail'");
	assert_int_equal(entries("full"), 1);
	state_release(&s);
}

static void what_is_no_directory_is_refused(void **state)
{
	struct state s = at("file");

	(void)state;
	put("file", "x");
	refuses(&s, "is a file, not a directory");
	text_is("file", "x");
	make_dir("dir", geteuid(), 0700);
	put_link("link", "dir", geteuid());
	s = at("link");
	refuses(&s, "is a symbolic link, not a directory");
	assert_int_equal(entries("dir"), 0);
}

static void one_that_others_can_write_is_refused(void **state)
{
	struct state s = at("open");

	(void)state;
	make_dir("open", geteuid(), 0777);
	refuses(&s, "can be written by others (mode 0777)");
	assert_int_equal(entries("open"), 0);
}

static void roots_must_be_roots(void **state)
{
	struct state s = at("theirs");

	(void)state;
	NEEDS_ROOT();
	make_dir("theirs", USER_A, 0700);
	refuses(&s, "belongs to user 10001, and must be root's or ours");
	make_dir("group", 0, 0770);
	s = at("group");
	refuses(&s, "can be written by others (mode 0770)");
	make_dir("anyones", 0, 0777);
	s = at("anyones/state");
	refuses(&s, "unsafe path: others can write what leads to it");
	assert_int_equal(entries("anyones"), 0);
}

/* The user whose data it is beside may take it away, and no other. */
static void root_may_have_it_with_the_applications_user(void **state)
{
	struct state s = at("data/state");

	(void)state;
	NEEDS_ROOT();
	make_dir("data", USER_A, 0755);
	refuses(&s, "unsafe path: user 10001, who is not the user of [app], controls");
	assert_int_equal(entries("data"), 0);
	disk.app = USER_A;
	writes(&s, "x", "one");
	owner_is("data/state", 0, 0);
	mode_is("data/state", 0700);
	state_release(&s);
	s = at("data/state");
	disk.app = USER_A;
	reads(&s, "x", "one");
	writes(&s, "x", "two");
	text_is("data/state/x", "two");
	assert_int_equal(entries("data/state"), 2);
	state_release(&s);
}

static void an_exchanged_directory_is_not_used(void **state)
{
	struct state s = at("data/state");

	(void)state;
	writes(&s, "x", "one");
	assert_int_equal(rename(in("data/state"), in("data/away")), 0);
	make_dir("data/state", geteuid(), 0700);
	writes(&s, "x", "two");
	text_is("data/away/x", "two");
	assert_int_equal(entries("data/state"), 0);
	state_release(&s);
}

static int lock(struct state *s, struct stop *stop, struct err *err)
{
	const struct log log = {.fd = -1};

	return state_lock(s, "exec:init", true, stop, &log, err);
}

static void says_who_holds_the_lock(void **state)
{
	struct state s = at("state");
	struct stop stop = STOP_INIT;
	char host[200], text[300];
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(lock(&s, &stop, &err), 0);
	assert_true(state_is_locked(&s));
	assert_int_equal(lock(&s, &stop, &err), 1);
	(void)gethostname(host, sizeof host);
	(void)snprintf(text, sizeof text, "host=%s pid=%ld step=exec:init\n", host,
		(long)getpid());
	text_is("state/groundwork.lock", text);
	state_release(&s);
	assert_false(state_is_locked(&s));
	text_is("state/groundwork.lock", "");
}

/* Whoever waits gets it when its holder dies, and not before. */
static void the_lock_is_one_processs_until_it_dies(void **state)
{
	struct state s = at("state");
	struct stop past = {.fd = -1, .deadline_ms = 1};
	struct stop stop = STOP_INIT;
	int ready[2];
	char byte;
	pid_t child;
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (lock(&s, &stop, &err) < 0)
			_exit(1);
		(void)!write(ready[1], "", 1);
		for (;;)
			(void)pause();
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(lock(&s, &past, &err), -1);
	assert_false(state_is_locked(&s));
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(lock(&s, &stop, &err), 0);
	state_release(&s);
	(void)close(ready[0]);
	(void)close(ready[1]);
}

/* A directory that a step fills while it is empty must not have a lock in it. */
static void the_lock_makes_a_directory_only_if_it_must(void **state)
{
	struct state s = at("data/state");
	struct stop stop = STOP_INIT;
	const struct log log = {.fd = -1};
	DECLARE_ERR(err);

	(void)state;
	make_dir("data", geteuid(), 0755);
	assert_int_equal(state_lock(&s, "x", false, &stop, &log, &err), -1);
	assert_non_null(strstr(err.text, "is missing"));
	assert_int_equal(entries("data"), 0);
	assert_int_equal(state_lock(&s, "x", true, &stop, &log, &err), 0);
	state_release(&s);
	assert_int_equal(state_lock(&s, "x", false, &stop, &log, &err), 0);
	state_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(is_made_when_something_is_written),
		UNIT(an_empty_directory_is_taken_and_another_not),
		UNIT(what_is_no_directory_is_refused),
		UNIT(one_that_others_can_write_is_refused),
		UNIT(roots_must_be_roots),
		UNIT(root_may_have_it_with_the_applications_user),
		UNIT(an_exchanged_directory_is_not_used),
		UNIT(says_who_holds_the_lock),
		UNIT(the_lock_is_one_processs_until_it_dies),
		UNIT(the_lock_makes_a_directory_only_if_it_must),
	};

	return cmocka_run_group_tests_name("state/state", tests, NULL, NULL);
}
