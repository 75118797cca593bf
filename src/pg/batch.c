/* SPDX-License-Identifier: MIT */
/* The text of a migration as one message to the server. */
#include "pg/batch.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "migration/migration.h"
#include "migration/placeholders.h"
#include "pg/connection.h"

static void blank(struct buf *to, const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		buf_putc(to, text[i] == '\n' ? '\n' : ' ');
}

/* What stands before the first statement, and behind the last one, does not run. */
void batch_fill(struct batch *batch, const char *before,
	const struct migration_text *text, const char *behind)
{
	const char *at = text->statements_count ? text->statements[0].text : "";

	buf_puts(&batch->sql, before);
	batch->start = batch->sql.len;
	batch->first = at;
	for (size_t i = 0; i < text->statements_count; i++) {
		const struct statement *statement = &text->statements[i];

		blank(&batch->sql, at, (size_t)(statement->text - at));
		buf_add(&batch->sql, statement->text, statement->size);
		at = statement->text + statement->size;
		if (!statement->size || at[-1] == ';')
			continue;
		buf_putc(&batch->sql, ';');
		/* In the place of what ends it: a position is one in the text. */
		if (i + 1 < text->statements_count)
			at++;
	}
	buf_puts(&batch->sql, behind);
}

/* The statement in which that byte of the text is, or NULL. */
static const struct statement *statement_at(
	const struct migration_text *text, const char *at)
{
	for (size_t i = 0; i < text->statements_count; i++)
		if (at < text->statements[i].text + text->statements[i].size)
			return &text->statements[i];
	return NULL;
}

/* A position counts characters, or bytes where the server knows no encoding. */
static size_t offset_of(const char *sql, int64_t position, const char *encoding)
{
	const char *at = sql;
	bool bytes = str_equal(encoding, "SQL_ASCII");

	for (int64_t i = 1; i < position && *at; i++) {
		at++;
		while (!bytes && ((unsigned char)*at & 0xc0) == 0x80)
			at++;
	}
	return (size_t)(at - sql);
}

/* Sets the statement, or NULL, and its line; without a position there is no column. */
static void locate(const struct batch *batch, const struct migration_text *text,
	const struct session_result *result, const char *encoding, size_t before_count,
	const struct statement **ret, struct place *ret_place)
{
	size_t offset = offset_of(batch->sql.data, result->position, encoding);
	const char *line;

	*ret = NULL;
	if (result->position && offset >= batch->start) {
		const char *at = batch->first + (offset - batch->start);

		*ret = statement_at(text, at);
		if (!*ret)
			return;
		ret_place->line = (*ret)->line;
		for (const char *c = (*ret)->text; c < at; c++)
			ret_place->line += *c == '\n';
		line = at;
		while (line > text->text.data && line[-1] != '\n')
			line--;
		ret_place->column = (int)(at - line) + 1;
	} else if (result->completed >= before_count &&
		result->completed - before_count < text->statements_count) {
		*ret = &text->statements[result->completed - before_count];
		ret_place->line = (*ret)->line;
	}
}

int batch_raise(const struct batch *batch, const struct migration *migration,
	const struct migration_text *text, struct pg_connection *connection,
	const struct session_result *result, size_t before_count, struct err *err)
{
	struct place place = {.file = migration->file};
	const struct statement *statement;
	CLEANUP_BUF struct buf what = BUF_INIT;

	locate(batch, text, result, connection->session.server_encoding, before_count,
		&statement, &place);
	if (statement)
		statement_quote(statement, &what);
	else if (result->completed >= before_count + text->statements_count)
		buf_puts(&what, "commit"); /* what is deferred runs before */
	else
		buf_puts(&what, "the migration");
	if (pg_take(connection, what.data, result, err) == 0)
		return 0;
	if (result->context)
		err_append(err, "; %s", result->context);
	if (str_starts(connection->state, "42"))
		err_append(err, "%s", placeholders_advice(migration->placeholders));
	return err_at(err, place);
}

void batch_release(struct batch *batch)
{
	buf_release(&batch->sql);
}
