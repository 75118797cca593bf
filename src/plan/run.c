/* SPDX-License-Identifier: MIT */
/* Running a plan, step by step. */
#include "plan/run.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/stop.h"
#include "plan/attempt.h"
#include "plan/await.h"
#include "plan/settings.h"
#include "plan/warnings.h"
#include "step/exports.h"
#include "step/owed.h"
#include "step/parents.h"
#include "step/remember.h"

const char *const status_names[] = {
	[STATUS_NOT_RUN] = "not-run",
	[STATUS_SUCCESS] = "success",
	[STATUS_SKIPPED] = "skipped",
	[STATUS_ERROR] = "error",
};

const char *const waited_for_names[] = {
	[WAITED_FOR_SERVICES] = "services",
	[WAITED_FOR_LOCK] = "lock",
	[WAITED_FOR_RETRY] = "retry",
	[WAITED_FOR_OTHERS] = "others",
	NULL,
};

static const char marks[] = {
	[STATUS_NOT_RUN] = '-',
	[STATUS_SUCCESS] = '+',
	[STATUS_SKIPPED] = '=',
	[STATUS_ERROR] = '!',
};

/* ---- results ---- */

static void begin_run(const struct plan *plan, struct ctx *ctx, struct run *run)
{
	*run = (struct run){.began_us = clock_us()};
	run->results = arena_alloc(ctx->arena, (plan->count + 1) * sizeof *run->results);
	run->count = plan->count;
	clock_text(run->started);
	for (size_t i = 0; i < plan->count; i++)
		run->results[i] = (struct result){.node = plan->order[i], .message = ""};
}

/* The requirement that keeps a node from running, or NULL. */
static const struct result *hindrance(const struct run *run, const struct node *node)
{
	for (size_t i = 0; i < node->requires_count; i++) {
		const struct result *required =
			&run->results[node->requires[i] -> position];

		if (required->status == STATUS_ERROR ||
			required->status == STATUS_NOT_RUN)
			return required;
	}
	return NULL;
}

/* ---- one step ---- */

/*
 * Is it left out without a check? Returns CONDITION_YES or, while planning,
 * CONDITION_UNKNOWN, both with the reason in `why`, CONDITION_NO, or -1.
 */
static int left_out(
	const struct node *node, struct ctx *ctx, struct buf *why, struct err *err)
{
	int rc;

	if (node->left_out || !node->step->keys.enabled) {
		buf_puts(why, node->left_out ? "not selected" : "not enabled");
		return CONDITION_YES;
	}
	if (node->step->wrong) {
		*err = *node->step->wrong;
		return -1;
	}
	rc = step_when(node->step, ctx, why, err);
	return rc == CONDITION_YES || rc == CONDITION_NO ? !rc : rc;
}

static int run_step(struct run *run, struct ctx *ctx, const struct run_options *options,
	struct result *result, struct buf *text, struct err *err)
{
	const struct node *node = result->node;
	const struct attempt attempt = {ctx, options, run, result, text};
	int rc;

	if (stop_check(ctx->stop, err) < 0)
		return -1;
	rc = left_out(node, ctx, text, err);
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
static void log_result(const struct ctx *ctx, const struct result *result)
{
	const struct log_event event = {
		.level = LOG_INFO,
		.subject = result->node->step->id,
		.order = &result->node->step->keys.order,
		.status = status_names[result->status],
		.mark = marks[result->status],
		.message = result->message,
		.duration_us = result->duration_us,
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
		.message = arena_printf(ctx->arena, "%s%s", attempt_unlogged(ctx, err),
			tolerated ? " (not critical: the application starts)" : ""),
		.duration_us = result->duration_us,
	};

	log_event(ctx->log, &event);
}

/*
 * What shows at a step's turn is no error of the configuration: that one says that
 * nothing was touched.
 */
static void classify(const struct step *step, struct err *err)
{
	if (err->kind == ERR_NONE) /* an error of ours must not start the application */
		err_fail(err, "it failed and does not say why");
	if (err->kind == ERR_CONFIG)
		err->kind = ERR_FAILED;
	(void)step_locate(step, err); /* always -1 */
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
	classify(step, err);
	result->status = STATUS_ERROR;
	result->message =
		warnings_redact(ctx, place_text(ctx->arena, &err->at, err->text));
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
	rc = run_step(run, ctx, options, result, &text, &err);
	warnings_end(warnings);
	/* A step leaves no private directory to the next one's commands. */
	fs_end(&ctx->fs);
	result->duration_us = clock_us() - run->began_us - result->started_us;
	if (rc < 0) {
		fail_step(run, ctx, result, &err);
		return;
	}
	result->message = warnings_redact(ctx, text.data);
	log_result(ctx, result);
}

/* A run of some steps is no whole one, and one that only waits makes nothing. */
static void remember(const struct plan *plan, struct ctx *ctx, struct run *run)
{
	bool makes = !plan->count;

	for (size_t i = 0; i < plan->count; i++) {
		if (plan->nodes[i].left_out)
			return;
		makes |= !plan->nodes[i].awaited;
	}
	if (!makes)
		return;
	if (run->err.kind != ERR_NONE || remember_success(ctx, &run->err) == 0)
		return;
	err_prefix(&run->err, "all steps have succeeded, and it cannot be remembered");
	log_err(ctx->log, LOG_ERROR, &run->err);
}

int run_apply(const struct plan *plan, struct ctx *ctx, const struct run_options *options,
	struct run *run)
{
	begin_run(plan, ctx, run);
	if (options->work)
		options->work(options->user, run, NULL);
	run->ended = await_services(plan, ctx, &run->err) < 0;
	for (size_t i = 0; i < run->count; i++) {
		struct result *result = &run->results[i];
		const struct result *hinders = hindrance(run, result->node);
		bool stopped = run->err.kind &&
			(options->settings->bootstrap.fail_fast || run->ended);

		if (stopped || hinders) {
			result->message = hinders
				? arena_printf(ctx->arena, "requires %s",
					  hinders->node->step->id)
				: run->totals[STATUS_ERROR] ? "an earlier step failed"
							    : "--wait was not met";
			log_result(ctx, result);
		} else {
			one_result(run, ctx, options, result);
		}
		run->totals[result->status]++;
		run->left_out += result->left_out;
	}
	remember(plan, ctx, run);
	if (options->begin)
		options->begin(options->user, NULL);
	run->duration_us = clock_us() - run->began_us;
	return run->err.kind ? -1 : 0;
}

/* ---- forecasting ---- */

/* Later steps may ask whether it has changed something. */
static int forecast_is(struct result *result, enum forecast forecast)
{
	static const enum condition_answer answers[] = {
		[FORECAST_NOTHING] = CONDITION_NO,
		[FORECAST_CHANGE] = CONDITION_YES,
		[FORECAST_UNKNOWN] = CONDITION_UNKNOWN,
		[FORECAST_ERROR] = CONDITION_NO,
		[FORECAST_LEFT_OUT] = CONDITION_NO,
	};

	result->forecast = forecast;
	result->node->step->changed = answers[forecast];
	return 0;
}

static int forecast_awaited(
	const struct node *node, struct ctx *ctx, struct result *result, struct buf *text)
{
	enum forecast forecast = await_forecast(node, ctx, text);

	if (forecast == FORECAST_UNKNOWN) {
		parents_note_made(ctx, node->step, true);
		exports_expect(ctx, node->step);
	}
	return forecast_is(result, forecast);
}

static int forecast(const struct node *node, struct ctx *ctx, struct result *result,
	struct buf *text, struct err *err)
{
	static const enum forecast forecasts[] = {
		[IN_PLACE] = FORECAST_NOTHING,
		[TO_DO] = FORECAST_CHANGE,
		[UNKNOWABLE] = FORECAST_UNKNOWN,
	};
	size_t planned = parents_noted(ctx);
	int found = left_out(node, ctx, text, err);

	ctx->awaited = NULL; /* what a condition waits for, it says itself */
	if (found == CONDITION_UNKNOWN) {
		parents_note_made(ctx, node->step, true);
		if (node->step->kind->commands)
			parents_note_command(ctx, node->step->id);
		exports_expect(ctx, node->step);
		return forecast_is(result, FORECAST_UNKNOWN);
	}
	if (found == CONDITION_YES)
		result->forecast = FORECAST_LEFT_OUT;
	if (found != CONDITION_NO)
		return found < 0 ? -1 : 0;
	if (node->awaited)
		return forecast_awaited(node, ctx, result, text);
	ctx->forced = node->forced;
	found = step_begin(node->step, ctx, text, err);
	if (found == TO_DO)
		found = parents_unknown(node->step, ctx, text)
			? UNKNOWABLE
			: node->step->kind->check(node->step, ctx, text, err);
	if (found < 0 ||
		(found == TO_DO &&
			remember_look_ahead(node->step, planned, ctx, err) < 0))
		return -1;
	(void)forecast_is(result, forecasts[found]); /* always 0 */
	if (node->services.count) {
		buf_puts(text, "; waits before for ");
		services_name(&node->services, text);
		if (ctx->online)
			(void)services_ask(&node->services, ctx, text); /* or not */
	}
	if (found != IN_PLACE) {
		parents_note_made(ctx, node->step, found == UNKNOWABLE);
		exports_expect(ctx, node->step);
	}
	if (found == IN_PLACE && node->forced) {
		(void)forecast_is(result, FORECAST_UNKNOWN); /* always 0 */
		buf_puts(text, "; it would be done all the same (--force)");
	}
	return 0;
}

static void one_forecast(struct run *run, struct ctx *ctx, struct result *result)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf lines = BUF_INIT;
	const struct step *step = result->node->step;
	struct warnings *warnings;
	DECLARE_ERR(err);
	int rc;

	ctx->awaited = NULL;
	ctx->lines = ctx->show_lines ? &lines : NULL;
	warnings = warnings_begin(ctx, result);
	rc = forecast(result->node, ctx, result, &text, &err);
	warnings_end(warnings);
	ctx->lines = NULL;
	if (rc == 0 && lines.len)
		result->lines = warnings_redact(ctx, lines.data);
	if (rc == 0) {
		result->message = warnings_redact(ctx, text.data);
		return;
	}
	if (ctx->awaited) {
		(void)forecast_is(result, FORECAST_UNKNOWN); /* always 0 */
		buf_truncate(&text, 0);
		buf_printf(
			&text, "not known before %s has run: %s", ctx->awaited, err.text);
		result->message = warnings_redact(ctx, text.data);
		parents_note_made(ctx, step, true);
		if (step->kind->commands)
			parents_note_command(ctx, step->id);
		exports_expect(ctx, step);
		return;
	}
	classify(step, &err);
	result->forecast = FORECAST_ERROR;
	result->message = warnings_redact(ctx, place_text(ctx->arena, &err.at, err.text));
	if (run->err.kind == ERR_NONE && step->keys.critical)
		run->err = err;
}

int run_forecast(const struct plan *plan, struct ctx *ctx, struct run *run)
{
	begin_run(plan, ctx, run);
	for (size_t i = 0; i < run->count; i++)
		one_forecast(run, ctx, &run->results[i]);
	run->duration_us = clock_us() - run->began_us;
	return run->err.kind ? -1 : 0;
}
