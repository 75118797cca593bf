/* SPDX-License-Identifier: MIT */
/* The soft limit of the stack, raised and put back. */
#include <sys/resource.h>

#include "../child.h"
#include "../unit.h"
#include "base/err.h"
#include "proc/stack.h"

static int limit_stack(rlim_t soft, rlim_t hard)
{
	struct rlimit limit = {soft, hard};

	return setrlimit(RLIMIT_STACK, &limit);
}

static int raise_and_restore(void)
{
	struct rlimit limit;
	uint64_t found = 0;
	DECLARE_ERR(err);

	REQUIRE(limit_stack(128 << 10, 1 << 20) == 0);
	REQUIRE(stack_raise(&found, &err) == 0);
	REQUIRE(found == 128 << 10);
	REQUIRE(getrlimit(RLIMIT_STACK, &limit) == 0);
	REQUIRE(limit.rlim_cur == 1 << 20 && limit.rlim_max == 1 << 20);
	stack_restore(found);
	REQUIRE(getrlimit(RLIMIT_STACK, &limit) == 0);
	REQUIRE(limit.rlim_cur == 128 << 10 && limit.rlim_max == 1 << 20);
	stack_restore(0);
	REQUIRE(getrlimit(RLIMIT_STACK, &limit) == 0);
	REQUIRE(limit.rlim_cur == 128 << 10);
	return 0;
}

static void it_is_raised_to_the_hard_limit_and_put_back(void **state)
{
	(void)state;
	assert_int_equal(in_child(raise_and_restore), 0);
}

static int refuse(void)
{
	uint64_t found = 1;
	DECLARE_ERR(err);

	REQUIRE(limit_stack(128 << 10, 128 << 10) == 0);
	REQUIRE(stack_raise(&found, &err) == -1);
	REQUIRE(strstr(err.text, "128 KiB"));
	REQUIRE(found == 1);
	return 0;
}

static void too_low_a_hard_limit_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(in_child(refuse), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_raised_to_the_hard_limit_and_put_back),
		cmocka_unit_test(too_low_a_hard_limit_is_an_error),
	};

	return cmocka_run_group_tests_name("proc/stack", tests, NULL, NULL);
}
