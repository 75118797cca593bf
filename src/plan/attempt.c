/* SPDX-License-Identifier: MIT */
/* Trying a step until it succeeds, fails for good, or has no time left. */
#include "plan/attempt.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/log.h"
#include "base/stop.h"
#include "plan/run.h"
#include "plan/settings.h"
#include "step/owed.h"
#include "step/remember.h"

#define RETRY_DELAY_MAX_MS 5000

/*
 * Returns IN_PLACE, also where `when` does not hold any more, TO_DO, or -1. The first
 * step with something to do waits for the state directory's lock, and is asked again.
 */
static int look(struct step *step, struct ctx *ctx, struct buf *text, struct err *err)
{
	for (;;) {
		int found = TO_DO;
		int rc;

		ctx->found = NULL;
		if (!ctx->forced)
			found = step->kind->check(step, ctx, text, err);
		if (found <= IN_PLACE)
			return found;
		buf_truncate(text, 0);
		rc = remember_lock(step, ctx, err);
		if (rc <= 0)
			return rc < 0 ? -1 : TO_DO;
		rc = step_when(step, ctx, text, err);
		if (rc != CONDITION_YES)
			return rc < 0 ? -1 : IN_PLACE;
	}
}

static int attempt(struct step *step, struct ctx *ctx, struct result *result,
	struct buf *text, struct err *err)
{
	int rc = look(step, ctx, text, err);

	if (rc < 0)
		return -1;
	if (rc == IN_PLACE) {
		result->status = STATUS_SKIPPED;
		return 0;
	}
	if (owed_note(step, ctx, err) < 0)
		return -1;
	ctx->touched = true;
	rc = step->kind->apply(step, ctx, text, err);
	if (rc < 0)
		step->noted = NULL; /* it may have changed something: that stays */
	if (rc < 0 || (rc == 0 && owed_undo(step, ctx, err) < 0))
		return -1;
	result->changed = rc == 1;
	if (rc == 1)
		step->changed = CONDITION_YES;
	result->status = rc == 1 ? STATUS_SUCCESS : STATUS_SKIPPED;
	return 0;
}

/* Doubling, with jitter, so that replicas that failed together do not return together. */
static int64_t delay_before(int64_t first_ms, int64_t retry)
{
	int64_t delay = first_ms > 0 ? first_ms : 0;
	int64_t longest = delay > RETRY_DELAY_MAX_MS ? delay : RETRY_DELAY_MAX_MS;
	uint16_t random;

	while (retry-- > 0 && delay < longest)
		delay *= 2;
	if (delay > longest)
		delay = longest;
	crypto_random(&random, sizeof random);
	return delay / 2 + delay * random / UINT16_MAX / 2;
}

const char *attempt_unlogged(const struct ctx *ctx, const struct err *err)
{
	return err->logged ? arena_memdup(ctx->arena, err->text, err->logged) : err->text;
}

static void log_retry(const struct ctx *ctx, const struct step *step,
	const struct err *err, int64_t pause, int64_t retry, int64_t retries)
{
	const struct log_event event = {
		.level = LOG_WARN,
		.at = err->at,
		.subject = step->id,
		.message = arena_printf(ctx->arena,
			"%s; trying again in %lld ms (%lld of %lld)",
			attempt_unlogged(ctx, err), (long long)pause, (long long)retry,
			(long long)retries),
	};

	log_event(ctx->log, &event);
}

static int attempts(struct step *step, struct ctx *ctx, const struct run_options *options,
	struct result *result, struct buf *text, struct err *err)
{
	const struct bootstrap_settings *settings = &options->settings->bootstrap;
	bool own_retries = section_get(step->section, "retries");
	bool own_delay = section_get(step->section, "retry_delay");
	int64_t retries = own_retries ? step->keys.retries : settings->retry_attempts;
	int64_t delay = own_delay ? step->keys.retry_delay_ms : settings->retry_delay_ms;

	for (int64_t retry = 0;; retry++) {
		int64_t pause;

		if (attempt(step, ctx, result, text, err) == 0)
			return 0;
		if (err->kind != ERR_TEMPORARY || retry == retries)
			return -1;
		pause = delay_before(delay, retry);
		log_retry(ctx, step, err, pause, retry + 1, retries);
		err_init(err);
		buf_truncate(text, 0);
		if (stop_sleep(ctx->stop, pause, err) < 0)
			return -1;
	}
}

/* The step's own timeout is a deadline that is nearer than that of the whole. */
int attempt_step(struct step *step, struct ctx *ctx, const struct run_options *options,
	struct result *result, struct buf *text, struct err *err)
{
	int64_t whole = ctx->stop->deadline_ms;
	int64_t own = step->keys.timeout_ms < 0 ? 0 : clock_ms() + step->keys.timeout_ms;
	int rc;

	if (own && (!whole || own < whole)) {
		ctx->stop->deadline_ms = own;
		ctx->stop->timeout_ms = step->keys.timeout_ms;
	}
	rc = attempts(step, ctx, options, result, text, err);
	ctx->stop->deadline_ms = whole;
	ctx->stop->timeout_ms = 0;
	return rc;
}
