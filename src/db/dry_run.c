/* SPDX-License-Identifier: MIT */
/* What is tried of a migration without rows. */
#include "db/dry_run.h"

#include <sqlite3.h>
#include <stddef.h>

static const int defining[] = {
	SQLITE_CREATE_TABLE,
	SQLITE_CREATE_TEMP_TABLE,
	SQLITE_CREATE_VIEW,
	SQLITE_CREATE_TEMP_VIEW,
	SQLITE_CREATE_VTABLE,
	SQLITE_CREATE_INDEX,
	SQLITE_CREATE_TEMP_INDEX,
	SQLITE_CREATE_TRIGGER,
	SQLITE_CREATE_TEMP_TRIGGER,
	SQLITE_DROP_TABLE,
	SQLITE_DROP_TEMP_TABLE,
	SQLITE_DROP_VIEW,
	SQLITE_DROP_TEMP_VIEW,
	SQLITE_DROP_VTABLE,
	SQLITE_DROP_INDEX,
	SQLITE_DROP_TEMP_INDEX,
	SQLITE_DROP_TRIGGER,
	SQLITE_DROP_TEMP_TRIGGER,
	SQLITE_ALTER_TABLE,
	SQLITE_ANALYZE,
	SQLITE_REINDEX,
	SQLITE_PRAGMA,
};

void dry_run_expect(struct dry_run *dry)
{
	*dry = (struct dry_run){.defines = false};
}

void dry_run_note(struct dry_run *dry, int action)
{
	for (size_t i = 0; i < sizeof defining / sizeof *defining; i++)
		dry->defines |= defining[i] == action;
	dry->creates |=
		action == SQLITE_CREATE_TABLE || action == SQLITE_CREATE_TEMP_TABLE;
	dry->copies |= dry->creates && action == SQLITE_SELECT;
}

void dry_run_failed(struct dry_run *dry, int code, bool running)
{
	int primary = code & 0xff;
	/* SQLITE_OK: it is refused for what it is. */
	bool about_sql =
		primary == SQLITE_OK || primary == SQLITE_ERROR || primary == SQLITE_AUTH;

	dry->uncertain = !about_sql || (running && dry->copies);
}
