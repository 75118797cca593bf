/* SPDX-License-Identifier: MIT */
/* What signals and exit codes become. */
#include "../unit.h"

#include <signal.h>

#include "base/err.h"
#include "base/signal_name.h"
#include "proc/rewriting.h"

static void an_empty_rewriting_keeps_signals(void **state)
{
	static const struct rewriting map;

	(void)state;
	for (int signal = 1; signal <= SIGNALS_MAX; signal++)
		assert_int_equal(rewriting_get(&map, signal), signal);
}

static void signals_are_rewritten_and_dropped(void **state)
{
	struct rewriting map = {{0}};
	DECLARE_ERR(err);
	const char *const words[] = {
		"TERM=QUIT", "sighup=NONE", "15=QUIT", "RTMIN+3=SIGINT", "64=KILL"};

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		assert_int_equal(rewriting_add_signal(&map, words[i], &err), 0);
	assert_int_equal(rewriting_get(&map, SIGTERM), SIGQUIT);
	assert_int_equal(rewriting_get(&map, SIGHUP), 0);
	assert_int_equal(rewriting_get(&map, 37), SIGINT);
	assert_int_equal(rewriting_get(&map, 64), SIGKILL);
	assert_int_equal(rewriting_get(&map, SIGINT), SIGINT);
}

static void bad_signals_are_refused(void **state)
{
	static const struct {
		const char *word, *text;
	} cases[] = {{"TERM", "is not of the form"}, {"=TERM", "there is no signal ''"},
		{"TERM=", "there is no signal ''"}, {"TERM=TREM", "did you mean 'TERM'?"},
		{"INTT=TERM", "did you mean 'INT'?"}, {"KILL=TERM", "never reaches"},
		{"STOP=TERM", "never reaches"}, {"CHLD=TERM", "never reaches"},
		{"TERM=INT", "rewritten twice"},
		{"none=TERM", "there is no signal 'none'"}};
	struct rewriting map = {{0}};
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(rewriting_add_signal(&map, "TERM=QUIT", &err), 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		err_init(&err);
		assert_int_equal(rewriting_add_signal(&map, cases[i].word, &err), -1);
		if (!strstr(err.text, cases[i].text))
			fail_msg("'%s': %s", cases[i].word, err.text);
	}
	assert_int_equal(rewriting_get(&map, SIGTERM), SIGQUIT);
}

static void nothing_written_keeps_exit_codes(void **state)
{
	static const struct rewriting codes;

	(void)state;
	for (int code = 0; code < 256; code++)
		assert_int_equal(rewriting_get(&codes, code), code);
}

/* Each to 0, and each alone: whatever the others become. */
static void each_code_can_be_rewritten(void **state)
{
	DECLARE_ERR(err);

	(void)state;
	for (int code = 0; code < 256; code++) {
		struct rewriting one = {{0}};
		struct rewriting others = {{0}};
		char word[16];

		snprintf(word, sizeof word, "%d=0", code);
		assert_int_equal(rewriting_add_exit_code(&one, word, &err), 0);
		assert_int_equal(rewriting_get(&one, code), 0);
		for (int other = 0; other < 256; other++) {
			snprintf(word, sizeof word, "%d=0", other);
			if (other != code)
				assert_int_equal(
					rewriting_add_exit_code(&others, word, &err), 0);
		}
		assert_int_equal(rewriting_get(&others, code), code);
		assert_int_equal(rewriting_get(&others, code ^ 1), 0);
	}
}

static void codes_may_be_names_of_signals(void **state)
{
	struct rewriting codes = {{0}};
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(rewriting_add_exit_code(&codes, "TERM=0", &err), 0);
	assert_int_equal(rewriting_add_exit_code(&codes, "sigint=130", &err), 0);
	assert_int_equal(rewriting_add_exit_code(&codes, "15=255", &err), 0);
	assert_int_equal(rewriting_get(&codes, 143), 0);
	assert_int_equal(rewriting_get(&codes, 130), 130);
	assert_int_equal(rewriting_get(&codes, 15), 255);
}

static void bad_exit_codes_are_refused(void **state)
{
	static const struct {
		const char *word, *text;
	} cases[] = {{"143", "is not of the form"},
		{"256=0", "'256=0': an exit code is at most 255"},
		{"1=256", "'256' is no exit code"}, {"1=", "'' is no exit code"},
		{"1=TERM", "'TERM' is no exit code"}, {"=0", "there is no signal ''"},
		{"-1=0", "there is no signal '-1'"}, {"TREM=0", "did you mean 'TERM'?"},
		{"2=3", "rewritten twice"}};
	struct rewriting codes = {{0}};
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(rewriting_add_exit_code(&codes, "2=1", &err), 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		err_init(&err);
		assert_int_equal(
			rewriting_add_exit_code(&codes, cases[i].word, &err), -1);
		if (err.kind != ERR_CONFIG || !strstr(err.text, cases[i].text))
			fail_msg("'%s': %s", cases[i].word, err.text);
	}
	assert_int_equal(rewriting_get(&codes, 2), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_rewriting_keeps_signals),
		cmocka_unit_test(signals_are_rewritten_and_dropped),
		cmocka_unit_test(bad_signals_are_refused),
		cmocka_unit_test(nothing_written_keeps_exit_codes),
		cmocka_unit_test(each_code_can_be_rewritten),
		cmocka_unit_test(codes_may_be_names_of_signals),
		cmocka_unit_test(bad_exit_codes_are_refused),
	};

	return cmocka_run_group_tests_name("proc/rewriting", tests, NULL, NULL);
}
