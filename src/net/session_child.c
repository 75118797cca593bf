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
#include "base/mem.h"
#include "base/str.h"
#include "net/confine.h"
#include "net/network.h"
#include "net/session.h"
#include "net/session_answer.h"
#include "net/session_connect.h"
#include "net/session_frame.h"
#include "net/task.h"

/* For what a server sends: a result of the size that is taken is copied a few times. */
#define MEMORY_MAX ((size_t)512 * 1024 * 1024)

#define VALUES_MAX 64
#define OID_BYTEA  17
#define OID_INT8   20

/* ---- a connection ---- */

struct holder {
	PGconn *connection;
	bool idle;
	struct session_refusal ended; /* what has ended it while it was idle */
};

/*
 * While nothing runs nothing is handed on, since that says that the connection is lost
 * (net/session.c); but it is kept why it ends.
 */
static void on_notice(void *user, const PGresult *result)
{
	struct holder *holder = user;
	CLEANUP_BUF struct buf frame = BUF_INIT;
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	if (!holder->idle) {
		buf_putc(&frame, SESSION_NOTICE);
		session_add_line(&frame, severity ? severity : "NOTICE");
		session_add_line(&frame, text);
		session_write_frame(&frame);
	} else if (severity && state && text &&
		(str_equal(severity, "FATAL") || str_equal(severity, "PANIC"))) {
		/* Cut if they are too long: they are for a message. */
		(void)snprintf(
			holder->ended.state, sizeof holder->ended.state, "%s", state);
		(void)snprintf(holder->ended.text, sizeof holder->ended.text, "%s", text);
	}
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
	int size;

	if (status != PGRES_COPY_OUT)
		(void)PQputCopyEnd(
			connection, "COPY … FROM STDIN has nothing to read here");
	while (status != PGRES_COPY_IN &&
		(size = PQgetCopyData(connection, &data, 1)) >= 0)
		if (size > 0)
			PQfreemem(data);
		else if (listen_to_both(connection) < 0)
			return;
}

static void take_result(
	struct session_answer *answer, PGconn *connection, PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	switch (status) {
	case PGRES_SINGLE_TUPLE:
	case PGRES_TUPLES_OK:
		if (session_answer_rows(answer, result) < 0)
			cancel(connection);
		break;
	case PGRES_COPY_IN:
	case PGRES_COPY_OUT:
	case PGRES_COPY_BOTH:
		end_copy(connection, status);
		break;
	case PGRES_COMMAND_OK:
		session_answer_done(answer, result);
		break;
	case PGRES_EMPTY_QUERY:
		answer->is_whole = true;
		break;
	default:
		session_answer_error(answer, result);
		return;
	}
	PQclear(result);
}

/* Another connection would mend it, but where that gets the same again. */
static void set_lost(struct session_answer *answer, const char *why)
{
	answer->outcome = SESSION_LOST;
	answer->message = why;
	if (!strstr(why, "lost synchronization") && !strstr(why, "out of memory"))
		return;
	answer->outcome = SESSION_REFUSED;
	answer->message = "the server sends more than there is room for, 512 MiB, or "
			  "what is no answer";
}

static void run(PGconn *connection, struct task *task, bool unread)
{
	struct session_answer answer = SESSION_ANSWER_INIT;
	PGresult *result = NULL;
	bool alive = send_query(connection, task) && PQsetSingleRowMode(connection);
	bool lost;

	answer.unread = unread;
	do {
		while (alive && PQisBusy(connection))
			alive = listen_to_both(connection) == 0;
		result = alive ? PQgetResult(connection) : NULL;
		if (result)
			take_result(&answer, connection, result);
	} while (result);
	/* An error that ends the connection is one of losing it. */
	lost = !alive || !answer.is_whole || PQstatus(connection) != CONNECTION_OK;
	if (lost)
		set_lost(&answer, PQerrorMessage(connection));
	session_answer_send(&answer);
	if (lost)
		_exit(0);
}

/* Between two statements a server may end the connection, too. */
static int wait_for_parent(struct holder *holder)
{
	PGconn *connection = holder->connection;
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

static void say_ended(const struct holder *holder)
{
	struct session_answer answer = SESSION_ANSWER_INIT;

	answer.outcome = SESSION_LOST;
	answer.state = holder->ended.state;
	answer.message = *holder->ended.text ? holder->ended.text
					     : PQerrorMessage(holder->connection);
	session_answer_send(&answer);
}

static void say_connected(PGconn *connection)
{
	struct session_answer answer = SESSION_ANSWER_INIT;
	const char *encoding = PQparameterStatus(connection, "server_encoding");
	char version[16], pid[16];

	/* They fit. */
	(void)snprintf(version, sizeof version, "%d", PQserverVersion(connection));
	(void)snprintf(pid, sizeof pid, "%d", PQbackendPID(connection));
	answer.rows = 1;
	answer.columns = 3;
	for (int i = 0; i < answer.columns; i++)
		task_add_number(&answer.types, 0);
	task_add_text(&answer.cells, version);
	task_add_text(&answer.cells, encoding ? encoding : "");
	task_add_text(&answer.cells, pid);
	session_answer_send(&answer);
}

static void say_refused(const struct session_refusal *refusal)
{
	struct session_answer answer = SESSION_ANSWER_INIT;

	answer.outcome =
		*refusal->state || refusal->wrong ? SESSION_REFUSED : SESSION_LOST;
	answer.state = refusal->state;
	answer.message = refusal->text;
	session_answer_send(&answer);
}

int session_child(struct task *task)
{
	struct holder holder = {.ended = {.state = ""}};
	struct session_refusal refusal;
	CLEANUP_BUF struct buf frame = BUF_INIT;

	confine_memory(MEMORY_MAX);
	/* A server may ask for Kerberos: what nobody has named is not looked for. */
	if (setenv("KRB5CCNAME", "MEMORY:none", 1) < 0 ||
		setenv("KRB5_CLIENT_KTNAME", "/nonexistent/file", 1) < 0)
		mem_exhausted();
	holder.connection = session_connect(task, on_notice, &holder, &refusal);
	if (!holder.connection) {
		say_refused(&refusal);
		return 0;
	}
	say_connected(holder.connection);
	for (;;) {
		struct task asked;
		char what;

		holder.idle = true;
		if (wait_for_parent(&holder) < 0) {
			say_ended(&holder);
			break;
		}
		holder.idle = false;
		if (session_read_frame(&frame) < 0)
			break;
		asked = (struct task){.data = frame.data, .size = frame.len};
		what = session_take_letter(&asked);
		if (what == SESSION_RUN || what == SESSION_RUN_UNREAD)
			run(holder.connection, &asked, what == SESSION_RUN_UNREAD);
	}
	PQfinish(holder.connection);
	return 0;
}
