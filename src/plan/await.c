/* SPDX-License-Identifier: MIT */
/* Waiting for steps that others lay. */
#include "plan/await.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/stop.h"
#include "plan/attempt.h"
#include "plan/plan.h"
#include "plan/warnings.h"
#include "step/remember.h"

#define INTERVAL_MS 500

int await_services(struct ctx *ctx, struct run *run)
{
	CLEANUP_BUF struct buf did = BUF_INIT;
	struct run_wait *wait = &run->wait;
	struct stop whole;

	if (!wait->services)
		return 0;
	whole = stop_narrow(ctx->stop, wait->timeout_ms);
	wait->failed = services_await(wait->services, NULL, ctx, SERVICES_INTERVAL_MS,
			       &did, &run->err) < 0;
	stop_widen(ctx->stop, &whole);
	wait->duration_us = clock_us() - run->began_us;
	wait->message = result_redact(ctx, wait->failed ? run->err.text : did.data);
	if (!wait->failed) {
		log_info(ctx->log, "--wait: %s", did.data);
		return 0;
	}
	err_prefix(&run->err, "--wait");
	log_err(ctx->log, LOG_ERROR, &run->err);
	return -1;
}

void await_forecast_services(struct ctx *ctx, struct run_wait *wait)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	if (!wait->services)
		return;
	buf_puts(&text, "waits before the first step for ");
	services_name(wait->services, &text);
	wait->forecast = FORECAST_UNKNOWN;
	if (ctx->online && services_ask(wait->services, ctx, &text) == IN_PLACE)
		wait->forecast = FORECAST_NOTHING;
	wait->message = result_redact(ctx, text.data);
}

/* The step as a look finds it, without the values of the last one, which may change. */
static int look(
	const struct node *node, struct ctx *ctx, struct buf *why, struct err *err)
{
	struct step *step = node->step;
	int rc;

	buf_truncate(why, 0);
	err_init(err);
	step->conf = NULL;
	ctx->found = NULL;
	rc = step_begin(step, ctx, why, err);
	return rc == TO_DO ? step->kind->check(step, ctx, why, err) : rc;
}

/*
 * One of many looks, since others may need days: what it leaves in memory goes with it,
 * unless it is the last one. Returns as look(), with `ret_last`.
 */
static int look_briefly(const struct node *node, struct ctx *ctx, bool *ret_last,
	struct buf *why, struct err *err)
{
	const struct step before = *node->step;
	const struct list others = ctx->others;
	struct arena *whole = ctx->arena;
	struct arena brief = {0};
	int rc;

	ctx->arena = &brief;
	rc = look(node, ctx, why, err);
	ctx->arena = whole;
	/* Its time ended while it was looked at: the error says that. */
	*ret_last = rc == IN_PLACE || (rc < 0 && stop_is_due(ctx->stop));
	if (*ret_last) {
		arena_adopt(whole, &brief);
		return rc;
	}
	*node->step = before;
	ctx->others = others;
	ctx->found = NULL;
	arena_release(&brief);
	return rc;
}

/*
 * What nobody is sure to make is waited for as long as a start that makes it would wait
 * for a service; what only waits itself, as --timeout says. -1: without end.
 */
static int64_t limit_of(const struct attempt *attempt)
{
	const struct step *step = attempt->result->node->step;

	if (step->keys.critical)
		return step->kind->waits ? attempt->run->wait.timeout_ms : -1;
	/* 0: what it holds is not known yet */
	if (section_get(step->section, "timeout") && step->keys.timeout_ms != 0)
		return step->keys.timeout_ms;
	return attempt->ctx->wait_ms;
}

static int64_t interval_of(const struct attempt *attempt)
{
	int64_t asked = attempt->options->look_again_ms;

	return asked ? asked : INTERVAL_MS;
}

static int wait_for(const struct attempt *attempt, struct err *err)
{
	const struct node *node = attempt->result->node;
	const char *by = node->step->kind->waits ? "" : "to be made by others: ";
	struct ctx *ctx = attempt->ctx;
	struct buf *why = attempt->text;
	const struct log *log = ctx->log;
	/* As in warnings_begin(): what the step reads may keep the log. */
	struct log *quiet = arena_memdup(ctx->arena, log, sizeof *log);

	/* What a check says is logged once; later only a warning that is new. */
	if (quiet->level > LOG_WARN)
		quiet->level = LOG_WARN;
	for (bool again = false;; again = true) {
		CLEANUP_BUF struct buf last = BUF_INIT;
		bool is_last;
		int rc;

		ctx->log = again ? quiet : log;
		rc = look_briefly(node, ctx, &is_last, why, err);
		ctx->log = log;
		if (is_last)
			return rc < 0 ? -1 : 0;
		remember_yield(ctx);
		attempt_begin_work(attempt);
		buf_printf(&last, "%s%s", by, rc < 0 ? err->text : why->data);
		log_at_work(ctx->log, last.data);
		log_progress(ctx->log, "[%s] %s", node->step->id, last.data);
		err_init(err);
		if (stop_sleep(ctx->stop, interval_of(attempt), err) < 0)
			return err_append(err, ": %s%s", *by ? "it is still " : "",
				result_redact(ctx, last.data));
	}
}

static bool is_observable(const struct node *node)
{
	const struct step *step = node->step;

	return !step->kind->observable || step->kind->observable(step->section);
}

/* Returns whether it is passed over, and says so. */
static bool passes_over(const struct node *node, struct buf *why)
{
	if (is_observable(node))
		return false;
	buf_puts(why, "passed over: nothing shows whether others have done it");
	return true;
}

int await_node(const struct attempt *attempt, struct err *err)
{
	struct ctx *ctx = attempt->ctx;
	int64_t wait_ms = ctx->wait_ms, began_us = clock_us(), waited_us;
	struct stop whole;
	int rc;

	attempt->result->left_out = passes_over(attempt->result->node, attempt->text);
	if (attempt->result->left_out)
		return 0;
	ctx->waiting = true;
	ctx->touched = true; /* by others: nothing that was read before may hold */
	whole = stop_narrow(ctx->stop, limit_of(attempt));
	ctx->wait_ms = -1;
	rc = wait_for(attempt, err);
	stop_widen(ctx->stop, &whole);
	log_progress_end(attempt->ctx->log);
	ctx->waiting = false;
	ctx->wait_ms = wait_ms;
	waited_us = clock_us() - began_us;
	if (waited_us < interval_of(attempt) * 1000) /* it was in place at once */
		return rc;
	attempt_note_wait(attempt, WAITED_FOR_OTHERS, began_us);
	if (rc == 0)
		buf_printf(attempt->text, ", after %.1fs of waiting",
			(double)waited_us / 1000000);
	return rc;
}

enum forecast await_forecast(const struct node *node, struct ctx *ctx, struct buf *why)
{
	CLEANUP_BUF struct buf found = BUF_INIT;
	DECLARE_ERR(err);
	int rc;

	if (passes_over(node, why))
		return FORECAST_LEFT_OUT;
	ctx->waiting = true;
	rc = look(node, ctx, &found, &err);
	ctx->waiting = false;
	if (rc != IN_PLACE && !node->step->kind->waits)
		buf_puts(why, "waits until others have made it: ");
	buf_puts(why, rc < 0 ? err.text : found.data);
	return rc == IN_PLACE ? FORECAST_NOTHING : FORECAST_UNKNOWN;
}
