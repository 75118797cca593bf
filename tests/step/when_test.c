/* SPDX-License-Identifier: MIT */
/* The conditions of when: what holds, what does not, what cannot be decided. */
#include "../ground.h"
#include "step/remember.h"

#include "step/when.h"

/* Our environment, and "server --port 80" for a command. */
static void holds(const char *conditions, int expected, const char *text)
{
	static char *const env[] = {"A=1", "EMPTY=", "EQUAL=a=b", "YES=True", "NO=0",
		"STAR=*", "GF_NONE=", "GF_ONE=x", NULL};
	static char *const arguments[] = {"--port", "80", NULL};
	CLEANUP_BUF struct buf ini = BUF_INIT;
	CLEANUP_BUF struct buf why = BUF_INIT;
	struct ctx *ctx = &ground.bootstrap.ctx;
	int rc;

	buf_printf(&ini, "[link:a]\npath = a\ntarget = b\nwhen = %s\n", conditions);
	ground_load(ini.data, env);
	ctx->command = "server";
	ctx->arguments = arguments;
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

static void alternatives_are_globs(void **state)
{
	(void)state;
	holds("env:GONE|A", 1, "");
	holds("env:GONE|EMPTY", 0, "'env:GONE|EMPTY' does not hold");
	holds("!env:GONE|EMPTY", 1, "");
	holds("env:A=2|1", 1, "");
	holds("env:A=2|3", 0, "does not hold");
	holds("env:A=[0-9]", 1, "");
	holds("env:EQUAL=a*", 1, "");
	holds("env:EQUAL=a\\*", 0, "does not hold");
	holds("env:STAR=\\*", 1, "");
	holds("env:EQUAL=a|=b", 0, "does not hold");
	holds("env:EMPTY=x|", 1, "");
	holds("env:GF_*", 1, "");
	holds("env:GF_N*", 0, "does not hold");
	holds("env:GF_*=x", 1, "");
	holds("command:redis-server|serv*", 1, "");
	holds("!command:sentinel|x", 1, "");
	holds("arg:80", 1, "");
	holds("arg:--help|--port", 1, "");
	holds("arg:server", 0, "does not hold");
	holds("user:no-such-user|54321", 0, "does not hold");
	put("base/a|b", "");
	holds("path:a|b", 1, "");
	holds("path:a*", 0, "does not hold");
}

static void words_are_yes_or_no(void **state)
{
	(void)state;
	holds("on:YES", 1, "");
	holds("off:YES", 0, "'off:YES' does not hold");
	holds("off:NO", 1, "");
	holds("on:NO|A", 1, "");
	holds("on:GONE", 0, "does not hold");
	holds("off:GONE", 0, "does not hold");
	holds("off:EMPTY", 0, "does not hold");
	holds("!on:EMPTY !off:EMPTY", 1, "");
	holds("on:EQUAL", -1, "when: 'on:EQUAL': the value of EQUAL is neither yes");
}

static void the_last_component_is_not_followed(void **state)
{
	(void)state;
	put("base/file", "");
	make_dir("base/dir", 0, 0755);
	put_link("base/to-dir", "dir", 0);
	put_link("base/dangling", "nothing", 0);
	holds("is-dir:dir", 1, "");
	holds("is-dir:to-dir", 0, "does not hold");
	holds("is-file:file", 1, "");
	holds("is-file:dir", 0, "does not hold");
	holds("is-link:to-dir", 1, "");
	holds("is-link:dangling", 1, "");
	holds("is-link:file", 0, "does not hold");
	holds("is-link:gone", 0, "does not hold");
	holds("!is-dir:file/below", 1, "");
}

static void any_group_may_hold(void **state)
{
	(void)state;
	put("base/file", "");
	holds("env:GONE or env:A", 1, "");
	holds("env:A env:GONE or command:server arg:80", 1, "");
	holds("env:GONE or command:x path:file", 0,
		"when: 'env:GONE' does not hold, 'command:x' does not hold");
	/* What is settled is enough, wherever it stands. */
	holds("dir-empty:file or env:A", 1, "");
	holds("dir-empty:file env:GONE or path:file", 1, "");
	holds("dir-empty:file or path:file", -1, "when: 'dir-empty:file'");
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

static void never(const char *conditions, const char *text)
{
	CLEANUP_BUF struct buf ini = BUF_INIT;

	buf_printf(&ini, "[link:a]\npath = a\ntarget = b\nwhen = %s\n", conditions);
	assert_int_equal(ground_read(ini.data, NULL, NULL), 0);
	if (*text)
		says(ground_problems(), text);
	if (ground.bootstrap.problems.count != (*text != '\0'))
		fail_msg("%s: %s", conditions, ground_problems());
}

static void what_can_never_hold_together_is_an_error(void **state)
{
	(void)state;
	never("command:a command:b",
		"'command:a' and 'command:b' can never hold "
		"together; either of them is 'command:a|b'");
	never("env:A !env:A", "'env:A' and '!env:A' can never hold together");
	never("path:a !path:a", "can never hold together");
	never("is-dir:a is-file:a", "'is-dir:a' and 'is-file:a' can never hold together");
	never("is-link:a is-dir:a", "can never hold together");
	never("is-file:a dir-empty:a", "can never hold together");
	never("!path:a is-dir:a", "'!path:a' and 'is-dir:a' can never hold together");
	never("env:A=x env:B env:A=y", "either of them is 'env:A=x|y'");
	never("env:A=x !env:A=x|y", "can never hold together");
	never("env:A=x !env:A", "can never hold together");
	never("env:A= env:A", "can never hold together");
	never("env:A=a|b env:A=c*", "can never hold together");
	never("on:A off:A", "can never hold together");
	never("on:A !env:A", "can never hold together");
	never("off:A env:A=yes|on", "can never hold together");
	never("path:${X} command:a command:b", "can never hold together");
	never("env:C or env:A !env:A", "can never hold together");
	never("env:A or !env:A", "");
	never("is-dir:a is-file:b or is-dir:b !is-file:b", "");
	never("is-link:a !path:a or dir-empty:a !path:a", "");
	never("env:A=x env:A=x*", "");
	never("env:A=x|y env:A=y|z", "");
	never("env:A=* env:A=y", "");
	never("on:A env:A=YES", "");
	never("!command:a !command:b", "");
	never("arg:a arg:b", "");
	never("env:A|B !env:A", "");
	never("env:A or or env:B", "there is no condition before");
	never("env:A or", "there is no condition behind an 'or'");
	never("env:${X} or env:A", "");
	never("or env:A", "there is no condition before an 'or'");
	never("env:A\\", "nothing behind the last");
	never("env:A|", "no variable is named");
	never("command:|b", "there is nothing beside a '|'");
	never("user:r*", "'r*' is a glob, and here none is taken");
	never("env:A-B", "'A-B' is not the name of a variable");
	never("!or", "a condition is");
	never("changed:${X}", "write the step behind changed: as it is");
	never("changed:link:b", "there is no step 'link:b'");
	never("changed:link:a", "requires itself");
}

static void a_step_that_is_asked_about_is_required(void **state)
{
	struct step *step;

	(void)state;
	ground_load("[link:a]\npath = a\ntarget = b\n"
		    "when = changed:link:y|link:z\n"
		    "[link:y]\npath = y\ntarget = b\n"
		    "[link:z]\npath = z\ntarget = b\n",
		NULL);
	assert_string_equal(ground.bootstrap.plan.order[2]->step->id, "link:a");
	step = ground_step("link:a");
	for (int answer = CONDITION_NO; answer <= CONDITION_UNKNOWN; answer++) {
		CLEANUP_BUF struct buf why = BUF_INIT;

		ground_step("link:z")->changed = (enum condition_answer)answer;
		assert_int_equal(
			step_when(step, &ground.bootstrap.ctx, &why, &ground.err),
			answer);
		says(why.data,
			answer == CONDITION_NO ? "does not hold"
				: answer == CONDITION_UNKNOWN
				? "when: 'changed:link:y|link:z' is not known yet"
				: "");
	}
}

static void errors_are_found_at_once(void **state)
{
	(void)state;
	assert_int_equal(ground_read("[link:a]\npath = a\ntarget = b\n"
				     "when = env:A nonsense !first-run:x env: path !\n"
				     "when += nowhere:x ${LATER}\n",
				 NULL, NULL),
		0);
	says(ground_problems(),
		"4:14: [link:a] when: 'nonsense': a condition is env:NAME, "
		"env:NAME=value, on:NAME, off:NAME, path:/p, ");
	says(ground_problems(),
		"arg:WORD, first-run or changed:STEP, with ! in front to negate");
	says(ground_problems(), "4:36: [link:a] when: 'env:': a condition");
	says(ground_problems(), "4:41: [link:a] when: 'path': a condition");
	says(ground_problems(), "4:23: [link:a] when: '!first-run:x': a condition");
	says(ground_problems(), "4:46: [link:a] when: '!': write '!' in front of");
	says(ground_problems(), "5:9: [link:a] when: 'nowhere:x': a condition");
	assert_int_equal(ground.bootstrap.problems.count, 7);
	says(ground_problems(), "5:19: [link:a] when: '${LATER}': no value becomes a");
}

static void a_first_run_needs_a_state(void **state)
{
	static const char *const wrong[] = {
		"[file:a]\npath = a\nwhen = first-run\n",
		"[file:a]\npath = a\nwhen = env:A or !first-run\n",
		"[assert:a]\nthat = first-run\n",
	};
	const char *ini = "[bootstrap]\nstate = st\n[file:a]\npath = a\ncontent = "
			  "${if first-run}1${else}2${end}\npolicy = manage\n";
	struct ctx *ctx = &ground.bootstrap.ctx;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		ground_load(wrong[i], NULL);
		ground_decide();
		says(ground_problems(), "something must be remembered between starts");
	}
	assert_int_equal(
		ground_read("[bootstrap]\nstate = st\nwhen = first-run\n", NULL, NULL),
		0);
	says(ground_problems(), "3:8: [bootstrap] when: 'first-run': it is for steps");
	assert_int_equal(ground_read("[file:a]\npath = a\nwhen = first-run !first-run\n",
				 NULL, NULL),
		0);
	says(ground_problems(), "can never hold together");
	ground_load(ini, NULL);
	does("file:a", 1, "");
	text_is("base/a", "1\n");
	assert_int_equal(remember_success(ctx, &ground.err), 0);
	does("file:a", 1, "");
	text_is("base/a", "2\n");
}

/* The step's `when`, with this value in V, and W the same. */
static void with_value(
	const char *conditions, const char *value, int expected, const char *text)
{
	CLEANUP_BUF struct buf ini = BUF_INIT, v = BUF_INIT, w = BUF_INIT, why = BUF_INIT;
	char *const env[] = {NULL, NULL, "X=x", "STAR=*", NULL};
	char *given[5];
	char *const arguments[] = {"*", "or", NULL};
	struct ctx *ctx = &ground.bootstrap.ctx;
	int rc;

	buf_printf(&v, "V=%s", value);
	buf_printf(&w, "W=%s", value);
	memcpy(given, env, sizeof given);
	given[0] = v.data;
	given[1] = w.data;
	buf_printf(&ini, "[link:a]\npath = a\ntarget = b\nwhen = %s\n", conditions);
	ground_load(ini.data, given);
	ctx->command = "server";
	ctx->arguments = arguments;
	rc = step_when(ground_step("link:a"), ctx, &why, &ground.err);
	if (rc != expected)
		fail_msg("%s, '%s': %d '%s' '%s'", conditions, value, rc, why.data,
			shown(&ground.err));
	says(rc < 0 ? shown(&ground.err) : why.data, text);
}

/* Wherever it stands, and whatever it says, it is itself. */
static void a_value_is_never_syntax(void **state)
{
	static const char *const values[] = {"or", "and", "not", "(", ")", "*", "!", "?",
		"[a-z]", "a|b", "|", "=", "a=b", "\\", "\\*", "a b", " ", "\n", "x\ny",
		"\"", "'", "${X}", "$X", "}", ":", "env:X", "!env:X", "\xc3\xa9", NULL};

	(void)state;
	for (size_t i = 0; values[i]; i++) {
		const char *value = values[i];

		/* Its own alone, with a part of it written, and one of two. */
		with_value("env:V=${W}", value, 1, "");
		with_value("!env:V=${W}", value, 0, "does not hold");
		with_value("env:X=${V}", value, 0, "'env:X=");
		with_value("env:X=y|${V}", value, 0, "'env:X=y|");
		with_value("env:X=${V}|x", value, 1, "");
		with_value("env:V=${W}${GONE:-}", value, 1, "");
		with_value("env:V=*${W}*", value, 1, "");
		with_value("env:V=${GONE:-${W}}", value, 1, "");
		with_value("env:V=${X:+${W}}", value, 1, "");
		with_value("arg:${V}", value,
			strcmp(value, "*") == 0 || strcmp(value, "or") == 0, "");
		with_value("command:server|${V}", value, 1, "");
		with_value("path:${V}", value, 0, "'path:");
		with_value("dir-empty:${V}", value, 1, "");
		with_value("env:GONE path:${V}", value, 0, "'env:GONE' does not hold");
		with_value("env:${V}", value,
			strcmp(value, "or") == 0 || strcmp(value, "and") == 0 ||
					strcmp(value, "not") == 0
				? 0
				: -1,
			"");
	}
	/* A path is one, whatever is in its name. */
	put("base/*", "");
	with_value("path:${V}", "*", 1, "");
	with_value("path:${V}", "a*", 0, "'path:a*' does not hold");
	put("base/a b", "");
	with_value("path:${V}", "a b", 1, "");
}

static void a_value_that_is_empty_is_no_name(void **state)
{
	(void)state;
	with_value("env:V=${W}", "", 1, "");
	with_value("env:X=${V}", "", 0, "does not hold");
	with_value("path:${V}", "", -1, "when: 'path:': there is nothing behind the ':'");
	with_value("command:${V}", "", -1, "there is nothing behind the ':'");
	with_value("command:a|${V}", "", -1, "there is nothing beside a '|'");
	with_value("env:${V}", "", -1, "when: 'env:': no variable is named");
}

static void what_is_syntax_is_written(void **state)
{
	(void)state;
	never("${V}", "'${V}': no value becomes a condition: write its name");
	never("!${V}", "no value becomes a condition");
	never("e${V}:x", "no value becomes a condition");
	never("env:A ${V} env:B", "no value becomes a condition");
	never("env:A=[${V}]", "no value can stand in […]");
	never("env:A=[a${V}", "no value can stand in […]");
	never("env:A=[]${V}]", "no value can stand in […]");
	never("env:A=[[:alpha:]${V}]", "no value can stand in […]");
	never("env:A=[a]${V}", "");
	never("env:A=\\[${V}", "");
	never("env:A=${V:-x|y|none}", "");
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
		GROUND(alternatives_are_globs),
		GROUND(words_are_yes_or_no),
		GROUND(the_last_component_is_not_followed),
		GROUND(any_group_may_hold),
		GROUND(what_can_never_hold_together_is_an_error),
		GROUND(a_step_that_is_asked_about_is_required),
		GROUND(errors_are_found_at_once),
		GROUND(a_first_run_needs_a_state),
		GROUND(a_value_is_never_syntax),
		GROUND(a_value_that_is_empty_is_no_name),
		GROUND(what_is_syntax_is_written),
	};

	return cmocka_run_group_tests_name("step/when", tests, NULL, NULL);
}
