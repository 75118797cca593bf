/* SPDX-License-Identifier: MIT */
/*
 * One migration: its version beside others, its text read, hashed, checked and cut.
 */
#ifndef DB_MIGRATION_H
#define DB_MIGRATION_H

#include <stdbool.h>

#include "db/db.h"

struct marks;

#define MIGRATION_FILE_MAX ((size_t)32 * 1024 * 1024)

/* Has it no version ("R__views")? Then it runs again whenever its text has changed. */
bool migration_is_repeatable(const char *id);

/*
 * Versions compare as numbers, part by part: "007" is "7", and 10 comes after 9; "1.2" is
 * "1_2" and "1.2.0", and 1.10 comes after it; "2024-01-31" is "20240131". What is no
 * version comes behind all that are, in natural order.
 */
int migration_version_cmp(const char *a, const char *b);

/*
 * Reads `ret->file` and fills hash and statements. The text is what all that follows
 * sees: without a BOM, with LF for CRLF. `ret_marks`, whose marks are in it, or NULL.
 * Mistakes go to `problems`; -1 only for I/O.
 */
int migration_read(const struct fs *fs, struct db_migration *ret,
	const struct marks **ret_marks, struct arena *arena, struct problems *problems,
	struct err *err);

/* The same with a text of `size` bytes in place of the file's; it is changed. */
void migration_take(struct db_migration *ret, const struct marks **ret_marks, char *text,
	size_t size, struct arena *arena, struct problems *problems);

#endif
