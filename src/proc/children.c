/* SPDX-License-Identifier: MIT */
/* The processes below us: finding, signalling and reaping them. */
#include "proc/children.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/privilege.h"
#include "proc/procfs.h"
#include "proc/rewriting.h"
#include "proc/signals.h"
#include "proc/tally.h"

#define AGAIN_MS  100 /* from one KILL to all of PID 1 to the next */
#define NAMED_MAX 20  /* of a storm that ends, so many are asked for their names */

/*
 * Is it a living child of ours? The kernel knows for certain which ones we may wait for,
 * whatever a /proc says, which may be that of another pid namespace.
 */
static bool is_child(pid_t pid)
{
	siginfo_t info = {0};

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
		info.si_pid == 0;
}

typedef void found_fn(void *user, pid_t pid);

struct found {
	int level; /* procfs_level() */
	found_fn *found;
	void *user;
};

static void find_child(void *user, pid_t listed)
{
	const struct found *found = user;
	pid_t pid = procfs_number(listed, found->level);

	if (pid && is_child(pid))
		found->found(found->user, pid);
}

/*
 * proc(5): the children of this thread, which is the only one, a number and a space each.
 * One may be left out where another ends meanwhile. Returns -1 where the kernel was built
 * without it, or there is no /proc.
 */
static int each_listed(int level, found_fn *found, void *user)
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
			if (pid)
				find_child(
					&(struct found){level, found, user}, (pid_t)pid);
			pid = 0;
		}
	return 0;
}

/* All that run, of which the children are to be found; we ourselves are among them. */
static int each_running(int level, found_fn *found, void *user)
{
	return procfs_each(find_child, &(struct found){level, found, user});
}

/* Calls `found` for each living child; -1 where no /proc has their numbers. */
static int each_child(found_fn *found, void *user)
{
	int level = procfs_level();

	if (level < 0)
		return -1;
	return each_listed(level, found, user) == 0 ? 0
						    : each_running(level, found, user);
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

	spared->pids = mem_grow(spared->pids, spared->count, sizeof *spared->pids);
	spared->pids[spared->count++] = pid;
}

bool children_any(void)
{
	siginfo_t info;

	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

void children_spare(struct children_spared *ret)
{
	*ret = (struct children_spared){0};
	/* Nearly always there is none, and no reason to walk through /proc. */
	if (!children_any())
		return;
	/* Without /proc none is spared, and none is signalled either. */
	if (getpid() != 1)
		(void)each_child(spare, ret);
}

void children_spared_release(struct children_spared *spared)
{
	free(spared->pids);
	*spared = (struct children_spared){0};
}

pid_t children_reap(struct children_spared *spared, int flags, int *ret_status)
{
	int status;
	pid_t pid;

	if (spared->reaped == CHILDREN_REAPED_MAX) {
		spared->reaped = 0;
		(void)kill(getpid(), SIGCHLD); /* to ourselves */
		return 0;
	}
	do
		pid = waitpid(-1, &status, WNOHANG | flags);
	while (pid < 0 && errno == EINTR);
	spared->reaped = pid > 0 ? spared->reaped + 1 : 0;
	if (pid <= 0)
		return pid;
	if (WIFEXITED(status) || WIFSIGNALED(status))
		forget(spared->pids, &spared->count, pid);
	*ret_status = status;
	return pid;
}

/* ---- counting ---- */

struct count {
	const struct children_spared *spared;
	struct tally *tally;
};

static void count_one(void *user, pid_t pid)
{
	struct count *count = user;
	char name[TALLY_NAME_SIZE];

	if (find(count->spared->pids, count->spared->count, pid))
		return;
	tally_name(pid, name);
	tally_add(count->tally, name);
}

bool children_count(const struct children_spared *spared, struct tally *ret)
{
	struct count count = {spared, ret};

	*ret = (struct tally){0};
	return each_child(count_one, &count) == 0;
}

/* ---- ending ---- */

struct round {
	struct children_ending *ending;
	int count;  /* of those that live, */
	int denied; /* and that we have no right to signal */
};

static void signal_one(void *user, pid_t pid)
{
	struct round *round = user;
	struct children_ending *ending = round->ending;

	if (find(ending->spared->pids, ending->spared->count, pid))
		return;
	round->count++;
	if (getpid() == 1) {
		round->denied += privilege_kill(ending->user, pid, 0) < 0;
		return;
	}
	if (find(ending->signalled, ending->signalled_count, pid) ||
		(ending->signal != SIGKILL && ending->group &&
			getpgid(pid) == ending->group))
		return;
	if (privilege_kill(ending->user, pid, ending->signal) < 0) {
		round->denied++; /* another user's */
		return;
	}
	(void)privilege_kill(ending->user, pid, SIGCONT);
	if (ending->signalled_count < CHILDREN_SIGNALLED_MAX)
		ending->signalled[ending->signalled_count++] = pid;
}

/*
 * As PID 1 one call reaches all that there are, and a fork(2) does not get past it. Those
 * that come later, from outside, end with KILL; the call walks through all processes, and
 * each that ends brings us here, so it has its time.
 */
static bool signal_all(struct children_ending *ending)
{
	if (clock_wait(ending->again_ms) != 0)
		return true;
	if (privilege_kill(ending->user, -1, ending->signal) < 0)
		return false;
	/* They may be gone by now. */
	(void)privilege_kill(ending->user, -1, SIGCONT);
	ending->again_ms = ending->signal == SIGKILL ? clock_ms() + AGAIN_MS : INT64_MAX;
	ending->not_all = ending->signal == SIGKILL && !privileged_to_kill();
	return true;
}

/* Returns whether there is any to wait for; false where none can be found. */
static bool signal_round(struct children_ending *ending)
{
	struct round round = {.ending = ending};

	if (getpid() == 1 && !signal_all(ending))
		return false;
	if (getpid() == 1 && !ending->not_all)
		return true;
	if (each_child(signal_one, &round) < 0)
		return getpid() == 1;
	/* It may still end by itself, but not by KILL. */
	return round.count > (ending->signal == SIGKILL ? round.denied : 0);
}

/* One that has ended, and is not reaped, or 0. */
static pid_t find_ended(void)
{
	siginfo_t info = {0};

	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 ? info.si_pid
									 : 0;
}

/* As children_reap(), and counts it, with its name where that was found. */
static pid_t reap_one(struct children_ending *ending)
{
	char name[TALLY_NAME_SIZE] = "";
	bool named = ending->ended && ending->ended->count < NAMED_MAX;
	pid_t next = named ? find_ended() : 0;
	size_t spared = ending->spared->count;
	int status;
	pid_t pid;

	if (next)
		tally_name(next, name);
	pid = children_reap(ending->spared, 0, &status);
	if (pid > 0 && ending->ended && ending->spared->count == spared)
		tally_add(ending->ended, pid == next ? name : "");
	return pid;
}

/* Reaps all that have ended. Returns 1 if any had, 0 if none, -1 if no child is left. */
static int reap_all(struct children_ending *ending)
{
	int some = 0;
	pid_t pid;

	while ((pid = reap_one(ending)) > 0) {
		forget(ending->signalled, &ending->signalled_count, pid);
		some = 1;
	}
	return pid < 0 ? -1 : some;
}

/* Waits for a signal. Returns the stop that it was, or 0; `rules` NULL: none is. */
static int wait_for_stop(
	int signal_fd, const struct signal_rules *rules, int64_t until_ms)
{
	struct pollfd ready = {.fd = signal_fd, .events = POLLIN};
	uint64_t left = SIGNALS_ALL;
	siginfo_t info;
	int stop = 0;

	/* A failure (EINTR after a stop) only brings us round again. */
	(void)poll(&ready, 1, clock_wait(until_ms));
	while (signals_next(&left, &info))
		if (rules && !stop && signal_rules_stop(rules, info.si_signo))
			stop = info.si_signo;
	return stop;
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
		if (signal_round(ending))
			return false;
		if (++empty_passes == 2)
			return true;
	}
	return true;
}

bool children_end_rounds(struct children_ending *ending, const struct signal_rules *rules,
	int signal_fd, int64_t until_ms, int *ret_stop)
{
	while (!children_end_round(ending)) {
		bool again = ending->again_ms && ending->again_ms < until_ms;
		int stop;

		if (clock_wait(until_ms) == 0)
			return false;
		stop = wait_for_stop(
			signal_fd, rules, again ? ending->again_ms : until_ms);
		if (stop) {
			*ret_stop = stop;
			return false;
		}
	}
	return true;
}

bool children_end(
	int signal, struct children_spared *spared, int signal_fd, int64_t until_ms)
{
	struct children_ending ending = {.signal = signal, .spared = spared};
	int stop; /* there is none */

	return children_end_rounds(&ending, NULL, signal_fd, until_ms, &stop);
}
