/* SPDX-License-Identifier: MIT */
/* What a step owes since another has changed something: noting. */
#include "base/clock.h"
#include "base/str.h"
#include "conf/words.h"
#include "state/record.h"
#include "state/state.h"
#include "step/owed.h"
#include "step/step.h"
#include "step/when.h"

/* Whether a `when` asks about a step. */
struct search {
	const struct steps *steps;
	const char *module;      /* of who asks */
	const struct step *step; /* that may be asked about */
	bool found;
};

static void compare(void *user, const char *id)
{
	struct search *search = user;

	search->found |= steps_find(search->steps, search->module, id) == search->step;
}

/* As it is written: the step may be left out, and its keys not known. */
static bool asks(const struct ctx *ctx, const struct step *step, const struct step *about)
{
	const struct setting *when = section_get(step->section, "when");
	struct search search = {
		.steps = ctx->steps, .module = step->section->module, .step = about};
	struct list words = {0};

	if (!section_has_text(step->section, "when", "changed:"))
		return false;
	for (const struct value *link = when->value; link; link = link->next)
		words_split(link->flat, WORDS_SPACE, ctx->arena, &words);
	for (size_t i = 0; i < words.count; i++)
		when_each_step(words.items[i], ctx->arena, compare, &search);
	return search.found;
}

bool owed_asks(const struct ctx *ctx, const struct step *step)
{
	for (size_t i = 0; i < ctx->steps->count; i++)
		if (asks(ctx, &ctx->steps->list[i], step))
			return true;
	return false;
}

/* Sets the step's key in the record of each that asks, or drops it where we set it. */
static int note_all(
	const struct step *step, struct ctx *ctx, const char *noted, struct err *err)
{
	const char *key = owed_key(ctx, step);

	for (size_t i = 0; i < ctx->steps->count; i++) {
		const struct step *asker = &ctx->steps->list[i];
		struct record record;
		const char *there;

		if (!asks(ctx, asker, step))
			continue;
		if (record_read(&record, ctx->state, asker->id, ctx->arena, err) < 0)
			return -1;
		there = record_get(&record, key);
		if (noted && !there)
			record_set(&record, key, noted);
		if (!noted && there && str_equal(there, step->noted))
			record_set(&record, key, NULL);
		if (record_write(&record, ctx->state, err) < 0)
			return -1;
	}
	return 0;
}

int owed_note(struct step *step, struct ctx *ctx, struct err *err)
{
	char now[CLOCK_TEXT_MAX];

	/* A retry has noted it. */
	if (!ctx->state || !state_is_locked(ctx->state) || step->noted)
		return 0;
	clock_text(now);
	if (note_all(step, ctx, now, err) < 0)
		return -1;
	step->noted = arena_strdup(ctx->arena, now);
	return 0;
}

int owed_undo(struct step *step, struct ctx *ctx, struct err *err)
{
	if (!step->noted)
		return 0;
	if (note_all(step, ctx, NULL, err) < 0)
		return -1;
	step->noted = NULL;
	return 0;
}
