/* SPDX-License-Identifier: MIT */
/* What a connection to a PostgreSQL server does for its parent, by libpq. */
#include "net/session_child.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/str.h"
#include "net/network.h"
#include "net/session.h"
#include "net/session_connect.h"
#include "net/session_frame.h"
#include "net/task.h"

#define ROWS_MAX   1000000
#define VALUES_MAX 64
#define OID_BYTEA  17
#define OID_INT8   20

/* ---- what comes out ---- */

struct answer {
	enum session_outcome outcome;
	const char *state; /* of an error without a result; or NULL */
	const char *lost;  /* the same: why there is no connection */
	PGresult *error;
	PGresult *rows; /* of the last statement that has any */
	size_t completed;
};

static const char *field(const PGresult *result, int code)
{
	return result ? PQresultErrorField(result, code) : NULL;
}

static void add_error(const struct answer *answer, struct buf *frame)
{
	const char *state = field(answer->error, PG_DIAG_SQLSTATE);
	const char *position = field(answer->error, PG_DIAG_STATEMENT_POSITION);
	const char *message = field(answer->error, PG_DIAG_MESSAGE_PRIMARY);

	task_add_number(frame, answer->outcome);
	task_add_text(frame, state ? state : answer->state);
	session_add_line(frame, message ? message : answer->lost);
	session_add_line(frame, field(answer->error, PG_DIAG_MESSAGE_DETAIL));
	session_add_line(frame, field(answer->error, PG_DIAG_MESSAGE_HINT));
	session_add_line(frame, field(answer->error, PG_DIAG_CONTEXT));
	task_add_number(frame, position ? strtoll(position, NULL, 10) : 0);
	task_add_number(frame, (int64_t)answer->completed);
}

static void add_rows(const PGresult *rows, struct buf *frame)
{
	int columns = rows ? PQnfields(rows) : 0, count = rows ? PQntuples(rows) : 0;

	task_add_number(frame, columns);
	task_add_number(frame, count);
	for (int i = 0; i < columns; i++)
		task_add_number(frame, PQftype(rows, i));
	for (int row = 0; row < count; row++)
		for (int i = 0; i < columns; i++)
			task_add_text(frame,
				PQgetisnull(rows, row, i) ? NULL
							  : PQgetvalue(rows, row, i));
}

static void say(struct answer *answer)
{
	CLEANUP_BUF struct buf frame = BUF_INIT;

	buf_putc(&frame, SESSION_RESULT);
	add_error(answer, &frame);
	add_rows(answer->outcome == SESSION_DONE ? answer->rows : NULL, &frame);
	session_write_frame(&frame);
	PQclear(answer->error);
	PQclear(answer->rows);
}

static void on_notice(void *user, const PGresult *result)
{
	CLEANUP_BUF struct buf frame = BUF_INIT;
	const char *severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);

	(void)user;
	buf_putc(&frame, SESSION_NOTICE);
	task_add_text(&frame, severity ? severity : "NOTICE");
	session_add_line(&frame, field(result, PG_DIAG_MESSAGE_PRIMARY));
	session_write_frame(&frame);
}

/* ---- running ---- */

struct values {
	Oid types[VALUES_MAX];
	const char *list[VALUES_MAX];
	int sizes[VALUES_MAX];
	int forms[VALUES_MAX];
	char numbers[VALUES_MAX][24];
	size_t count;
};

static void take_value(struct task *task, struct values *values, size_t i)
{
	int64_t number;

	switch (session_take_letter(task)) {
	case SESSION_TEXT:
		values->list[i] = task_text(task);
		return;
	case SESSION_BLOB:
		number = task_number(task);
		values->types[i] = OID_BYTEA;
		values->list[i] = task->data;
		values->sizes[i] = (int)number;
		values->forms[i] = 1;
		task->data += number;
		task->size -= (size_t)number;
		return;
	default:
		(void)snprintf(values->numbers[i], sizeof values->numbers[i], "%lld",
			(long long)task_number(task)); /* fits */
		values->types[i] = OID_INT8;
		values->list[i] = values->numbers[i];
	}
}

static int send_query(PGconn *connection, struct task *task)
{
	const char *sql = task_text(task);
	struct values values = {.count = task_count(task)};

	if (!sql || values.count > VALUES_MAX)
		return 0;
	if (!values.count)
		return PQsendQuery(connection, sql);
	for (size_t i = 0; i < values.count; i++)
		take_value(task, &values, i);
	return PQsendQueryParams(connection, sql, (int)values.count, values.types,
		values.list, values.sizes, values.forms, 0);
}

static void cancel(PGconn *connection)
{
	char why[256]; /* as its manual page has it */
	PGcancel *cancel = PQgetCancel(connection);

	/* Whether it is, the end of what runs shows. */
	if (cancel)
		(void)PQcancel(cancel, why, sizeof why);
	PQfreeCancel(cancel);
}

/*
 * Waits until the server has said something, and listens to the parent meanwhile. Returns
 * 0, or -1 where the connection is lost.
 */
static int listen_to_both(PGconn *connection)
{
	struct pollfd fds[] = {
		{.fd = PQsocket(connection), .events = POLLIN},
		{.fd = NETWORK_SOCKET, .events = POLLIN},
	};
	CLEANUP_BUF struct buf frame = BUF_INIT;
	int unsent = PQflush(connection);

	if (unsent < 0)
		return -1;
	if (unsent)
		fds[0].events |= POLLOUT;
	if (poll(fds, 2, -1) < 0)
		return errno == EINTR ? 0 : -1;
	if (fds[1].revents) {
		if (session_read_frame(&frame) < 0) {
			cancel(connection);
			_exit(0); /* nobody waits for it any more */
		}
		if (*frame.data == SESSION_CANCEL)
			cancel(connection);
	}
	return !fds[0].revents || PQconsumeInput(connection) ? 0 : -1;
}

/* There is nothing to copy from, and nowhere to copy to. */
static void end_copy(PGconn *connection, ExecStatusType status)
{
	char *data = NULL;

	if (status == PGRES_COPY_IN || status == PGRES_COPY_BOTH)
		(void)PQputCopyEnd(
			connection, "COPY … FROM STDIN has nothing to read here");
	else
		while (PQgetCopyData(connection, &data, 0) > 0)
			PQfreemem(data);
}

static void take_result(struct answer *answer, PGconn *connection, PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	switch (status) {
	case PGRES_TUPLES_OK:
		answer->completed++;
		PQclear(answer->rows);
		answer->rows = result;
		return;
	case PGRES_COPY_IN:
	case PGRES_COPY_OUT:
	case PGRES_COPY_BOTH:
		end_copy(connection, status);
		break;
	case PGRES_COMMAND_OK:
		answer->completed++;
		break;
	case PGRES_EMPTY_QUERY:
		break;
	default:
		PQclear(answer->error);
		answer->error = result;
		answer->outcome = SESSION_REFUSED;
		return;
	}
	PQclear(result);
}

static void run(PGconn *connection, struct task *task)
{
	struct answer answer = {.outcome = SESSION_DONE};
	PGresult *result = NULL;
	bool alive = send_query(connection, task);

	do {
		while (alive && PQisBusy(connection))
			alive = listen_to_both(connection) == 0;
		result = alive ? PQgetResult(connection) : NULL;
		if (result)
			take_result(&answer, connection, result);
	} while (result);
	if (answer.rows && PQntuples(answer.rows) > ROWS_MAX) {
		answer.outcome = SESSION_REFUSED;
		answer.lost = "the server sends too many rows";
	}
	/* An error that ends the connection is one of losing it. */
	if (!alive || PQstatus(connection) != CONNECTION_OK) {
		answer.outcome = SESSION_LOST;
		answer.lost = PQerrorMessage(connection);
	}
	say(&answer);
	if (answer.outcome == SESSION_LOST)
		_exit(0);
}

/* Between two statements a server may end the connection, too. */
static int wait_for_parent(PGconn *connection)
{
	struct pollfd fds[] = {
		{.fd = NETWORK_SOCKET, .events = POLLIN},
		{.fd = PQsocket(connection), .events = POLLIN},
	};

	for (;;) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return -1;
		if (fds[0].revents)
			return 0;
		if (!fds[1].revents)
			continue;
		if (!PQconsumeInput(connection) || PQstatus(connection) != CONNECTION_OK)
			return -1;
		/* Notices are taken where libpq looks for a result. */
		(void)PQisBusy(connection);
	}
}

static void say_connected(PGconn *connection)
{
	CLEANUP_BUF struct buf frame = BUF_INIT;
	struct answer answer = {.outcome = SESSION_DONE};
	const char *encoding = PQparameterStatus(connection, "server_encoding");
	char version[16];

	(void)snprintf(
		version, sizeof version, "%d", PQserverVersion(connection)); /* fits */
	buf_putc(&frame, SESSION_RESULT);
	add_error(&answer, &frame);
	task_add_number(&frame, 2);
	task_add_number(&frame, 1);
	task_add_number(&frame, 0);
	task_add_number(&frame, 0);
	task_add_text(&frame, version);
	task_add_text(&frame, encoding ? encoding : "");
	session_write_frame(&frame);
}

static void say_refused(const struct session_refusal *refusal)
{
	struct answer answer = {
		.outcome = SESSION_LOST, .state = refusal->state, .lost = refusal->text};

	if (*refusal->state)
		answer.outcome = SESSION_REFUSED;
	say(&answer);
}

int session_child(struct task *task)
{
	struct session_refusal refusal;
	PGconn *connection = session_connect(task, &refusal);
	CLEANUP_BUF struct buf frame = BUF_INIT;

	if (!connection) {
		say_refused(&refusal);
		return 0;
	}
	(void)PQsetNoticeReceiver(connection, on_notice, NULL); /* the old one */
	say_connected(connection);
	while (wait_for_parent(connection) == 0 && session_read_frame(&frame) == 0) {
		struct task asked = {.data = frame.data, .size = frame.len};

		if (session_take_letter(&asked) == SESSION_RUN)
			run(connection, &asked);
	}
	PQfinish(connection);
	return 0;
}
