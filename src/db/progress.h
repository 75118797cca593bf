/* SPDX-License-Identifier: MIT */
/*
 * A line on a terminal that says what is being done to a database, from its second second
 * on. Elsewhere nothing is said.
 *
 *	progress_set(&progress, "%s", migration);
 *	progress_tick(&progress);	often, while it lasts
 */
#ifndef DB_PROGRESS_H
#define DB_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct log;

struct progress {
	const struct log *log; /* NULL: nothing is said */
	const char *path;
	int64_t begun_ms; /* 0: with the first progress_set() */
	int64_t next_ms;
	bool shown;
	char what[160];
};

__attribute__((format(printf, 2, 3))) void progress_set(
	struct progress *progress, const char *format, ...);
void progress_tick(struct progress *progress);

/* Takes the line away. */
void progress_end(struct progress *progress);

#endif
