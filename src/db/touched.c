/* SPDX-License-Identifier: MIT */
/* The tables that migrations have touched. */
#include "db/touched.h"

#include <sqlite3.h>

enum subject { NOTHING, ROWS_OF_FIRST, FIRST, SECOND, EVERYTHING };

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
	case SQLITE_DROP_INDEX:
		return SECOND;
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

void touched_add(struct touched *touched, const char *name, bool rows)
{
	const struct touched_table *known = touched_find(touched, name);

	if (known)
		touched->tables[known - touched->tables].rows |= rows;
	else if (touched->count == TOUCHED_MAX)
		touched->all = true;
	else
		touched->tables[touched->count++] =
			(struct touched_table){arena_strdup(&touched->arena, name), rows};
}

void touched_note(struct touched *touched, int action, const char *first,
	const char *second, const char *database)
{
	enum subject subject = subject_of(action);
	const char *table = subject == SECOND ? second : first;

	if (touched->all || subject == NOTHING ||
		(database && sqlite3_stricmp(database, "temp") == 0))
		return;
	if (subject == EVERYTHING || !table)
		touched->all = true;
	else
		touched_add(touched, table, subject == ROWS_OF_FIRST);
}

void touched_release(struct touched *touched)
{
	arena_release(&touched->arena);
}
