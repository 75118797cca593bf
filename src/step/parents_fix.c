/* SPDX-License-Identifier: MIT */
/* What the earlier steps of a plan change of modes and owners that exist. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fs.h"
#include "base/fs_exclude.h"
#include "base/fs_keep.h"
#include "base/path.h"
#include "base/privilege.h"
#include "base/str.h"
#include "step/parents.h"
#include "step/planned.h"
#include "step/step.h"

struct foreseeing {
	const char *path;
	const struct stat *st;
	const struct made *made;                /* what makes it; NULL: it exists */
	size_t before;                          /* notes that count */
	const struct made *mode, *user, *group; /* the last that sets it */
};

/* Is the object, which is below the directory, one that `recursive` takes? */
static bool is_taken(const struct foreseeing *foreseeing, const struct made *made)
{
	const struct stat *st = foreseeing->st;
	const char *path = foreseeing->path;
	struct stat top;

	if (foreseeing->made)
		return made->deep && made->number > foreseeing->made->number &&
			path_is_below(path, made->path) &&
			!fs_is_left_out(made->exclude, path + strlen(made->path));
	return made->deep && path_is_below(path, made->path) &&
		(S_ISDIR(st->st_mode) || st->st_nlink < 2) &&
		!fs_is_left_out(made->exclude, path + strlen(made->path)) &&
		stat(made->path, &top) == 0 && top.st_dev == st->st_dev;
}

static void take_later(const struct made **last, const struct made *made, bool sets)
{
	if (sets && (!*last || made->number > (*last)->number))
		*last = made;
}

static bool take(void *user, const struct made *made)
{
	struct foreseeing *foreseeing = user;
	bool own = made->fixes && str_equal(made->path, foreseeing->path);

	if (!made->fixes || made->number >= foreseeing->before ||
		(!own && !is_taken(foreseeing, made)))
		return false;
	take_later(&foreseeing->mode, made, own && made->attr->fix_mode);
	take_later(&foreseeing->user, made, made->attr->fix_uid);
	take_later(&foreseeing->group, made, made->attr->fix_gid);
	return false;
}

void parents_foresee_made(const struct ctx *ctx, const char *path,
	const struct made *made, size_t before, struct stat *st)
{
	struct foreseeing foreseeing = {
		.path = path, .st = st, .made = made, .before = before};

	/* Nearly always there is none: what is on the way is not gone up each time. */
	if (!ctx->planned || !ctx->planned->fixing ||
		ctx->planned->fixing->number >= before || S_ISLNK(st->st_mode))
		return;
	(void)planned_above(ctx->planned, path, take, &foreseeing);
	if (foreseeing.mode)
		st->st_mode = (st->st_mode & S_IFMT) | foreseeing.mode->attr->mode;
	if (!privileged_to_give())
		return;
	if (foreseeing.user)
		st->st_uid = foreseeing.user->attr->uid;
	if (foreseeing.group)
		st->st_gid = foreseeing.group->attr->gid;
}

void parents_foresee(const struct ctx *ctx, const char *path, struct stat *st)
{
	parents_foresee_made(ctx, path, NULL, SIZE_MAX, st);
}

static bool fixes(void *user, const struct made *made)
{
	const char **ret = user;

	*ret = made->fixes;
	return made->fixes;
}

const char *parents_fixer(const struct ctx *ctx, const char *path)
{
	const char *fixer = NULL;

	if (ctx->planned)
		(void)planned_above(ctx->planned, path, fixes, &fixer);
	return fixer;
}

/* Whoever is on the way by then. Without /proc nothing is foreseen. */
static void foresee_way(void *user, int fd, struct stat *st)
{
	char link[64], path[PATH_MAX];
	ssize_t size;

	(void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd); /* it fits */
	size = readlink(link, path, sizeof path - 1);
	if (size <= 0)
		return;
	path[size] = '\0';
	parents_foresee(user, path, st);
}

int parents_check_way(struct ctx *ctx, const char *path, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	struct fs fs = fs_same_rights(&ctx->fs);
	DECLARE_ERR(would);

	if (!parents_fixer(ctx, path))
		return 0;
	fs.owner = ctx->fs.owner;
	fs.owner_key = ctx->fs.owner_key;
	fs.on_way = foresee_way;
	fs.on_user = ctx;
	if (fs_walk(&fs, path, &entry, &would) >= 0 || would.code != ELOOP)
		return 0;
	*err = would;
	return -1;
}
