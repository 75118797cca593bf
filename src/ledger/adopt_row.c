/* SPDX-License-Identifier: MIT */
/* The rows of another tool's ledger: are they what that tool makes? */
#include "ledger/adopt_row.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "ledger/adopt_find.h"
#include "ledger/adopt_tools.h"
#include "ledger/store.h"
#include "ledger/query.h"
#include "migration/format.h"

/* No ledger is so large. */
#define ROWS_MAX  100000
#define BYTES_MAX ((size_t)64 * 1024 * 1024)

int adopt_row_raise(const struct adopt_row *row, const char *what, struct err *err)
{
	char where[32] = "";

	if (row->number)
		(void)snprintf(
			where, sizeof where, " in row %zu", row->number); /* fits */
	return err_fail(err,
		"the ledger of %s, '%s', is damaged: %s%s; the database was left as it "
		"is: put the row right, or write `adopt = baseline:VERSION`",
		row->ledger->tool->name, row->ledger->table, what, where);
}

/* The row's name of a migration is `text`: can it be one? */
static int check_name(const struct adopt_row *row, const struct query *query,
	const char *text, struct err *err)
{
	const struct adopt_tool *tool = row->ledger->tool;

	size_t size;

	if (query_bytes(query, 0, &size) && strlen(text) != size)
		return adopt_row_raise(row, "a NUL byte", err);
	if (!*text)
		return adopt_row_raise(row, "an empty name", err);
	/* golang-migrate has -1 where its first migration has failed. */
	if (tool->number && *text == '-' && !query_text(query, 2))
		return adopt_row_raise(row, "a negative version", err);
	if (tool->order == VERSION_DOTTED && !version_is_number(text) &&
		!(tool->repeats && format_is_repeatable(text)))
		return adopt_row_raise(row,
			arena_printf(row->arena, "'%.80s', which is no version,", text),
			err);
	if (tool->second && row->number > 1)
		return adopt_row_raise(row, tool->second, err);
	return 0;
}

static int read_name(const struct adopt_row *row, const struct query *query,
	struct buf *ret, struct err *err)
{
	const struct adopt_tool *tool = row->ledger->tool;
	enum query_type type = query_type(query, 0);
	const char *text;

	if (type != (tool->number ? QUERY_INTEGER : QUERY_TEXT))
		return adopt_row_raise(row,
			tool->number ? "something else than a number"
				     : "something else than a text",
			err);
	text = query_text(query, 0);
	if (!text)
		return err_fail(err, "out of memory");
	if (check_name(row, query, text, err) < 0)
		return -1;
	buf_puts(ret, text);
	return 0;
}

int adopt_row_next(struct adopt_row *row, const struct query *query, struct buf *ret,
	struct err *err)
{
	row->number++;
	return read_name(row, query, ret, err);
}

static int raise_size(const struct adopt_row *row, struct err *err)
{
	return err_fail(err,
		"the ledger of %s, '%s', has more than %d rows, or %zu MiB; no set of "
		"migrations is so large: is it damaged?",
		row->ledger->tool->name, row->ledger->table, ROWS_MAX,
		BYTES_MAX / 1024 / 1024);
}

int adopt_rows_check(
	const struct adopt_row *start, const char *what, const char *sql, struct err *err)
{
	struct adopt_row row = *start;
	CLEANUP_QUERY struct query query = {0};
	size_t bytes = 0;
	int rc = query_run(&query, row.store, what, sql, NULL, 0, err);

	for (; rc == 1; rc = query_next(&query, err)) {
		const char *damage = query_text(&query, 0);

		bytes += (size_t)query_integer(&query, 1);
		if (++row.number > ROWS_MAX || bytes > BYTES_MAX)
			return raise_size(&row, err);
		if (damage)
			return adopt_row_raise(&row, damage, err);
	}
	return rc < 0 ? -1 : 0;
}

int adopt_rows_differ(
	const struct adopt_row *start, const char *what, const char *sql, struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	int rc = query_run(&query, start->store, what, sql, NULL, 0, err);
	const char *twice = rc == 1 ? query_text(&query, 0) : NULL;

	if (!twice)
		return rc < 0 ? -1 : 0;
	return adopt_row_raise(
		start, arena_printf(start->arena, "it has %.80s twice", twice), err);
}
