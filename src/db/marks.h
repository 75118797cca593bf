/* SPDX-License-Identifier: MIT */
/*
 * Formats that have the way up and the way back in one file, with marks between them:
 * lines of SQL comments. What lies behind a mark of the way back never runs.
 *
 *	-- migrate:up, -- migrate:down			dbmate
 *	-- +goose Up, Down, StatementBegin …		goose
 *	-- +migrate Up, Down, StatementBegin …		sql-migrate
 *	-- //@UNDO					MyBatis
 *	-- Down						node-sqlite
 *
 * As in those tools a mark is a line, wherever it stands: the SQL around it is not asked.
 */
#ifndef DB_MARKS_H
#define DB_MARKS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct problems;
struct sql_part;

/* One tool's marks. */
struct marks;

/*
 * Whose marks are in `text`? NULL: nobody's. Marks of two tools are one of `problems`,
 * at its place in `file`.
 */
const struct marks *marks_find(
	const char *text, size_t size, const char *file, struct problems *problems);

/*
 * The parts of `text` that are the way up, in the arena. Mistakes (no way up, SQL in
 * front of it, a mark that the tool does not know) go to `problems`.
 */
void marks_split(const struct marks *marks, const char *text, size_t size,
	const char *file, struct arena *arena, struct sql_part **ret, size_t *ret_count,
	struct problems *problems);

/* "-- migrate:up"; NULL where what stands before all marks is the way up. */
const char *marks_up(const struct marks *marks);

#endif
