/* SPDX-License-Identifier: MIT */
/*
 * One migration: its file's name taken apart, its text read, hashed, checked and cut.
 */
#ifndef DB_MIGRATION_H
#define DB_MIGRATION_H

#include <stdbool.h>

#include "db/db.h"

#define MIGRATION_FILE_MAX ((size_t)32 * 1024 * 1024)
#define MIGRATION_EXPECTED "expected NNN_name.sql, where NNN is the version"

/*
 * Takes "007_add_notes.sql" apart into id "007" and name "add_notes". False where it is
 * not of that form (or is a half of a pair: "007_x.down.sql").
 */
bool migration_parse_name(
	const char *base, struct arena *arena, struct db_migration *ret);

/* Is it one that has no version, and runs again when its text has changed ("R__views")? */
bool migration_is_repeatable(const char *id);

/* Versions that are numbers compare as such: "007" is "7", and 10 comes after 9. */
int migration_version_cmp(const char *a, const char *b);

/*
 * Reads `ret->file` and fills hash and statements. The text is what all that follows
 * sees: without a BOM, with LF for CRLF. Mistakes go to `problems`; -1 only for I/O.
 */
int migration_read(struct db_migration *ret, struct arena *arena,
	struct problems *problems, struct err *err);

#endif
