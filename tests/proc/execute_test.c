/* SPDX-License-Identifier: MIT */
/* The search along PATH. */
#include "try_execute.h"

static void path_is_searched_in_order(void **state)
{
	(void)state;
	assert_int_equal(mkdir("first", 0755), 0);
	assert_int_equal(mkdir("second", 0755), 0);
	make("first/tool", "#!/bin/sh\nexit 1\n", 0755);
	make("second/tool", "#!/bin/sh\nexit 2\n", 0755);
	make("second/other", "#!/bin/sh\nexit 3\n", 0755);
	run("tool", "first:second");
	expect_ran(1);
	run("tool", "second:first");
	expect_ran(2);
	run("other", "missing:first:second");
	expect_ran(3);
}

static void empty_element_is_the_working_directory(void **state)
{
	(void)state;
	make("tool", "#!/bin/sh\nexit 4\n", 0755);
	run("tool", "");
	expect_ran(4);
	run("tool", "/nowhere:");
	expect_ran(4);
	run("tool", ":/nowhere");
	expect_ran(4);
	run("tool", "/nowhere");
	expect(ERR_NOT_FOUND, "command 'tool' not found in PATH (/nowhere)");
}

static void without_path_a_sensible_one_is_used(void **state)
{
	(void)state;
	run("true", NULL);
	expect_ran(0);
	run("no-such-command", NULL);
	expect(ERR_NOT_FOUND,
		"command 'no-such-command' not found in PATH (/usr/local/sbin:");
}

/* Of a candidate that is too long by its NUL, and by more. */
static void a_directory_that_is_too_long_is_passed_over(void **state)
{
	static const size_t more[] = {0, 1, PATH_MAX};
	char path[3 * PATH_MAX];
	const size_t longest = PATH_MAX - sizeof "/tool";

	(void)state;
	make("tool", "#!/bin/sh\nexit 7\n", 0755);
	for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
		size_t size = longest + more[i];

		/* ".///…/" is where we are. */
		memset(path, '/', size);
		*path = '.';
		path[size] = '\0';
		run("tool", path);
		if (more[i])
			expect(ERR_NOT_FOUND, "command 'tool' not found in PATH (.///");
		else
			expect_ran(7);
		memcpy(path + size, ":.", 3);
		run("tool", path);
		expect_ran(7);
	}
}

/* POSIX: what may not be executed is skipped, and reported only where nothing runs. */
static void blocked_candidate_is_passed_over(void **state)
{
	(void)state;
	assert_int_equal(mkdir("blocked", 0755), 0);
	assert_int_equal(mkdir("open", 0755), 0);
	assert_int_equal(mkdir("blocked/tool2", 0755), 0);
	make("open/tool2", "#!/bin/sh\nexit 6\n", 0755);
	make("blocked/tool", "#!/bin/sh\nexit 1\n", 0644);
	make("open/tool", "#!/bin/sh\nexit 5\n", 0755);
	run("tool", "blocked:open");
	expect_ran(5);
	run("tool", "blocked:/nowhere");
	expect(ERR_NOT_EXECUTABLE,
		"'blocked/tool' has no execute bit (its mode is 0644)");
	run("tool2", "blocked:open");
	expect_ran(6);
	run("tool2", "blocked");
	expect(ERR_NOT_FOUND, "command 'tool2' not found in PATH (blocked)");
	run("blocked/tool2", "open");
	expect(ERR_NOT_EXECUTABLE, "'blocked/tool2' is a directory");
}

static void closed_directory_is_named(void **state)
{
	(void)state;
	NEEDS_ROOT();
	assert_int_equal(mkdir("closed", 0700), 0);
	make("closed/tool", "#!/bin/sh\nexit 1\n", 0755);
	run_as(10001, "tool", "closed:/nowhere");
	expect(ERR_NOT_FOUND, "permission denied for 'closed/tool'");
	run_as(10001, "closed/tool", NULL);
	expect(ERR_NOT_EXECUTABLE, "'closed/tool' cannot be reached");
}

static void missing_is_not_found(void **state)
{
	(void)state;
	run("./missing", NULL);
	expect(ERR_NOT_FOUND, "command './missing' not found");
	make("file", "text", 0644);
	run("./file/below", NULL);
	expect(ERR_NOT_FOUND, "command './file/below' not found");
	run("", NULL);
	expect(ERR_NOT_FOUND, "the command is empty");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(path_is_searched_in_order),
		CASE(empty_element_is_the_working_directory),
		CASE(without_path_a_sensible_one_is_used),
		CASE(a_directory_that_is_too_long_is_passed_over),
		CASE(blocked_candidate_is_passed_over),
		CASE(closed_directory_is_named),
		CASE(missing_is_not_found),
	};

	return cmocka_run_group_tests_name("proc/execute", tests, NULL, NULL);
}
