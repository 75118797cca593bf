/* SPDX-License-Identifier: MIT */
/* The command line and the environment behind it. */
#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/options.h"
#include "proc/launch.h"

#define WORDS_MAX 32

static struct options options;
static struct err err;

/* Reads words that spaces separate: 0 or -1. */
static int read_line(const char *line)
{
	static char text[512];
	static char *argv[WORDS_MAX + 2];
	int argc = 0;

	options_release(&options);
	err_init(&err);
	memcpy(text, line, strlen(line) + 1);
	argv[argc++] = text;
	for (char *at = text; *at; at++)
		if (*at == ' ') {
			*at = '\0';
			argv[argc++] = at + 1;
		}
	argv[argc] = NULL;
	return options_read(&options, command_table, argc, argv, &err);
}

/* "command|words|config|force" */
static void reads(const char *line, const char *expected)
{
	CLEANUP_BUF struct buf got = BUF_INIT;

	if (read_line(line) < 0)
		fail_msg("%s: %s", line, err.text);
	buf_printf(&got, "%s|", options.command->name);
	for (size_t i = 0; options.words && options.words[i]; i++)
		buf_printf(&got, "<%s>", options.words[i]);
	buf_puts(&got, "|");
	for (size_t i = 0; i < options.config.count; i++)
		buf_printf(&got, "<%s>", options.config.items[i]);
	buf_puts(&got, "|");
	for (size_t i = 0; i < options.force.count; i++)
		buf_printf(&got, "<%s>", options.force.items[i]);
	assert_string_equal(got.data, expected);
	if (options.config.items)
		assert_null(options.config.items[options.config.count]);
}

static void refuses(const char *line, const char *text)
{
	assert_int_equal(read_line(line), -1);
	assert_int_equal(err.kind, ERR_USAGE);
	if (!strstr(err.text, text))
		fail_msg("%s: '%s' does not say '%s'", line, err.text, text);
}

static int forget(void **state)
{
	(void)state;
	options_release(&options);
	for (const struct option *one = option_table; one->name; one++)
		if (one->env && unsetenv(one->env) < 0)
			return -1;
	return 0;
}

static void finds_where_the_command_begins(void **state)
{
	(void)state;
	reads("gw", "run|||");
	reads("gw server -v", "run|<server><-v>||");
	reads("gw run server", "run|<server>||");
	reads("gw run run", "run|<run>||");
	reads("gw plan", "plan|||");
	reads("gw -v plan -q", "plan|||");
	reads("gw -- plan", "run|<plan>||");
	reads("gw -- -v", "run|<-v>||");
	reads("gw --", "run|||");
	reads("gw exec -- -- x", "exec|<--><x>||");
	reads("gw exec x -- y",
		"exec|<x><-->"
		"<y>||");
	reads("gw - x", "run|<-><x>||");
	reads("gw explain file -v --format json", "explain|<file>||");
	reads("gw explain -c x a b", "explain|<a><b>|<x>|");
	reads("gw explain -- -a", "explain|<-a>||");
	reads("gw explain a -- -b c", "explain|<a><-b><c>||");
	reads("gw install -q path", "install|<path>||");
	reads("gw -c a -cb --config=c --config d x -c e", "run|<x><-c><e>|<a><b><c><d>|");
	reads("gw -vqc a apply", "apply||<a>|");
	reads("gw --force a --force b:c apply", "apply|||<a><b:c>");
}

static void knows_whether_the_command_was_typed_without_dashes(void **state)
{
	static const char *const typed[] = {"gw x", "gw run x -- y", "gw exec -q x"};
	static const char *const others[] = {"gw", "gw plan", "gw -- x", "gw run -- x"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(read_line(typed[i]), 0);
		assert_true(options.typed);
	}
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(read_line(others[i]), 0);
		assert_false(options.typed);
	}
}

static void refuses_what_it_does_not_know(void **state)
{
	(void)state;
	refuses("gw --confg x", "unknown option '--confg'; did you mean '--config'?");
	refuses("gw --zzzzzzzz", "unknown option '--zzzzzzzz'; --help lists all");
	refuses("gw --port 80", "the application's own options go behind '--'");
	refuses("gw run -z", "the application's own options go behind '--'");
	refuses("gw plan --zzzzzzzz", "'--zzzzzzzz'; --help lists all");
	refuses("gw -z", "unknown option '-z'");
	refuses("gw -vz", "unknown option '-vz'");
	refuses("gw --config", "--config needs a value: PATH");
	refuses("gw -c", "-c needs a value: PATH");
	refuses("gw --verbose=yes", "--verbose takes no value");
	refuses("gw --base=", "--base: the directory's name is empty");
	refuses("gw --deadline soon",
		"--deadline: 'soon' is no duration: expected one as in 500ms, 10 "
		"(seconds), 2min 30s, 12h, 30d, or none");
	refuses("gw --log-level loud", "'loud' is none of error, warn, info, debug");
	refuses("gw --color red", "'red' is none of auto, always, never");
	refuses("gw --stop-timeout 5s", "the key `stop_timeout` of [app]; --help");
	refuses("gw --once", "the key `once` of [exec:NAME]; --help");
	refuses("gw plan --mode=0700", "the key `mode` of steps; --help");
}

static void sets_what_is_asked(void **state)
{
	(void)state;
	reads("gw", "run|||");
	assert_int_equal(options.log_level, -1);
	assert_true(options.deadline_ms == DURATION_NOT_GIVEN);
	assert_int_equal(options.init, LAUNCH_AUTO);
	reads("gw -C /b --deadline 2min --init --log-level error --color always --report "
	      "r "
	      "--format json --exit-code --help --version plan",
		"plan|||");
	assert_string_equal(options.base, "/b");
	assert_int_equal(options.deadline_ms, 120000);
	assert_int_equal(options.init, LAUNCH_SUPERVISE);
	assert_int_equal(options.log_level, LOG_ERROR);
	assert_int_equal(options.color, COLOR_ALWAYS);
	assert_string_equal(options.report, "r");
	assert_int_equal(options.format, OUTPUT_JSON);
	assert_true(options.exit_code && options.help && options.version);
	reads("gw -v --no-init --deadline none", "run|||");
	assert_int_equal(options.log_level, LOG_DEBUG);
	assert_int_equal(options.init, LAUNCH_BECOME);
	assert_int_equal(options.deadline_ms, -1);
	reads("gw -v -q", "run|||");
	assert_int_equal(options.log_level, LOG_WARN);
}

static void set(const char *name, const char *value)
{
	assert_int_equal(setenv(name, value, 1), 0);
}

static void the_environment_stands_behind_it(void **state)
{
	(void)state;
	set("GROUNDWORK_CONFIG", "a:/b c::d");
	set("GROUNDWORK_FORCE", " x:1  y:* ");
	set("GROUNDWORK_BASE", "/env");
	set("GROUNDWORK_INIT", "no");
	set("GROUNDWORK_LOG_LEVEL", "debug");
	set("GROUNDWORK_DEADLINE", "");
	reads("gw", "run||<a></b c><d>|<x:1><y:*>");
	assert_string_equal(options.base, "/env");
	assert_int_equal(options.init, LAUNCH_BECOME);
	assert_int_equal(options.log_level, LOG_DEBUG);
	assert_true(options.deadline_ms == DURATION_NOT_GIVEN);
	reads("gw -c z -C /line --init -q --force q", "run||<z>|<q>");
	assert_string_equal(options.base, "/line");
	assert_int_equal(options.init, LAUNCH_SUPERVISE);
	assert_int_equal(options.log_level, LOG_WARN);
	set("GROUNDWORK_INIT", "yes");
	reads("gw", "run||<a></b c><d>|<x:1><y:*>");
	assert_int_equal(options.init, LAUNCH_SUPERVISE);
}

/* A command is launched at once only where nothing was asked of the worker. */
static void some_options_need_the_worker(void **state)
{
	static const char *const needing[] = {
		"-c a", "-C /", "--only a", "--skip a", "--force a", "--report r"};
	char line[64];

	(void)state;
	reads("gw --init -v -q --color never --deadline 5s x", "run|<x>||");
	assert_false(options.worker);
	for (size_t i = 0; i < sizeof needing / sizeof *needing; i++) {
		snprintf(line, sizeof line, "gw %s x", needing[i]);
		assert_int_equal(read_line(line), 0);
		if (!options.worker)
			fail_msg("%s", line);
	}
	set("GROUNDWORK_REPORT", "r");
	reads("gw x", "run|<x>||");
	assert_true(options.worker);
}

static void the_environment_can_be_wrong(void **state)
{
	(void)state;
	set("GROUNDWORK_INIT", "perhaps");
	refuses("gw", "GROUNDWORK_INIT: 'perhaps' is neither yes nor no");
	set("GROUNDWORK_INIT", "yes");
	set("GROUNDWORK_LOG_LEVEL", "loud");
	refuses("gw", "GROUNDWORK_LOG_LEVEL: ");
}

/* Lines are broken wherever they would be too long. */
static void join_lines(struct buf *text)
{
	size_t len = 0;

	for (size_t i = 0; i < text->len; i++)
		if (!strchr(" \n", text->data[i]))
			text->data[len++] = text->data[i];
		else if (len && text->data[len - 1] != ' ')
			text->data[len++] = ' ';
	buf_truncate(text, len);
}

static void help_comes_from_the_tables(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf version = BUF_INIT;

	(void)state;
	help_text(command_table, &text);
	join_lines(&text);
	for (const struct option *one = option_table; one->name; one++) {
		assert_non_null(strstr(text.data, one->name));
		assert_non_null(strstr(text.data, one->help));
		if (one->env)
			assert_non_null(strstr(text.data, one->env));
	}
	for (const struct command *one = command_table; one->name; one++) {
		char line[64];

		assert_non_null(strstr(text.data, one->summary));
		snprintf(line, sizeof line, "groundwork %s", one->name);
		assert_int_equal(read_line(line), 0);
		assert_ptr_equal(options.command, one);
	}
	assert_non_null(strstr(text.data, " 111 a step failed"));
	assert_int_equal(read_line("groundwork nothing"), 0);
	assert_ptr_equal(options.command, command_table);
	help_version(&version);
	assert_non_null(strstr(version.data, "libsodium "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			finds_where_the_command_begins, forget, forget),
		cmocka_unit_test_setup_teardown(
			refuses_what_it_does_not_know, forget, forget),
		cmocka_unit_test_setup_teardown(
			knows_whether_the_command_was_typed_without_dashes, forget,
			forget),
		cmocka_unit_test_setup_teardown(sets_what_is_asked, forget, forget),
		cmocka_unit_test_setup_teardown(
			the_environment_stands_behind_it, forget, forget),
		cmocka_unit_test_setup_teardown(
			some_options_need_the_worker, forget, forget),
		cmocka_unit_test_setup_teardown(
			the_environment_can_be_wrong, forget, forget),
		cmocka_unit_test(help_comes_from_the_tables),
	};

	return cmocka_run_group_tests_name("cli/options", tests, NULL, NULL);
}
