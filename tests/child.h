/* SPDX-License-Identifier: MIT */
/*
 * Tests in a process of their own, because they change it. In a child nothing may assert:
 * what runs there returns 0, another exit code as REQUIRE does, or SKIPPED.
 */
#ifndef TESTS_CHILD_H
#define TESTS_CHILD_H

#include <grp.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "unit.h"

#define SKIPPED 77 /* this cannot be done here */

/* Runs it in a child: its return value, or 128+n where signal n ended it. */
static inline int in_child(int (*run)(void))
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(run());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* In a child: returns 1 where it does not hold, and prints the line. */
#define REQUIRE(condition) \
	do { \
		if (!(condition)) { \
			(void)fprintf(stderr, "line %d: %s\n", __LINE__, #condition); \
			return 1; \
		} \
	} while (0)

/* In a child of root's: becomes that user, with no group but its own. */
static inline int become(uid_t uid)
{
	REQUIRE(setgroups(0, NULL) == 0);
	REQUIRE(setresgid(uid, uid, uid) == 0);
	REQUIRE(setresuid(uid, uid, uid) == 0);
	return 0;
}

/* Runs it in a child, which must end with 0; SKIPPED skips the test for that reason. */
#define CHILD_OR_SKIP(run, reason) \
	do { \
		int child_code = in_child(run); \
\
		if (child_code == SKIPPED) \
			SKIP("%s", reason); \
		assert_int_equal(child_code, 0); \
	} while (0)

#endif
