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

/* What getdents64(2) gives; readdir(3) would allocate. */
struct entry {
	uint64_t inode;
	int64_t offset;
	uint16_t size;
	uint8_t type;
	char name[];
};

/* Calls `found` for each living child; -1 where there is no /proc. */
static int each_child(void (*found)(void *user, pid_t pid), void *user)
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

/* Where it is among them, or NULL. */
static pid_t *find(pid_t *pids, size_t count, pid_t pid)
{
	for (size_t i = 0; i < count; i++)
		if (pids[i] == pid)
			return &pids[i];
	return NULL;
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
	pid_t pid, *forgotten;

	do
		pid = waitpid(-1, &status, WNOHANG | flags);
	while (pid < 0 && errno == EINTR);
	if (pid <= 0)
		return pid;
	forgotten = find(spared->pids, spared->count, pid);
	if (forgotten && (WIFEXITED(status) || WIFSIGNALED(status)))
		*forgotten = spared->pids[--spared->count];
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
	bool again = ending->signal == SIGKILL;

	if (find(ending->spared->pids, ending->spared->count, pid))
		return;
	round->count++;
	if (!again &&
		(find(ending->signalled, ending->signalled_count, pid) ||
			(ending->group && getpgid(pid) == ending->group)))
		return;
	/* It may be another user's, which we may not signal; then it stays. */
	(void)kill(pid, ending->signal);
	(void)kill(pid, SIGCONT);
	if (!again && ending->signalled_count < CHILDREN_SIGNALLED_MAX)
		ending->signalled[ending->signalled_count++] = pid;
}

/* As PID 1 one call reaches all, and those that come later end with KILL. */
static int signal_all(struct children_ending *ending)
{
	if (ending->signalled_count)
		return 1;
	if (kill(-1, ending->signal) < 0)
		return 0;
	(void)kill(-1, SIGCONT); /* they may be gone by now */
	if (ending->signal != SIGKILL)
		ending->signalled[ending->signalled_count++] = -1;
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
static int reap_all(struct children_spared *spared)
{
	int some = 0;
	int status;
	pid_t pid;

	while ((pid = children_reap(spared, 0, &status)) > 0)
		some = 1;
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

	while ((reaped = reap_all(ending->spared)) >= 0) {
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

	while (!children_end_round(&ending))
		if (clock_wait(until_ms) == 0 ||
			(wait_hurried(signal_fd, until_ms) && signal != SIGKILL))
			return false;
	return true;
}

void children_end_all(struct children_spared *spared, int signal_fd, int64_t timeout_ms)
{
	if (!children_end(SIGTERM, spared, signal_fd,
		    timeout_ms < 0 ? INT64_MAX : clock_ms() + timeout_ms))
		(void)children_end(SIGKILL, spared, signal_fd, clock_ms() + KILLED_MS);
}
