/* SPDX-License-Identifier: MIT */
/*
 * Formats that have both directions in one file, with markers between them: lines that
 * are SQL comments. What follows a down marker never runs.
 *
 *	-- migrate:up, -- migrate:down			dbmate
 *	-- +goose Up, Down, StatementBegin …		goose
 *	-- +migrate Up, Down, StatementBegin …		sql-migrate
 *	-- //@UNDO					MyBatis
 *	-- Down						node-sqlite
 *
 * As in those tools a marker is a line, wherever it is, even in the middle of a statement
 * or a string. A line that looks like a marker of the tool and that the tool itself does
 * not take for one ("-- +goose Up x", or with blanks before it) is an error. To
 * node-sqlite any comment that begins with "down" is one, "-- down payments", too; so its
 * rule counts in files that are its own (node_sqlite.h).
 */
#ifndef MIGRATION_MARKERS_H
#define MIGRATION_MARKERS_H

#include <stdbool.h>
#include <stddef.h>

#include "migration/version.h"

struct buf;
struct script;
struct script_part;

/* The markers of one tool. */
struct markers;

/*
 * Returns the markers that the script contains, or NULL. Markers of a second tool are
 * added to the problems.
 */
const struct markers *markers_find(const struct script *script);

/*
 * Finds the parts of the script that run; the array is the caller's to free. Errors (no
 * up marker, SQL before it, a marker that the tool does not take, an up part without SQL
 * beside a down part with some) are added to the problems. `ret_doubt`: the line of a
 * down marker that may be a comment, with SQL behind it; 0 for none.
 */
void markers_split(const struct markers *markers, const struct script *script,
	struct script_part **ret, size_t *ret_count, int *ret_doubt);

/*
 * Returns the marker that what runs begins with, "-- migrate:up"; NULL if that is all
 * before the first marker, or there are no markers.
 */
const char *markers_up(const struct markers *markers);

/*
 * Do they say that the script runs outside of a transaction: dbmate's `transaction:false`
 * and sql-migrate's `notransaction` behind the up marker, goose's NO TRANSACTION?
 */
bool markers_outside(const struct markers *markers, const struct script *script);

/* Returns the name of the tool. */
const char *markers_name(const struct markers *markers);

/*
 * Sets the order of versions that the tool has whose markers are in the text. Returns
 * whether it did: false if there are none, or the tool's order is by number.
 */
bool markers_order(const struct buf *text, enum version_order *ret);

/*
 * For help: the tool at that index, and the first of its markers, appended as it stands
 * in a file ("-- migrate:up"). Returns false behind the last.
 */
bool markers_tool(size_t i, const char **ret_tool, struct buf *ret_marker);

#endif
