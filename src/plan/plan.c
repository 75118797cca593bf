/* SPDX-License-Identifier: MIT */
/* Making the plan: steps, requirements, order. */
#include "plan/plan.h"

#include <fnmatch.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "plan/requires.h"
#include "step/kinds.h"
#include "step/when.h"

/* ---- steps ---- */

static size_t count_steps(const struct conf *conf)
{
	size_t n = 0;

	for (const struct section *one = conf->sections; one; one = one->next) {
		const struct kind *kind = kind_find(one->kind);

		n += kind && !kind->part;
	}
	return n;
}

/* What is wrong with one step is a mistake among others: all are told at once. */
static void add_step(struct plan *plan, const struct section *section,
	const struct kind *kind, struct ctx *ctx, struct problems *problems)
{
	struct step *step = &plan->steps.list[plan->steps.count];
	DECLARE_ERR(err);

	*step = (struct step){.kind = kind, .section = section, .id = section->id};
	plan->nodes[plan->steps.count++].step = step;
	if (kind->validate)
		kind->validate(section, problems);
	when_check(section, problems);
	if (step_fill_early(step, ctx, &err) < 0)
		problems_add_err(problems, &err);
}

/* ---- order ---- */

static bool ready(const struct node *node)
{
	if (node->placed)
		return false;
	for (size_t i = 0; i < node->requires_count; i++)
		if (!node->requires[i] -> placed)
			return false;
	return true;
}

static bool goes_before(const struct step *a, const struct step *b)
{
	if (a->keys.order != b->keys.order)
		return a->keys.order < b->keys.order;
	return strcmp(a->id, b->id) < 0;
}

static struct node *next_node(const struct plan *plan)
{
	struct node *best = NULL;

	for (size_t i = 0; i < plan->steps.count; i++) {
		struct node *node = &plan->nodes[i];

		if (ready(node) && (!best || goes_before(node->step, best->step)))
			best = node;
	}
	return best;
}

/* A requirement that is itself not placed: on a cycle there is always one. */
static const struct node *unplaced(const struct node *node)
{
	for (size_t i = 0; i < node->requires_count; i++)
		if (!node->requires[i] -> placed)
	return node->requires[i];
	return NULL;
}

/* Walks into the cycle, then once around it, and names what it met. */
static void name_cycle(const struct plan *plan, struct problems *problems)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	const struct node *start = plan->nodes;
	const struct node *node;

	while (start->placed)
		start++;
	for (size_t i = 0; i < plan->steps.count; i++)
		start = unplaced(start);
	buf_printf(&text, "%s", start->step->id);
	for (node = unplaced(start); node != start; node = unplaced(node))
		buf_printf(&text, " → %s", node->step->id);
	problems_add(problems, start->step->section->at, "[%s] requires itself: %s → %s",
		start->step->id, text.data, start->step->id);
}

static void put_in_order(struct plan *plan, struct ctx *ctx, struct problems *problems)
{
	plan->order =
		arena_alloc(ctx->arena, (plan->steps.count + 1) * sizeof *plan->order);
	while (plan->count < plan->steps.count) {
		struct node *node = next_node(plan);

		if (!node) {
			name_cycle(plan, problems);
			return;
		}
		node->placed = true;
		plan->order[plan->count++] = node;
	}
}

void plan_build(struct plan *plan, const struct conf *conf, struct ctx *ctx,
	struct problems *problems)
{
	size_t count = count_steps(conf);

	*plan = (struct plan){0};
	plan->steps.list =
		arena_alloc(ctx->arena, (count + 1) * sizeof *plan->steps.list);
	plan->nodes = arena_alloc(ctx->arena, (count + 1) * sizeof *plan->nodes);
	for (const struct section *one = conf->sections; one; one = one->next) {
		const struct kind *kind = kind_find(one->kind);

		if (kind && !kind->part)
			add_step(plan, one, kind, ctx, problems);
		else if (kind && kind->validate)
			kind->validate(one, problems);
	}
	ctx->steps = &plan->steps;
	requires_resolve(plan, conf, ctx, problems);
	put_in_order(plan, ctx, problems);
}

/* ---- selection ---- */

static bool matches(const struct step *step, const char *pattern)
{
	return fnmatch(pattern, step->id, 0) == 0;
}

static void keep(struct node *node)
{
	if (!node->left_out)
		return;
	node->left_out = false;
	for (size_t i = 0; i < node->requires_count; i++)
		keep(node->requires[i]);
}

enum choice { CHOICE_ONLY, CHOICE_SKIP, CHOICE_FORCE };

static int choose(struct plan *plan, const char *const *patterns, const char *option,
	enum choice choice, struct err *err)
{
	for (; patterns && *patterns; patterns++) {
		bool found = false;

		for (size_t i = 0; i < plan->steps.count; i++) {
			struct node *node = &plan->nodes[i];

			if (!matches(node->step, *patterns))
				continue;
			found = true;
			if (choice == CHOICE_ONLY)
				keep(node);
			else if (choice == CHOICE_SKIP)
				node->left_out = true;
			else
				node->forced = true;
		}
		if (!found)
			return err_set(err, ERR_USAGE,
				"%s %s: there is no such step; `groundwork list` names "
				"them",
				option, *patterns);
	}
	return 0;
}

int plan_select(struct plan *plan, const struct selection *selection, struct err *err)
{
	bool only = selection->only && *selection->only;

	for (size_t i = 0; i < plan->steps.count; i++)
		plan->nodes[i].left_out = only;
	if (choose(plan, selection->only, "--only", CHOICE_ONLY, err) < 0 ||
		choose(plan, selection->skip, "--skip", CHOICE_SKIP, err) < 0)
		return -1;
	return choose(plan, selection->force, "--force", CHOICE_FORCE, err);
}
