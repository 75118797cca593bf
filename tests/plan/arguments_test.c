/* SPDX-License-Identifier: MIT */
/* No secret becomes an argument of a command, whichever user runs that. */
#include "../ground.h"

/* What is wrong with a configuration in which these variables and steps have secrets. */
static void problems_are(const char *text, const char *expected)
{
	static char *env[] = {"PASSWORD=hunter2 and more",
		"URL=db://u:hunter2%20and+more@h", "OTHER=other",
		"APP_KEY=cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", NULL};
	CLEANUP_BUF struct buf whole = BUF_INIT;

	buf_printf(&whole,
		"[app]\nenv_from_file = PASSWORD FROMFILE\n%s[key:k]\npath = k\n"
		"env = ${OTHER:+APP}_KEY\n",
		text);
	assert_int_equal(ground_read(whole.data, env, NULL), 0);
	assert_string_equal(ground_problems(), expected);
}

#define SHOWN(line, where, name, advice) \
	line ": " where ": ${" name \
	     "} would show a secret to everybody who lists processes; " advice "\n"
#define IN_ENV "write the name into `env`, and $NAME into a script"

static void each_command_is_looked_at(void **state)
{
	(void)state;
	problems_are("command = app ${PASSWORD}\n",
		SHOWN("3", "[app] command", "PASSWORD",
			"the application finds it in its environment"));
	problems_are("[exec:e]\ncommand = true\n ${PASSWORD}\n",
		SHOWN("4", "[exec:e] command", "PASSWORD", IN_ENV));
	problems_are("[exec:e]\ncheck = test ${PASSWORD}\n",
		SHOWN("4", "[exec:e] check", "PASSWORD", IN_ENV));
	problems_are("[file:f]\npath = f\nvalidate = test ${PASSWORD} {file}\n",
		SHOWN("5", "[file:f] validate", "PASSWORD",
			"let the command read it from a file"));
	problems_are("[exec:e]\ncommand = true\ncommand += ${PASSWORD}\n",
		SHOWN("5", "[exec:e] command", "PASSWORD", IN_ENV));
	problems_are("[exec:e]\nenabled = no\ncommand = echo ${PASSWORD}\n",
		SHOWN("5", "[exec:e] command", "PASSWORD", IN_ENV));
	problems_are("[defaults:exec]\ncommand = echo ${PASSWORD}\n[exec:e]\n",
		SHOWN("4", "[exec:e] command", "PASSWORD", IN_ENV));
}

static void each_secret_is_known(void **state)
{
	(void)state;
	/* Said once. */
	problems_are("[exec:e]\ncommand = echo ${key:none}\n",
		"4:16: [exec:e] command: there is no step 'key:none'; did you mean "
		"'key:k'?\n");
	problems_are("[exec:e]\ncommand = echo a${FROMFILE}b\n",
		SHOWN("4", "[exec:e] command", "FROMFILE", IN_ENV));
	problems_are("[exec:e]\ncommand = echo ${APP_KEY}\n",
		SHOWN("4", "[exec:e] command", "APP_KEY", IN_ENV));
	problems_are("[exec:e]\ncommand = echo ${key:k}\n",
		SHOWN("4", "[exec:e] command", "key:k", "hand it on in `env`"));
	problems_are("[exec:e]\ncommand = echo ${file:/x}\n",
		SHOWN("4", "[exec:e] command", "file:/x", "hand it on in `env`"));
	problems_are("command = echo ${key:k}\n",
		SHOWN("3", "[app] command", "key:k",
			"let the key step hand it on with `env`"));
}

static void it_is_found_wherever_it_stands(void **state)
{
	static const char *const shown[] = {"${OTHER:-${PASSWORD}}", "${PASSWORD:-x}",
		"${PASSWORD-x}", "${PASSWORD:?x}", "${PASSWORD|shell}",
		"sh 'echo ${PASSWORD}'", "${words:PASSWORD}", "${words:PASSWORD:-x}",
		"\"${OTHER:+a ${PASSWORD} b}\"", "a\\\\${PASSWORD}",
		"$$$${PASSWORD}${PASSWORD}"};
	static const char *const hidden[] = {"${PASSWORD:+x}", "$${PASSWORD}",
		"sh -c 'echo \"$PASSWORD\"'", "\\${PASSWORD}", "${OTHER}",
		"sh -c 'echo $${PASSWORD:-x}'"};
	char text[200];

	(void)state;
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		(void)snprintf(text, sizeof text, "[exec:e]\ncommand = %s\n", shown[i]);
		problems_are(text, SHOWN("4", "[exec:e] command", "PASSWORD", IN_ENV));
	}
	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
		(void)snprintf(text, sizeof text, "[exec:e]\ncommand = %s\n", hidden[i]);
		problems_are(text, "");
	}
}

/* Whatever is written behind the name. */
static void a_step_has_no_place_in_a_command(void **state)
{
	(void)state;
	problems_are("[exec:e]\ncommand = echo ${key:k:+x}\n",
		"4:16: [exec:e] command: '${key:k}' cannot stand in a command, in any of "
		"its forms: hand it on in the environment\n");
}

/* {file} stands for a path that has the secret in it. */
static void it_comes_into_no_command_by_way_of_file(void **state)
{
#define BY_FILE "{file} and {dir} put this path into a command"

	(void)state;
	problems_are("[exec:e]\ncommand = touch {file}\ncreates = d/${PASSWORD}\n",
		SHOWN("5", "[exec:e] creates", "PASSWORD", BY_FILE));
	problems_are("[exec:e]\ncommand = touch {file}\ncommand += x\n"
		     "creates = ${key:k}/d\n",
		SHOWN("6", "[exec:e] creates", "key:k", BY_FILE));
	problems_are("[file:f]\npath = ${PASSWORD}\nvalidate = test -s {file}\n",
		SHOWN("4", "[file:f] path", "PASSWORD", BY_FILE));
	problems_are("[exec:e]\ncommand = touch file\ncreates = d/${PASSWORD}\n", "");
	problems_are("[exec:e]\ncommand = touch {file}\ncreates = ${OTHER}\n"
		     "workdir = /${PASSWORD}\n",
		"");
}

static void what_is_no_command_may_have_it(void **state)
{
	(void)state;
	problems_are("env = A=${PASSWORD}\nworkdir = /${PASSWORD}\n"
		     "[exec:e]\ncommand = true\nworkdir = /${PASSWORD}\n"
		     "creates = ${PASSWORD}\nenv = A=${PASSWORD} ${key:k}\n",
		"");
}

/* By its value: URL is none of the names. */
static void a_variable_that_holds_a_secret_is_none_either(void **state)
{
	struct ctx *ctx = &ground.bootstrap.ctx;

	(void)state;
	ground.purpose = TO_RUN;
	problems_are("command = app ${URL}\n",
		"3: [app] command: the value of 'URL' holds a secret, and as an "
		"argument it would be shown to everybody who lists processes; hand it "
		"on in the environment\n");
	problems_are("[exec:e]\ncommand = echo ${OTHER} ${URL}\n", "");
	err_init(&ground.err);
	assert_int_equal(step_fill(ground_step("exec:e"), ctx, &ground.err), -1);
	assert_int_equal(ground.err.kind, ERR_CONFIG);
	says(shown(&ground.err), "x.ini:4: [exec:e] command: the value of 'URL' holds a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GROUND(each_command_is_looked_at),
		GROUND(each_secret_is_known),
		GROUND(it_is_found_wherever_it_stands),
		GROUND(a_step_has_no_place_in_a_command),
		GROUND(it_comes_into_no_command_by_way_of_file),
		GROUND(what_is_no_command_may_have_it),
		GROUND(a_variable_that_holds_a_secret_is_none_either),
	};

	return cmocka_run_group_tests_name("plan/arguments", tests, NULL, NULL);
}
