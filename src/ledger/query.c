/* SPDX-License-Identifier: MIT */
/* Running a statement of our own. */
#include "ledger/query.h"

#include "base/buf.h"
#include "ledger/store.h"

int query_run(struct query *query, struct store *store, const char *what, const char *sql,
	const struct query_value *values, size_t count, struct err *err)
{
	query->store = store;
	query->what = what;
	return store->engine->run(query, sql, values, count, err);
}

int query_next(struct query *query, struct err *err)
{
	return query->store->engine->next(query, err);
}

const char *query_text(const struct query *query, int column)
{
	return query->store->engine->text(query, column);
}

int64_t query_integer(const struct query *query, int column)
{
	return query->store->engine->integer(query, column);
}

const void *query_bytes(const struct query *query, int column, size_t *ret_size)
{
	return query->store->engine->bytes(query, column, ret_size);
}

enum query_type query_type(const struct query *query, int column)
{
	return query->store->engine->type(query, column);
}

void query_release(struct query *query)
{
	if (query->statement)
		query->store->engine->release(query);
}

static void quote(struct buf *to, const char *text, char mark)
{
	buf_putc(to, mark);
	for (; *text; text++) {
		if (*text == mark)
			buf_putc(to, mark);
		buf_putc(to, *text);
	}
	buf_putc(to, mark);
}

void query_quote_name(struct buf *to, const char *name)
{
	quote(to, name, '"');
}

void query_quote_text(struct buf *to, const char *text)
{
	quote(to, text, '\'');
}
