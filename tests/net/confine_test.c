/* SPDX-License-Identifier: MIT */
/* Rights that a process gives up. */
#include <stdlib.h>

#include "../child.h"
#include "net/confine.h"

static int write_to_stderr(void)
{
	int fds[2];
	char c;

	REQUIRE(pipe(fds) == 0);
	REQUIRE(dup2(fds[1], STDERR_FILENO) == STDERR_FILENO);
	(void)close(fds[1]);
	(void)unsetenv("ASAN_OPTIONS");
	(void)unsetenv("UBSAN_OPTIONS");
	confine(true);
	REQUIRE(write(STDERR_FILENO, "x", 1) == 1);
	return read(fds[0], &c, 1) == 0 ? 0 : 1;
}

/* What a library wrote there, or whoever had taken it over, looked as if it were ours. */
static void nothing_of_it_reaches_standard_error(void **state)
{
	(void)state;
	assert_int_equal(in_child(write_to_stderr), 0);
}

static int fill_memory(void)
{
	const size_t size = (size_t)32 << 20;
	void *data;

	if (access("/proc/self/statm", R_OK) < 0)
		return SKIPPED;
	confine_memory(size);
	data = malloc(2 * size);
	REQUIRE(data == NULL);
	data = malloc(size / 2);
	REQUIRE(data != NULL);
	confine_memory(2 * size);
	free(data);
	data = malloc(2 * size);
	REQUIRE(data != NULL);
	free(data);
	return 0;
}

static void memory_has_a_limit_that_grows_with_what_is_asked(void **state)
{
	(void)state;
#ifdef __SANITIZE_ADDRESS__
	SKIP("its allocator ends a process that has no memory left");
#endif
	CHILD_OR_SKIP(fill_memory, "there is no /proc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_of_it_reaches_standard_error),
		cmocka_unit_test(memory_has_a_limit_that_grows_with_what_is_asked),
	};

	return cmocka_run_group_tests_name("net/confine", tests, NULL, NULL);
}
