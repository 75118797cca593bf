/* SPDX-License-Identifier: MIT */
/*
 * A line on a terminal that shows what is being done to a database, after a second. If
 * there is no terminal, nothing is shown.
 *
 *	progress_set(&progress, "%s", migration);
 *	progress_tick(&progress);	often, while it lasts
 *	progress_end(&progress);
 */
#ifndef LEDGER_PROGRESS_H
#define LEDGER_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct log;

struct progress {
	const struct log *log; /* NULL: nothing is shown */
	const char *path;
	int64_t begun_ms; /* set by the first progress_set(); 0 before */
	int64_t next_ms;
	bool shown;
	char what[160];
};

/* Sets the text of the line. */
__attribute__((format(printf, 2, 3))) void progress_set(
	struct progress *progress, const char *format, ...);

/* Shows the line, if it is time to. */
void progress_tick(struct progress *progress);

/* Removes the line; the next progress_set() begins a new one. */
void progress_end(struct progress *progress);

#endif
