/* SPDX-License-Identifier: MIT */
/* What signals become on their way to the application. */
#include "../unit.h"

#include <signal.h>

#include "base/err.h"
#include "proc/signal_map.h"

static void an_empty_map_changes_nothing(void **state)
{
	static const struct signal_map map;

	(void)state;
	for (int signal = 1; signal <= SIGNALS_MAX; signal++)
		assert_int_equal(signal_map_get(&map, signal), signal);
}

static void maps_rewrite_and_drop(void **state)
{
	struct signal_map map = {{0}};
	DECLARE_ERR(err);
	const char *const words[] = {
		"TERM=QUIT", "sighup=NONE", "15=QUIT", "RTMIN+3=SIGINT", "64=KILL"};

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		assert_int_equal(signal_map_add(&map, words[i], &err), 0);
	assert_int_equal(signal_map_get(&map, SIGTERM), SIGQUIT);
	assert_int_equal(signal_map_get(&map, SIGHUP), 0);
	assert_int_equal(signal_map_get(&map, 37), SIGINT);
	assert_int_equal(signal_map_get(&map, 64), SIGKILL);
	assert_int_equal(signal_map_get(&map, SIGINT), SIGINT);
}

static void bad_rewritings_are_refused(void **state)
{
	static const struct {
		const char *word, *text;
	} cases[] = {{"TERM", "is not of the form"}, {"=TERM", "there is no signal ''"},
		{"TERM=", "there is no signal ''"}, {"TERM=TREM", "did you mean 'TERM'?"},
		{"INTT=TERM", "did you mean 'INT'?"}, {"KILL=TERM", "never reaches"},
		{"STOP=TERM", "never reaches"}, {"CHLD=TERM", "never reaches"},
		{"TERM=INT", "rewritten twice"},
		{"none=TERM", "there is no signal 'none'"}};
	struct signal_map map = {{0}};
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(signal_map_add(&map, "TERM=QUIT", &err), 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		err_init(&err);
		assert_int_equal(signal_map_add(&map, cases[i].word, &err), -1);
		if (!strstr(err.text, cases[i].text))
			fail_msg("'%s': %s", cases[i].word, err.text);
	}
	assert_int_equal(signal_map_get(&map, SIGTERM), SIGQUIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_map_changes_nothing),
		cmocka_unit_test(maps_rewrite_and_drop),
		cmocka_unit_test(bad_rewritings_are_refused),
	};

	return cmocka_run_group_tests_name("proc/signal_map", tests, NULL, NULL);
}
