/* SPDX-License-Identifier: MIT */
/* Forecasting what running a plan would do. */
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "plan/await.h"
#include "plan/run.h"
#include "plan/turn.h"
#include "plan/warnings.h"
#include "step/exports.h"
#include "step/parents.h"
#include "step/remember.h"

/* Later steps may ask whether it has changed something. */
static void forecast_is(struct result *result, enum forecast forecast)
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
}

/* What it makes is not known; its command, if it has one, may make anything. */
static void note_unknown(struct ctx *ctx, const struct step *step)
{
	parents_note_made(ctx, step, true);
	if (step->kind->commands)
		parents_note_command(ctx, step->id);
	exports_expect(ctx, step);
}

static int forecast_awaited(
	const struct node *node, struct ctx *ctx, struct result *result, struct buf *text)
{
	enum forecast forecast = await_forecast(node, ctx, text);

	if (forecast == FORECAST_UNKNOWN)
		note_unknown(ctx, node->step);
	forecast_is(result, forecast);
	return 0;
}

/* Where the text goes on in lines below, the remark is not about the last one. */
static void remark(struct buf *text, const char *words)
{
	CLEANUP_BUF struct buf below = BUF_INIT;
	size_t at = strcspn(text->data, "\n");

	buf_puts(&below, text->data + at);
	buf_truncate(text, at);
	buf_puts(text, words);
	buf_puts(text, below.data);
}

static void remark_services(
	const struct services *services, struct ctx *ctx, struct buf *text)
{
	CLEANUP_BUF struct buf words = BUF_INIT;

	buf_puts(&words, "; waits before for ");
	services_name(services, &words);
	if (ctx->online)
		(void)services_ask(services, ctx, &words); /* or not */
	remark(text, words.data);
}

/* What may be walked to now, others may control once earlier steps have run. */
static int check_way(const struct step *step, struct ctx *ctx, struct err *err)
{
	const char *path;

	if (step->kind->commands)
		return 0;
	for (size_t i = 0; (path = step_path(step, step->conf, i)); i++)
		if (*path && parents_check_way(ctx, path, err) < 0) {
			ctx->known_after =
				NULL; /* who has changed it, one_forecast() says */
			return -1;
		}
	return 0;
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
	int found = turn_left_out(node, ctx, text, err);

	if (found < 0)
		return -1;
	ctx->known_after = NULL; /* what a condition waits for, it says itself */
	if (found == CONDITION_UNKNOWN) {
		note_unknown(ctx, node->step);
		forecast_is(result, FORECAST_UNKNOWN);
		return 0;
	}
	if (found == CONDITION_YES)
		result->forecast = FORECAST_LEFT_OUT;
	if (found != CONDITION_NO)
		return 0;
	if (node->awaited)
		return forecast_awaited(node, ctx, result, text);
	ctx->forced = node->forced;
	found = step_begin(node->step, ctx, text, err);
	if (found == TO_DO)
		found = parents_unknown(node->step, ctx, text)
			? UNKNOWABLE
			: node->step->kind->check(node->step, ctx, text, err);
	if (found < 0 || (found != UNKNOWABLE && check_way(node->step, ctx, err) < 0) ||
		((found == TO_DO || node->forced) &&
			remember_look_ahead(node->step, planned, ctx, err) < 0))
		return -1;
	forecast_is(result, forecasts[found]);
	/* What is in place needs nobody. */
	if (node->services.count && (found != IN_PLACE || node->forced))
		remark_services(&node->services, ctx, text);
	if (found != IN_PLACE) {
		parents_note_made(ctx, node->step, found == UNKNOWABLE);
		exports_expect(ctx, node->step);
	}
	if (found == IN_PLACE && node->forced && node->step->kind->commands) {
		forecast_is(result, FORECAST_UNKNOWN);
		remark(text, "; it would be done all the same (--force)");
	} else if (found == IN_PLACE && node->forced) {
		remark(text, "; --force changes nothing of it");
	}
	return 0;
}

/* Of an error about owners and modes: the earlier step that changes them, or NULL. */
static const char *fixer(const struct step *step, const struct ctx *ctx, int code)
{
	const char *fixer = NULL, *path;

	if (!step->conf || (code != ELOOP && code != EACCES && code != EPERM))
		return NULL;
	for (size_t i = 0; !fixer && (path = step_path(step, step->conf, i)); i++)
		fixer = *path ? parents_fixer(ctx, path) : NULL;
	return fixer;
}

/*
 * Finds the critical failure that would keep it from its turn: of what it requires, or of
 * any step before. The user is to see what would come after that, and that it would not.
 */
static void put_behind(struct run *run, struct result *result, struct buf *text)
{
	const struct node *node = result->node;
	CLEANUP_BUF struct buf words = BUF_INIT;

	for (size_t i = 0; i < node->requires_count && !result->behind; i++) {
		const struct result *required =
			&run->results[node->requires[i]->position];

		result->behind = required->forecast == FORECAST_ERROR ? required
								      : required->behind;
	}
	if (!result->behind)
		result->behind = run->ended_by;
	if (!result->behind)
		return;
	buf_printf(
		&words, "; not run as long as %s fails", result->behind->node->step->id);
	remark(text, words.data);
	result->forecast = FORECAST_LEFT_OUT;
	run->totals[STATUS_NOT_RUN]++;
}

static void one_forecast(
	struct run *run, struct ctx *ctx, bool fail_fast, struct result *result)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf lines = BUF_INIT;
	const struct step *step = result->node->step;
	struct warnings *warnings;
	DECLARE_ERR(err);
	int rc;

	const struct result *hinders = turn_hindrance(run, result->node, ctx);

	/* Of one that is critical the user is to see what would come after it. */
	if (hinders) {
		result->hinders = true;
		run->totals[STATUS_NOT_RUN]++;
		result->message = turn_not_run(ctx, hinders, true);
		forecast_is(result, FORECAST_LEFT_OUT);
		return;
	}
	ctx->known_after = NULL;
	ctx->lines = ctx->show_lines ? &lines : NULL;
	ctx->changes = &result->changes;
	warnings = warnings_begin(ctx, result);
	rc = forecast(result->node, ctx, result, &text, &err);
	warnings_end(warnings);
	ctx->lines = NULL;
	if (rc == 0 && lines.len)
		result->lines = result_redact(ctx, lines.data);
	if (rc == 0) {
		/* Behind the end no condition is asked. */
		if (result->forecast != FORECAST_LEFT_OUT ||
			(run->ended_by && !turn_is_out(result->node)))
			put_behind(run, result, &text);
		result->message = result_redact(ctx, text.data);
		return;
	}
	if (!ctx->known_after)
		ctx->known_after = fixer(step, ctx, err.code);
	if (ctx->known_after) {
		forecast_is(result, FORECAST_UNKNOWN);
		buf_truncate(&text, 0);
		buf_printf(&text, "not known before %s has run: %s", ctx->known_after,
			err.text);
		note_unknown(ctx, step);
		put_behind(run, result, &text);
		result->message = result_redact(ctx, text.data);
		return;
	}
	turn_classify(step, &err);
	result->forecast = FORECAST_ERROR;
	result->hinders = !step->keys.critical;
	if (result->hinders)
		err_append(&err, TURN_TOLERATED);
	result->message = result_redact(ctx, place_text(ctx->arena, &err.at, err.text));
	if (run->err.kind != ERR_NONE || !step->keys.critical)
		return;
	run->err = err;
	run->ended_by = fail_fast ? result : NULL;
}

int run_forecast(
	const struct plan *plan, struct ctx *ctx, bool fail_fast, struct run *run)
{
	turn_begin_run(plan, ctx, run);
	await_forecast_services(ctx, &run->wait);
	for (size_t i = 0; i < run->count; i++)
		one_forecast(run, ctx, fail_fast, &run->results[i]);
	run->duration_us = clock_us() - run->began_us;
	return run->err.kind ? -1 : 0;
}
