/* SPDX-License-Identifier: MIT */
/* What comes from the process that holds a connection, also where a stranger has it. */
#include <poll.h>
#include <sys/resource.h>

#include "../unit.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/stop.h"
#include "net/child.h"
#include "net/network.h"
#include "net/session.h"
#include "net/session_frame.h"
#include "net/task.h"

#define NOTICES 20000

/* ---- the process, which sends what the first word of its task says ---- */

static void add_outcome(struct buf *frame, int64_t outcome)
{
	buf_putc(frame, SESSION_RESULT);
	task_add_number(frame, outcome);
	for (int i = 0; i < 5; i++)
		task_add_text(frame, NULL);
	task_add_number(frame, -1);
	task_add_number(frame, 0);
	task_add_text(frame, NULL);
}

/* An error has no rows. */
static void send_result(int64_t outcome, int64_t columns, int64_t rows, const char *cells)
{
	CLEANUP_BUF struct buf frame = BUF_INIT;

	add_outcome(&frame, outcome);
	if (outcome == SESSION_DONE) {
		task_add_number(&frame, columns);
		task_add_number(&frame, rows);
	}
	buf_puts(&frame, cells);
	session_write_frame(&frame);
}

/* One cell, of three bytes, and what is behind them. */
static void send_cell(const char *cell)
{
	CLEANUP_BUF struct buf frame = BUF_INIT;

	add_outcome(&frame, SESSION_DONE);
	task_add_number(&frame, 1);
	task_add_number(&frame, 1);
	task_add_number(&frame, 25);
	task_add_number(&frame, 3);
	buf_add(&frame, cell, 4);
	session_write_frame(&frame);
}

static void send_notices(int count, size_t size)
{
	CLEANUP_BUF struct buf frame = BUF_INIT, text = BUF_INIT;

	while (text.len < size)
		buf_putc(&text, 'x');
	buf_putc(&frame, SESSION_NOTICE);
	task_add_text(&frame, "NOTICE");
	task_add_text(&frame, text.data);
	for (int i = 0; i < count; i++)
		session_write_frame(&frame);
}

static void send_size(int64_t size)
{
	(void)fd_write_all(NETWORK_SOCKET, &size, sizeof size); /* its parent shows it */
}

/* It is connected; of its next answer the rest comes after a while. */
static void send_parted(void)
{
	CLEANUP_BUF struct buf asked = BUF_INIT, frame = BUF_INIT;
	struct pollfd more = {.fd = NETWORK_SOCKET, .events = POLLIN};
	int64_t size;

	send_result(SESSION_DONE, 0, 0, "");
	(void)session_read_frame(&asked);
	add_outcome(&frame, SESSION_DONE);
	task_add_number(&frame, 0);
	task_add_number(&frame, 0);
	size = (int64_t)frame.len;
	(void)fd_write_all(NETWORK_SOCKET, &size, sizeof size);
	(void)fd_write_all(NETWORK_SOCKET, frame.data, 3);
	(void)poll(&more, 1, 2500); /* or until it is cancelled */
	(void)fd_write_all(NETWORK_SOCKET, frame.data + 3, frame.len - 3);
	(void)session_read_frame(&asked);
	_exit(0); /* a sanitizer has no room for its own end here */
}

static int child(void)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	char cells[12001]; /* of NULL */
	struct task task;
	const char *what;

	memset(cells, 0xff, sizeof cells);
	cells[sizeof cells - 1] = '\0';
	if (fd_read_all(STDIN_FILENO, TASK_MAX, &text) < 0 || !task_begin(&task, &text))
		return 1;
	(void)task_number(&task); /* as_us, and how many words */
	(void)task_number(&task);
	what = task_text(&task);
	if (strcmp(what, "outcome") == 0)
		send_result(77, 0, 0, "");
	else if (strcmp(what, "refused") == 0)
		send_result(SESSION_REFUSED, 0, 0, "");
	else if (strcmp(what, "cells") == 0)
		send_result(SESSION_DONE, 11000, 11000, cells);
	else if (strcmp(what, "negative") == 0)
		send_result(SESSION_DONE, -1, -1, cells);
	else if (strcmp(what, "rows") == 0)
		send_result(SESSION_DONE, 0, INT64_MAX, "");
	else if (strcmp(what, "cut") == 0)
		send_result(SESSION_DONE, 2, 3, "12345678abc");
	else if (strcmp(what, "without a NUL") == 0)
		send_cell("abcX");
	else if (strcmp(what, "whole") == 0)
		send_cell("abc");
	else if (strcmp(what, "and more") == 0)
		send_result(SESSION_DONE, 0, 0, "more");
	else if (strcmp(what, "notices") == 0)
		send_notices(NOTICES, SESSION_LINE_MAX);
	else if (strcmp(what, "a long notice") == 0)
		send_notices(1, SESSION_NOTICE_MAX);
	else if (strcmp(what, "no size") == 0)
		send_size(0);
	else if (strcmp(what, "large") == 0)
		send_size((int64_t)SESSION_FRAME_MAX + 1);
	else if (strcmp(what, "less than nothing") == 0)
		send_size(INT64_MIN);
	else if (strcmp(what, "short") == 0)
		send_size(100);
	else if (strcmp(what, "parted") == 0)
		send_parted();
	else if (strcmp(what, "silent") == 0)
		(void)pause();
	return 0;
}

/* ---- its parent ---- */

/* What comes out is in the arena; the stop's deadline is 20 s. */
static struct session_result open_session(const char *what, struct arena *arena)
{
	const char *const words[] = {what, "", NULL};
	const struct session_target target = {.words = words};
	struct stop stop = STOP_INIT;
	const struct session_use use = {.stop = &stop};
	struct session session;
	struct session_result result;
	DECLARE_ERR(err);

	(void)stop_narrow(&stop, 20000);
	if (session_open(&session, &target, &use, arena, &result, &err) < 0)
		fail_msg("%s: %s", what, err.text);
	session_close(&session);
	return result;
}

static void what_is_no_result_is_a_connection_lost(void **state)
{
	static const char *const whats[] = {"nothing", "outcome", "no size", "large",
		"less than nothing", "short", "without a NUL", "and more",
		"a long notice", "cut", "cells", "negative"};

	(void)state;
	for (size_t i = 0; i < sizeof whats / sizeof *whats; i++) {
		struct arena arena = {0};
		const struct session_result result = open_session(whats[i], &arena);

		assert_int_equal(result.outcome, SESSION_LOST);
		assert_non_null(result.message);
		assert_string_equal(result.state, "");
		assert_int_equal(result.rows, 0);
		arena_release(&arena);
	}
}

static void an_error_without_a_word_has_one(void **state)
{
	struct arena arena = {0};
	const struct session_result result = open_session("refused", &arena);

	(void)state;
	assert_int_equal(result.outcome, SESSION_REFUSED);
	assert_non_null(result.message);
	assert_string_equal(result.state, "");
	assert_null(result.hint);
	arena_release(&arena);
}

/* All of them were kept, as long as the statement ran. */
static void notices_without_end_take_no_memory(void **state)
{
	struct arena arena = {0};
	struct rusage before, after;
	struct session_result result;

	(void)state;
	assert_int_equal(getrusage(RUSAGE_SELF, &before), 0);
	result = open_session("notices", &arena);
	assert_int_equal(result.outcome, SESSION_LOST);
	assert_int_equal(getrusage(RUSAGE_SELF, &after), 0);
	assert_true(after.ru_maxrss - before.ru_maxrss < 8L * 1024);
	arena_release(&arena);
}

/* Some thousand bytes said that there were cells for which memory did not suffice. */
static void there_are_no_more_cells_than_were_sent(void **state)
{
	static const char *const whats[] = {"cells", "negative", "rows", "cut", "whole"};
	struct rlimit before, little = {512L << 20, RLIM_INFINITY};

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
#ifdef __SANITIZE_ADDRESS__
	little = before; /* its own memory counts, too */
#endif
	assert_int_equal(setrlimit(RLIMIT_AS, &little), 0);
	for (size_t i = 0; i < sizeof whats / sizeof *whats; i++) {
		struct arena arena = {0};
		const struct session_result result = open_session(whats[i], &arena);

		assert_true(result.rows * result.columns <= 12000 / sizeof(int64_t));
		for (size_t cell = 0; cell < result.rows * result.columns; cell++)
			if (result.cells[cell])
				assert_int_equal(
					strlen(result.cells[cell]), result.sizes[cell]);
		arena_release(&arena);
	}
	assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
}

/* It ended after the five seconds that a statement has to end in. */
static void a_stop_ends_connecting_at_once(void **state)
{
	const char *const words[] = {"silent", "", NULL};
	const struct session_target target = {.words = words};
	struct stop stop = STOP_INIT;
	const struct session_use use = {.stop = &stop};
	struct arena arena = {0};
	struct session session;
	struct session_result result;
	int64_t from_ms = clock_ms();
	DECLARE_ERR(err);

	(void)state;
	(void)stop_narrow(&stop, 300);
	assert_int_equal(
		session_open(&session, &target, &use, &arena, &result, &err), -1);
	session_close(&session);
	assert_true(clock_ms() - from_ms < 3000);
	arena_release(&arena);
}

/* The rest was read as an answer of its own, whose end was waited for in vain. */
static void a_stop_does_not_part_an_answer(void **state)
{
	const char *const words[] = {"parted", "", NULL};
	const struct session_target target = {.words = words};
	struct stop stop = STOP_INIT;
	const struct session_use use = {.stop = &stop};
	struct arena arena = {0};
	struct session session;
	struct session_result result;
	DECLARE_ERR(err);

	(void)state;
	if (session_open(&session, &target, &use, &arena, &result, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(result.outcome, SESSION_DONE);
	(void)stop_narrow(&stop, 1000);
	if (session_run(&session, "SELECT", NULL, 0, &arena, &result, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(result.outcome, SESSION_DONE);
	assert_int_equal(stop_check(&stop, &err), -1);
	assert_true(session.fd >= 0);
	session_close(&session);
	arena_release(&arena);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_result_is_a_connection_lost),
		cmocka_unit_test(an_error_without_a_word_has_one),
		cmocka_unit_test(notices_without_end_take_no_memory),
		cmocka_unit_test(there_are_no_more_cells_than_were_sent),
		cmocka_unit_test(a_stop_ends_connecting_at_once),
		cmocka_unit_test(a_stop_does_not_part_an_answer),
	};

	(void)argc;
	/* It executes itself as the network's process. */
	if (net_child_is_asked(argv))
		return child();
	return cmocka_run_group_tests_name("net/session", tests, NULL, NULL);
}
