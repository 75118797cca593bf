/* SPDX-License-Identifier: MIT */
/* The tables that migrations have touched. */
#include "db/touched.h"

#include <sqlite3.h>

#include "migration/tokens.h"

#define ADD_COLUMN_TESTS 3037000 /* the SQLite from which on it does */

enum subject { NOTHING, ROWS_OF_FIRST, ROWS_OF_SECOND, FIRST, SECOND, EVERYTHING };

/* What an action is about, as far as it changes more than the schema. */
static enum subject subject_of(int action)
{
	switch (action) {
	case SQLITE_INSERT:
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
	case SQLITE_CREATE_TABLE:
	case SQLITE_DROP_TABLE:
		return ROWS_OF_FIRST;
	case SQLITE_REINDEX: /* the index, also of CREATE INDEX */
		return FIRST;
	case SQLITE_ALTER_TABLE:
		return SECOND;
	case SQLITE_DROP_INDEX: /* keys that refer to it may no longer be valid */
		return ROWS_OF_SECOND;
	case SQLITE_CREATE_VTABLE:
	case SQLITE_DROP_VTABLE:
	case SQLITE_ANALYZE:
		return EVERYTHING;
	default:
		return NOTHING;
	}
}

const struct touched_table *touched_find(const struct touched *touched, const char *table)
{
	for (size_t i = 0; i < touched->count; i++)
		if (sqlite3_stricmp(touched->tables[i].name, table) == 0)
			return &touched->tables[i];
	return NULL;
}

void touched_add(struct touched *touched, const char *name, enum touched_what what)
{
	const struct touched_table *known = touched_find(touched, name);
	struct touched_table *table =
		known ? &touched->tables[known - touched->tables] : NULL;

	if (!table && touched->count == TOUCHED_MAX) {
		touched->all = true;
		return;
	}
	if (!table) {
		table = &touched->tables[touched->count++];
		*table = (struct touched_table){
			.name = arena_strdup(&touched->arena, name), .what = what};
	}
	table->what = table->what > what ? table->what : what;
	table->at = touched->at;
}

/*
 * ALTER TABLE [schema.]name ADD. A quote that is doubled in a name makes two tokens of
 * it, so that this is not recognized, which is on the safe side.
 */
static bool reads_add(struct tokens *tokens)
{
	if (!tokens_next_is(tokens, "alter") || !tokens_next_is(tokens, "table"))
		return false;
	(void)tokens_next(tokens); /* the name: if there is none, no ADD follows */
	if (tokens_next_is(tokens, "add"))
		return true;
	if (tokens->start == tokens->at || tokens->text[tokens->start] != '.')
		return false;
	(void)tokens_next(tokens); /* the same */
	return tokens_next_is(tokens, "add");
}

void touched_expect(
	struct touched *touched, const char *sql, size_t size, struct place at)
{
	struct tokens tokens = {.text = sql, .size = size, .line = 1};
	enum sql_token type;

	touched->at = at;
	renames_expect(&touched->renames, sql, size);
	touched->adds_column =
		sqlite3_libversion_number() >= ADD_COLUMN_TESTS && reads_add(&tokens);
	touched->adds_key = false;
	if (!touched->adds_column)
		return;
	while ((type = tokens_next(&tokens)) != SQL_TOKEN_END &&
		type != SQL_TOKEN_UNCLOSED)
		touched->adds_key |=
			type == SQL_TOKEN_WORD && tokens_is(&tokens, "references");
}

static enum touched_what what_of(const struct touched *touched, enum subject subject)
{
	if (subject == ROWS_OF_FIRST || subject == ROWS_OF_SECOND)
		return TOUCHED_ROWS;
	return touched->adds_column ? TOUCHED_KEYS : TOUCHED_PAGES;
}

void touched_note(struct touched *touched, int action, const char *first,
	const char *second, const char *database)
{
	enum subject subject = subject_of(action);
	bool of_second = subject == SECOND || subject == ROWS_OF_SECOND;
	bool alters = action == SQLITE_ALTER_TABLE && !touched->adds_column;
	const char *table = of_second ? second : first;

	renames_note(&touched->renames, action, first, second, database);
	touched->views |= action == SQLITE_CREATE_VIEW || action == SQLITE_DROP_VIEW;
	if (subject == NOTHING ||
		(action == SQLITE_ALTER_TABLE && touched->adds_column &&
			!touched->adds_key) ||
		(database && sqlite3_stricmp(database, "temp") == 0))
		return;
	/* What was renamed is not found by its name, which another may have by then. */
	touched->all |= subject == EVERYTHING || !table || alters;
	if (subject == EVERYTHING || !table)
		return;
	touched_add(touched, table, what_of(touched, subject));
}

void touched_release(struct touched *touched)
{
	renames_release(&touched->renames);
	arena_release(&touched->arena);
}
