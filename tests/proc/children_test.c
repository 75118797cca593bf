/* SPDX-License-Identifier: MIT */
/* Finding and signalling what is below us, in a child of ours that is a subreaper. */
#include "../child.h"
#include "../filter.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>

#include "base/clock.h"
#include "proc/children.h"
#include "proc/signals.h"

#define HANG_MS 20000

static int signal_fd;
static int heard[2]; /* a deaf child writes a byte for each TERM */

/* To be called first in each child: it gets the children of its children. */
static int become_subreaper(void)
{
	sigset_t before;

	(void)alarm(60);
	signals_block(&before);
	signal_fd = signals_open_all();
	REQUIRE(signal_fd >= 0 && pipe(heard) == 0);
	REQUIRE(prctl(PR_SET_CHILD_SUBREAPER, 1L) == 0);
	return 0;
}

static void hear(int signal)
{
	(void)signal;
	(void)!write(heard[1], "T", 1);
}

static _Noreturn void live(bool deaf)
{
	sigset_t none;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nothing */
	if (deaf)
		(void)signal(SIGTERM, hear);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	for (;;)
		(void)pause();
}

/* A signal that comes before it lives is blocked till then. */
static int start(bool deaf)
{
	pid_t pid = fork();

	if (pid == 0)
		live(deaf);
	REQUIRE(pid > 0);
	return 0;
}

static int end_all(int signal)
{
	struct children_spared none = {0};

	REQUIRE(children_end(signal, &none, signal_fd, clock_ms() + HANG_MS));
	REQUIRE(!children_any());
	return 0;
}

static int end_a_stopped_one(void)
{
	int status;
	pid_t pid;

	if (become_subreaper())
		return SKIPPED;
	pid = fork();
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* as live() */
		(void)raise(SIGSTOP);
		live(false);
	}
	REQUIRE(pid > 0 && waitpid(pid, &status, WUNTRACED) == pid);
	REQUIRE(WIFSTOPPED(status));
	return end_all(SIGTERM);
}

static void one_that_is_stopped_is_continued_to_be_ended(void **state)
{
	(void)state;
	CHILD_OR_SKIP(end_a_stopped_one, "no subreaper");
}

/* ---- where they are found ---- */

static int end_without_a_walk(void)
{
	if (become_subreaper() || access("/proc/thread-self/children", R_OK) < 0 ||
		filter_deny(SYS_getdents64, EPERM) < 0)
		return SKIPPED;
	for (int i = 0; i < 3; i++)
		REQUIRE(start(false) == 0);
	return end_all(SIGTERM);
}

/* In /proc may be many thousands, and in a storm each that ends makes a round. */
static void they_are_found_without_a_walk_through_proc(void **state)
{
	(void)state;
	CHILD_OR_SKIP(end_without_a_walk, "no list of children or no filter");
}

static int end_without_a_list(void)
{
	char path[64];

	if (become_subreaper())
		return SKIPPED;
	(void)snprintf(path, sizeof path, "/proc/%d/task", getpid());
	REQUIRE(mount("tmpfs", path, "tmpfs", 0, NULL) == 0);
	REQUIRE(access("/proc/thread-self/children", R_OK) < 0);
	for (int i = 0; i < 3; i++)
		REQUIRE(start(false) == 0);
	return end_all(SIGTERM);
}

/* As PID 1, beside one that is none of theirs and stays. */
static int end_beside_a_stranger(void)
{
	int status;
	pid_t pid;
	pid_t stranger = fork();

	if (stranger == 0)
		live(false);
	REQUIRE(stranger > 0);
	pid = fork();
	if (pid == 0)
		_exit(end_without_a_list());
	REQUIRE(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	REQUIRE(waitpid(stranger, NULL, WNOHANG) == 0);
	return WEXITSTATUS(status);
}

/* Where it would signal what is none of its own, that is nobody's but this test's. */
static int end_without_a_list_apart(void)
{
	int status;
	pid_t pid;

	if (unshare(CLONE_NEWNS | CLONE_NEWPID) < 0 ||
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return SKIPPED;
	pid = fork();
	if (pid == 0)
		_exit(mount("proc", "/proc", "proc", 0, NULL) < 0
				? SKIPPED
				: end_beside_a_stranger());
	REQUIRE(pid > 0 && waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static void a_kernel_without_the_list_will_do(void **state)
{
	NEEDS_ROOT();
	(void)state;
	CHILD_OR_SKIP(end_without_a_list_apart, "mounting is not permitted");
}

/* ---- reaping ---- */

static bool is_pending(int signal)
{
	sigset_t pending;

	return sigpending(&pending) == 0 && sigismember(&pending, signal) == 1;
}

static int reap_storm(void)
{
	struct children_spared none = {0};
	uint64_t child = signal_bit(SIGCHLD);
	siginfo_t info;
	int status;

	REQUIRE(become_subreaper() == 0);
	for (int i = 0; i < CHILDREN_REAPED_MAX + 1; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		REQUIRE(pid > 0);
		REQUIRE(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) == 0);
	}
	REQUIRE(signals_next(&child, &info) && !is_pending(SIGCHLD));
	for (int i = 0; i < CHILDREN_REAPED_MAX; i++)
		REQUIRE(children_reap(&none, 0, &status) > 0);
	REQUIRE(children_reap(&none, 0, &status) == 0 && is_pending(SIGCHLD));
	REQUIRE(children_reap(&none, 0, &status) > 0);
	REQUIRE(children_reap(&none, 0, &status) == -1);
	return 0;
}

/* Signals and deadlines are looked at in between. */
static void a_storm_of_orphans_is_reaped_in_parts(void **state)
{
	(void)state;
	assert_int_equal(in_child(reap_storm), 0);
}

/* ---- once to each ---- */

static int end_many(void)
{
	struct children_spared none = {0};
	struct children_ending ending = {.signal = SIGTERM, .spared = &none};
	char bytes[16];

	REQUIRE(become_subreaper() == 0);
	for (int i = 0; i < CHILDREN_SIGNALLED_MAX; i++)
		REQUIRE(start(false) == 0);
	while (!children_end_round(&ending))
		(void)poll(&(struct pollfd){.fd = signal_fd, .events = POLLIN}, 1, 10);
	REQUIRE(start(true) == 0);
	for (int i = 0; i < 5; i++)
		REQUIRE(!children_end_round(&ending));
	REQUIRE(poll(&(struct pollfd){.fd = heard[0], .events = POLLIN}, 1, HANG_MS) ==
		1);
	for (int i = 0; i < 5; i++)
		REQUIRE(!children_end_round(&ending));
	REQUIRE(end_all(SIGKILL) == 0);
	REQUIRE(read(heard[0], bytes, sizeof bytes) == 1);
	return 0;
}

/* One that has ended makes room for the next. */
static void a_deaf_one_gets_it_once_however_many_ended_before(void **state)
{
	(void)state;
	assert_int_equal(in_child(end_many), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_is_stopped_is_continued_to_be_ended),
		cmocka_unit_test(they_are_found_without_a_walk_through_proc),
		cmocka_unit_test(a_kernel_without_the_list_will_do),
		cmocka_unit_test(a_storm_of_orphans_is_reaped_in_parts),
		cmocka_unit_test(a_deaf_one_gets_it_once_however_many_ended_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
