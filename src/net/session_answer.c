/* SPDX-License-Identifier: MIT */
/* Results of libpq, and as the parent gets them. */
#include "net/session_answer.h"

#include <libpq-fe.h>
#include <stdlib.h>

#include "net/session_frame.h"
#include "net/task.h"

#define ROWS_MAX  1000000
#define BYTES_MAX ((size_t)64 * 1024 * 1024) /* of their cells, as they are sent */

static void begin_rows(struct session_answer *answer, const PGresult *result)
{
	answer->rows = 0;
	answer->columns = PQnfields(result);
	buf_truncate(&answer->types, 0);
	buf_truncate(&answer->cells, 0);
	for (int i = 0; i < answer->columns; i++)
		task_add_number(&answer->types, PQftype(result, i));
}

static void add_row(struct session_answer *answer, const PGresult *result, int row)
{
	answer->rows++;
	for (int i = 0; i < answer->columns; i++)
		task_add_text(&answer->cells,
			PQgetisnull(result, row, i) ? NULL : PQgetvalue(result, row, i));
}

int session_answer_rows(struct session_answer *answer, const struct pg_result *result)
{
	if (!answer->in_rows)
		begin_rows(answer, result);
	answer->is_whole = PQresultStatus(result) == PGRES_TUPLES_OK;
	answer->in_rows = !answer->is_whole;
	answer->completed += answer->is_whole;
	if (answer->outcome != SESSION_DONE)
		return 0;
	for (int row = 0; row < PQntuples(result); row++)
		add_row(answer, result, row);
	if (answer->rows <= ROWS_MAX && answer->cells.len <= BYTES_MAX)
		return 0;
	answer->outcome = SESSION_REFUSED;
	answer->message = "the server sends too much: a statement may have 1,000,000 "
			  "rows, and 64 MiB";
	return -1;
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
	task_add_text(frame, state ? state : answer->state);
	session_add_line(frame, message ? message : answer->message);
	session_add_line(frame, field(answer->error, PG_DIAG_MESSAGE_DETAIL));
	session_add_line(frame, field(answer->error, PG_DIAG_MESSAGE_HINT));
	session_add_line(frame, field(answer->error, PG_DIAG_CONTEXT));
	task_add_number(frame, position ? strtoll(position, NULL, 10) : 0);
	task_add_number(frame, (int64_t)answer->completed);
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
