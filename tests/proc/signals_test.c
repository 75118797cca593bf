/* SPDX-License-Identifier: MIT */
/* Signals: names and numbers, and what they become on the way to the application. */
#include "../unit.h"
#include "base/err.h"
#include "proc/signal_map.h"
#include "proc/signals.h"

static void every_name_leads_back_to_its_number(void **state)
{
	DECLARE_ERR(err);

	(void)state;
	for (int signal = 1; signal <= SIGNALS_MAX; signal++) {
		char name[SIGNAL_NAME_SIZE];
		char number[SIGNAL_NAME_SIZE];
		int found = 0;

		snprintf(number, sizeof number, "%d", signal);
		assert_int_equal(
			signal_parse(signal_name(signal, name), &found, &err), 0);
		assert_int_equal(found, signal);
		assert_int_equal(signal_parse(number, &found, &err), 0);
		assert_int_equal(found, signal);
	}
}

static void names_are_taken_in_every_form(void **state)
{
	static const struct {
		const char *word;
		int signal;
	} cases[] = {{"TERM", SIGTERM}, {"SIGTERM", SIGTERM}, {"term", SIGTERM},
		{"SigTerm", SIGTERM}, {"015", SIGTERM}, {"POLL", SIGIO}, {"IOT", SIGABRT},
		{"CLD", SIGCHLD}, {"RTMIN", 34}, {"SIGRTMIN+3", 37}, {"rtmax-1", 63},
		{"RTMAX", 64}, {"RTMIN+30", 64}, {"RTMAX-30", 34}};
	DECLARE_ERR(err);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int found = 0;

		if (signal_parse(cases[i].word, &found, &err) < 0)
			fail_msg("%s", err.text);
		assert_int_equal(found, cases[i].signal);
	}
}

static void what_is_no_signal_is_refused(void **state)
{
	static const struct {
		const char *word, *text;
	} cases[] = {{"TREM", "did you mean 'TERM'?"}, {"SIGHPU", "did you mean 'HUP'?"},
		{"wnich", "did you mean 'WINCH'?"}, {"0", "there is no signal '0'"},
		{"65", "'65'"}, {"-1", "'-1'"}, {"", "''"}, {"SIG", "'SIG'"},
		{"RTMIN-1", "'RTMIN-1'"}, {"RTMIN+31", "'RTMIN+31'"},
		{"RTMAX+1", "RTMAX+1"}, {"RTMIN+", "'RTMIN+'"}, {"RTMINE", "'RTMINE'"},
		{"15x", "'15x'"}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		DECLARE_ERR(err);
		int found = 77;

		assert_int_equal(signal_parse(cases[i].word, &found, &err), -1);
		assert_int_equal(found, 77);
		assert_int_equal(err.kind, ERR_CONFIG);
		if (!strstr(err.text, cases[i].text))
			fail_msg("'%s': %s", cases[i].word, err.text);
	}
}

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
		cmocka_unit_test(every_name_leads_back_to_its_number),
		cmocka_unit_test(names_are_taken_in_every_form),
		cmocka_unit_test(what_is_no_signal_is_refused),
		cmocka_unit_test(an_empty_map_changes_nothing),
		cmocka_unit_test(maps_rewrite_and_drop),
		cmocka_unit_test(bad_rewritings_are_refused),
	};

	return cmocka_run_group_tests_name("proc/signals", tests, NULL, NULL);
}
