/* SPDX-License-Identifier: MIT */
/* What a step owes since another has changed something: asking, and settling. */
#include "step/owed.h"

#include "base/str.h"
#include "state/record.h"
#include "state/state.h"
#include "step/step.h"

#define KEY "changed " /* and the step that did; the value is when */

const char *owed_key(const struct ctx *ctx, const struct step *step)
{
	return arena_printf(ctx->arena, KEY "%s", step->id);
}

/* Reads the step's record, and drops all debts there. */
static int drop_all(
	const struct step *step, struct ctx *ctx, struct record *record, struct err *err)
{
	if (record_read(record, ctx->state, step->id, ctx->arena, err) < 0)
		return -1;
	for (size_t i = record->count; i-- > 0;)
		if (str_starts(record->list[i].key, KEY))
			record_set(record, record->list[i].key, NULL);
	return 0;
}

int owed_settle(const struct step *step, struct ctx *ctx, struct err *err)
{
	struct record record;

	if (!ctx->state || !section_has_text(step->section, "when", "changed:"))
		return 0;
	if (drop_all(step, ctx, &record, err) < 0)
		return -1;
	if (!record.changed)
		return 0;
	/* What another process notes at this moment stays. */
	if (state_lock(ctx->state, step->id, true, ctx->stop, ctx->log, err) < 0)
		return -1;
	return drop_all(step, ctx, &record, err) < 0
		? -1
		: record_write(&record, ctx->state, err);
}

int owed_is(const struct step *step, const struct step *other, struct ctx *ctx,
	struct err *err)
{
	struct record record;

	if (!ctx->state || !step)
		return 0;
	if (record_read(&record, ctx->state, step->id, ctx->arena, err) < 0)
		return -1;
	return record_get(&record, owed_key(ctx, other)) != NULL;
}
