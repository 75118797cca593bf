/* SPDX-License-Identifier: MIT */
/* Names of signals. */
#include "../unit.h"

#include <limits.h>
#include <signal.h>

#include "base/err.h"
#include "base/signal_name.h"

static void every_name_leads_back_to_its_number(void **state)
{
	DECLARE_ERR(err);

	(void)state;
	for (int signal = 1; signal <= SIGNALS_MAX; signal++) {
		char name[SIGNAL_NAME_SIZE];
		char number[SIGNAL_NAME_SIZE];
		int found = 0;

		snprintf(number, sizeof number, "%d", signal);
		if (signal != 32 && signal != 33) {
			assert_int_equal(
				signal_parse(signal_name(signal, name), &found, &err), 0);
			assert_int_equal(found, signal);
		}
		assert_int_equal(signal_parse(number, &found, &err), 0);
		assert_int_equal(found, signal);
	}
}

static void what_has_no_name_is_said_to_be_a_signal(void **state)
{
	char name[SIGNAL_NAME_SIZE];

	(void)state;
	assert_string_equal(signal_name(32, name), "signal 32");
	assert_string_equal(signal_name(33, name), "signal 33");
	assert_string_equal(signal_name(INT_MIN, name), "signal -2147483648");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_leads_back_to_its_number),
		cmocka_unit_test(what_has_no_name_is_said_to_be_a_signal),
		cmocka_unit_test(names_are_taken_in_every_form),
		cmocka_unit_test(what_is_no_signal_is_refused),
	};

	return cmocka_run_group_tests_name("base/signal_name", tests, NULL, NULL);
}
