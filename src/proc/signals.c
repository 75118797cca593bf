/* SPDX-License-Identifier: MIT */
/* Signals: masks, dispositions and descriptors of all 64. */
#include "proc/signals.h"

#include <errno.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "proc/descriptors.h"

/* The kernel's signal sets are shorter than the library's. */
#define KERNEL_SET_SIZE (_NSIG / 8)

/*
 * What rt_sigaction(2) of x86, Arm and RISC-V takes: the handler is its first member. The
 * rest, of which its size depends on the machine, is zero for SIG_DFL.
 */
struct kernel_action {
	void (*handler)(int);
	unsigned long rest[7];
};

static const int stops[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP};

static void change_mask(int how, const sigset_t *set, sigset_t *ret_before)
{
	memset(ret_before, 0, sizeof *ret_before);
	/* Fails for a bad size or address only. */
	(void)syscall(SYS_rt_sigprocmask, how, set, ret_before, KERNEL_SET_SIZE);
}

void signals_block(sigset_t *ret_before)
{
	sigset_t all;

	memset(&all, 0xff, sizeof all);
	change_mask(SIG_SETMASK, &all, ret_before);
}

void signals_unblock(int signal, sigset_t *ret_before)
{
	uint64_t bit = signal_bit(signal);
	sigset_t set;

	memset(&set, 0, sizeof set);
	memcpy(&set, &bit, sizeof bit);
	change_mask(SIG_UNBLOCK, &set, ret_before);
}

void signals_set_mask(const sigset_t *mask)
{
	/* As above. */
	(void)syscall(SYS_rt_sigprocmask, SIG_SETMASK, mask, NULL, KERNEL_SET_SIZE);
}

/* The library's sigaction(3) refuses signals of its own, 32 to 34. */
static long kernel_sigaction(
	int signal, const struct kernel_action *action, struct kernel_action *ret_before)
{
	return syscall(SYS_rt_sigaction, signal, action, ret_before, KERNEL_SET_SIZE);
}

void signals_default(void)
{
	struct kernel_action action = {.handler = SIG_DFL};

	/* KILL and STOP cannot be set, and need not be. */
	for (int i = 1; i <= SIGNALS_MAX; i++)
		(void)kernel_sigaction(i, &action, NULL);
}

bool signal_ignored(int signal)
{
	struct kernel_action action;

	return kernel_sigaction(signal, NULL, &action) == 0 && action.handler == SIG_IGN;
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

/* As sigtimedwait(2) at once, where a seccomp filter refuses that. */
static int take_by_descriptor(const sigset_t *set, siginfo_t *ret)
{
	CLEANUP_FD int fd = signalfd(-1, set, SFD_CLOEXEC | SFD_NONBLOCK);
	struct signalfd_siginfo info;

	if (fd < 0 || read(fd, &info, sizeof info) != sizeof info)
		return 0;
	memset(ret, 0, sizeof *ret);
	ret->si_signo = (int)info.ssi_signo;
	ret->si_code = info.ssi_code;
	ret->si_pid = (pid_t)info.ssi_pid;
	ret->si_uid = info.ssi_uid;
	memcpy(&ret->si_value, &info.ssi_ptr, sizeof ret->si_value);
	return ret->si_signo;
}

int signals_next(uint64_t *left, siginfo_t *ret)
{
	static const struct timespec at_once;
	sigset_t set;
	int signal;

	memset(&set, 0, sizeof set);
	memcpy(&set, left, sizeof *left);
	signal = sigtimedwait(&set, ret, &at_once); /* EAGAIN is the usual end */
	if (signal < 0 && (errno == ENOSYS || errno == EPERM))
		signal = take_by_descriptor(&set, ret);
	if (signal <= 0)
		return 0;
	*left &= ~signal_bit(signal);
	return 1;
}

bool signal_queue_as(pid_t pid, int signal, const siginfo_t *received)
{
	siginfo_t info = *received;

	return info.si_code == SI_QUEUE &&
		syscall(SYS_rt_sigqueueinfo, pid, signal, &info) == 0;
}

void signals_log(const struct log *log, int received, int becomes)
{
	char name[SIGNAL_NAME_SIZE], as[SIGNAL_NAME_SIZE];

	if (log->level < LOG_DEBUG)
		return;
	(void)signal_name(received, name);
	if (!becomes)
		log_debug(log, "%s was received, and dropped", name);
	else if (becomes == received)
		log_debug(log, "%s was received, and sent on", name);
	else
		log_debug(log, "%s was received, and sent on as %s", name,
			signal_name(becomes, as));
}

bool signals_are_ours(const siginfo_t *info)
{
	return info->si_signo == SIGCHLD ||
		(info->si_code == SI_USER && info->si_pid == getpid());
}
