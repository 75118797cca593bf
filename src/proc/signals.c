/* SPDX-License-Identifier: MIT */
/* Signals: masks, dispositions and descriptors of all 64. */
#include "proc/signals.h"

#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "proc/descriptors.h"

/* The kernel's signal sets are shorter than the library's. */
#define KERNEL_SET_SIZE (_NSIG / 8)

static const int stops[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP};

void signals_block(sigset_t *ret_before)
{
	sigset_t all;

	memset(&all, 0xff, sizeof all);
	memset(ret_before, 0, sizeof *ret_before);
	/* Fails for a bad size or address only. */
	(void)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, ret_before, KERNEL_SET_SIZE);
}

void signals_set_mask(const sigset_t *mask)
{
	/* As above. */
	(void)syscall(SYS_rt_sigprocmask, SIG_SETMASK, mask, NULL, KERNEL_SET_SIZE);
}

void signals_default(void)
{
	struct sigaction action = {.sa_handler = SIG_DFL};

	/* KILL, STOP and the library's own two cannot be set, and need not be. */
	for (int i = 1; i <= SIGNALS_MAX; i++)
		(void)sigaction(i, &action, NULL);
}

bool signal_ignored(int signal)
{
	struct sigaction action;

	return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

bool signal_is_stop(int signal)
{
	for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
		if (stops[i] == signal)
			return true;
	return false;
}

int signals_open(const sigset_t *set)
{
	return fd_above_stderr(signalfd(-1, set, SFD_CLOEXEC | SFD_NONBLOCK));
}

int signals_open_all(void)
{
	sigset_t all;

	memset(&all, 0xff, sizeof all);
	return signals_open(&all);
}

int signals_next(int fd, struct signalfd_siginfo *ret)
{
	/* It gives whole records or nothing; EAGAIN is the usual end. */
	return read(fd, ret, sizeof *ret) == (ssize_t)sizeof *ret;
}

bool signal_queue_as(pid_t pid, int signal, const struct signalfd_siginfo *received)
{
	siginfo_t info = {.si_code = SI_QUEUE};

	if (received->ssi_code != SI_QUEUE)
		return false;
	info.si_pid = (pid_t)received->ssi_pid;
	info.si_uid = received->ssi_uid;
	info.si_value.sival_ptr = (void *)(uintptr_t)received->ssi_ptr;
	return syscall(SYS_rt_sigqueueinfo, pid, signal, &info) == 0;
}

bool signals_are_ours(const struct signalfd_siginfo *info)
{
	return info->ssi_signo == SIGCHLD ||
		(info->ssi_code == SI_USER && info->ssi_pid == (uint32_t)getpid());
}
