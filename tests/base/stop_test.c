/* SPDX-License-Identifier: MIT */
/* Waiting that heeds a request to stop and a deadline. */
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "../stop_request.h"
#include "../unit.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/stop.h"

static struct stop_request request;

static int open_stop(void **state)
{
	static struct stop stop;

	*state = &stop;
	return stop_request_open(&request, &stop);
}

static int close_stop(void **state)
{
	(void)state;
	stop_request_close(&request);
	return 0;
}

static void hears_a_signal_once_and_for_all(void **state)
{
	struct stop *stop = *state;
	struct pollfd none = {.fd = -1};
	DECLARE_ERR(err);

	assert_int_equal(stop_check(stop, &err), 0);
	assert_int_equal(err.kind, ERR_NONE);
	stop_request_ask(&request, SIGTERM);
	assert_int_equal(stop_sleep(stop, 3600000, &err), -1);
	assert_int_equal(err.kind, ERR_INTERRUPTED);
	assert_int_equal(err.code, SIGTERM);
	assert_string_equal(err.text, "interrupted by SIGTERM");
	stop_request_ask(&request, SIGHUP);
	err_init(&err);
	assert_int_equal(stop_check(stop, &err), -1);
	assert_int_equal(err.code, SIGTERM);
	assert_int_equal(stop_poll(stop, &none, 1, -1, &err), -1);
	stop->signal = 0;
	assert_int_equal(stop_check(stop, &err), -1); /* the first one counts */
	assert_int_equal(err.code, SIGTERM);
}

static void waits_for_descriptors(void **state)
{
	struct stop *stop = *state;
	struct pollfd fds[65];
	DECLARE_ERR(err);
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	for (size_t i = 0; i < 65; i++)
		fds[i] = (struct pollfd){.fd = -1, .events = POLLIN};
	fds[7].fd = ends[0];
	assert_int_equal(stop_poll(stop, fds, 8, 0, &err), 0);
	assert_int_equal(stop_poll(stop, fds, 65, 0, &err), -1);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_int_equal(stop_poll(stop, fds, 8, -1, &err), 1);
	assert_int_equal(fds[7].revents, POLLIN);
	assert_int_equal(fds[0].revents, 0);
	/* A request that is there already comes first. */
	stop_request_ask(&request, SIGTERM);
	assert_int_equal(stop_poll(stop, fds, 8, -1, &err), -1);
	assert_int_equal(err.kind, ERR_INTERRUPTED);
	close_fd(&ends[0]);
	close_fd(&ends[1]);
}

static void ends_at_the_deadline(void **state)
{
	struct stop stop = STOP_INIT; /* where nobody asks, too */
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(stop_sleep(&stop, 0, &err), 0);
	assert_int_equal(stop_sleep(&stop, 1, &err), 0);
	stop.deadline_ms = clock_ms() + 3600000;
	assert_int_equal(stop_sleep(&stop, 1, &err), 0);
	stop.deadline_ms = clock_ms() + 5;
	assert_int_equal(stop_sleep(&stop, 3600000, &err), -1);
	assert_int_equal(err.kind, ERR_FAILED);
	err_init(&err);
	assert_int_equal(stop_check(&stop, &err), -1);
	assert_string_equal(err.text, "the deadline has passed");
	stop.timeout_ms = 20;
	assert_int_equal(stop_check(&stop, &err), -1);
	assert_string_equal(err.text, "it took longer than its timeout of 20ms");
	stop.deadline_ms = clock_ms() + 5;
	assert_int_equal(stop_poll(&stop, NULL, 0, -1, &err), -1);
}

static void the_nearer_end_counts(void **state)
{
	struct stop stop = STOP_INIT;
	struct stop whole, step;
	DECLARE_ERR(err);

	(void)state;
	whole = stop_narrow(&stop, -1);
	assert_int_equal(stop.deadline_ms, 0);
	whole = stop_narrow(&stop, 3600000);
	assert_true(stop.deadline_ms > clock_ms());
	step = stop_narrow(&stop, 7200000);
	assert_int_equal(stop.timeout_ms, 3600000);
	stop_widen(&stop, &step);
	step = stop_narrow(&stop, 0);
	assert_int_equal(stop_check(&stop, &err), -1);
	stop.signal = SIGTERM; /* what arrived meanwhile stays */
	stop_widen(&stop, &step);
	assert_int_equal(stop.timeout_ms, 3600000);
	assert_int_equal(stop.signal, SIGTERM);
	stop_widen(&stop, &whole);
	assert_int_equal(stop.deadline_ms, 0);
	assert_int_equal(stop.timeout_ms, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			hears_a_signal_once_and_for_all, open_stop, close_stop),
		cmocka_unit_test_setup_teardown(
			waits_for_descriptors, open_stop, close_stop),
		cmocka_unit_test(ends_at_the_deadline),
		cmocka_unit_test(the_nearer_end_counts),
	};

	return cmocka_run_group_tests_name("base/stop", tests, NULL, NULL);
}
