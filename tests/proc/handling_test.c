/* SPDX-License-Identifier: MIT */
/* Whether processes handle a signal. */
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit.h"
#include "proc/handling.h"

static void caught(int signal)
{
	(void)signal;
}

enum way { BY_DEFAULT, CAUGHT, IGNORED, BLOCKED, AWAITED, BUSY };

/* A child in a group of its own, once it has done that. */
static pid_t begin(enum way way)
{
	sigset_t set;
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)setpgid(0, 0);
		(void)signal(SIGHUP,
			way == CAUGHT            ? caught
				: way == IGNORED ? SIG_IGN
						 : SIG_DFL);
		(void)sigemptyset(&set);
		(void)sigaddset(&set, SIGHUP);
		(void)sigprocmask(way >= BLOCKED ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
		(void)!write(ready[1], "", 1);
		while (way == BUSY)
			continue;
		while (way == AWAITED)
			(void)sigwaitinfo(&set, NULL);
		for (;;)
			(void)pause();
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void end(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void each_way(void **state)
{
	static const enum handling handling[] = {
		[BY_DEFAULT] = HANDLES_NOT,
		[CAUGHT] = HANDLES,
		[IGNORED] = HANDLES,
		[BUSY] = HANDLES_PERHAPS,
	};
	pid_t pid;

	(void)state;
	for (enum way way = BY_DEFAULT; way <= BUSY; way++) {
		pid = begin(way);
		while ((way == BLOCKED || way == AWAITED) &&
			handling_of(pid, SIGHUP) != HANDLES)
			continue; /* until it waits */
		if (way != BLOCKED && way != AWAITED)
			assert_int_equal(handling_of(pid, SIGHUP), handling[way]);
		if (way != AWAITED)
			assert_int_equal(handling_of(pid, SIGUSR1), HANDLES_NOT);
		end(pid);
	}
}

static void what_has_ended_handles_all(void **state)
{
	siginfo_t info;
	pid_t pid = begin(BY_DEFAULT);

	(void)state;
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(handling_of(pid, SIGHUP), HANDLES);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(handling_of(pid, SIGHUP), HANDLES);
}

static void the_least_of_a_group(void **state)
{
	pid_t leader = begin(CAUGHT), member = begin(BY_DEFAULT);

	(void)state;
	assert_int_equal(handling_of_group(leader, SIGHUP), HANDLES);
	assert_int_equal(setpgid(member, leader), 0);
	assert_int_equal(handling_of_group(leader, SIGHUP), HANDLES_NOT);
	end(member);
	end(leader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_way),
		cmocka_unit_test(what_has_ended_handles_all),
		cmocka_unit_test(the_least_of_a_group),
	};

	return cmocka_run_group_tests_name("proc/handling", tests, NULL, NULL);
}
