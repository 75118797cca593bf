/* SPDX-License-Identifier: MIT */
/* Making the plan: steps, requirements, order. */
#include "plan/plan.h"

#include <fnmatch.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/order.h"
#include "base/str.h"
#include "conf/words.h"
#include "plan/requires.h"
#include "plan/suggest.h"
#include "step/kinds.h"

/* ---- steps ---- */

/* What is wrong with a step does not end it: all errors are reported at once. */
static void add_step(struct plan *plan, const struct section *section,
	const struct kind *kind, struct ctx *ctx, struct problems *problems)
{
	struct step *step = &plan->steps.list[plan->steps.count];
	DECLARE_ERR(err);

	*step = (struct step){.kind = kind, .section = section, .id = section->id};
	plan->nodes[plan->steps.count++].step = step;
	steps_add(&plan->steps, step);
	if (kind->validate)
		kind->validate(section, problems);
	if (step_fill_early(step, ctx, &err) < 0)
		problems_add_err(problems, &err);
}

/* ---- order ---- */

static bool goes_before(const void *user, size_t a, size_t b)
{
	const struct plan *plan = user;
	const struct step *left = &plan->steps.list[a], *right = &plan->steps.list[b];

	if (left->keys.order != right->keys.order)
		return left->keys.order < right->keys.order;
	return strcmp(left->id, right->id) < 0;
}

static const char *id_of(const void *user, size_t i)
{
	const struct plan *plan = user;

	return plan->steps.list[i].id;
}

static void put_in_order(struct plan *plan, struct ctx *ctx, struct problems *problems)
{
	size_t count = plan->steps.count;
	size_t *list = arena_alloc(ctx->arena, count * sizeof *list);
	CLEANUP_ORDER struct order order = {
		.count = count, .before = goes_before, .name = id_of, .user = plan};

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < plan->nodes[i].requires_count; k++)
			order_require(&order, i,
				(size_t)(plan->nodes[i].requires[k] - plan->nodes));
	plan->count = order_sort(&order, list);
	plan->order = arena_alloc(ctx->arena, count * sizeof *plan->order);
	for (size_t i = 0; i < plan->count; i++) {
		plan->order[i] = &plan->nodes[list[i]];
		plan->order[i]->position = i;
	}
	for (size_t placed = plan->count; placed < count && !problems_full(problems);
		placed = order_sort(&order, list)) {
		CLEANUP_BUF struct buf text = BUF_INIT;
		const struct step *step = &plan->steps.list[order_cycle(&order, &text)];

		problems_add(problems, step->section->at, "[%s] requires itself: %s",
			step->id, text.data);
	}
}

/* Who writes an order means it, and what the step requires may have a higher one. */
static void warn_of_order(const struct node *node, const struct ctx *ctx)
{
	const struct step *step = node->step;
	const struct setting *order = section_get(step->section, "order");
	struct log_event event = {.level = LOG_WARN};

	for (size_t i = 0; order && i < node->requires_count; i++) {
		const struct step *required = node->requires[i]->step;

		if (required->keys.order <= step->keys.order)
			continue;
		event.at = order->at;
		event.message = arena_printf(ctx->arena,
			"[%s] order: it is %lld, and that of %s, which is required, "
			"%lld: the step runs behind that one",
			step->id, (long long)step->keys.order, required->id,
			(long long)required->keys.order);
		log_event(ctx->log, &event);
		return;
	}
}

void plan_build(struct plan *plan, const struct conf *conf, struct ctx *ctx,
	struct problems *problems)
{
	size_t most = 0; /* some sections are no step */

	for (const struct section *item = conf->sections; item; item = item->next)
		most++;
	*plan = (struct plan){0};
	plan->steps.list = arena_alloc(ctx->arena, most * sizeof *plan->steps.list);
	plan->nodes = arena_alloc(ctx->arena, most * sizeof *plan->nodes);
	plan->steps.by_id.arena = ctx->arena;
	plan->steps.made = arena_alloc(ctx->arena, sizeof *plan->steps.made);
	plan->steps.made->arena = ctx->arena;
	for (const struct section *item = conf->sections; item; item = item->next) {
		const struct kind *kind = kind_find(item->kind);

		if (kind && !kind->part_of)
			add_step(plan, item, kind, ctx, problems);
		else if (kind && kind->validate)
			kind->validate(item, problems);
	}
	ctx->steps = &plan->steps;
	requires_resolve(plan, conf, ctx, problems);
	put_in_order(plan, ctx, problems);
	for (size_t i = 0; i < plan->count; i++)
		warn_of_order(plan->order[i], ctx);
}

void plan_order_parts(const struct plan *plan, struct ctx *ctx, struct problems *problems)
{
	for (size_t i = 0; i < plan->count; i++) {
		struct step *step = plan->order[i]->step;

		if (step->parts_count && step->kind->order_parts)
			step->kind->order_parts(step, ctx, problems);
	}
}

/* ---- selection ---- */

/* What those that are chosen require is before them in the order. */
static void keep_required(struct plan *plan)
{
	for (size_t i = plan->count; i-- > 0;) {
		const struct node *node = plan->order[i];

		for (size_t k = 0; !node->left_out && k < node->requires_count; k++)
			node->requires[k]->left_out = false;
	}
}

enum choice { CHOICE_ONLY, CHOICE_SKIP, CHOICE_FORCE, CHOICE_WAIT };

/* Who names a step to wait for means it, but `*` is all that is selected. */
static void await(struct node *node, const char *pattern)
{
	node->awaited = true;
	if (!str_equal(pattern, "*"))
		node->left_out = false;
}

/* What no step of --wait was found for may be meant as a service. */
static int raise_service(
	const char *text, const char *written, struct ctx *ctx, struct err *err)
{
	const char *service = address_suggest(text, ctx->arena);
	const char *port = address_wrong_port(text);

	if (service)
		return err_set(err, ERR_USAGE,
			"%s: there is no such step; did you mean '%s'?", written,
			service);
	return port ? err_set(err, ERR_USAGE,
			      "%s: there is no such step, and '%s' is no port: a port is "
			      "a number from 1 to 65535",
			      written, port)
		    : 0;
}

/* How several are written, in an option of that name, or in its variable. */
#define SEVERAL(option) \
	(*(option) == '-' ? "write the option once for each" : "spaces separate several")

/* `option` is its name, or that of its variable. Always -1. */
static int raise_no_step(const struct plan *plan, const char *pattern, const char *option,
	enum choice choice, struct ctx *ctx, struct err *err)
{
	const char *written = arena_printf(
		ctx->arena, "%s%c%s", option, *option == '-' ? ' ' : '=', pattern);
	const char *hint;

	if (strchr(pattern, ',') && !strchr(pattern, '@'))
		return err_set(err, ERR_USAGE,
			"%s: there is no such step; a comma would be part of its id: %s",
			written, SEVERAL(option));
	if (choice == CHOICE_WAIT && !strchr(pattern, '@') &&
		raise_service(pattern, written, ctx, err) < 0)
		return -1;
	if (!strpbrk(pattern, ":*?[") && !steps_scoped_id(&plan->steps, pattern))
		return err_set(err, ERR_USAGE,
			"%s: there is no such step: an id is KIND:NAME, as in '%s'%s",
			written, steps_id_like(&plan->steps, pattern),
			choice == CHOICE_WAIT ? "; a service is tcp://HOST:PORT" : "");
	hint = strpbrk(pattern, "*?[")
		? ""
		: suggest_id(&plan->steps, NULL, pattern, ctx->arena);
	return err_set(err, ERR_USAGE, "%s: there is no such step%s", written,
		*hint ? hint : "; `groundwork list` names them");
}

static int choose(struct plan *plan, const char *const *patterns, const char *option,
	enum choice choice, struct ctx *ctx, struct err *err)
{
	for (; patterns && *patterns; patterns++) {
		bool found = str_equal(*patterns, "*"); /* all that there is */

		if (choice == CHOICE_WAIT && address_is(*patterns))
			continue;
		for (size_t i = 0; i < plan->steps.count; i++) {
			struct node *node = &plan->nodes[i];

			if (fnmatch(*patterns, node->step->id, 0) != 0)
				continue;
			found = true;
			if (choice == CHOICE_ONLY || choice == CHOICE_SKIP)
				node->left_out = choice == CHOICE_SKIP;
			else if (choice == CHOICE_FORCE)
				node->forced = true;
			else
				await(node, *patterns);
		}
		if (!found)
			return raise_no_step(plan, *patterns, option, choice, ctx, err);
	}
	return 0;
}

/* What is printed of a wrong one may be a part of an address that has a password. */
static int check_blanks(const char *const *items, const char *option, struct err *err)
{
	for (; items && *items; items++)
		if ((*items)[words_span(*items, WORDS_SPACE)])
			return err_set(err, ERR_USAGE,
				"%s: takes one address or step; write it once for each",
				option);
	return 0;
}

/*
 * The item at `i` is a wrong address. It may have a password, and is not
 * printed. Always -1.
 */
static int raise_address(const char *const *items, size_t i, const char *option,
	const struct err *why, struct err *err)
{
	const char *comma = strchr(items[i], ',');

	if (comma && strstr(comma, "://"))
		return err_set(err, ERR_USAGE,
			"%s: a comma would be part of the address of a service: %s",
			option, SEVERAL(option));
	if (str_starts(items[i], "sqlite"))
		return err_set(err, ERR_USAGE,
			"%s: a file of SQLite is no service: wait for the step that "
			"makes it, KIND:NAME, or for all, '*'",
			option);
	if (!items[0] || !items[1])
		return err_set(err, ERR_USAGE, "%s: the address of a service %s", option,
			why->text);
	return err_set(err, ERR_USAGE, "%s: the address of a service (number %zu) %s",
		option, i + 1, why->text);
}

static int choose_services(struct plan *plan, const char *const *items,
	const char *option, struct ctx *ctx, struct err *err)
{
	for (size_t i = 0; items && items[i]; i++) {
		DECLARE_ERR(why);

		if (address_is(items[i]) &&
			(services_add(&plan->awaited, items[i], ctx, &why) < 0 ||
				services_check_build(&plan->awaited, &why) < 0))
			return raise_address(items, i, option, &why, err);
	}
	return 0;
}

int plan_select(struct plan *plan, const struct selection *selection, struct ctx *ctx,
	struct err *err)
{
	bool only = selection->only && *selection->only;
	const char *force = selection->force_by ? selection->force_by : "--force";
	const char *wait = selection->wait_by ? selection->wait_by : "--wait";

	for (size_t i = 0; i < plan->steps.count; i++)
		plan->nodes[i].left_out = only;
	if (choose(plan, selection->only, "--only", CHOICE_ONLY, ctx, err) < 0)
		return -1;
	keep_required(plan);
	if (choose(plan, selection->skip, "--skip", CHOICE_SKIP, ctx, err) < 0 ||
		choose(plan, selection->force, force, CHOICE_FORCE, ctx, err) < 0 ||
		check_blanks(selection->wait, wait, err) < 0 ||
		choose(plan, selection->wait, wait, CHOICE_WAIT, ctx, err) < 0)
		return -1;
	return choose_services(plan, selection->wait, wait, ctx, err);
}
