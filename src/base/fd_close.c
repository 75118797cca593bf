/* SPDX-License-Identifier: MIT */
/* Closing descriptors in bulk. */
#include <limits.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"

/* Where close_range(2) is missing, what lies above this stays open. */
#define CLOSE_MAX 65536

/* The lowest kept descriptor from `from` on, or UINT_MAX. */
static unsigned next_kept(unsigned from, const int *keep, size_t count)
{
	unsigned next = from <= STDERR_FILENO ? STDERR_FILENO : UINT_MAX;

	for (size_t i = 0; i < count; i++)
		if (keep[i] >= 0 && (unsigned)keep[i] >= from && (unsigned)keep[i] < next)
			next = (unsigned)keep[i];
	return next;
}

/* An old kernel, or a seccomp filter that is older than close_range(2). */
static void close_one_by_one(unsigned from, const int *keep, size_t count)
{
	struct rlimit limit = {.rlim_cur = CLOSE_MAX};

	(void)getrlimit(RLIMIT_NOFILE, &limit); /* else the default above */
	if (limit.rlim_cur > CLOSE_MAX)
		limit.rlim_cur = CLOSE_MAX;
	for (unsigned fd = from; fd < limit.rlim_cur; fd++)
		if (next_kept(fd, keep, count) != fd)
			(void)close((int)fd); /* most are not open */
}

void fds_close_others(const int *keep, size_t count)
{
	unsigned from = 0;

	for (;;) {
		unsigned next = next_kept(from, keep, count);

		if (next > from &&
			syscall(SYS_close_range, from, next == UINT_MAX ? next : next - 1,
				0) < 0) {
			close_one_by_one(from, keep, count);
			return;
		}
		if (next == UINT_MAX)
			return;
		from = next + 1;
	}
}
