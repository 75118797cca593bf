/* SPDX-License-Identifier: MIT */
/* What running and forecasting have in common. */
#include "plan/turn.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "plan/run.h"

#define WIDTH_MAX 32

void turn_begin_run(const struct plan *plan, struct ctx *ctx, struct run *run)
{
	*run = (struct run){.began_us = clock_us()};
	run->results = arena_alloc(ctx->arena, (plan->count + 1) * sizeof *run->results);
	run->count = plan->count;
	run->wait.timeout_ms = plan->await_ms;
	if (plan->awaited.count)
		run->wait.services = &plan->awaited;
	clock_text(run->started);
	for (size_t i = 0; i < plan->count; i++) {
		const struct node *node = plan->order[i];
		size_t width = strlen(node->step->id);

		run->results[i] = (struct result){.node = node, .message = ""};
		/* One id that is long moves no other line. */
		if (width <= WIDTH_MAX && (int)width > run->width)
			run->width = (int)width;
	}
}

bool turn_is_out(const struct node *node)
{
	return node->left_out || !node->step->keys.enabled;
}

int turn_left_out(
	const struct node *node, struct ctx *ctx, struct buf *why, struct err *err)
{
	int rc;

	if (turn_is_out(node)) {
		buf_puts(why, node->left_out ? "not selected" : "not enabled");
		return CONDITION_YES;
	}
	if (node->step->wrong) {
		*err = *node->step->wrong;
		return -1;
	}
	rc = step_when(node->step, ctx, why, err);
	return rc == CONDITION_YES || rc == CONDITION_NO ? !rc : rc;
}

/* Where it has failed, or was not run. */
static const struct result *hindrance(const struct run *run, const struct node *node)
{
	for (size_t i = 0; i < node->requires_count; i++) {
		const struct result *required =
			&run->results[node->requires[i]->position];

		if (required->hinders)
			return required;
	}
	return NULL;
}

const struct result *turn_hindrance(
	const struct run *run, const struct node *node, struct ctx *ctx)
{
	const struct result *hinders = hindrance(run, node);
	CLEANUP_BUF struct buf ignored = BUF_INIT;
	DECLARE_ERR(err); /* then it is not run */

	return hinders && turn_left_out(node, ctx, &ignored, &err) != CONDITION_YES
		? hinders
		: NULL;
}

const char *turn_not_run(
	const struct ctx *ctx, const struct result *hinders, bool goes_on)
{
	return arena_printf(ctx->arena, "not run%s: requires %s",
		goes_on ? ", and the start goes on without it" : "",
		hinders->node->step->id);
}

void turn_classify(const struct step *step, struct err *err)
{
	if (err->kind == ERR_NONE) /* an error of ours must not start the application */
		err_fail(err, "it failed and does not say why");
	if (err->kind == ERR_CONFIG)
		err->kind = ERR_FAILED;
	(void)step_locate(step, err); /* always -1 */
}
