/* SPDX-License-Identifier: MIT */
/* Giving up rights. */
#include "net/confine.h"

#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/privilege.h"

#define NOBODY 65534 /* of every distribution, and the kernel's overflow id */

int confine_user(void)
{
	(void)setgroups(0, NULL); /* best effort */
	(void)setresgid(NOBODY, NOBODY, NOBODY);
	return setresuid(NOBODY, NOBODY, NOBODY);
}

static void drop_rights(bool as_us)
{
	const struct privileges none = {0};

	if (geteuid() == 0 && !as_us)
		(void)confine_user(); /* as below: best effort */
	(void)privileges_set(&none);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* nor may that user look into it */
}

void confine_descriptors(int keep)
{
	fds_close_others((const int[]){STDIN_FILENO, STDOUT_FILENO, keep}, 3);
}

void confine(bool as_us)
{
	pid_t parent = getppid();

	drop_rights(as_us);
	/* Another user would have lost it; cannot fail with a valid signal. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
}
