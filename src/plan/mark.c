/* SPDX-License-Identifier: MIT */
/* The marks of steps. */
#include "plan/mark.h"

#include "base/buf.h"
#include "plan/run.h"

#define MARKS (LOG_MARK_FAILED + 1)

/* Of several things the strongest; where a kind says nothing, it was made. */
static enum log_mark of_changes(unsigned changes)
{
	if (!changes || (changes & CHANGE_MADE))
		return LOG_MARK_MADE;
	return changes & CHANGE_CHANGED ? LOG_MARK_CHANGED : LOG_MARK_REMOVED;
}

enum log_mark mark_of(const struct result *result)
{
	switch (result->status) {
	case STATUS_SUCCESS:
		return of_changes(result->changes);
	case STATUS_SKIPPED:
		if (result->left_out)
			return LOG_MARK_LEFT_OUT;
		return result->changes & CHANGE_KEPT ? LOG_MARK_KEPT : LOG_MARK_IN_PLACE;
	case STATUS_ERROR:
		return LOG_MARK_FAILED;
	case STATUS_NOT_RUN:
		break;
	}
	return LOG_MARK_LEFT_OUT;
}

const char *mark_word(const struct result *result)
{
	return result->status == STATUS_NOT_RUN ? MARK_NOT_RUN
						: log_marks[mark_of(result)].word;
}

enum log_mark mark_forecast(const struct result *result)
{
	static const enum log_mark marks[] = {
		[FORECAST_NOTHING] = LOG_MARK_IN_PLACE,
		[FORECAST_UNKNOWN] = LOG_MARK_UNKNOWN,
		[FORECAST_ERROR] = LOG_MARK_FAILED,
		[FORECAST_LEFT_OUT] = LOG_MARK_LEFT_OUT,
	};

	return result->forecast == FORECAST_CHANGE ? of_changes(result->changes)
						   : marks[result->forecast];
}

/* What has changed comes first, and is named though it is nothing at all. */
void mark_summary(const struct run *run, bool forecast, struct buf *ret)
{
	static const char *const planned[MARKS] = {
		[LOG_MARK_MADE] = "to make",
		[LOG_MARK_CHANGED] = "to change",
		[LOG_MARK_REMOVED] = "to remove",
		[LOG_MARK_FAILED] = "would fail",
	};
	size_t counts[MARKS] = {0}, not_run = run->totals[STATUS_NOT_RUN];
	size_t before = ret->len;

	for (size_t i = 0; i < run->count; i++)
		counts[forecast ? mark_forecast(&run->results[i])
				: mark_of(&run->results[i])]++;
	counts[LOG_MARK_LEFT_OUT] -= not_run;
	if (counts[LOG_MARK_IN_PLACE] + counts[LOG_MARK_LEFT_OUT] == run->count)
		buf_puts(ret, "nothing to do");
	for (enum log_mark mark = LOG_MARK_MADE; mark < MARKS; mark++)
		if (counts[mark])
			buf_printf(ret, "%s%zu %s", ret->len > before ? ", " : "",
				counts[mark],
				forecast && planned[mark] ? planned[mark]
							  : log_marks[mark].word);
	if (not_run)
		buf_printf(ret, "%s%zu not run", ret->len > before ? ", " : "", not_run);
}
