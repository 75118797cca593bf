/* SPDX-License-Identifier: MIT */
/* Trying a step until it succeeds, fails for good, or has no time left. */
#include "plan/attempt.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/log.h"
#include "base/stop.h"
#include "base/str.h"
#include "plan/run.h"
#include "plan/settings.h"
#include "step/owed.h"
#include "step/remember.h"

#define RETRY_DELAY_MAX_MS 5000

#define WAIT_NOTED_US 1000 /* what took less was no wait */

void attempt_note_wait(
	const struct attempt *attempt, enum waited_for waited_for, int64_t began_us)
{
	struct result *result = attempt->result;
	int64_t duration = clock_us() - began_us;

	if (duration < WAIT_NOTED_US)
		return;
	result->waits = arena_array_grow(attempt->ctx->arena, result->waits,
		result->waits_count, sizeof *result->waits);
	result->waits[result->waits_count++] = (struct wait){
		.waited_for = waited_for,
		.started_us = began_us - attempt->run->began_us,
		.duration_us = duration,
	};
}

void attempt_begin_work(const struct attempt *attempt)
{
	const struct run_options *options = attempt->options;

	remember_work(attempt->result->node->step, attempt->ctx);
	if (options->work)
		options->work(options->user, attempt->run, attempt->result);
}

/* Waits for the services that it requires, once. */
static int await_required(const struct attempt *attempt, bool *awaited, struct err *err)
{
	const struct node *node = attempt->result->node;
	struct ctx *ctx = attempt->ctx;
	bool own = section_get(node->step->section, "timeout");
	struct stop whole = stop_narrow(ctx->stop, own ? -1 : ctx->requires_ms);
	CLEANUP_BUF struct buf did = BUF_INIT;
	int64_t began = clock_us();
	int rc = services_await(
		&node->services, node->step, ctx, SERVICES_INTERVAL_MS, &did, err);

	attempt_note_wait(attempt, WAITED_FOR_SERVICES, began);
	stop_widen(ctx->stop, &whole);
	if (rc < 0)
		return err_prefix(err, "requires");
	log_debug(ctx->log, "[%s] requires: %s", node->step->id, did.data);
	*awaited = true;
	return 0;
}

/* Its `check` may ask a service, and is for a step that `creates` does not decide. */
static bool asks_by_command(struct step *step, struct ctx *ctx)
{
	CLEANUP_BUF struct buf ignored = BUF_INIT;
	DECLARE_ERR(err);

	return section_get(step->section, "check") &&
		step_there(step, ctx, &ignored, &err) != IN_PLACE;
}

/* Takes the state directory's lock, as remember_lock() does. */
static int lock(const struct attempt *attempt, struct err *err)
{
	int64_t began = clock_us();
	int rc = remember_lock(attempt->result->node->step, attempt->ctx, err);

	attempt_note_wait(attempt, WAITED_FOR_LOCK, began);
	return rc;
}

/*
 * Returns IN_PLACE, also where `when` does not hold any more, TO_DO, or -1. Services are
 * waited for where there is something to do. The first such step waits for the state
 * directory's lock, too. After either it is asked again.
 */
static int look(const struct attempt *attempt, struct err *err)
{
	struct result *result = attempt->result;
	struct step *step = result->node->step;
	struct ctx *ctx = attempt->ctx;
	bool awaited = !result->node->services.count;
	bool asks = ctx->forced || asks_by_command(step, ctx);

	/* What it waits for, or a command says, may take long. */
	if (asks || step->kind->waits)
		attempt_begin_work(attempt);
	if (asks && !awaited && await_required(attempt, &awaited, err) < 0)
		return -1;
	for (;;) {
		int found = TO_DO;
		int64_t began;
		int rc;

		ctx->found = NULL;
		began = clock_us();
		if (!ctx->forced)
			found = step->kind->check(step, ctx, attempt->text, err);
		if (step->kind->waits)
			attempt_note_wait(attempt, WAITED_FOR_SERVICES, began);
		if (found <= IN_PLACE)
			return found;
		attempt_begin_work(attempt);
		buf_truncate(attempt->text, 0);
		if (!awaited) {
			if (await_required(attempt, &awaited, err) < 0)
				return -1;
			continue;
		}
		rc = lock(attempt, err);
		if (rc <= 0)
			return rc < 0 ? -1 : TO_DO;
		rc = step_when(step, ctx, attempt->text, err);
		if (rc == CONDITION_YES)
			continue;
		result->left_out = rc >= 0;
		return rc < 0 ? -1 : IN_PLACE;
	}
}

static int try(const struct attempt *attempt, struct err *err)
{
	struct result *result = attempt->result;
	struct step *step = result->node->step;
	struct ctx *ctx = attempt->ctx;
	int rc = look(attempt, err);

	if (rc < 0)
		return -1;
	if (rc == IN_PLACE) {
		result->status = STATUS_SKIPPED;
		return 0;
	}
	if (owed_note(step, ctx, err) < 0)
		return -1;
	ctx->touched = true;
	attempt->result->changes = 0; /* check() has said what would be done */
	rc = step->kind->apply(step, ctx, attempt->text, err);
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

const char *attempt_own(const struct ctx *ctx, const struct err *err)
{
	return arena_memdup(ctx->arena, err->text, err_own_size(err));
}

const char *attempt_quoted(const struct err *err)
{
	return err->quoted && !err->logged ? err->text + err->quoted : NULL;
}

static void log_retry(const struct ctx *ctx, const struct step *step,
	const struct err *err, bool again, int64_t pause, int64_t retry, int64_t retries)
{
	const char *text = again ? "the same again" : attempt_own(ctx, err);
	/* An error that has a key of the step has its name, too. */
	bool named = str_starts(text, arena_printf(ctx->arena, "[%s]", step->id));
	char after[CLOCK_TEXT_MAX];
	struct log_event event = {
		.level = LOG_WARN,
		.at = err->at,
		.subject = named ? NULL : step->id,
		.step = step->id,
		.quoted = again ? NULL : attempt_quoted(err),
	};

	clock_duration(pause * 1000, after);
	event.message = arena_printf(ctx->arena, "%s; trying again in %s (%lld of %lld)",
		text, after, (long long)retry, (long long)retries);
	log_event(ctx->log, &event);
	log_at_work(ctx->log,
		arena_printf(ctx->arena, "trying again (%lld of %lld)", (long long)retry,
			(long long)retries));
}

static int pause_between(const struct attempt *attempt, int64_t pause, struct err *err)
{
	int64_t began = clock_us();
	int rc = stop_sleep(attempt->ctx->stop, pause, err);

	attempt_note_wait(attempt, WAITED_FOR_RETRY, began);
	return rc;
}

/* Its time is over: what the last try ended with is why, and was perhaps not logged. */
static int fail_after(
	const struct attempt *attempt, const struct err *last, struct err *err)
{
	DECLARE_ERR(end);

	if (last->kind == ERR_NONE || err->quoted || err->kind == ERR_INTERRUPTED ||
		stop_check(attempt->ctx->stop, &end) == 0)
		return -1;
	return err_append_err(err, "; the last try failed: ", last);
}

/* As far as the log does not have them yet. */
static bool is_same(const struct err *a, const struct err *b)
{
	size_t size = err_own_size(a);

	if (!a->logged || !b->logged)
		return str_equal(a->text, b->text);
	return size == err_own_size(b) && memcmp(a->text, b->text, size) == 0;
}

static int try_until_done(const struct attempt *attempt, struct err *err)
{
	const struct bootstrap_settings *settings =
		&attempt->options->settings->bootstrap;
	const struct step *step = attempt->result->node->step;
	const struct stop *stop = attempt->ctx->stop;
	bool own_retries = section_get(step->section, "retries");
	bool own_delay = section_get(step->section, "retry_delay");
	int64_t retries = own_retries ? step->keys.retries : settings->retry_attempts;
	int64_t delay = own_delay ? step->keys.retry_delay_ms : settings->retry_delay_ms;
	DECLARE_ERR(last); /* try's */

	for (int64_t retry = 0;; retry++) {
		int64_t pause;

		attempt->ctx->last_try = retry == retries;
		if (try(attempt, err) == 0)
			return 0;
		if (err->kind != ERR_TEMPORARY)
			return fail_after(attempt, &last, err);
		if (attempt->ctx->last_try)
			return -1;
		pause = delay_before(delay, retry);
		if (pause < err->retry_after_ms)
			pause = err->retry_after_ms;
		if (!stop->deadline_ms || clock_ms() + pause < stop->deadline_ms)
			log_retry(attempt->ctx, step, err, is_same(err, &last), pause,
				retry + 1, retries);
		last = *err;
		err_init(err);
		buf_truncate(attempt->text, 0);
		if (pause_between(attempt, pause, err) < 0)
			return fail_after(attempt, &last, err);
	}
}

int attempt_step(const struct attempt *attempt, struct err *err)
{
	const struct step *step = attempt->result->node->step;
	struct stop *stop = attempt->ctx->stop;
	const struct stop whole = stop_narrow(stop, step->keys.timeout_ms);
	int rc = try_until_done(attempt, err);

	stop_widen(stop, &whole);
	if (step->kind->end)
		step->kind->end(step, attempt->ctx);
	return rc;
}
