/* SPDX-License-Identifier: MIT */
/* What steps remember between starts. */
#include "step/remember.h"

#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/stop.h"
#include "base/str.h"
#include "conf/block.h"
#include "state/state.h"
#include "step/first_run.h"
#include "step/owed.h"
#include "step/parents.h"
#include "step/step.h"
#include "step/when.h"

#define NO_STATE \
	"something must be remembered between starts, and no directory for it is " \
	"named; write `state = DIR` into [bootstrap], on the volume that holds the " \
	"data, as in `state = /data/.groundwork`"

static const char *remember_key(const struct step *step)
{
	const void *conf = step->conf ? step->conf : step->draft;

	const char *key =
		conf && step->kind->remembers ? step->kind->remembers(conf) : NULL;

	return !key && when_asks_first_run(&step->keys.when) ? "when" : key;
}

/*
 * Must the lock be had? A step that is not a command and has no memory of its own is safe
 * without: then no directory is made for the lock, in one that a step is to make, or to
 * fill while it is empty.
 */
static bool needs_lock(const struct step *step, struct ctx *ctx)
{
	const char *key = remember_key(step);

	if (!step->kind->shares && owed_asks(ctx, step))
		return true;
	return key && (step->kind->commands || !str_equal(key, "when"));
}

#define FIRST_RUN "first-run"

static void note_first_run(void *user, const char *name, bool shown)
{
	bool *asked = user;

	(void)shown;
	*asked |= str_equal(name, FIRST_RUN);
}

/* To search for a word takes longer than for a sign that few texts have. */
static bool has_block(const char *text, const char *end)
{
	while ((text = memchr(text, '$', (size_t)(end - text))) &&
		!block_may_begin(text, end))
		text++;
	return text;
}

int remember_check_text(
	const char *text, size_t size, const struct ctx *ctx, struct err *err)
{
	bool asked = false;

	/* A text without the word, which is of a block, need not be taken apart. */
	if (!ctx->state && has_block(text, text + size) && strstr(text, FIRST_RUN))
		expand_each(text, note_first_run, &asked);
	return asked ? err_config(err, NO_STATE) : 0;
}

static int check_value(const char *text, const struct ctx *ctx, struct err *err)
{
	return remember_check_text(text, strlen(text), ctx, err);
}

/* Of ${if first-run}, with the key that has it. */
static int check_texts(const struct step *step, const struct ctx *ctx, struct err *err)
{
	const struct setting *setting = step->section->settings;

	for (; setting; setting = setting->next) {
		const struct field *field = field_find(step->kind->fields, setting->key);
		bool text = field && field->type == FIELD_TEXT;

		for (const struct value *link = setting->value; link; link = link->next)
			if (check_value(text ? link->text : link->flat, ctx, err) < 0)
				return step_locate_key(step, setting->key, err);
	}
	return 0;
}

int remember_check(const struct step *step, struct ctx *ctx, struct err *err)
{
	const char *key = remember_key(step);

	if (!key || ctx->state)
		return check_texts(step, ctx, err);
	err_config(err, NO_STATE);
	return step_locate_key(step, key, err);
}

int remember_lock(const struct step *step, struct ctx *ctx, struct err *err)
{
	bool needed = ctx->state && needs_lock(step, ctx);
	DECLARE_ERR(ended); /* `err` says more of it */
	int rc;

	if (!ctx->state || state_is_locked(ctx->state) || (!needed && ctx->unlocked))
		return 0;
	rc = state_lock(ctx->state, step->id, needed, ctx->stop, ctx->log, err);
	if (rc >= 0)
		return 1;
	if (needed || err->kind == ERR_INTERRUPTED || stop_check(ctx->stop, &ended) < 0)
		return -1;
	log_debug(ctx->log, "the steps run without a lock: %s", err->text);
	err_init(err);
	ctx->unlocked = true;
	return 0;
}

void remember_yield(struct ctx *ctx)
{
	bool first = ctx->first_run_asked && !ctx->waiting;

	if (ctx->state && !first)
		state_unlock(ctx->state);
}

void remember_work(const struct step *step, struct ctx *ctx)
{
	if (ctx->state)
		state_name_holder(ctx->state, step->id);
}

int remember_look_ahead(
	const struct step *step, size_t planned, struct ctx *ctx, struct err *err)
{
	DECLARE_ERR(would);

	if (!ctx->state || !needs_lock(step, ctx) ||
		state_check(ctx->state, &would) == 0 ||
		parents_may_change(ctx, ctx->state->path, planned))
		return 0;
	*err = would;
	return -1;
}

int remember_success(struct ctx *ctx, struct err *err)
{
	bool remembers = ctx->first_run_asked;

	for (size_t i = 0; i < ctx->steps->count; i++)
		remembers |= remember_key(&ctx->steps->list[i]) != NULL;
	return ctx->state && remembers ? first_run_end(ctx, err) : 0;
}
