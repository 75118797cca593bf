/* SPDX-License-Identifier: MIT */
/* From drop-ins to a plan: settings, command, whether it is wanted. */
#include "../child.h"
#include "../ground.h"

#include "base/str.h"
#include "plan/environment.h"

static void command_is(const char *ini, char *const *words, const char *expected)
{
	static char *const none[] = {NULL};
	struct bootstrap_input input = {.config = ground.config,
		.base = ground.base,
		.command = words,
		.environment = none};
	CLEANUP_BUF struct buf got = BUF_INIT;

	bootstrap_release(&ground.bootstrap);
	put("x.ini", ini);
	assert_int_equal(
		bootstrap_load(&ground.bootstrap, &input, &ground.log, &ground.err), 0);
	for (size_t i = 0; ground.bootstrap.settings.app.launch.argv &&
		ground.bootstrap.settings.app.launch.argv[i];
		i++)
		buf_printf(&got, "<%s>", ground.bootstrap.settings.app.launch.argv[i]);
	assert_string_equal(got.data, expected);
	assert_string_equal(ground.bootstrap.ctx.command,
		str_starts(expected, "</bin/my app>")  ? "my app"
			: str_starts(expected, "<x>")  ? "x"
			: str_starts(expected, "<-v>") ? "-v"
						       : "");
}

static void the_command_is_found(void **state)
{
	static const char app[] = "[app]\ncommand = '/bin/my app' --port 80\n";
	static const char globs[] =
		"[app]\ncommand = '/bin/my app'\narguments = -* *.conf\n";
	static const char word[] = "[app]\ncommand = '/bin/my app'\narguments = x\n";
	static char x[] = "x", y[] = "y", v[] = "-v", conf[] = "x.conf";
	char *const xy[] = {x, y, NULL}, *const vx[] = {v, x, NULL},
		    *const file[] = {conf, NULL}, *const none[] = {NULL};

	(void)state;
	command_is("", NULL, "");
	command_is("", none, "");
	command_is("", xy, "<x><y>");
	command_is("", vx, "<-v><x>");
	command_is(app, NULL, "</bin/my app><--port><80>");
	command_is(app, none, "</bin/my app><--port><80>");
	command_is(app, xy, "<x><y>");
	command_is(app, vx, "</bin/my app><--port><80><-v><x>");
	command_is(globs, vx, "</bin/my app><-v><x>");
	command_is(globs, xy, "<x><y>");
	command_is(globs, file, "</bin/my app><x.conf>");
	command_is(word, xy, "</bin/my app><x><y>");
	command_is(word, vx, "<-v><x>");
}

static void the_base_is_absolute(void **state)
{
	static const struct {
		const char *base, *below;
	} cases[] = {{NULL, ""}, {".", ""}, {"sub/./dir", "/sub/dir"}, {"", ""}};
	static char *const none[] = {NULL};
	char cwd[PATH_MAX], expected[PATH_MAX + 16];

	(void)state;
	assert_non_null(getcwd(cwd, sizeof cwd));
	put("x.ini", "");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct bootstrap_input input = {.config = ground.config,
			.base = cases[i].base,
			.environment = none};

		bootstrap_release(&ground.bootstrap);
		assert_int_equal(bootstrap_load(&ground.bootstrap, &input, &ground.log,
					 &ground.err),
			0);
		(void)snprintf(expected, sizeof expected, "%s%s", cwd, cases[i].below);
		assert_string_equal(ground.bootstrap.ctx.base, expected);
	}
}

static void is_wanted(enum purpose purpose, const char *ini, const char *enabled,
	int expected, const char *text)
{
	char variable[64];
	char *const env[] = {variable, NULL};
	int rc;

	(void)snprintf(variable, sizeof variable, "GROUNDWORK_ENABLED=%s", enabled);
	ground_load(ini, env);
	ground.bootstrap.purpose = purpose;
	rc = bootstrap_wanted(&ground.bootstrap, &ground.err);
	assert_int_equal(rc < 0 ? -1 : !ground.bootstrap.unwanted, expected);
	if (expected <= 0)
		says(rc < 0 ? shown(&ground.err) : ground.bootstrap.unwanted, text);
}

static void it_may_not_be_wanted(void **state)
{
	(void)state;
	is_wanted(TO_RUN, "", "", 1, "");
	is_wanted(TO_RUN, "", "yes", 1, "");
	is_wanted(TO_RUN, "", "no", 0, "GROUNDWORK_ENABLED=no");
	is_wanted(TO_RUN, "", "0", 0, "GROUNDWORK_ENABLED=0");
	is_wanted(TO_RUN, "", "perhaps", -1, "neither yes nor no");
	is_wanted(TO_RUN, "[bootstrap]\nenabled = no\n", "yes", 0,
		"[bootstrap] enabled = no");
	is_wanted(TO_RUN, "[bootstrap]\nwhen = command:server\n", "", 0, "does not hold");
	is_wanted(TO_RUN, "[bootstrap]\nwhen = !command:server\n", "", 1, "");
	is_wanted(TO_RUN, "[bootstrap]\nwhen = arg:x\n", "", 0, "does not hold");
}

/* No command is started, so the conditions about one hold. */
static void a_plan_is_for_every_command(void **state)
{
	static const enum purpose purposes[] = {TO_APPLY, TO_PLAN};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		is_wanted(purposes[i], "[bootstrap]\nwhen = command:server arg:x\n", "",
			1, "");
		is_wanted(purposes[i], "[bootstrap]\nwhen = !command:x\n", "", 1, "");
		is_wanted(purposes[i], "[bootstrap]\nwhen = command:x env:GONE\n", "", 0,
			"'env:GONE' does not hold");
		is_wanted(purposes[i], "[bootstrap]\nwhen = env:GONE or command:x\n", "",
			1, "");
	}
}

static void a_bootstrap_knows_no_step(void **state)
{
	(void)state;
	assert_int_equal(ground_read("[bootstrap]\nwhen = changed:link:a\n"
				     "[link:a]\npath = a\ntarget = b\n",
				 NULL, NULL),
		0);
	says(ground_problems(), "2:8: [bootstrap] when: 'changed:link:a': no step has");
}

static void settings_have_defaults(void **state)
{
	const struct settings *settings = &ground.bootstrap.settings;

	(void)state;
	ground.purpose = TO_RUN;
	ground_load("", NULL);
	assert_true(settings->bootstrap.enabled && settings->bootstrap.fail_fast);
	assert_int_equal(settings->bootstrap.retry_attempts, 3);
	assert_int_equal(settings->bootstrap.retry_delay_ms, 500);
	assert_int_equal(settings->bootstrap.deadline_ms, -1);
	assert_int_equal(settings->bootstrap.log_level, LOG_INFO);
	assert_string_equal(settings->bootstrap.report, "");
	assert_int_equal(settings->app.launch.init, LAUNCH_AUTO);
	assert_int_equal(settings->app.command.count, 0);
	ground_load("[bootstrap]\ndeadline = 2min\nlog_level = debug\nreport = r.json\n"
		    "[app]\ninit = no\n",
		NULL);
	assert_int_equal(settings->bootstrap.deadline_ms, 120000);
	assert_int_equal(settings->bootstrap.log_level, LOG_DEBUG);
	says(settings->bootstrap.report, "/base/r.json");
	assert_int_equal(settings->app.launch.init, LAUNCH_BECOME);
}

static void settings_take_no_key(void **state)
{
	(void)state;
	ground.purpose = TO_RUN;
	assert_int_equal(ground_read("[app]\nenv = A=${key:k}\n"
				     "[bootstrap]\nreport = ${ALSO}\n[key:k]\npath = k\n",
				 NULL, NULL),
		0);
	says(ground_problems(), "settings know variables alone");
	says(ground_problems(), "ALSO");
}

/* ---- what the application is started with ---- */

static void make_environment(bool strict, struct env *env, int expected)
{
	assert_int_equal(
		environment_make(&ground.bootstrap, strict, env, &ground.err), expected);
}

static void the_environment_is_made_in_order(void **state)
{
	static char *const ours[] = {"A=ours", "B=ours", "GONE_1=x", "KEY=", NULL};
	CLEANUP_ENV struct env env = {0};

	(void)state;
	ground.purpose = TO_RUN;
	ground_load(
		"[app]\nenv =\n  B=app\n  C=${A}=more\n  KEY=app\nunset_env = GONE_* D\n"
		"[key:k]\npath = k\nenv = KEY\n[key:off]\npath = o\nenv = OFF\n"
		"when = env:NOT_SET\n",
		ours);
	make_environment(false, &env, 0);
	assert_string_equal(env_get(&env, "A"), "ours");
	assert_string_equal(env_get(&env, "B"), "app");
	assert_string_equal(env_get(&env, "C"), "ours=more");
	assert_string_equal(env_get(&env, "KEY"), "app"); /* there is no key yet */
	assert_null(env_get(&env, "GONE_1"));
	assert_null(env_get(&env, "OFF"));
	env_release(&env);
	make_environment(true, &env, -1);
	says(shown(&ground.err), "there is no value for KEY yet");
	env_release(&env);
	does("key:k", 1, "");
	make_environment(true, &env, 0);
	assert_int_equal(strlen(env_get(&env, "KEY")), 64);
}

static void a_wrong_line_is_an_error(void **state)
{
	static char *const ours[] = {"TWO=2", NULL};

	(void)state;
	ground.purpose = TO_RUN;
	assert_int_equal(ground_read("[app]\nenv =\n  A=1\n  not-a-name=2\n  3BAD=${X}\n"
				     "  ${TWO}BAD=4\n[app2]\n",
				 ours, NULL),
		0);
	says(ground_problems(), "4:3: [app] env: expected NAME=value, not 'not-a-name'");
	says(ground_problems(), "5:3: [app] env: expected NAME=value, not '3BAD'");
	says(ground_problems(), "[app2]: unknown section");
	assert_int_equal(ground_read("[app]\nenv = ${TWO}BAD=secret\n", ours, NULL), 0);
	says(ground_problems(), "2:7: [app] env: expected NAME=value, not '2BAD'");
	assert_null(strstr(ground_problems(), "secret"));
}

static void a_dropped_user_has_a_home(void **state)
{
	static char *const ours[] = {"HOME=/root", NULL};
	CLEANUP_ENV struct env env = {0};
	struct launch launch;

	(void)state;
	ground.purpose = TO_RUN;
	NEEDS_ROOT();
	ground_load("[app]\nuser = 54321\nworkdir = sub\ninit = yes\n", ours);
	make_environment(false, &env, 0);
	launch = ground.bootstrap.settings.app.launch;
	assert_string_equal(env_get(&env, "HOME"), "/");
	assert_true(launch.identity.set);
	assert_int_equal(launch.identity.uid, 54321);
	assert_int_equal(launch.init, LAUNCH_SUPERVISE);
	says(launch.workdir, "/base/sub");
}

static int settle_as_user(void)
{
	REQUIRE(become(USER_A) == 0);
	REQUIRE(bootstrap_settle(&ground.bootstrap, &ground.err) == 0);
	return ground.bootstrap.ctx.app.set ? 3 : 0;
}

static void not_root_we_stay_who_we_are(void **state)
{
	static const struct {
		const char *app;
		int code; /* 3: it is set */
	} cases[] = {
		{"user = 10002\n", 0},
		{"user = 10001\n", 3},
		{"group = 10002\n", 0},
		{"user = 10001\ngroup = 10002\n", 0},
		{"user = 10001\ngroup = 10001\n", 3},
		{"", 0},
	};

	(void)state;
	NEEDS_ROOT();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf ini = BUF_INIT;

		buf_printf(&ini, "[app]\n%s", cases[i].app);
		assert_int_equal(ground_read(ini.data, NULL, NULL), 0);
		assert_int_equal(in_child(settle_as_user), cases[i].code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GROUND(the_command_is_found),
		GROUND(the_base_is_absolute),
		GROUND(it_may_not_be_wanted),
		GROUND(a_plan_is_for_every_command),
		GROUND(a_bootstrap_knows_no_step),
		GROUND(settings_have_defaults),
		GROUND(settings_take_no_key),
		GROUND(the_environment_is_made_in_order),
		GROUND(a_wrong_line_is_an_error),
		GROUND(a_dropped_user_has_a_home),
		GROUND(not_root_we_stay_who_we_are),
	};

	return cmocka_run_group_tests_name("plan/bootstrap", tests, NULL, NULL);
}
