/* SPDX-License-Identifier: MIT */
/*
 * Which files are node-sqlite's. To that tool each line that begins with "-- down" is a
 * marker, so prose may be one, and what is behind it would be left out. A file is
 * node-sqlite's if, among its comments outside of parentheses,
 *
 *	"-- Up" with nothing behind it is before any SQL, and one that the tool takes
 *	for a marker is more than prose (down.h): "-- Down", or with SQL before it
 *	"-- Down …";
 *
 *	or one between two statements is "-- Down" or "-- down" with nothing behind it,
 *	and none is "-- Up".
 *
 * Elsewhere a comment that looks like the marker of a down part is an error (split.h).
 */
#ifndef MIGRATION_NODE_SQLITE_H
#define MIGRATION_NODE_SQLITE_H

#include <stdbool.h>
#include <stddef.h>

struct script;

/*
 * Returns the line of the comment that shows it, or 0. `ret_up`: "-- Up" is before any
 * SQL.
 */
int node_sqlite_find(const struct script *script, bool *ret_up);

/* Does the tool take a comment, without its "--", for its marker of the down part? */
bool node_sqlite_takes(const char *text, size_t size);

/* Is a comment, without its "--", nothing but "Up", in any case of letters? */
bool node_sqlite_is_up(const char *text, size_t size);

#endif
