/* SPDX-License-Identifier: MIT */
/* Naming the directories that a plan makes on the way. */
#include "step/parents.h"

#include <string.h>
#include <sys/stat.h>

#include "base/path.h"
#include "base/str.h"
#include "step/step.h"

/* A path that a plan has made so far: a list in the arena. */
struct planned {
	const char *path;
	struct planned *next;
};

bool parents_planned(const struct ctx *ctx, const char *path)
{
	for (const struct planned *one = ctx->planned; one; one = one->next)
		if (str_equal(one->path, path))
			return true;
	return false;
}

void parents_made(struct ctx *ctx, const char *path)
{
	struct planned *one;

	if (!ctx->planning || parents_planned(ctx, path))
		return;
	one = arena_alloc(ctx->arena, sizeof *one);
	one->path = path;
	one->next = ctx->planned;
	ctx->planned = one;
}

/* From the top down, as they are made. */
static size_t tell(struct ctx *ctx, const char *path, size_t told, struct buf *why)
{
	const char *folder = path_dir(ctx->arena, path);
	struct stat st;

	if (str_equal(folder, path) || parents_planned(ctx, folder) ||
		stat(folder, &st) == 0)
		return told;
	told = tell(ctx, folder, told, why);
	buf_printf(why, "%s'%s'", told ? ", " : ", and on the way ", folder);
	parents_made(ctx, folder);
	return told + 1;
}

void parents_tell(struct ctx *ctx, const char *path, struct buf *why)
{
	if (ctx->planning)
		(void)tell(
			ctx, path, 0, why); /* how many they are matters inside alone */
}
