/* SPDX-License-Identifier: MIT */
/* Whether what a plan is to make could be made, in the directories that exist by then. */
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fs.h"
#include "base/fs_check.h"
#include "base/path.h"
#include "base/privilege.h"
#include "base/str.h"
#include "step/parents.h"
#include "step/planned.h"
#include "step/step.h"

/* The directory that it is in, or the first one above that exists. */
static const char *directory_above(const struct ctx *ctx, const char *path)
{
	const char *missing; /* said by parents_name() */
	const char *made = fs_path_once_made(ctx->arena, path, &missing);
	const char *directory = path_dir(ctx->arena, made);
	struct stat st;

	while (!str_equal(directory, "/") && stat(directory, &st) < 0)
		directory = path_dir(ctx->arena, directory);
	return directory;
}

static bool directory(
	const struct ctx *ctx, const char *path, size_t before, struct stat *ret);

/* Whose a new object there will be after so many notes, unless else is written. */
static void inherit(
	const struct ctx *ctx, const char *path, size_t before, struct stat *ret)
{
	struct stat above = {.st_uid = geteuid(), .st_gid = getegid()};
	const char *missing; /* said by parents_name() */
	const char *at = fs_path_once_made(ctx->arena, path, &missing);

	ret->st_uid = above.st_uid;
	ret->st_gid = above.st_gid;
	if (!privileged_to_give())
		return;
	do {
		at = path_dir(ctx->arena, at);
		if (stat(at, &above) == 0)
			parents_foresee_made(ctx, at, NULL, before, &above);
		else if (!directory(ctx, at, before, &above))
			continue;
		ret->st_uid = above.st_uid;
		ret->st_gid = above.st_gid;
		return;
	} while (!str_equal(at, "/"));
}

/* parents_directory(), after so many notes. */
static bool directory(
	const struct ctx *ctx, const char *path, size_t before, struct stat *ret)
{
	const struct made *made = ctx->planned ? planned_at(ctx->planned, path) : NULL;
	const struct fs_attr *attr;

	while (made && (made->by || made->content || made->fixes))
		made = made->same;
	if (!made)
		return false;
	attr = made->attr;
	*ret = (struct stat){.st_mode = S_IFDIR | (attr ? attr->mode : 0755)};
	inherit(ctx, path, made->number, ret);
	if (attr && privileged_to_give() && attr->uid != FS_INHERIT)
		ret->st_uid = attr->uid;
	if (attr && privileged_to_give() && attr->gid != (gid_t)FS_INHERIT)
		ret->st_gid = attr->gid;
	parents_foresee_made(ctx, path, made, before, ret);
	return true;
}

bool parents_directory(const struct ctx *ctx, const char *path, struct stat *ret)
{
	return directory(ctx, path, SIZE_MAX, ret);
}

static bool is_before(void *user, const struct made *made)
{
	const size_t *count = user;

	return made->number < *count;
}

/* Does one of the first `count` notes give this directory another mode or owner? */
static bool may_change(const struct ctx *ctx, const char *directory, size_t count)
{
	return ctx->planned &&
		((ctx->planned->any && ctx->planned->any->number < count) ||
			planned_above(ctx->planned, directory, is_before, &count));
}

bool parents_may_change(const struct ctx *ctx, const char *path, size_t count)
{
	return may_change(ctx, path, count) ||
		may_change(ctx, directory_above(ctx, path), count);
}

int parents_check(
	const struct ctx *ctx, const char *what, const char *path, struct err *err)
{
	DECLARE_ERR(would);

	if (!ctx->planning || fs_check_make(&ctx->fs, what, path, &would) == 0 ||
		may_change(ctx, directory_above(ctx, path), SIZE_MAX))
		return TO_DO;
	*err = would;
	return -1;
}

int parents_check_fix(const struct ctx *ctx, const char *path, struct err *err)
{
	DECLARE_ERR(would);

	if (!ctx->planning || fs_check_fix(&ctx->fs, path, &would) == 0 ||
		may_change(ctx, path, SIZE_MAX))
		return TO_DO;
	*err = would;
	return -1;
}

/* From the top down, as they are made. */
static size_t name_above(struct ctx *ctx, const char *path, size_t named, struct buf *why)
{
	const char *directory = path_dir(ctx->arena, path);
	bool up = path_leads_up(directory);
	const char *missing; /* was named before */
	struct stat st;

	if (str_equal(directory, path) || (!up && parents_is_planned(ctx, directory)) ||
		stat(directory, &st) == 0)
		return named;
	named = name_above(ctx, directory, named, why);
	directory = fs_path_once_made(ctx->arena, directory, &missing);
	if (up &&
		(parents_is_planned(ctx, directory) || stat(directory, &st) == 0 ||
			str_equal(path_base(directory), "..")))
		return named;
	buf_printf(why, "%s'%s'", named ? ", " : ", and on the way ", directory);
	parents_note(ctx, directory, NULL);
	return named + 1;
}

void parents_name(struct ctx *ctx, const char *path, struct buf *why)
{
	struct stat st;

	if (!ctx->planning || !name_above(ctx, path, 0, why) || !ctx->app.set ||
		geteuid() != 0)
		return;
	inherit(ctx, path, SIZE_MAX, &st);
	if (st.st_uid != ctx->app.uid)
		buf_printf(why, " (user %u's, as what they are in)", st.st_uid);
}

int parents_check_new(struct ctx *ctx, const char *what, const char *path,
	struct buf *why, struct err *err)
{
	if (parents_check(ctx, what, path, err) < 0)
		return -1;
	parents_name(ctx, path, why);
	return TO_DO;
}
