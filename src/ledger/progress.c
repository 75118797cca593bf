/* SPDX-License-Identifier: MIT */
/* What is being done to a database: for the log, and in a line on a terminal. */
#include "ledger/progress.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"

#define QUIET_MS 1000
#define EVERY_MS 200

void progress_set(struct progress *progress, const char *format, ...)
{
	va_list args;

	if (!progress->log)
		return;
	va_start(args, format);
	/* Cut if it is too long: the line is only as wide as a terminal. */
	(void)vsnprintf(progress->what, sizeof progress->what, format, args);
	va_end(args);
	log_at_work(progress->log, progress->what);
	if (!progress->log->terminal)
		return;
	if (!progress->begun_ms) {
		progress->begun_ms = clock_ms();
		progress->next_ms = progress->begun_ms + QUIET_MS;
	}
	progress_tick(progress);
}

void progress_tick(struct progress *progress)
{
	char text[CLOCK_TEXT_MAX];
	int64_t now;

	if (!progress->begun_ms || (now = clock_ms()) < progress->next_ms)
		return;
	clock_duration((now - progress->begun_ms) / 1000 * 1000000, text);
	log_progress(progress->log, "'%s': %s, %s", progress->path, progress->what, text);
	progress->next_ms = now + EVERY_MS;
	progress->shown = true;
}

void progress_end(struct progress *progress)
{
	if (progress->shown)
		log_progress_end(progress->log);
	progress->shown = false;
	progress->begun_ms = 0;
}
