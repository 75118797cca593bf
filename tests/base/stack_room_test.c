/* SPDX-License-Identifier: MIT */
/* How far the stack may grow. */
#include <sys/resource.h>

#include "../unit.h"
#include "base/stack_room.h"

static void limit_stack(rlim_t size)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_STACK, &limit), 0);
	if (size != RLIM_INFINITY && limit.rlim_max < size)
		SKIP("the stack is limited");
	limit.rlim_cur = size;
	if (setrlimit(RLIMIT_STACK, &limit) < 0)
		SKIP("the stack is limited");
}

static void ends_where_the_limit_is(void **state)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	uintptr_t end;

	(void)state;
	limit_stack((rlim_t)4 << 20);
	end = stack_room_end(0);
	assert_true(end < here && here - end <= (size_t)4 << 20);
	assert_true(here - end > (size_t)2 << 20); /* some is used for the environment */
	assert_int_equal(stack_room_end(4096), end + 4096);
	assert_false(stack_room_is_over(end));
	assert_true(stack_room_is_over(here + 4096));
}

static void without_a_limit_there_is_no_end(void **state)
{
	(void)state;
	limit_stack(RLIM_INFINITY);
	assert_int_equal(stack_room_end(4096), 0);
	assert_false(stack_room_is_over(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_where_the_limit_is),
		cmocka_unit_test(without_a_limit_there_is_no_end),
	};

	return cmocka_run_group_tests_name("base/stack_room", tests, NULL, NULL);
}
