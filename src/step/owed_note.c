/* SPDX-License-Identifier: MIT */
/* What a step owes since another has changed something: noting. */
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "conf/words.h"
#include "state/record.h"
#include "state/state.h"
#include "step/owed.h"
#include "step/step.h"
#include "step/when.h"

/* Who asks whether a step has changed something. */
struct asker {
	const struct step *step;
	struct asker *next;
};

/* ---- who asks ---- */

/* Finds the steps that a `when` asks about. */
struct search {
	struct ctx *ctx;
	const struct step *step; /* that asks */
	void (*found)(struct search *search, const struct step *about);
};

static void look_up(void *user, const char *id)
{
	struct search *search = user;
	const struct step *about =
		steps_find(search->ctx->steps, search->step->section->module, id);

	if (about)
		search->found(search, about);
}

/* As it is written: the step may be left out, and its keys not known. */
static void each_asked(struct search *search)
{
	const struct section *section = search->step->section;
	struct list words = {0};

	if (!section_has_text(section, "when", "changed:"))
		return;
	for (const struct value *link = section_get(section, "when")->value; link;
		link = link->next)
		words_split(link->flat, WORDS_SPACE, search->ctx->arena, &words);
	for (size_t i = 0; i < words.count; i++)
		when_each_step(words.items[i], search->ctx->arena, look_up, search);
}

static void add_asker(struct search *search, const struct step *about)
{
	const struct steps *steps = search->ctx->steps;
	struct asker **last = &steps->askers[about - steps->list];
	struct asker *asker;

	if (*last && (*last)->step == search->step) /* asked twice */
		return;
	asker = arena_alloc(search->ctx->arena, sizeof *asker);
	*asker = (struct asker){search->step, *last};
	*last = asker;
}

static const struct asker *askers_of(struct ctx *ctx, const struct step *step)
{
	struct steps *steps = ctx->steps;

	if (!steps->askers) {
		steps->askers =
			arena_alloc(ctx->arena, steps->count * sizeof(struct asker *));
		for (size_t i = 0; i < steps->count; i++)
			each_asked(&(struct search){ctx, &steps->list[i], add_asker});
	}
	return steps->askers[step - steps->list];
}

bool owed_asks(struct ctx *ctx, const struct step *step)
{
	return askers_of(ctx, step);
}

static void warn(struct search *search, const struct step *about)
{
	const struct section *section = search->step->section;
	struct log_event event = {
		.level = LOG_WARN, .at = section_place(section, "when")};

	if (!section_get(about->section, "creates"))
		return;
	event.message = arena_printf(search->ctx->arena,
		"[%s] when: %s makes what it `creates` once, and if that start ends "
		"before this step has succeeded, no later one runs it; with `state` in "
		"[bootstrap], the next one does",
		search->step->id, about->id);
	log_event(search->ctx->log, &event);
}

void owed_warn(const struct step *step, struct ctx *ctx)
{
	if (!ctx->state)
		each_asked(&(struct search){ctx, step, warn});
}

/* ---- noting ---- */

/* Sets the step's key in the record of each that asks, or drops it where we set it. */
static int note_all(
	const struct step *step, struct ctx *ctx, const char *noted, struct err *err)
{
	const char *key = owed_key(ctx, step);

	for (const struct asker *asker = askers_of(ctx, step); asker;
		asker = asker->next) {
		struct record record;
		const char *there;

		if (record_read(&record, ctx->state, asker->step->id, ctx->arena, err) <
			0)
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
