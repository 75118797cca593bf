/* SPDX-License-Identifier: MIT */
/* Taking signals: each once a turn, however many wait. Masks and dispositions of all. */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../child.h"
#include "../filter.h"
#include "../unit.h"
#include "proc/signals.h"

#define QUEUED 100

static int take_each_once(void)
{
	uint64_t left = SIGNALS_ALL, taken = 0;
	siginfo_t info;
	sigset_t before;

	signals_block(&before);
	for (int i = 0; i < QUEUED; i++)
		REQUIRE(sigqueue(getpid(), SIGRTMIN, (union sigval){i}) == 0);
	REQUIRE(kill(getpid(), SIGHUP) == 0 && kill(getpid(), SIGTERM) == 0);
	while (signals_next(&left, &info)) {
		REQUIRE(!(taken & signal_bit(info.si_signo)));
		taken |= signal_bit(info.si_signo);
		/* Whoever sends it goes on. */
		REQUIRE(kill(getpid(), SIGHUP) == 0);
	}
	REQUIRE(taken ==
		(signal_bit(SIGHUP) | signal_bit(SIGTERM) | signal_bit(SIGRTMIN)));
	REQUIRE(left == ~taken);
	return 0;
}

static void each_signal_comes_once_a_turn(void **state)
{
	(void)state;
	assert_int_equal(in_child(take_each_once), 0);
}

static int take_in_order(void)
{
	siginfo_t info;
	sigset_t before;

	signals_block(&before);
	for (int i = 0; i < QUEUED; i++)
		REQUIRE(sigqueue(getpid(), 32, (union sigval){i}) == 0);
	for (int i = 0; i < QUEUED; i++) {
		uint64_t left = SIGNALS_ALL;

		REQUIRE(signals_next(&left, &info) == 1);
		REQUIRE(info.si_signo == 32 && info.si_value.sival_int == i);
		REQUIRE(signals_next(&left, &info) == 0);
	}
	return 0;
}

/* By a seccomp filter. */
static int without(int (*test)(void))
{
	if (filter_deny(SYS_rt_sigtimedwait, ENOSYS) < 0)
		return 0;
	return test();
}

static int take_each_once_otherwise(void)
{
	return without(take_each_once);
}

static int take_in_order_otherwise(void)
{
	return without(take_in_order);
}

static void where_sigtimedwait_is_refused_nothing_is_lost(void **state)
{
	(void)state;
	assert_int_equal(in_child(take_each_once_otherwise), 0);
	assert_int_equal(in_child(take_in_order_otherwise), 0);
}

static void what_is_queued_comes_in_order_with_its_values(void **state)
{
	(void)state;
	assert_int_equal(in_child(take_in_order), 0);
}

/* Signals of the library that it lets nobody see or set: glibc's 32 and 33, musl's 34. */
static int change_those_of_the_library(void)
{
	/* As rt_sigaction(2) has it: the handler is the first member. */
	uintptr_t ignore[8] = {(uintptr_t)SIG_IGN};
	uint64_t mask = 0;
	sigset_t before;

	signals_block(&before);
	signals_unblock(SIGTERM, &before);
	signals_set_mask(&before);
	for (int i = 32; i <= 34; i++)
		REQUIRE(syscall(SYS_rt_sigaction, i, ignore, NULL, sizeof mask) == 0 &&
			signal_ignored(i));
	signals_default();
	for (int i = 32; i <= 34; i++)
		REQUIRE(!signal_ignored(i));
	REQUIRE(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, sizeof mask) == 0);
	REQUIRE(mask == ~(signal_bit(SIGKILL) | signal_bit(SIGSTOP)));
	signals_unblock(34, &before);
	REQUIRE(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, sizeof mask) == 0);
	REQUIRE(mask == ~(signal_bit(SIGKILL) | signal_bit(SIGSTOP) | signal_bit(34)));
	return 0;
}

static void those_of_the_library_are_like_the_others(void **state)
{
	(void)state;
	assert_int_equal(in_child(change_those_of_the_library), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_signal_comes_once_a_turn),
		cmocka_unit_test(where_sigtimedwait_is_refused_nothing_is_lost),
		cmocka_unit_test(what_is_queued_comes_in_order_with_its_values),
		cmocka_unit_test(those_of_the_library_are_like_the_others),
	};

	return cmocka_run_group_tests_name("proc/signals", tests, NULL, NULL);
}
