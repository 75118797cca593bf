/* SPDX-License-Identifier: MIT */
/* Naming the missing directories that a plan makes. */
#include "step/parents.h"

#include <string.h>
#include <sys/stat.h>

#include "base/path.h"
#include "base/str.h"
#include "step/step.h"

/* A directory that a plan has made so far: a list in the arena. */
struct planned {
	const char *path;
	struct planned *next;
};

bool parents_planned(const struct ctx *ctx, const char *path)
{
	for (const struct planned *made = ctx->planned; made; made = made->next)
		if (str_equal(made->path, path))
			return true;
	return false;
}

void parents_note(struct ctx *ctx, const char *path)
{
	struct planned *made;

	if (!ctx->planning || parents_planned(ctx, path))
		return;
	made = arena_alloc(ctx->arena, sizeof *made);
	*made = (struct planned){.path = path, .next = ctx->planned};
	ctx->planned = made;
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
	parents_note(ctx, directory);
	return named + 1;
}

void parents_name(struct ctx *ctx, const char *path, struct buf *why)
{
	if (ctx->planning)
		(void)name_above(ctx, path, 0, why); /* their number matters inside */
}
