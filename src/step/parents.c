/* SPDX-License-Identifier: MIT */
/* What a plan has made so far: missing directories, and what commands make. */
#include "step/parents.h"

#include <string.h>
#include <sys/stat.h>

#include "base/path.h"
#include "base/str.h"
#include "step/step.h"

/* A list in the arena. */
struct planned {
	const char *path;
	const char *by; /* the step whose command makes it; NULL: a directory */
	struct planned *next;
};

bool parents_planned(const struct ctx *ctx, const char *path)
{
	for (const struct planned *made = ctx->planned; made; made = made->next)
		if (str_equal(made->path, path))
			return true;
	return false;
}

void parents_note(struct ctx *ctx, const char *path, const char *by)
{
	struct planned *made;

	if (!ctx->planning || parents_planned(ctx, path))
		return;
	made = arena_alloc(ctx->arena, sizeof *made);
	*made = (struct planned){.path = path, .by = by, .next = ctx->planned};
	ctx->planned = made;
}

bool parents_unknown(const struct step *step, const struct ctx *ctx, struct buf *why)
{
	const char *const *paths;
	size_t count = step_made(step, step->conf, &paths);

	for (const struct planned *made = ctx->planned; made; made = made->next)
		for (size_t i = 0; made->by && i < count; i++)
			if (path_is_below(paths[i], made->path)) {
				buf_printf(why, "not known before %s has made '%s'",
					made->by, made->path);
				return true;
			}
	return false;
}

/* From the top down, as they are made. */
static size_t name_above(struct ctx *ctx, const char *path, size_t named, struct buf *why)
{
	const char *directory = path_dir(ctx->arena, path);
	struct stat st;

	if (str_equal(directory, path) || parents_planned(ctx, directory) ||
		stat(directory, &st) == 0)
		return named;
	named = name_above(ctx, directory, named, why);
	buf_printf(why, "%s'%s'", named ? ", " : ", and on the way ", directory);
	parents_note(ctx, directory, NULL);
	return named + 1;
}

void parents_name(struct ctx *ctx, const char *path, struct buf *why)
{
	if (ctx->planning)
		(void)name_above(ctx, path, 0, why); /* their number matters inside */
}
