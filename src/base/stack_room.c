/* SPDX-License-Identifier: MIT */
/* How far the stack may grow. */
#include "base/stack_room.h"

#include <string.h>
#include <sys/auxv.h>
#include <sys/resource.h>

uintptr_t stack_room_end(size_t reserve)
{
	/*
	 * Arguments and environment count, too: they are above the first frame, and the
	 * name of the program is above them.
	 */
	const char *name = (const char *)getauxval(AT_EXECFN);
	struct rlimit limit;
	uintptr_t top;

	if (!name || getrlimit(RLIMIT_STACK, &limit) < 0)
		return 0;
	top = (uintptr_t)name + strlen(name);
	if (limit.rlim_cur > top) /* RLIM_INFINITY is the largest number */
		return 0;
	return top - (uintptr_t)limit.rlim_cur + reserve;
}
