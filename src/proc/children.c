/* SPDX-License-Identifier: MIT */
/* The processes below us: finding, signalling and reaping them. */
#include "proc/children.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/str.h"
#include "proc/signals.h"

/* How long the killed may take to go; a process in the kernel's hands may never. */
#define KILLED_MS 5000

#define AGAIN_MS 100 /* from one KILL to all of PID 1 to the next */

/*
 * Is it a living child of ours? /proc may be that of another pid namespace, and its
 * numbers other processes; the kernel knows for certain which ones we may wait for.
 */
static bool is_child(pid_t pid)
{
	siginfo_t info = {0};

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
		info.si_pid == 0;
}

typedef void found_fn(void *user, pid_t pid);

/*
 * proc(5): the children of this thread, which is the only one, a number and a space each.
 * One may be left out where another ends meanwhile. Returns -1 where the kernel was built
 * without it, or there is no /proc.
 */
static int each_listed(found_fn *found, void *user)
{
	CLEANUP_FD int list = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
	char text[2048];
	int64_t pid = 0; /* that is being read; it may go on in the next piece */
	ssize_t size;

	if (list < 0)
		return -1;
	while ((size = read(list, text, sizeof text)) > 0)
		for (ssize_t at = 0; at < size; at++) {
			if (text[at] >= '0' && text[at] <= '9' && pid < INT32_MAX / 10) {
				pid = pid * 10 + (text[at] - '0');
				continue;
			}
			if (pid && is_child((pid_t)pid))
				found(user, (pid_t)pid);
			pid = 0;
		}
	return 0;
}

/* What getdents64(2) gives; readdir(3) would allocate. */
struct entry {
	uint64_t inode;
	int64_t offset;
	uint16_t size;
	uint8_t type;
	char name[];
};

/* All that run, of which the children are to be found. */
static int each_running(found_fn *found, void *user)
{
	_Alignas(struct entry) char block[2048];
	CLEANUP_FD int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long size;

	if (proc < 0)
		return -1;
	while ((size = syscall(SYS_getdents64, proc, block, sizeof block)) > 0)
		for (long at = 0; at < size;) {
			const struct entry *entry = (const void *)(block + at);
			uint64_t pid;

			if (str_to_u64(entry->name, INT32_MAX, &pid) && pid > 0 &&
				is_child((pid_t)pid))
				found(user, (pid_t)pid);
			at += entry->size;
		}
	return 0;
}

/* Calls `found` for each living child; -1 where there is no /proc. */
static int each_child(found_fn *found, void *user)
{
	return each_listed(found, user) == 0 ? 0 : each_running(found, user);
}

/* Where it is among them, or NULL. */
static pid_t *find(pid_t *pids, size_t count, pid_t pid)
{
	for (size_t i = 0; i < count; i++)
		if (pids[i] == pid)
			return &pids[i];
	return NULL;
}

static void forget(pid_t *pids, size_t *count, pid_t pid)
{
	pid_t *found = find(pids, *count, pid);

	if (found)
		*found = pids[--*count];
}

static void spare(void *user, pid_t pid)
{
	struct children_spared *spared = user;

	if (spared->count < CHILDREN_SPARED_MAX)
		spared->pids[spared->count++] = pid;
}

bool children_any(void)
{
	siginfo_t info;

	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

void children_spare(struct children_spared *ret)
{
	ret->count = 0;
	/* Nearly always there is none, and no reason to walk through /proc. */
	if (!children_any())
		return;
	/* Without /proc none is spared, and none is signalled either. */
	if (getpid() != 1)
		(void)each_child(spare, ret);
}

pid_t children_reap(struct children_spared *spared, int flags, int *ret_status)
{
	int status;
	pid_t pid;

	do
		pid = waitpid(-1, &status, WNOHANG | flags);
	while (pid < 0 && errno == EINTR);
	if (pid <= 0)
		return pid;
	if (WIFEXITED(status) || WIFSIGNALED(status))
		forget(spared->pids, &spared->count, pid);
	*ret_status = status;
	return pid;
}

struct round {
	struct children_ending *ending;
	int count;
};

static void signal_one(void *user, pid_t pid)
{
	struct round *round = user;
	struct children_ending *ending = round->ending;

	if (find(ending->spared->pids, ending->spared->count, pid))
		return;
	round->count++;
	if (find(ending->signalled, ending->signalled_count, pid) ||
		(ending->signal != SIGKILL && ending->group &&
			getpgid(pid) == ending->group))
		return;
	/* It may be another user's, which we may not signal; then it stays. */
	(void)kill(pid, ending->signal);
	(void)kill(pid, SIGCONT);
	if (ending->signalled_count < CHILDREN_SIGNALLED_MAX)
		ending->signalled[ending->signalled_count++] = pid;
}

/*
 * As PID 1 one call reaches all that there are, and a fork(2) does not get past it. Those
 * that come later, from outside, end with KILL; the call walks through all processes, and
 * each that ends brings us here, so it has its time.
 */
static int signal_all(struct children_ending *ending)
{
	if (clock_wait(ending->again_ms) != 0)
		return 1;
	if (kill(-1, ending->signal) < 0)
		return 0;
	(void)kill(-1, SIGCONT); /* they may be gone by now */
	ending->again_ms = ending->signal == SIGKILL ? clock_ms() + AGAIN_MS : INT64_MAX;
	return 1;
}

/* Returns how many there are, those that have it included; 0 where none can be found. */
static int signal_round(struct children_ending *ending)
{
	struct round round = {.ending = ending};

	if (getpid() == 1)
		return signal_all(ending);
	return each_child(signal_one, &round) < 0 ? 0 : round.count;
}

/* Reaps all that have ended. Returns 1 if any had, 0 if none, -1 if no child is left. */
static int reap_all(struct children_ending *ending)
{
	int some = 0;
	int status;
	pid_t pid;

	while ((pid = children_reap(ending->spared, 0, &status)) > 0) {
		forget(ending->signalled, &ending->signalled_count, pid);
		some = 1;
	}
	return pid < 0 ? -1 : some;
}

/* Waits for a signal. Returns whether it was a stop. */
static bool wait_hurried(int signal_fd, int64_t until_ms)
{
	struct pollfd ready = {.fd = signal_fd, .events = POLLIN};
	struct signalfd_siginfo info;
	bool hurried = false;

	/* A failure (EINTR after a stop) only brings us round again. */
	(void)poll(&ready, 1, clock_wait(until_ms));
	while (signals_next(signal_fd, &info))
		hurried = hurried || signal_is_stop((int)info.ssi_signo);
	return hurried;
}

/*
 * A process that ends leaves its children to us, and a pass through /proc can miss those
 * that arrive behind it. So it is over only when two passes in a row found none and none
 * ended in between.
 */
bool children_end_round(struct children_ending *ending)
{
	int empty_passes = 0;
	int reaped;

	while ((reaped = reap_all(ending)) >= 0) {
		if (reaped)
			empty_passes = 0;
		if (signal_round(ending) > 0)
			return false;
		if (++empty_passes == 2)
			return true;
	}
	return true;
}

bool children_end(
	int signal, struct children_spared *spared, int signal_fd, int64_t until_ms)
{
	struct children_ending ending = {.signal = signal, .spared = spared};

	while (!children_end_round(&ending)) {
		bool again = ending.again_ms && ending.again_ms < until_ms;

		if (clock_wait(until_ms) == 0 ||
			(wait_hurried(signal_fd, again ? ending.again_ms : until_ms) &&
				signal != SIGKILL))
			return false;
	}
	return true;
}

void children_end_all(struct children_spared *spared, int signal_fd, int64_t timeout_ms)
{
	if (!children_end(SIGTERM, spared, signal_fd,
		    timeout_ms < 0 ? INT64_MAX : clock_ms() + timeout_ms))
		(void)children_end(SIGKILL, spared, signal_fd, clock_ms() + KILLED_MS);
}
