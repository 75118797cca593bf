/* SPDX-License-Identifier: MIT */
/* The conditions of when: what holds, what does not, what cannot be decided. */
#include "../ground.h"

#include "step/when.h"

/* "A=1 B= LIST=…" is our environment; "server" our command. */
static void holds(const char *conditions, int expected, const char *text)
{
	static char *const env[] = {"A=1", "EMPTY=", "EQUAL=a=b", NULL};
	CLEANUP_BUF struct buf ini = BUF_INIT;
	CLEANUP_BUF struct buf why = BUF_INIT;
	struct ctx *ctx = &ground.bootstrap.ctx;
	int rc;

	buf_printf(&ini, "[link:a]\npath = a\ntarget = b\nwhen = %s\n", conditions);
	ground_load(ini.data, env);
	ctx->command = "server";
	rc = step_when(ground_step("link:a"), ctx, &why, &ground.err);
	if (rc != expected)
		fail_msg(
			"%s: %d '%s' '%s'", conditions, rc, why.data, shown(&ground.err));
	says(rc < 0 ? shown(&ground.err) : why.data, text);
	if (rc == 1)
		assert_string_equal(why.data, "");
}

static void asks_the_environment(void **state)
{
	(void)state;
	holds("env:A", 1, "");
	holds("!env:A", 0, "'!env:A' does not hold");
	holds("env:EMPTY", 0, "'env:EMPTY' does not hold");
	holds("!env:EMPTY", 1, "");
	holds("env:GONE", 0, "'env:GONE' does not hold");
	holds("env:A=1", 1, "");
	holds("env:A=2", 0, "'env:A=2' does not hold");
	holds("!env:A=2", 1, "");
	holds("env:A=", 0, "does not hold");
	holds("env:EMPTY=", 1, "");
	holds("env:GONE=", 0, "does not hold");
	holds("env:EQUAL=a=b", 1, "");
	holds("env:A=${A}", 1, "");
	holds("${GONE:-env:A}", 1, "");
}

static void asks_the_file_system(void **state)
{
	CLEANUP_BUF struct buf path = BUF_INIT;

	(void)state;
	put("base/file", "");
	make_dir("base/empty", 0, 0755);
	put_link("base/dangling", "nothing", 0);
	holds("path:file", 1, "");
	buf_printf(&path, "path:%s", in("base/file"));
	holds(path.data, 1, "");
	holds("path:gone", 0, "'path:gone' does not hold");
	holds("path:dangling", 0, "does not hold");
	holds("path:file/below", 0, "does not hold");
	holds("!path:gone/deep", 1, "");
	holds("dir-empty:empty", 1, "");
	holds("dir-empty:gone", 1, "");
	holds("dir-empty:.", 0, "does not hold");
	holds("!dir-empty:.", 1, "");
	holds("dir-empty:file", -1, "when: 'dir-empty:file'");
}

static void asks_for_user_and_command(void **state)
{
	CLEANUP_BUF struct buf me = BUF_INIT;

	(void)state;
	buf_printf(&me, "user:%u", geteuid());
	holds(me.data, 1, "");
	holds("user:54321", 0, "does not hold");
	holds("user:no-such-user", 0, "'user:no-such-user' does not hold");
	holds("!user:no-such-user", 1, "");
	holds("command:server", 1, "");
	holds("command:serve", 0, "does not hold");
	holds("!command:server", 0, "does not hold");
}

static void all_must_hold(void **state)
{
	(void)state;
	holds("env:A command:server", 1, "");
	holds("env:A command:x env:GONE", 0, "'command:x' does not hold");
	holds("", 1, "");
}

/* Then the system is not asked, which might not even know. */
static void the_environment_is_asked_first(void **state)
{
	(void)state;
	put("base/file", "");
	holds("dir-empty:file env:GONE", 0, "'env:GONE' does not hold");
	holds("dir-empty:file !command:server", 0, "'!command:server' does not hold");
	holds("dir-empty:file env:A", -1, "when: 'dir-empty:file'");
}

static void what_can_never_hold_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(ground_read("[link:a]\npath = a\ntarget = b\n"
				     "when = env:=x command:/bin/a user:a:b user:-1 "
				     "!user:99999999999\n",
				 NULL, NULL),
		0);
	says(ground_problems(), "when: 'env:=x': no variable is named");
	says(ground_problems(), "when: 'command:/bin/a': it is compared with");
	says(ground_problems(), "when: 'user:a:b': it is one user");
	says(ground_problems(), "when: 'user:-1': ");
	says(ground_problems(), "when: '!user:99999999999': user number");
	assert_int_equal(ground.bootstrap.problems.count, 5);
}

static void errors_are_found_at_once(void **state)
{
	(void)state;
	assert_int_equal(ground_read("[link:a]\npath = a\ntarget = b\n"
				     "when = env:A nonsense !first-run env: path !\n"
				     "when += nowhere:x ${LATER}\n",
				 NULL, NULL),
		0);
	says(ground_problems(),
		"4: [link:a] when: 'nonsense': a condition is env:NAME, env:NAME=value, "
		"path:/p, dir-empty:/p, user:NAME or command:NAME, with ! in front");
	says(ground_problems(),
		"4: [link:a] when: '!first-run': first-run needs a state");
	says(ground_problems(), "4: [link:a] when: 'env:': a condition");
	says(ground_problems(), "4: [link:a] when: 'path': a condition");
	says(ground_problems(), "4: [link:a] when: '!': a condition");
	says(ground_problems(), "5: [link:a] when: 'nowhere:x': a condition");
	assert_int_equal(
		ground.bootstrap.problems.count, 6); /* with ${…}: when it is due */
	holds("${A:+nonsense}", -1, "when: 'nonsense': a condition is");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GROUND(asks_the_environment),
		GROUND(asks_the_file_system),
		GROUND(asks_for_user_and_command),
		GROUND(all_must_hold),
		GROUND(the_environment_is_asked_first),
		GROUND(what_can_never_hold_is_an_error),
		GROUND(errors_are_found_at_once),
	};

	return cmocka_run_group_tests_name("step/when", tests, NULL, NULL);
}
