/* SPDX-License-Identifier: MIT */
/* The stack of this process. */
#include "proc/stack.h"

#include <signal.h>
#include <sys/resource.h>

#include "base/err.h"

#define WANTED ((rlim_t)8 * 1024 * 1024) /* what Linux gives by default */
#define NEEDED ((rlim_t)256 * 1024)

int stack_raise(uint64_t *ret_found, struct err *err)
{
	struct rlimit limit;
	uint64_t found;

	if (getrlimit(RLIMIT_STACK, &limit) < 0)
		return err_sys(err, "read the limit of the stack");
	if (limit.rlim_max < NEEDED)
		return err_fail(err,
			"the stack may have %llu KiB at most, and %llu are needed: raise "
			"the hard limit (ulimit -Hs, or the container's limit 'stack')",
			(unsigned long long)limit.rlim_max / 1024,
			(unsigned long long)NEEDED / 1024);
	found = limit.rlim_cur;
	if (limit.rlim_cur < WANTED) {
		limit.rlim_cur = limit.rlim_max < WANTED ? limit.rlim_max : WANTED;
		/* A filter of system calls may refuse it. */
		if (setrlimit(RLIMIT_STACK, &limit) < 0 && found < NEEDED)
			return err_sys(err, "raise the limit of the stack");
	}
	*ret_found = found;
	return 0;
}

const char *stack_hint(int signal)
{
	struct rlimit limit;

	if (signal != SIGSEGV || getrlimit(RLIMIT_STACK, &limit) < 0 ||
		limit.rlim_max >= WANTED)
		return "";
	return "; the stack is limited, and may have been too small: raise the hard "
	       "limit (ulimit -Hs, or the container's limit 'stack')";
}

void stack_restore(uint64_t found)
{
	struct rlimit limit;

	/* Lowering a soft limit cannot fail. */
	if (!found || getrlimit(RLIMIT_STACK, &limit) < 0 || limit.rlim_cur == found)
		return;
	limit.rlim_cur = (rlim_t)found;
	(void)setrlimit(RLIMIT_STACK, &limit);
}
