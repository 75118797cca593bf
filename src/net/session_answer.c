/* SPDX-License-Identifier: MIT */
/* Results of libpq, and as the parent gets them. */
#include "net/session_answer.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "net/session_frame.h"
#include "net/task.h"

#define ROWS_MAX 1000000

static void begin_rows(struct session_answer *answer, const PGresult *result)
{
	answer->rows = 0;
	answer->columns = PQnfields(result);
	buf_truncate(&answer->types, 0);
	buf_truncate(&answer->cells, 0);
	for (int i = 0; i < answer->columns; i++)
		task_add_number(&answer->types, PQftype(result, i));
}

/* Returns 0, or -1 where there would be too much. */
static int add_row(struct session_answer *answer, const PGresult *result, int row)
{
	size_t size = 0;

	for (int i = 0; i < answer->columns; i++)
		size += (size_t)PQgetlength(result, row, i) + sizeof(int64_t) + 1;
	if (answer->rows == ROWS_MAX || size > SESSION_CELLS_MAX - answer->cells.len)
		return -1;
	answer->rows++;
	for (int i = 0; i < answer->columns; i++)
		task_add_text(&answer->cells,
			PQgetisnull(result, row, i) ? NULL : PQgetvalue(result, row, i));
	return 0;
}

static void keep_tag(struct session_answer *answer, PGresult *result)
{
	/* Cut if it is too long: then it is none that we know. */
	if (!str_equal(answer->tag, "ROLLBACK"))
		(void)snprintf(
			answer->tag, sizeof answer->tag, "%s", PQcmdStatus(result));
}

int session_answer_rows(struct session_answer *answer, struct pg_result *result)
{
	if (!answer->in_rows && !answer->unread)
		begin_rows(answer, result);
	answer->is_whole = PQresultStatus(result) == PGRES_TUPLES_OK;
	answer->in_rows = !answer->is_whole;
	/* Rules may have rows of their own, before the statement's is complete. */
	if (answer->is_whole && *PQcmdStatus(result)) {
		answer->completed++;
		keep_tag(answer, result);
	}
	if (answer->outcome != SESSION_DONE || answer->unread)
		return 0;
	/* Single row mode. */
	if (!PQntuples(result) || add_row(answer, result, 0) == 0)
		return 0;
	answer->outcome = SESSION_REFUSED;
	answer->message = "the server sends too much: a statement may have 1,000,000 "
			  "rows, and 64 MiB";
	return -1;
}

void session_answer_done(struct session_answer *answer, struct pg_result *result)
{
	answer->completed++;
	answer->is_whole = true;
	keep_tag(answer, result);
}

void session_answer_error(struct session_answer *answer, struct pg_result *result)
{
	answer->is_whole = true;
	if (answer->outcome != SESSION_DONE) {
		PQclear(result);
		return;
	}
	answer->error = result;
	answer->outcome = SESSION_REFUSED;
}

static const char *field(const PGresult *result, int code)
{
	return result ? PQresultErrorField(result, code) : NULL;
}

static void add_error(const struct session_answer *answer, struct buf *frame)
{
	const char *state = field(answer->error, PG_DIAG_SQLSTATE);
	const char *position = field(answer->error, PG_DIAG_STATEMENT_POSITION);
	const char *message = field(answer->error, PG_DIAG_MESSAGE_PRIMARY);

	task_add_number(frame, answer->outcome);
	session_add_line(frame, state ? state : answer->state);
	session_add_line(frame, message ? message : answer->message);
	session_add_line(frame, field(answer->error, PG_DIAG_MESSAGE_DETAIL));
	session_add_line(frame, field(answer->error, PG_DIAG_MESSAGE_HINT));
	session_add_line(frame, field(answer->error, PG_DIAG_CONTEXT));
	task_add_number(frame, position ? strtoll(position, NULL, 10) : 0);
	task_add_number(frame, (int64_t)answer->completed);
	task_add_text(frame, answer->tag);
}

void session_answer_send(struct session_answer *answer)
{
	CLEANUP_BUF struct buf frame = BUF_INIT;

	buf_putc(&frame, SESSION_RESULT);
	add_error(answer, &frame);
	if (answer->outcome == SESSION_DONE) {
		task_add_number(&frame, answer->columns);
		task_add_number(&frame, answer->rows);
		buf_add(&frame, answer->types.data, answer->types.len);
		buf_add(&frame, answer->cells.data, answer->cells.len);
	}
	session_write_frame(&frame);
	PQclear(answer->error);
	buf_release(&answer->types);
	buf_release(&answer->cells);
}
