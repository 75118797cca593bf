/* SPDX-License-Identifier: MIT */
/* Whether a run has succeeded before. */
#include "step/first_run.h"

#include "base/clock.h"
#include "base/err.h"
#include "state/record.h"
#include "step/step.h"

#define ID  "bootstrap"
#define KEY "succeeded"

int first_run_is(struct ctx *ctx, struct err *err)
{
	struct record record;

	if (!ctx->state)
		return err_config(err,
			"first-run: whether this is the first run is not known without a "
			"state directory; write `state = DIR` into [bootstrap]");
	ctx->first_run_asked = true;
	if (record_read(&record, ctx->state, ID, ctx->arena, err) < 0)
		return -1;
	return !record_get(&record, KEY);
}

int first_run_end(struct ctx *ctx, struct err *err)
{
	struct record record;
	char now[CLOCK_TEXT_MAX];

	clock_text(now);
	if (record_read(&record, ctx->state, ID, ctx->arena, err) < 0)
		return -1;
	if (!record_get(&record, KEY))
		record_set(&record, KEY, now);
	return record_write(&record, ctx->state, err);
}
