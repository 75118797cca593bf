/* SPDX-License-Identifier: MIT */
/* Exit codes: of errors, and of every status that wait(2) can give. */
#include <signal.h>

#include "../unit.h"
#include "base/err.h"
#include "base/exit_code.h"

#define CORE_DUMPED 0x80

static void codes_of_an_exit_are_its_own(void **state)
{
	(void)state;
	for (int code = 0; code < 256; code++)
		assert_int_equal(exit_code_of_status(code << 8), code);
}

/* Whether a core was dumped stands in the same status, and changes nothing. */
static void codes_of_a_signal_are_128_and_its_number(void **state)
{
	(void)state;
	for (int signal = 1; signal <= 64; signal++) {
		assert_int_equal(exit_code_of_status(signal), 128 + signal);
		assert_int_equal(exit_code_of_status(signal | CORE_DUMPED), 128 + signal);
	}
}

static void codes_of_errors_say_whether_a_retry_helps(void **state)
{
	static const struct {
		enum err_kind kind;
		int code, of_launch;
	} cases[] = {
		{ERR_NONE, 0, 0},
		{ERR_USAGE, 100, 100},
		{ERR_CONFIG, 100, 100},
		{ERR_FAILED, 111, 111},
		{ERR_TEMPORARY, 111, 111},
		{ERR_NOT_FOUND, 111, 127},
		{ERR_NOT_EXECUTABLE, 111, 126},
		{ERR_INTERRUPTED, 128 + SIGTERM, 128 + SIGTERM},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err err = {.kind = cases[i].kind, .code = SIGTERM};

		assert_int_equal(exit_code_of_error(&err), cases[i].code);
		assert_int_equal(exit_code_of_launch(&err), cases[i].of_launch);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_of_an_exit_are_its_own),
		cmocka_unit_test(codes_of_a_signal_are_128_and_its_number),
		cmocka_unit_test(codes_of_errors_say_whether_a_retry_helps),
	};

	return cmocka_run_group_tests_name("base/exit_code", tests, NULL, NULL);
}
