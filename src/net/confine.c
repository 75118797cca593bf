/* SPDX-License-Identifier: MIT */
/* Giving up rights. */
#include "net/confine.h"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/privilege.h"

static void drop_rights(bool as_us)
{
	const struct privileges none = {0};

	/* Best effort, all of it. */
	if (geteuid() == 0 && !as_us) {
		(void)setgroups(0, NULL);
		(void)setresgid(CONFINE_USER, CONFINE_USER, CONFINE_USER);
		(void)setresuid(CONFINE_USER, CONFINE_USER, CONFINE_USER);
	}
	(void)privileges_set(&none);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* nor may that user look into it */
}

void confine_descriptors(int keep)
{
	fds_close_others((const int[]){STDIN_FILENO, STDOUT_FILENO, keep}, 3);
}

/* Where one is set, a build with sanitizers reports to standard error. */
static const char *const sanitizers[] = {"ASAN_OPTIONS", "UBSAN_OPTIONS"};

/* Lines there would be taken for ours, and those of a stranger reach a terminal. */
static void drop_messages(void)
{
	CLEANUP_FD int null = -1;

	for (size_t i = 0; i < sizeof sanitizers / sizeof *sanitizers; i++)
		if (getenv(sanitizers[i]))
			return;
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null >= 0)
		(void)dup2(null, STDERR_FILENO); /* as it is without /dev */
}

void confine(bool as_us)
{
	pid_t parent = getppid();

	/* On our terminal it could type into the shell that has started us (TIOCSTI). */
	(void)setsid(); /* fails for a group leader, which no fresh child is */
	drop_messages();
	drop_rights(as_us);
	/* Another user would have lost it; cannot fail with a valid signal. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
}

/* The memory that can be written, the sixth number there (proc(5)); 0: unknown. */
static rlim_t used_memory(void)
{
	CLEANUP_FD int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	char text[128] = "", *at = text;
	unsigned long pages = 0;

	if (fd < 0 || read(fd, text, sizeof text - 1) <= 0)
		return 0;
	for (int i = 0; i < 6; i++)
		pages = strtoul(at, &at, 10);
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

void confine_memory(size_t more)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_DATA, &limit) < 0)
		return;
	if (limit.rlim_cur == RLIM_INFINITY)
		limit.rlim_cur = used_memory();
	if (limit.rlim_cur == 0)
		return;
	limit.rlim_cur += more;
	if (limit.rlim_cur > limit.rlim_max)
		limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_DATA, &limit); /* no more than the hard one: it succeeds */
}
