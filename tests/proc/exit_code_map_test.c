/* SPDX-License-Identifier: MIT */
/* What exit codes become. */
#include "../unit.h"
#include "base/err.h"
#include "proc/exit_code_map.h"

static void nothing_written_changes_nothing(void **state)
{
	static const struct exit_code_map codes;

	(void)state;
	for (int code = 0; code < 256; code++)
		assert_int_equal(exit_code_map_get(&codes, code), code);
	assert_false(exit_code_map_any(&codes));
}

/* Each to 0, and each alone: whatever the others become. */
static void each_code_can_be_rewritten(void **state)
{
	DECLARE_ERR(err);

	(void)state;
	for (int code = 0; code < 256; code++) {
		struct exit_code_map one = {{0}};
		struct exit_code_map others = {{0}};
		char word[16];

		snprintf(word, sizeof word, "%d=0", code);
		assert_int_equal(exit_code_map_add(&one, word, &err), 0);
		assert_int_equal(exit_code_map_get(&one, code), 0);
		assert_true(exit_code_map_any(&one));
		for (int other = 0; other < 256; other++) {
			snprintf(word, sizeof word, "%d=0", other);
			if (other != code)
				assert_int_equal(
					exit_code_map_add(&others, word, &err), 0);
		}
		assert_int_equal(exit_code_map_get(&others, code), code);
		assert_int_equal(exit_code_map_get(&others, code ^ 1), 0);
	}
}

static void names_are_those_of_signals(void **state)
{
	struct exit_code_map codes = {{0}};
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(exit_code_map_add(&codes, "TERM=0", &err), 0);
	assert_int_equal(exit_code_map_add(&codes, "sigint=130", &err), 0);
	assert_int_equal(exit_code_map_add(&codes, "15=255", &err), 0);
	assert_int_equal(exit_code_map_get(&codes, 143), 0);
	assert_int_equal(exit_code_map_get(&codes, 130), 130);
	assert_int_equal(exit_code_map_get(&codes, 15), 255);
}

static void bad_ones_are_refused(void **state)
{
	static const struct {
		const char *word, *text;
	} cases[] = {{"143", "is not of the form"}, {"256=0", "is at most 255"},
		{"1=256", "'256' is no exit code"}, {"1=", "'' is no exit code"},
		{"1=TERM", "'TERM' is no exit code"}, {"=0", "there is no signal ''"},
		{"-1=0", "there is no signal '-1'"}, {"TREM=0", "did you mean 'TERM'?"},
		{"2=3", "rewritten twice"}};
	struct exit_code_map codes = {{0}};
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(exit_code_map_add(&codes, "2=1", &err), 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		err_init(&err);
		assert_int_equal(exit_code_map_add(&codes, cases[i].word, &err), -1);
		if (err.kind != ERR_CONFIG || !strstr(err.text, cases[i].text))
			fail_msg("'%s': %s", cases[i].word, err.text);
	}
	assert_int_equal(exit_code_map_get(&codes, 2), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_written_changes_nothing),
		cmocka_unit_test(each_code_can_be_rewritten),
		cmocka_unit_test(names_are_those_of_signals),
		cmocka_unit_test(bad_ones_are_refused),
	};

	return cmocka_run_group_tests_name("proc/exit_code_map", tests, NULL, NULL);
}
