/* SPDX-License-Identifier: MIT */
/* Foreign keys while migrations run. */
#include "db/foreign_keys.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "base/err.h"
#include "db/connection.h"
#include "ledger/query.h"

static int switch_to(struct foreign_keys *keys, bool on, struct err *err)
{
	if (sqlite3_db_config(keys->connection->db, SQLITE_DBCONFIG_ENABLE_FKEY, (int)on,
		    (int *)NULL) == SQLITE_OK)
		return 0;
	return connection_fail(keys->connection, "switch foreign keys", err);
}

/* Does SQLite count violations that must be gone before it commits? */
static bool are_broken(const struct foreign_keys *keys)
{
	int now = 0, unused;

	/* Always SQLITE_OK. */
	(void)sqlite3_db_status(
		keys->connection->db, SQLITE_DBSTATUS_DEFERRED_FKS, &now, &unused, 0);
	return now != 0;
}

int foreign_keys_begin(struct foreign_keys *keys, bool on, struct err *err)
{
	keys->on = on;
	keys->paused = false;
	keys->broken.line = 0;
	return switch_to(keys, on, err);
}

void foreign_keys_expect(struct foreign_keys *keys)
{
	keys->asked = -1;
	keys->drops = NULL;
}

/* ---- dropping a parent ---- */

static const char looking[] = "look for foreign keys";

static const char child_sql[] =
	"SELECT 1 FROM main.sqlite_master AS child, "
	"pragma_foreign_key_list(child.name, 'main') AS key "
	"WHERE child.type = 'table' AND child.name <> ?1 COLLATE NOCASE "
	"AND key.\"table\" = ?1 COLLATE NOCASE LIMIT 1";

static int has_rows(struct foreign_keys *keys, const char *table, struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	char *sql = sqlite3_mprintf("SELECT 1 FROM main.\"%w\" LIMIT 1", table);
	int rc;

	if (!sql)
		return err_fail(err, "out of memory");
	rc = query_run(&query, &keys->connection->store, looking, sql, NULL, 0, err);
	sqlite3_free(sql);
	return rc;
}

/* Would dropping it do something to the rows of other tables? */
static int is_parent(struct foreign_keys *keys, const char *table, struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	const struct query_value name = {.text = table};
	int rc = query_run(
		&query, &keys->connection->store, looking, child_sql, &name, 1, err);

	return rc == 1 ? has_rows(keys, table, err) : rc;
}

static void add_dropped(struct foreign_keys *keys, struct place at)
{
	keys->dropped =
		mem_grow(keys->dropped, keys->dropped_count, sizeof *keys->dropped);
	keys->dropped[keys->dropped_count++] =
		(struct dropped_table){.name = keys->drops, .at = at};
}

int foreign_keys_before(struct foreign_keys *keys, struct place at, struct err *err)
{
	int rc;

	if (!keys->drops || keys->paused)
		return 0;
	add_dropped(keys, at);
	if (!keys->on)
		return 0;
	rc = is_parent(keys, keys->drops, err);
	if (rc != 1)
		return rc;
	if (are_broken(keys)) {
		err_fail(err,
			"'%s' cannot be dropped here: other tables refer to it, and a "
			"foreign key is broken since line %d; repair that first",
			keys->drops, keys->broken.line);
		return err_at(err, at);
	}
	keys->paused = true;
	return switch_to(keys, false, err) < 0 ? -1 : 1;
}

/* ---- from statement to statement ---- */

static int obey(struct foreign_keys *keys, struct place at, struct err *err)
{
	if (!keys->asked && are_broken(keys)) {
		err_fail(err,
			"foreign keys cannot be switched off here: one is broken since "
			"line %d, and SQLite would not see its repair; repair it first",
			keys->broken.line);
		return err_at(err, at);
	}
	keys->on = keys->asked == 1;
	return switch_to(keys, keys->on, err);
}

int foreign_keys_after(struct foreign_keys *keys, struct place at, struct err *err)
{
	if (keys->paused && switch_to(keys, true, err) < 0)
		return -1;
	keys->paused = false;
	if (keys->asked >= 0 && obey(keys, at, err) < 0)
		return -1;
	if (!keys->on || !are_broken(keys))
		keys->broken.line = 0;
	else if (!keys->broken.line)
		keys->broken = at;
	return 0;
}

int foreign_keys_end(struct foreign_keys *keys, struct err *err)
{
	if (are_broken(keys)) {
		err_fail(err,
			"a foreign key that is broken here is still broken at the end of "
			"the migration");
		return err_at(err, keys->broken);
	}
	keys->on = false;
	return switch_to(keys, false, err);
}

const struct place *foreign_keys_dropped_at(
	const struct foreign_keys *keys, const char *table)
{
	for (size_t i = keys->dropped_count; i > 0; i--)
		if (sqlite3_stricmp(keys->dropped[i - 1].name, table) == 0)
			return &keys->dropped[i - 1].at;
	return NULL;
}

void foreign_keys_release(struct foreign_keys *keys)
{
	free(keys->dropped);
	keys->dropped = NULL;
	arena_release(&keys->arena);
}
