/* SPDX-License-Identifier: MIT */
/* What a run did, for Prometheus. */
#include "plan/metrics.h"

#include "base/buf.h"
#include "base/clock.h"
#include "plan/escaped.h"
#include "plan/mark.h"
#include "plan/run.h"

#define SECONDS(us) ((double)(us) / 1000000)

static void add_head(struct buf *to, const char *name, const char *help)
{
	buf_printf(to, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* As the format has it: a backslash, a quote and a newline are escaped. */
static void add_label(struct buf *to, const char *name, const char *value)
{
	static const char *const escapes[][2] = {
		{"\\", "\\\\"}, {"\"", "\\\""}, {"\n", "\\n"}, {NULL, NULL}};

	buf_printf(to, "%s=\"", name);
	escaped_add(to, value, escapes);
	buf_putc(to, '"');
}

static void add_count(struct buf *to, const char *word, size_t count)
{
	buf_puts(to, "groundwork_steps{result=\"");
	for (; *word; word++)
		buf_putc(to, *word == ' ' ? '_' : *word);
	buf_printf(to, "\"} %zu\n", count);
}

static void add_counts(struct buf *to, const struct run *run)
{
	size_t counts[LOG_MARK_FAILED + 1] = {0}, not_run = run->totals[STATUS_NOT_RUN];

	add_head(to, "groundwork_steps", "Steps of the last run, by their result.");
	for (size_t i = 0; i < run->count; i++)
		counts[mark_of(&run->results[i])]++;
	counts[LOG_MARK_LEFT_OUT] -= not_run;
	for (enum log_mark mark = LOG_MARK_MADE; mark <= LOG_MARK_FAILED; mark++)
		if (mark != LOG_MARK_UNKNOWN) /* of a plan */
			add_count(to, log_marks[mark].word, counts[mark]);
	add_count(to, MARK_NOT_RUN, not_run);
}

static void add_steps(struct buf *to, const struct run *run)
{
	if (!run->count)
		return;
	add_head(to, "groundwork_step_duration_seconds",
		"How long each step of the last run took.");
	for (size_t i = 0; i < run->count; i++) {
		const struct result *result = &run->results[i];

		buf_puts(to, "groundwork_step_duration_seconds{");
		add_label(to, "id", result->node->step->id);
		buf_putc(to, ',');
		add_label(to, "kind", result->node->step->kind->name);
		buf_printf(to, "} %.6f\n", SECONDS(result->duration_us));
	}
}

void metrics_text(const struct run *run, struct buf *ret)
{
	const struct run none = {.count = 0};
	int64_t now = clock_epoch();

	add_head(ret, "groundwork_bootstrap_success", "Whether the last run succeeded.");
	buf_printf(ret, "groundwork_bootstrap_success %d\n", run && !run->err.kind);
	if (!run)
		run = &none;
	add_head(ret, "groundwork_bootstrap_end_timestamp_seconds",
		"When the last run ended, since the epoch.");
	buf_printf(
		ret, "groundwork_bootstrap_end_timestamp_seconds %lld\n", (long long)now);
	add_head(ret, "groundwork_bootstrap_duration_seconds",
		"How long the last run took.");
	buf_printf(ret, "groundwork_bootstrap_duration_seconds %.6f\n",
		SECONDS(run->duration_us));
	add_counts(ret, run);
	add_steps(ret, run);
}
