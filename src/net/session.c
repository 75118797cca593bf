/* SPDX-License-Identifier: MIT */
/* Connections to servers, by a child. */
#include "net/session.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/stop.h"
#include "net/session_frame.h"
#include "net/task.h"

#define PATIENCE_MS 5000 /* for the end of what was cancelled */

static const char died[] = "the process that holds the connection has died";

/* ---- to the child ---- */

static void open_frame(struct buf *frame, char what)
{
	task_add_number(frame, 0); /* its size, when it is known */
	buf_putc(frame, what);
}

static void close_frame(struct buf *frame)
{
	int64_t size = (int64_t)(frame->len - sizeof size);

	memcpy(frame->data, &size, sizeof size);
}

static int send_frame(
	struct session *session, struct buf *frame, struct stop *stop, struct err *err)
{
	close_frame(frame);
	return net_child_send(session->fd, frame, -1, stop, err);
}

static void cancel(struct session *session)
{
	CLEANUP_BUF struct buf frame = BUF_INIT;
	struct stop none = STOP_INIT;
	DECLARE_ERR(ignored); /* then it ends with the child */

	open_frame(&frame, SESSION_CANCEL);
	(void)send_frame(session, &frame, &none, &ignored);
}

/* ---- from the child ---- */

struct reading {
	struct session *session;
	struct stop *stop;
	int64_t until_ms; /* 0: for as long as it takes */
	bool beside_lost;
};

/*
 * Waits until the child says something. Returns 1, 0 past the time, or -1 as stop_poll().
 * Of a session beside it is enough that it says anything: it is idle.
 */
static int await(struct reading *reading, struct err *err)
{
	struct session *beside = reading->session->use->beside;
	struct pollfd fds[] = {
		{.fd = reading->session->fd, .events = POLLIN},
		{.fd = beside ? beside->fd : -1, .events = POLLIN},
	};
	bool watch = beside && !reading->beside_lost;
	int64_t wait_ms = reading->until_ms ? clock_wait(reading->until_ms) : -1;
	/* One that speaks without end is always ready. */
	int ready = wait_ms == 0
		? 0
		: stop_poll(reading->stop, fds, watch ? 2 : 1, wait_ms, err);

	if (ready <= 0)
		return ready;
	if (watch && fds[1].revents && !fds[0].revents) {
		reading->beside_lost = true;
		reading->until_ms = clock_ms() + PATIENCE_MS;
		cancel(reading->session);
		return await(reading, err);
	}
	return 1;
}

/*
 * The same of the rest of a frame, which comes at once. No stop parts it: what is left
 * would be taken for the next one.
 */
static int await_rest(const struct reading *reading)
{
	struct pollfd fds = {.fd = reading->session->fd, .events = POLLIN};
	int64_t until_ms =
		reading->until_ms ? reading->until_ms : clock_ms() + PATIENCE_MS;

	for (;;) {
		int wait_ms = clock_wait(until_ms);
		int ready = wait_ms > 0 ? poll(&fds, 1, wait_ms) : 0;

		if (ready >= 0 || errno != EINTR)
			return ready > 0;
	}
}

/*
 * Reads it whole. Returns 1, 0 where the child has ended or takes too long, or -1, which
 * is only at the beginning of a frame.
 */
static int read_bytes(
	struct reading *reading, bool begun, void *to, size_t size, struct err *err)
{
	for (size_t done = 0; done < size;) {
		int rc = begun || done ? await_rest(reading) : await(reading, err);
		ssize_t got;

		if (rc <= 0)
			return rc;
		got = read(reading->session->fd, (char *)to + done, size - done);
		if (got <= 0)
			return 0;
		done += (size_t)got;
	}
	return 1;
}

/*
 * Reads the next frame: a notice into `notice`, of which there is no end, else into the
 * arena. Returns 1, 0 where there is none that is as it should be, or -1.
 */
static int read_frame(struct reading *reading, struct arena *arena, char *notice,
	char *ret_what, struct task *ret, struct err *err)
{
	int64_t size;
	char what, *data;
	int rc = read_bytes(reading, false, &size, sizeof size, err);

	if (rc == 1)
		rc = read_bytes(reading, true, &what, sizeof what, err);
	if (rc != 1)
		return rc;
	if (size < 1 ||
		(uint64_t)size >
			(what == SESSION_NOTICE ? SESSION_NOTICE_MAX : SESSION_FRAME_MAX))
		return 0;
	size--;
	data = what == SESSION_NOTICE ? notice : arena_alloc(arena, (size_t)size);
	rc = read_bytes(reading, true, data, (size_t)size, err);
	*ret_what = what;
	*ret = (struct task){.data = data, .size = (size_t)size};
	return rc;
}

static void set_lost(struct session_result *ret, const char *why)
{
	*ret = (struct session_result){
		.outcome = SESSION_LOST, .state = "", .message = why};
}

/*
 * Each column, and each cell, has eight bytes at least: no more is made of them than was
 * sent.
 */
static void take_cells(struct task *task, struct arena *arena, struct session_result *ret)
{
	size_t columns = task_count(task), cells = 0;
	uint64_t rows = (uint64_t)task_number(task);

	if (columns > task->size / sizeof(int64_t) ||
		(columns && rows > task->size / sizeof(int64_t) / columns - 1)) {
		task->is_cut = true;
		return;
	}
	ret->columns = columns;
	ret->rows = columns ? (size_t)rows : 0; /* "SELECT FROM t" has nothing to read */
	cells = ret->rows * ret->columns;
	ret->types = arena_alloc(arena, (ret->columns + 1) * sizeof *ret->types);
	for (size_t i = 0; i < ret->columns; i++)
		ret->types[i] = (uint32_t)task_number(task);
	ret->cells = arena_alloc(arena, (cells + 1) * sizeof *ret->cells);
	ret->sizes = arena_alloc(arena, (cells + 1) * sizeof *ret->sizes);
	for (size_t i = 0; i < cells; i++) {
		ret->cells[i] = task_text(task);
		ret->sizes[i] = ret->cells[i] ? strlen(ret->cells[i]) : 0;
	}
}

/*
 * The child may be a stranger's by now: what it says is what it says, in its bounds.
 * Returns 1, or 0 where it is no result.
 */
static int take_result(struct task *task, struct arena *arena, struct session_result *ret)
{
	int64_t outcome = task_number(task);

	*ret = (struct session_result){.outcome = SESSION_LOST};
	if (outcome == SESSION_DONE || outcome == SESSION_REFUSED)
		ret->outcome = (enum session_outcome)outcome;
	ret->state = task_text(task);
	ret->message = task_text(task);
	ret->detail = task_text(task);
	ret->hint = task_text(task);
	ret->context = task_text(task);
	ret->position = task_number(task);
	ret->completed = (size_t)task_number(task);
	ret->tag = task_text(task);
	if (ret->outcome == SESSION_DONE)
		take_cells(task, arena, ret);
	if (!ret->state)
		ret->state = "";
	if (ret->outcome != SESSION_DONE && !ret->message)
		ret->message = "it says nothing";
	return !task->is_cut && !task->size;
}

static void take_notice(const struct session *session, struct task *task)
{
	const char *severity = task_text(task), *text = task_text(task);

	if (severity && text && session->use->notice)
		session->use->notice(session->use->user, severity, text);
}

/* Reads until what it says is a result. Returns 1, 0 where there is none, or -1. */
static int read_result(struct reading *reading, struct arena *arena,
	struct session_result *ret, struct err *err)
{
	for (;;) {
		char notice[SESSION_NOTICE_MAX], what;
		struct task task;
		int rc = read_frame(reading, arena, notice, &what, &task, err);

		if (rc != 1)
			return rc;
		if (what == SESSION_RESULT)
			return take_result(&task, arena, ret);
		if (what != SESSION_NOTICE)
			return 0;
		take_notice(reading->session, &task);
	}
}

static void give_up(struct session *session)
{
	net_child_kill(&session->child);
	close_fd(&session->fd);
}

/* What was cancelled ends, or its connection does. */
static void wait_for_end(struct session *session, struct arena *arena)
{
	struct stop none = STOP_INIT;
	struct reading reading = {.session = session,
		.stop = &none,
		.until_ms = clock_ms() + PATIENCE_MS,
		.beside_lost = true};
	struct session_result ignored;
	DECLARE_ERR(unused);

	cancel(session);
	if (read_result(&reading, arena, &ignored, &unused) == 1)
		return;
	give_up(session);
}

/* `busy`: what was asked is to be cancelled where a stop ends the waiting. */
static int receive(struct session *session, bool busy, struct arena *arena,
	struct session_result *ret, struct err *err)
{
	struct reading reading = {.session = session, .stop = session->use->stop};
	int rc = read_result(&reading, arena, ret, err);

	if (rc < 0) {
		if (busy)
			wait_for_end(session, arena);
		else
			give_up(session);
		return -1;
	}
	if (rc == 0)
		set_lost(ret, died);
	if (reading.beside_lost)
		set_lost(ret, "the connection that has the lock was lost");
	if (ret->outcome == SESSION_LOST)
		session_close(session);
	return 0;
}

/* ---- what is asked ---- */

static void write_target(const struct session_target *target, struct buf *task)
{
	size_t count = 0;

	while (target->words[count])
		count++;
	task_open(task, TASK_SESSION);
	task_add_number(task, target->as_us);
	task_add_number(task, (int64_t)count);
	for (size_t i = 0; i < count; i++)
		task_add_text(task, target->words[i]);
}

int session_open(struct session *session, const struct session_target *target,
	const struct session_use *use, struct arena *arena, struct session_result *ret,
	struct err *err)
{
	CLEANUP_BUF struct buf task = BUF_INIT;
	CLEANUP_FD int theirs = -1;
	int pair[2];

	*session = (struct session)SESSION_INIT;
	session->use = use;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_sys(err, "make sockets to a process for the network");
	session->fd = pair[0];
	theirs = pair[1];
	write_target(target, &task);
	if (net_child_begin(&session->child, &task, theirs, use->stop, err) < 0)
		return -1;
	close_fd(&theirs);
	if (receive(session, false, arena, ret, err) < 0)
		return -1;
	if (ret->outcome != SESSION_DONE) {
		session_close(session);
		return 0;
	}
	/* What it says of the server is in its one row. */
	if (ret->rows == 1 && ret->columns == 3 && ret->cells[0] && ret->cells[1] &&
		ret->cells[2]) {
		session->server_version = (int)strtol(ret->cells[0], NULL, 10);
		/* Cut if it is too long: then it is none that we know. */
		(void)snprintf(session->server_encoding, sizeof session->server_encoding,
			"%s", ret->cells[1]);
		session->server_pid = strtol(ret->cells[2], NULL, 10);
	}
	return 0;
}

static void write_value(const struct query_value *value, struct buf *frame)
{
	if (value->text) {
		buf_putc(frame, SESSION_TEXT);
		task_add_text(frame, value->text);
	} else if (value->blob) {
		buf_putc(frame, SESSION_BLOB);
		task_add_number(frame, (int64_t)value->size);
		buf_add(frame, value->blob, value->size);
	} else {
		buf_putc(frame, SESSION_INTEGER);
		task_add_number(frame, value->integer);
	}
}

int session_run(struct session *session, const char *sql,
	const struct query_value *values, size_t count, struct arena *arena,
	struct session_result *ret, struct err *err)
{
	CLEANUP_BUF struct buf frame = BUF_INIT;

	if (session->fd < 0) {
		set_lost(ret, "the connection was lost before");
		return 0;
	}
	open_frame(&frame, session->use->rows_unread ? SESSION_RUN_UNREAD : SESSION_RUN);
	task_add_text(&frame, sql);
	task_add_number(&frame, (int64_t)count);
	for (size_t i = 0; i < count; i++)
		write_value(&values[i], &frame);
	if (send_frame(session, &frame, session->use->stop, err) < 0) {
		session_close(session);
		return -1;
	}
	return receive(session, true, arena, ret, err);
}

void session_close(struct session *session)
{
	close_fd(&session->fd); /* by which the child ends */
	if (session->child.pid)
		(void)net_child_reap(&session->child);
}
