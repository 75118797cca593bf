/* SPDX-License-Identifier: MIT */
/* Times for people. */
#include "../unit.h"

#include <limits.h>
#include <time.h>

#include "base/clock.h"
#include "base/str.h"

static void says_how_long_it_took(void **state)
{
	static const struct {
		int64_t us;
		const char *text;
	} cases[] = {
		{0, "0us"},
		{999, "999us"},
		{1000, "1.0ms"},
		{9999, "9.9ms"},
		{10000, "10ms"},
		{999999, "999ms"},
		{1000000, "1.0s"},
		{59999999, "59.9s"},
		{60000000, "1min 0s"},
		{125000000, "2min 5s"},
		{INT64_MAX, "153722867280min 54s"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[CLOCK_TEXT_MAX];

		clock_duration(cases[i].us, text);
		assert_string_equal(text, cases[i].text);
	}
}

static void says_what_time_it_is(void **state)
{
	static const char form[] = "dddd-dd-ddTdd:dd:dd.dddZ";
	char text[CLOCK_TEXT_MAX];

	(void)state;
	clock_text(text);
	assert_int_equal(strlen(text), strlen(form));
	for (size_t i = 0; form[i]; i++)
		assert_true(form[i] == 'd' ? str_is_digit(text[i]) : text[i] == form[i]);
	assert_true(clock_epoch() > 1700000000);
}

static void never_goes_back(void **state)
{
	int64_t before = clock_us();
	int64_t ms = clock_ms();

	(void)state;
	assert_true(clock_us() >= before);
	assert_true(ms >= before / 1000);
}

static void says_how_long_to_wait(void **state)
{
	(void)state;
	assert_int_equal(clock_wait(INT64_MAX), -1);
	assert_int_equal(clock_wait(INT64_MAX - 1), INT_MAX);
	assert_int_equal(clock_wait(clock_ms() - 1), 0);
	assert_in_range(clock_wait(clock_ms() + 60000), 50000, 60000);
}

static void knows_what_has_changed_since(void **state)
{
	struct timespec since;

	(void)state;
	clock_file(&since);
	assert_true(clock_file_since(&since, &since));
	since.tv_nsec = 500;
	assert_true(clock_file_since(&(struct timespec){since.tv_sec, 501}, &since));
	assert_false(clock_file_since(&(struct timespec){since.tv_sec, 499}, &since));
	/* A file system that keeps whole seconds. */
	assert_true(clock_file_since(&(struct timespec){since.tv_sec, 0}, &since));
	assert_false(clock_file_since(&(struct timespec){since.tv_sec - 1, 0}, &since));
	assert_false(clock_file_since(&(struct timespec){since.tv_sec + 60, 0}, &since));
	since.tv_sec -= 60;
	assert_true(clock_file_since(&(struct timespec){since.tv_sec + 1, 0}, &since));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_how_long_it_took),
		cmocka_unit_test(says_how_long_to_wait),
		cmocka_unit_test(knows_what_has_changed_since),
		cmocka_unit_test(says_what_time_it_is),
		cmocka_unit_test(never_goes_back),
	};

	return cmocka_run_group_tests_name("base/clock", tests, NULL, NULL);
}
