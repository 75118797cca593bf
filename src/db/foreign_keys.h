/* SPDX-License-Identifier: MIT */
/*
 * Foreign keys while migrations run: they act where the author meant them to.
 *
 *	foreign_keys_begin	before a migration
 *	foreign_keys_before	when a statement is prepared
 *	foreign_keys_after	when it was run
 *	foreign_keys_end	after the last statement of the migration
 *	foreign_keys_release	at the end of all
 *
 * A migration begins in the state that the key says. `PRAGMA foreign_keys` changes it
 * from there to the end of the migration. SQLite ignores that pragma in a transaction,
 * but not SQLITE_DBCONFIG_ENABLE_FKEY, which sets the same flag. The authorizer sets
 * `asked` and `drops` to what a statement asks for, whenever it is prepared.
 *
 * While foreign keys are on, DROP TABLE first deletes all rows, with what that does to
 * the rows of other tables; someone who rebuilds a table does not mean that. So they are
 * off while a table is dropped that others refer to and that has rows.
 *
 * SQLite counts violations of deferred foreign keys, and refuses a commit unless that
 * counter is 0. It counts only while foreign keys are on: a row that is repaired, or
 * dropped with its table, while they are off stays counted. So they can be switched off
 * only while the counter is 0; and it must be 0 at the end of each migration, where its
 * tool would commit. The counter can also miss a violation (a row that was broken before
 * and is repaired is subtracted), so verify_end() checks the rows.
 */
#ifndef DB_FOREIGN_KEYS_H
#define DB_FOREIGN_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "base/place.h"

struct connection;
struct err;

struct dropped_table {
	const char *name;
	struct place at;
};

/* Initialized with the connection alone. */
struct foreign_keys {
	struct connection *connection;
	bool on;
	bool paused;         /* off around a statement */
	struct place broken; /* by which statement the counter left 0; or no line */
	int asked;           /* by the last statement prepared: 0, 1, or -1: nothing */
	const char *drops;   /* the table that it drops, in the arena, or NULL */
	struct dropped_table *dropped; /* all that were dropped until now */
	size_t dropped_count;
	struct arena arena;
};

#define CLEANUP_FOREIGN_KEYS __attribute__((cleanup(foreign_keys_release)))

/* Switches foreign keys on or off. Returns 0, or -1. */
int foreign_keys_begin(struct foreign_keys *keys, bool on, struct err *err);

/* Before a statement is prepared: forgets what the last one asked for. */
void foreign_keys_expect(struct foreign_keys *keys);

/*
 * The statement at `at` is prepared. Returns 0 if it can be run; 1 if it must be prepared
 * again, since foreign keys are now off for it; or -1 if it drops a table while foreign
 * keys are broken.
 */
int foreign_keys_before(struct foreign_keys *keys, struct place at, struct err *err);

/*
 * The statement was run. Switches foreign keys as it asks for, or as they were before it.
 * Returns 0, or -1 if it switches them off while some are broken.
 */
int foreign_keys_after(struct foreign_keys *keys, struct place at, struct err *err);

/*
 * Switches foreign keys off. Returns 0, or -1 if the migration leaves some broken, with
 * the place of the statement that broke the first.
 */
int foreign_keys_end(struct foreign_keys *keys, struct err *err);

/* Returns where a table was dropped last, or NULL. */
const struct place *foreign_keys_dropped_at(
	const struct foreign_keys *keys, const char *table);

void foreign_keys_release(struct foreign_keys *keys);

#endif
