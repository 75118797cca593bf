/* SPDX-License-Identifier: MIT */
/* Two steps that cannot both have one path. */
#include "step/clash.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/problems.h"
#include "base/str.h"
#include "step/step.h"

/* A path that a step makes. */
struct claim {
	const char *path;
	size_t at; /* of the step, in the order */
};

static int by_path(const void *a, const void *b)
{
	const struct claim *left = a, *right = b;
	int order = strcmp(left->path, right->path);

	return order ? order : (left->at > right->at) - (left->at < right->at);
}

static void add_paths(struct claim **claims, size_t *count, const struct step *step,
	size_t at, struct arena *arena)
{
	const char *path;

	for (size_t i = 0; (path = step_path(step, step->conf, i)); i++) {
		if (!*path)
			continue;
		*claims = arena_array_grow(arena, *claims, *count, sizeof **claims);
		(*claims)[(*count)++] = (struct claim){path, at};
	}
}

static struct making making_of(const struct step *step)
{
	return step->kind->making ? step->kind->making(step->conf)
				  : (struct making){.type = step->kind->type};
}

/* Says why they cannot both make `path`, or nothing where they can. */
static void judge(const struct step *later, const struct step *earlier, const char *path,
	struct buf *why)
{
	struct making ours = making_of(later), theirs = making_of(earlier);

	if (ours.type && theirs.type && ours.type != theirs.type)
		buf_printf(why,
			"'%s' would be a %s, and %s makes a %s of it: give one of them "
			"another path",
			path, fs_type_name(ours.type), earlier->id,
			fs_type_name(theirs.type));
	else if (ours.type && theirs.type && (ours.secret || theirs.secret))
		buf_printf(why,
			"'%s' is of %s, too, and a key or secret is alone in its file: "
			"give one of them another path, or say with `when` which runs",
			path, earlier->id);
	else if (ours.rewrites && theirs.rewrites)
		buf_printf(why,
			"'%s' is of %s, too, and each start would write it twice: make "
			"it in one of them, or say with `when` which runs",
			path, earlier->id);
}

/* Of those that have the path of claim `i` and run earlier, the last that clashes. */
static void judge_claim(const struct claim *claims, size_t i, struct step *const *order,
	struct ctx *ctx, struct problems *problems)
{
	struct step *step = order[claims[i].at];
	const struct setting *setting = section_get(step->section, "path");

	for (size_t k = i; k-- > 0 && str_equal(claims[k].path, claims[i].path);) {
		CLEANUP_BUF struct buf why = BUF_INIT;

		if (step->wrong || claims[k].at == claims[i].at)
			return;
		judge(step, order[claims[k].at], claims[i].path, &why);
		if (why.len)
			step_reject(step, ctx, problems,
				setting ? setting->at : step->section->at, why.data);
	}
}

void steps_clash(struct step *const *order, size_t count, struct ctx *ctx,
	struct problems *problems)
{
	struct claim *claims = NULL;
	size_t claimed = 0;

	for (size_t i = 0; count > 1 && i < count; i++)
		if (order[i]->conf && order[i]->certain && !order[i]->wrong)
			add_paths(&claims, &claimed, order[i], i, ctx->arena);
	if (claimed)
		qsort(claims, claimed, sizeof *claims, by_path);
	for (size_t i = 1; i < claimed; i++)
		judge_claim(claims, i, order, ctx, problems);
}
