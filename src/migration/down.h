/* SPDX-License-Identifier: MIT */
/*
 * Comments that look like the marker of a down part, in a text whose format has no such
 * marker. What is behind one would run as a part of the up migration; so it is an error.
 *
 * Such a comment has a line of its own, stands where a statement may begin, and has SQL
 * behind it. In any case of letters, and with any punctuation around it, it is
 *
 *	down, downs, downgrade, undo, rollback, roll back, revert, reverse, backward,
 *	backwards, unapply, or "drop below", with or without what stands before it (a
 *	number, the prefix of a tool as migrate, goose, rambler, +any, @any …, or begin,
 *	section, step, to …), and ".sql" or a noun behind (migration, part, script …):
 *	"-- Down", "#--- !Downs", "-- [undo part]", "-- 2 down", "-- down.sql --";
 *
 *	the same, then punctuation, then more: "-- Down: revert", "-- Rollback (drops a)";
 *	and "down migration" with more; if there is SQL before it, or if a comment that
 *	looks like the marker of an up part is behind it;
 *
 *	or "down" with more words, if both a comment that begins with "up", and SQL are
 *	before it.
 *
 * So "-- down payments of a customer", "-- rollback is not possible here", "-- undo()"
 * and "-- down-payments" are comments. Undo, rollback, and those behind them in that
 * list also are how prose begins, so these are comments, too,
 *
 *	without SQL before them: they are what the file is about;
 *	where SQL is in the comment, up to its `;`, or in one below it;
 *	as "rollback: no …", "not", "none", "never", "n/a", "cannot", "manual", "see".
 *
 * "-- atlas:txtar" begins an archive of several files, a down part among them; it is an
 * error as well.
 */
#ifndef MIGRATION_DOWN_H
#define MIGRATION_DOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/place.h"

struct script;

enum down_look {
	DOWN_NOTHING,
	DOWN_UP,    /* it looks like the marker of an up part */
	DOWN_ALONE, /* nothing else is in it */
	DOWN_LABEL, /* punctuation and more follow */
	DOWN_TEXT,  /* "down", and words that follow */
};

/* What a comment without its signs looks like. `ret_prose`: prose begins so, too. */
enum down_look down_look(const char *text, size_t size, bool *ret_prose);

/* A comment, as it is quoted. */
struct down_line {
	const char *text; /* NULL: none */
	size_t size;
	int line;
	bool prose;
	bool archive;
};

/* A text as far as it was read. */
struct down {
	bool sql; /* there was SQL */
	bool up;  /* and a comment that looks like the marker of an up part */
	struct down_line found; /* it is an error if SQL follows */
	/* It was before any SQL: the same if an up marker follows. */
	struct down_line header;
};

/*
 * Takes what is between the tokens from `from`, which is on `line`, to `to`: there a
 * statement begins, or the text ends.
 */
void down_take_gap(
	struct down *down, const struct script *script, size_t from, size_t to, int line);

/* A statement begins at `at`. The error, if there is one, is added to the problems. */
void down_take_sql(struct down *down, const struct script *script, size_t at, int line);

#endif
