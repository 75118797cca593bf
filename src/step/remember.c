/* SPDX-License-Identifier: MIT */
/* What steps remember between starts. */
#include "step/remember.h"

#include "base/err.h"
#include "base/log.h"
#include "base/stop.h"
#include "state/state.h"
#include "step/step.h"

static const char *remember_key(const struct step *step)
{
	const void *conf = step->conf ? step->conf : step->draft;

	return conf && step->kind->remembers ? step->kind->remembers(conf) : NULL;
}

int remember_check(const struct step *step, struct ctx *ctx, struct err *err)
{
	const char *key = remember_key(step);

	if (!key || ctx->state)
		return 0;
	err_config(err,
		"something must be remembered between starts, and no directory for it is "
		"named; write `state = DIR` into [bootstrap], on the volume that holds "
		"the data, as in `state = /data/.groundwork`");
	return step_locate_key(step, key, err);
}

int remember_lock(const struct step *step, struct ctx *ctx, struct err *err)
{
	bool needed = remember_key(step);
	int rc;

	if (!ctx->state || state_is_locked(ctx->state) || (!needed && ctx->unlocked))
		return 0;
	rc = state_lock(ctx->state, step->id, needed, ctx->stop, ctx->log, err);
	if (rc >= 0)
		return 1;
	if (needed || err->kind == ERR_INTERRUPTED || stop_check(ctx->stop, err) < 0)
		return -1;
	log_debug(ctx->log, "the steps run without a lock: %s", err->text);
	err_init(err);
	ctx->unlocked = true;
	return 0;
}
