/* SPDX-License-Identifier: MIT */
/* Two steps that cannot both have one path. */
#include "step/clash.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/problems.h"
#include "base/str.h"
#include "step/clash_above.h"
#include "step/clash_claim.h"
#include "step/owner.h"
#include "step/step.h"

#define CHOOSE "give one of them another path, or say with `when` which runs"

static int by_path(const void *a, const void *b)
{
	const struct claim *left = a, *right = b;
	int order = strcmp(left->plain, right->plain);

	return order ? order : (left->at > right->at) - (left->at < right->at);
}

/* ---- why two clash ---- */

static bool is_number(const struct field_name *name)
{
	return *name->name >= '0' && *name->name <= '9';
}

static bool is_written_otherwise(const struct field_name *a, const struct field_name *b)
{
	/* A name may be that of a number. */
	return a->set && b->set && is_number(a) == is_number(b) &&
		!str_equal(a->name, b->name);
}

/* A key of which both write their own value; NULL: none. */
static const char *contested_key(const struct access *a, const struct access *b)
{
	if (!a || !b)
		return NULL;
	if (a->mode.set && b->mode.set && a->mode.mode != b->mode.mode)
		return "mode";
	if (is_written_otherwise(&a->owner, &b->owner))
		return "owner";
	return is_written_otherwise(&a->group, &b->group) ? "group" : NULL;
}

/* Does `later` go on with what `earlier` leaves there? */
static bool goes_on(const struct claim *later, const struct claim *earlier)
{
	const struct making *ours = &later->making, *theirs = &earlier->making;

	if (ours->found)
		return true;
	if (ours->if_empty && theirs->filled)
		return false;
	if (ours->how == MAKING_EMPTY && theirs->how == MAKING_EMPTY)
		return true;
	if (ours->how == MAKING_EDITS)
		return !theirs->alone && theirs->how != MAKING_ANEW;
	if (earlier->step->kind->commands)
		return ours->how == MAKING_TAKEN || ours->how == MAKING_DIR;
	return theirs->how == MAKING_DIR && (ours->how == MAKING_DIR || ours->if_empty);
}

static bool is_alone(const struct claim *later, const struct claim *earlier)
{
	return !later->step->kind->commands &&
		(later->making.alone || earlier->making.alone);
}

/* Where the earlier fails and that is tolerated, the later may be what is to help. */
static bool is_fallback(const struct claim *later, const struct claim *earlier)
{
	enum making_how ours = later->making.how, theirs = earlier->making.how;

	return clash_may_fail(earlier->step) && !is_alone(later, earlier) &&
		ours != MAKING_ANEW && theirs != MAKING_ANEW && theirs != MAKING_EDITS;
}

/* Says why they cannot both have that path. */
static void say_why(const struct claim *later, const struct claim *earlier,
	struct arena *arena, struct buf *why)
{
	const char *them = clash_with_place(earlier, arena);
	const struct making *ours = &later->making, *theirs = &earlier->making;
	bool edits = ours->how == MAKING_EDITS || theirs->how == MAKING_EDITS;
	bool anew = ours->how == MAKING_ANEW || theirs->how == MAKING_ANEW;

	if (is_alone(later, earlier))
		buf_printf(why,
			"'%s' is of %s, too, and one of them is alone in "
			"its file: " CHOOSE,
			later->path, them);
	else if (edits && anew)
		buf_printf(why,
			"'%s' is of %s, too, and one of them writes it anew at each "
			"start: write the keys into the `set` of that one",
			later->path, them);
	else if (edits)
		buf_printf(why,
			"'%s' is changed by %s before it is made here: let that one "
			"require this step",
			later->path, them);
	else if (ours->how == MAKING_ANEW && theirs->how == MAKING_ANEW)
		buf_printf(why,
			"'%s' is of %s, too, and each start would write it twice: make "
			"it in one of them, or say with `when` which runs",
			later->path, them);
	else if (ours->how == MAKING_ANEW)
		buf_printf(why,
			"'%s' is of %s, too, and what that makes would be overwritten at "
			"once: " CHOOSE,
			later->path, them);
	else
		buf_printf(why,
			"'%s' is made by %s before, so that this step would never %s: "
			"%s" CHOOSE,
			later->path, them,
			ours->how == MAKING_DIR ? "fill it" : "do anything",
			theirs->how == MAKING_TAKEN ? "let that one require it, " : "");
}

/* Can both have that path? */
static bool agree(const struct claim *later, const struct claim *earlier)
{
	const struct making *ours = &later->making, *theirs = &earlier->making;
	bool same_type = !ours->type || !theirs->type || ours->type == theirs->type;

	return same_type && (goes_on(later, earlier) || is_fallback(later, earlier)) &&
		!contested_key(ours->access, theirs->access);
}

static bool is_same_name(const struct field_name *a, const struct field_name *b)
{
	return a->set == b->set && (!a->set || str_equal(a->name, b->name));
}

static bool is_same_access(const struct access *a, const struct access *b)
{
	if (!a || !b)
		return a == b;
	return a->mode.set == b->mode.set &&
		(!a->mode.set || a->mode.mode == b->mode.mode) &&
		is_same_name(&a->owner, &b->owner) && is_same_name(&a->group, &b->group);
}

/* Would a later step agree with both or with neither? */
static bool is_alike(const struct claim *a, const struct claim *b)
{
	const struct making *ours = &a->making, *theirs = &b->making;

	return ours->how == theirs->how && ours->type == theirs->type &&
		ours->alone == theirs->alone && ours->filled == theirs->filled &&
		ours->found == theirs->found &&
		is_same_access(ours->access, theirs->access) &&
		a->step->kind->commands == b->step->kind->commands &&
		clash_may_fail(a->step) == clash_may_fail(b->step);
}

/* Says why they do not agree. */
static void say(const struct claim *later, const struct claim *earlier,
	struct arena *arena, struct buf *why)
{
	const struct making *ours = &later->making, *theirs = &earlier->making;
	const char *key = contested_key(ours->access, theirs->access);

	if (ours->type && theirs->type && ours->type != theirs->type)
		buf_printf(why,
			"'%s' would be a %s, and %s makes a %s of it: give one of them "
			"another path",
			later->path, fs_type_name(ours->type),
			clash_with_place(earlier, arena), fs_type_name(theirs->type));
	else if (!goes_on(later, earlier) && !is_fallback(later, earlier))
		say_why(later, earlier, arena, why);
	else
		buf_printf(why,
			"'%s' is of %s, too, with another `%s`, and each start would "
			"change it twice: write it in one of them",
			later->path, clash_with_place(earlier, arena), key);
}

/* ---- the paths ---- */

static void claim(struct claims *claims, const struct claim *new)
{
	struct claim *added;

	claims->list = arena_array_grow(
		claims->arena, claims->list, claims->count, sizeof *claims->list);
	added = &claims->list[claims->count++];
	*added = *new;
	added->plain = path_plain(claims->arena, new->path);
}

/*
 * Of a command, what it makes is known before the values that it gets. `check` does not
 * ask the system, which may decide whether a step runs.
 */
static bool is_judged(const struct step *step, const struct ctx *ctx)
{
	return (step->conf || (step->draft && step->kind->commands)) &&
		step->kind->making && (step->certain || !ctx->tolerant) && !step->wrong;
}

static void claim_paths(struct claims *claims, struct step *step, size_t at)
{
	struct claim new = {.at = at, .step = step};

	new.making = step->kind->making(step);
	if (new.making.how == MAKING_NOTHING)
		return;
	for (size_t i = 0; (new.path = step_path_of(step, step->draft, i, &new.key)); i++)
		if (*new.path)
			claim(claims, &new);
	for (size_t i = 0; step->kind->also &&
		(new.path = step->kind->also(
			 step, i, claims->arena, &new.key, &new.making));
		i++)
		if (*new.path)
			claim(claims, &new);
}

/* ---- what is in directories ---- */

static bool lists_files(const struct claim *claim)
{
	return claim->making.how == MAKING_DIR && claim->step->kind->inside;
}

/* May another step make what this one makes in the directory of claim `i`? */
static bool is_shared(const struct claims *claims, size_t i)
{
	const struct claim *list = claims->list, *directory = &list[i];

	for (size_t k = i; k-- > 0 && str_equal(list[k].plain, directory->plain);)
		if (lists_files(&list[k]) && list[k].at != directory->at)
			return true;
	for (size_t k = i + 1;
		k < claims->count && str_starts(list[k].plain, directory->plain); k++)
		if (list[k].at != directory->at &&
			(lists_files(&list[k]) ||
				!str_equal(list[k].plain, directory->plain)))
			return true;
	return false;
}

static void sort(struct claims *claims)
{
	if (claims->count)
		qsort(claims->list, claims->count, sizeof *claims->list, by_path);
}

/* Adds the files of directories where that matters: to list them is work. */
static void claim_files(struct claims *claims, struct ctx *ctx)
{
	struct claims more = {.arena = claims->arena};

	for (size_t i = 0; i < claims->count; i++) {
		struct claim new = claims->list[i];
		struct list files = {0};

		if (!lists_files(&new) || !is_shared(claims, i))
			continue;
		new.making = new.step->kind->inside(new.step, ctx, &files);
		for (size_t k = 0; k < files.count; k++) {
			new.path = files.items[k];
			claim(&more, &new);
		}
	}
	for (size_t i = 0; i < more.count; i++)
		claim(claims, &more.list[i]);
	if (more.count)
		sort(claims);
}

/*
 * Of those that have the path of claim `i` and run earlier, the last that clashes. Those
 * that are alike are asked once, so that many on one path are no work.
 */
static void judge_claim(
	const struct claims *claims, size_t i, struct ctx *ctx, struct problems *problems)
{
	const struct claim *list = claims->list, *later = &list[i];
	const struct setting *setting = section_get(later->step->section, later->key);

	for (size_t k = i; k-- > 0 && str_equal(list[k].plain, later->plain);) {
		CLEANUP_BUF struct buf why = BUF_INIT;

		if (later->step->wrong || list[k].at == later->at)
			return;
		if (agree(later, &list[k])) {
			k = list[k].alike;
			continue;
		}
		if (!clash_runs(claims, later, ctx))
			return;
		if (!clash_runs(claims, &list[k], ctx))
			continue;
		say(later, &list[k], ctx->arena, &why);
		step_reject(later->step, ctx, problems, setting->at, why.data);
	}
}

static void find_alike(struct claims *claims)
{
	struct claim *list = claims->list;

	for (size_t i = 0; i < claims->count; i++) {
		bool alike = i > 0 && str_equal(list[i - 1].plain, list[i].plain) &&
			is_alike(&list[i - 1], &list[i]);

		list[i].alike = alike ? list[i - 1].alike : i;
	}
}

void steps_clash(struct step *const *order, size_t count, struct ctx *ctx,
	struct problems *problems)
{
	struct claims claims = {
		.arena = ctx->arena,
		.order = order,
		.runs = arena_alloc(ctx->arena, count * sizeof *claims.runs),
	};

	for (size_t i = 0; count > 1 && i < count; i++)
		if (is_judged(order[i], ctx))
			claim_paths(&claims, order[i], i);
	sort(&claims);
	claim_files(&claims, ctx);
	find_alike(&claims);
	for (size_t i = 1; i < claims.count; i++)
		judge_claim(&claims, i, ctx, problems);
	clash_above(&claims, ctx, problems);
}
