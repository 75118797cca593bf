/* SPDX-License-Identifier: MIT */
/* How the process was started: kept, and given back. */
#include "proc/startup.h"

#include <sys/prctl.h>
#include <unistd.h>

#include "proc/signals.h"

void startup_begin(struct startup *ret)
{
	struct sigaction found;
	struct sigaction fresh = {.sa_handler = SIG_DFL};

	signals_block(&ret->mask);
	ret->dumpable = prctl(PR_GET_DUMPABLE) == 1;
	(void)prctl(PR_SET_DUMPABLE, 0); /* fails for another number only */
	/*
	 * Neither can fail for SIGCHLD. Ignored, children would vanish without a status.
	 */
	(void)sigaction(SIGCHLD, &fresh, &found);
	ret->chld_ignored = found.sa_handler == SIG_IGN;
	ret->starter = getppid();
}

void startup_restore_dumpable(const struct startup *startup)
{
	if (startup->dumpable)
		(void)prctl(PR_SET_DUMPABLE, 1); /* as above */
}

void startup_restore_signals(const struct startup *startup)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	if (startup->chld_ignored)
		(void)sigaction(SIGCHLD, &ignore, NULL); /* cannot fail */
	signals_set_mask(&startup->mask);
}

void startup_death_signal(int signal, pid_t expected)
{
	if (signal == 0)
		return;
	/* Neither can fail with a valid signal. */
	(void)prctl(PR_SET_PDEATHSIG, signal);
	if (getppid() != expected)
		(void)sigqueue(getpid(), signal, (union sigval){0}); /* signals.h */
}
