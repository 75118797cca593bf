/* SPDX-License-Identifier: MIT */
/* Running a plan, step by step. */
#include "plan/run.h"

#include "base/clock.h"
#include "base/fs_keep.h"
#include "base/log.h"
#include "base/stop.h"
#include "plan/attempt.h"
#include "plan/await.h"
#include "plan/mark.h"
#include "plan/settings.h"
#include "plan/turn.h"
#include "plan/warnings.h"
#include "step/first_run.h"
#include "step/owed.h"
#include "step/remember.h"

const char *const status_names[] = {
	[STATUS_NOT_RUN] = "not-run",
	[STATUS_SUCCESS] = "success",
	[STATUS_SKIPPED] = "skipped",
	[STATUS_ERROR] = "error",
	NULL,
};

const char *const forecast_names[] = {
	[FORECAST_NOTHING] = "in place",
	[FORECAST_CHANGE] = "change",
	[FORECAST_UNKNOWN] = "unknown",
	[FORECAST_ERROR] = "error",
	[FORECAST_LEFT_OUT] = "left out",
	NULL,
};

const char *const waited_for_names[] = {
	[WAITED_FOR_SERVICES] = "services",
	[WAITED_FOR_LOCK] = "lock",
	[WAITED_FOR_RETRY] = "retry",
	[WAITED_FOR_OTHERS] = "others",
	NULL,
};

/* ---- one step ---- */

static int run_step(struct run *run, struct ctx *ctx, const struct run_options *options,
	struct result *result, struct buf *text, struct err *err)
{
	const struct node *node = result->node;
	const struct attempt attempt = {ctx, options, run, result, text};
	int rc;

	if (!turn_is_out(node) && stop_check(ctx->stop, err) < 0)
		return -1;
	rc = turn_left_out(node, ctx, text, err);
	if (rc != 0) {
		result->status = STATUS_SKIPPED;
		result->left_out = rc > 0;
		return rc < 0 ? -1 : 0;
	}
	if (node->awaited) {
		result->status = STATUS_SKIPPED;
		return await_node(&attempt, err);
	}
	ctx->forced = node->forced;
	rc = step_begin(node->step, ctx, text, err);
	if (rc != TO_DO)
		result->status = STATUS_SKIPPED;
	else
		rc = attempt_step(&attempt, err);
	return rc < 0 ? -1 : owed_settle(node->step, ctx, err);
}

/* What became of a step that has not failed. */
static void log_result(
	const struct run *run, const struct ctx *ctx, const struct result *result)
{
	const struct log_event event = {
		.level = LOG_INFO,
		.subject = result->node->step->id,
		.order = &result->node->step->keys.order,
		.status = status_names[result->status],
		.mark = mark_of(result),
		.width = run->width,
		.message = result->message,
		/* What was not done took no time. */
		.duration_us = result->left_out ? 0 : result->duration_us,
	};

	log_event(ctx->log, &event);
}

/* The same of one that has: the error, without what the log has of it. */
static void log_failure(const struct ctx *ctx, const struct result *result,
	const struct err *err, bool tolerated)
{
	const struct log_event event = {
		.level = tolerated ? LOG_WARN : LOG_ERROR,
		.at = err->at,
		.step = result->node->step->id,
		.order = &result->node->step->keys.order,
		.status = status_names[STATUS_ERROR],
		.mark = LOG_MARK_FAILED,
		.message = arena_printf(ctx->arena, "%s%s", attempt_own(ctx, err),
			tolerated ? TURN_TOLERATED : ""),
		.quoted = attempt_quoted(err),
		.duration_us = result->duration_us,
	};

	log_event(ctx->log, &event);
}

static void fail_step(
	struct run *run, struct ctx *ctx, struct result *result, struct err *err)
{
	const struct step *step = result->node->step;
	bool tolerated;
	DECLARE_ERR(end);

	/* A stop, or the deadline of the whole, is no failure of this step alone. */
	run->ended = stop_check(ctx->stop, &end) < 0 || err->kind == ERR_INTERRUPTED;
	tolerated = !step->keys.critical && !run->ended;
	turn_classify(step, err);
	result->status = STATUS_ERROR;
	result->message = result_redact(ctx, place_text(ctx->arena, &err->at, err->text));
	log_failure(ctx, result, err, tolerated);
	if (tolerated)
		return;
	if (run->err.kind == ERR_NONE)
		run->err = *err;
	if (end.kind == ERR_INTERRUPTED) /* that is how we exit */
		run->err = end;
}

static void one_result(struct run *run, struct ctx *ctx,
	const struct run_options *options, struct result *result)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	DECLARE_ERR(err);
	const struct step *step = result->node->step;
	struct warnings *warnings;
	int rc;

	if (options->begin)
		options->begin(options->user, step->id);
	result->started_us = clock_us() - run->began_us;
	warnings = warnings_begin(ctx, result);
	ctx->changes = &result->changes;
	rc = run_step(run, ctx, options, result, &text, &err);
	warnings_end(warnings);
	/* A step leaves no private directory to the next one's commands. */
	fs_end_private(&ctx->fs);
	fs_flush_end(&ctx->fs);
	result->duration_us = clock_us() - run->began_us - result->started_us;
	if (rc < 0) {
		fail_step(run, ctx, result, &err);
		return;
	}
	result->message = result_redact(ctx, text.data);
	if (!options->brief || !result->node->left_out)
		log_result(run, ctx, result);
}

/*
 * A run of some steps is no whole one, and one that only waits makes nothing. Where one
 * has failed, also one that is not critical, not all have succeeded.
 */
static void remember(const struct plan *plan, struct ctx *ctx, struct run *run)
{
	bool makes = !plan->count;
	DECLARE_ERR(ignored); /* then the next run says it */

	for (size_t i = 0; i < plan->count; i++) {
		if (plan->nodes[i].left_out)
			return;
		makes |= !plan->nodes[i].awaited;
	}
	if (!makes)
		return;
	if (run->totals[STATUS_ERROR]) {
		/* That the start goes on hides it. */
		if (run->err.kind == ERR_NONE && ctx->first_run_asked &&
			first_run_is(ctx, &ignored) == 1)
			log_info(ctx->log,
				"this was a first run, and the next one is, too: "
				"'first-run' holds until no step fails");
		return;
	}
	if (run->err.kind != ERR_NONE || remember_success(ctx, &run->err) == 0)
		return;
	err_prefix(&run->err, "all steps have succeeded, and it cannot be remembered");
	log_err(ctx->log, LOG_ERROR, &run->err);
}

/* Why a step is not run: `hinders` keeps it from that, or something before it. */
static const char *why_not_run(
	const struct run *run, const struct ctx *ctx, const struct result *hinders)
{
	DECLARE_ERR(end);

	if (!hinders && !run->totals[STATUS_ERROR])
		return "not run: --wait was not met";
	if (!hinders && run->ended && stop_check(ctx->stop, &end) < 0)
		return arena_printf(ctx->arena, "not run: %s", end.text);
	if (!hinders)
		return "not run: an earlier step failed";
	return turn_not_run(ctx, hinders, run->err.kind == ERR_NONE);
}

int run_apply(const struct plan *plan, struct ctx *ctx, const struct run_options *options,
	struct run *run)
{
	turn_begin_run(plan, ctx, run);
	fs_keep(&ctx->fs);
	if (options->work)
		options->work(options->user, run, NULL);
	run->ended = await_services(ctx, run) < 0;
	for (size_t i = 0; i < run->count; i++) {
		struct result *result = &run->results[i];
		const struct result *hinders = turn_hindrance(run, result->node, ctx);
		bool stopped = run->err.kind &&
			(options->settings->bootstrap.fail_fast || run->ended);

		if (hinders || (stopped && !turn_is_out(result->node))) {
			result->message = why_not_run(run, ctx, hinders);
			log_result(run, ctx, result);
		} else {
			one_result(run, ctx, options, result);
		}
		result->hinders = result->status == STATUS_ERROR ||
			result->status == STATUS_NOT_RUN;
		run->totals[result->status]++;
		run->left_out += result->left_out;
	}
	remember(plan, ctx, run);
	fs_end(&ctx->fs);
	if (options->begin)
		options->begin(options->user, NULL);
	run->duration_us = clock_us() - run->began_us;
	return run->err.kind ? -1 : 0;
}
