/* SPDX-License-Identifier: MIT */
/* Commands: what they get, what they print, what they leave. */
#include "../ground.h"

static char *const env[] = {"PATH=/usr/bin:/bin", "LEFT=left", "NOTIFY_SOCKET=/x", NULL};

static void reports_how_it_ended(void **state)
{
	static const struct {
		const char *script;
		int rc;
		enum err_kind kind;
		const char *text;
	} cases[] = {
		{"exit 0", 1, ERR_NONE, "ran: sh -c"},
		{"exit 1", -1, ERR_FAILED, "ended with status 1 and said nothing"},
		{"exit 75", -1, ERR_TEMPORARY, "ended with status 75"},
		{"exit 255", -1, ERR_FAILED, "ended with status 255"},
		{"kill -9 $$", -1, ERR_FAILED, "was ended by SIGKILL"},
		{"echo a; echo b >&2; exit 2", -1, ERR_FAILED, "its last lines:\na\nb"},
		{"seq 100; exit 2", -1, ERR_FAILED,
			"its last lines:\n96\n97\n98\n99\n100"},
		{"echo status=skipped >$GROUNDWORK_RESULT", 0, ERR_NONE, "ran"},
		{"printf \"status=skipped\\nmessage=all well\" >$GROUNDWORK_RESULT", 0,
			ERR_NONE, "all well"},
		{"echo message=done well >$GROUNDWORK_RESULT", 1, ERR_NONE, "done well"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf ini = BUF_INIT;

		buf_printf(&ini, "[exec:a]\ncommand = sh -c '%s'\n", cases[i].script);
		ground_load(ini.data, env);
		does("exec:a", cases[i].rc, cases[i].text);
		assert_int_equal(ground.err.kind, cases[i].kind);
	}
}

static void a_command_knows_no_secret(void **state)
{
	static const char key[] = "[key:k]\npath = k\nenv = ${WHICH:-MY}_KEY\n";
	static char *const given[] = {"PATH=/usr/bin:/bin",
		"MY_KEY=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
		"NOTIFY_SOCKET=/x", NULL};
	CLEANUP_BUF struct buf ini = BUF_INIT;

	(void)state;
	buf_printf(&ini, "[exec:a]\ncommand = env\n%s", key);
	ground_load(ini.data, given);
	does("exec:a", 1, "");
	assert_null(strstr(ground.heard.data, "MY_KEY="));
	assert_null(strstr(ground.heard.data, "NOTIFY_SOCKET="));
	assert_null(strstr(ground.heard.data, "GROUNDWORK_FORCE="));
	says(ground.heard.data, "[exec:a] GROUNDWORK_STEP=exec:a");
	buf_truncate(&ground.heard, 0);
	buf_truncate(&ini, 0);
	buf_printf(&ini, "[exec:a]\ncommand = env\nenv = MY_KEY\n X=${LEFT:-y}\n%s", key);
	ground_load(ini.data, given);
	ground.bootstrap.ctx.forced = true;
	does("exec:a", 1, "");
	says(ground.heard.data, "[exec:a] MY_KEY=");
	says(ground.heard.data, "[exec:a] X=y");
	says(ground.heard.data, "[exec:a] GROUNDWORK_FORCE=exec:a");
}

static void a_made_key_is_handed_on_by_name(void **state)
{
	(void)state;
	ground_load("[exec:a]\ncommand = sh -c 'echo $${#MY_KEY}; exit 1'\nenv = MY_KEY\n"
		    "[key:k]\npath = k\nenv = MY_KEY\n",
		env);
	does("key:k", 1, "");
	does("exec:a", -1, "its last lines:\n64");
}

static void an_error_shows_no_secret(void **state)
{
	(void)state;
	put("secret", "a very secret text\n");
	ground_load(
		"[exec:a]\ncommand = sh -c 'cat ../secret; exit 1'\nworkdir = .\n", env);
	does("exec:a", -1, "its last lines:\na very secret text");
	secrets_add(&ground.bootstrap.secrets, "a very secret text");
	does("exec:a", -1, "its last lines:\n***");
}

static void what_died_half_way_leaves_nothing(void **state)
{
	static const struct {
		const char *keys;
		int rc;
		const char *text;
	} cases[] = {
		{"command = sh -c 'echo half >$0; exit 1' {file}", -1,
			"ended with status 1"},
		{"command = sh -c 'exit 0' {file}", -1, "wrote nothing to {file}"},
		{"command = sh -c 'mkfifo $0' {file}", -1, "is a pipe, not a file"},
		{"command = true", -1, "ended well, and '"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf ini = BUF_INIT;

		buf_printf(&ini, "[exec:a]\n%s\ncreates = out\n", cases[i].keys);
		ground_load(ini.data, env);
		does("exec:a", cases[i].rc, cases[i].text);
		assert_int_equal(entries("base"), 0);
	}
	ground_load("[exec:a]\ncommand = sh -c 'echo x >$0; echo theirs >out' {file}\n"
		    "creates = out\nworkdir = .\n",
		env);
	does("exec:a", 0, "another process made");
	text_is("base/out", "theirs\n");
	assert_int_equal(entries("base"), 1);
	finds("exec:a", IN_PLACE, "is there");
}

static void a_check_decides(void **state)
{
	(void)state;
	ground_load("[exec:a]\ncheck = test -e done\ncommand = touch done\nworkdir = .\n",
		env);
	ground.bootstrap.ctx.planning = true;
	finds("exec:a", UNKNOWABLE, "test -e done");
	ground.bootstrap.ctx.planning = false;
	finds("exec:a", TO_DO, "run: touch done");
	does("exec:a", 1, "ran: touch done");
	finds("exec:a", IN_PLACE, "its check says");
}

static void an_assertion_must_hold_even_if_forced(void **state)
{
	(void)state;
	ground_load("[exec:a]\ncheck = sh -c 'echo because; exit 4'\n", env);
	finds("exec:a", -1,
		"check: the command ended with status 4; its last lines:\nbecause");
	ground.bootstrap.ctx.forced = true;
	does("exec:a", -1, "because");
	ground_load("[exec:a]\ncheck = true\n", env);
	finds("exec:a", IN_PLACE, "its check says");
	does("exec:a", 0, "its check says");
}

static void errors_are_found_at_once(void **state)
{
	(void)state;
	assert_int_equal(
		ground_read(
			"[exec:a]\n[exec:b]\ncommand = x {file}\n[exec:c]\ncheck = x\n"
			"creates = y\n[exec:d]\ncommand = x ${key:k}\ncheck = "
			"${file:/x}\n"
			"[key:k]\npath = k\n",
			NULL, NULL),
		0);
	says(ground_problems(), "1: [exec:a] has neither `command` nor `check`");
	says(ground_problems(),
		"3: [exec:b] command: {file} is a temporary file that becomes "
		"`creates`");
	says(ground_problems(), "6: [exec:c] creates: has no effect without `command`");
	says(ground_problems(), "8: [exec:d] command: ${key:k} would show a secret");
	says(ground_problems(), "9: [exec:d] check: ${file:/x} would show a secret");
	assert_int_equal(ground.bootstrap.problems.count, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GROUND(reports_how_it_ended),
		GROUND(a_command_knows_no_secret),
		GROUND(a_made_key_is_handed_on_by_name),
		GROUND(an_error_shows_no_secret),
		GROUND(what_died_half_way_leaves_nothing),
		GROUND(a_check_decides),
		GROUND(an_assertion_must_hold_even_if_forced),
		GROUND(errors_are_found_at_once),
	};

	return cmocka_run_group_tests_name("step/exec", tests, NULL, NULL);
}
