/* SPDX-License-Identifier: MIT */
/* The kind `absent`: what must not be there is removed. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fs_passes.h"
#include "base/fs_remove_path.h"
#include "base/path.h"
#include "step/items.h"
#include "step/needed.h"
#include "step/parents.h"
#include "step/step.h"

struct absent_conf {
	struct list path;
	bool recursive;
};

/* Nothing is removed by a path that may mean more than it seems to. */
static int check_path(const char *text, struct err *err)
{
	if (strpbrk(text, "*?["))
		return err_config(err,
			"'%s': each path is one object; there are no globs here", text);
	if (path_leads_up(text))
		return err_config(err, "'%s': write the path without '..'", text);
	return 0;
}

static const struct field fields[] = {
	/* Not `made`: the opposite. */
	{"path", FIELD_PATHS, offsetof(struct absent_conf, path), .required = true,
		.check = check_path, .example = "run/app.pid run/app.sock",
		.help = "what is removed; a link itself, not where it leads"},
	{"recursive", FIELD_BOOL, offsetof(struct absent_conf, recursive), "no",
		.help = "whether a directory is removed with all that is in it"},
	{0},
};

/* ---- what is not removed ---- */

/* Does `path` go when `top` is removed? By their text, or as the file system is. */
typedef bool goes_with(const char *path, const char *top);

/* Returns 0, or -1 where the configuration itself needs what is there. */
static int check_unneeded(
	const struct ctx *ctx, const char *path, goes_with *goes, struct err *err)
{
	for (struct needed at = NEEDED_INIT; needed_next(ctx, &at);) {
		CLEANUP_BUF struct buf text = BUF_INIT;

		if (!goes(at.path, path))
			continue;
		needed_say(ctx, &at, path, &text);
		return err_config(err, "'%s': %s%s", path, text.data,
			at.step ? ", which would make it again after each removal" : "");
	}
	return 0;
}

static int check_text(const struct ctx *ctx, const char *path, struct err *err)
{
	if (fs_check_removable(path, err) < 0)
		return -1;
	return check_unneeded(ctx, path, path_is_below, err);
}

static void decided(struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct absent_conf *conf = step->draft;

	for (size_t i = 0; i < conf->path.count; i++) {
		const char *path = conf->path.items[i];
		DECLARE_ERR(err);

		if (!path || check_text(ctx, path, &err) == 0)
			continue;
		(void)step_locate_key(step, "path", &err); /* always -1 */
		problems_add_err(problems, &err);
	}
}

/* ---- removing ---- */

struct work {
	struct ctx *ctx;
	const struct absent_conf *conf;
};

/* Returns 0 with the number of objects, or -1. */
static int remove_one(
	const struct work *work, size_t i, bool change, size_t *ret, struct err *err)
{
	const char *path = work->conf->path.items[i];
	struct ctx *ctx = work->ctx;
	struct stat st;

	if (check_text(ctx, path, err) < 0)
		return -1;
	/* Nothing passes what is missing: that is asked once, and not for each path. */
	if (lstat(path, &st) == 0 && check_unneeded(ctx, path, fs_passes, err) < 0)
		return -1;
	if (fs_remove_path(&ctx->fs, path, work->conf->recursive, change, ctx->stop, ret,
		    err) == 0)
		return 0;
	if (err->code == ENOTEMPTY)
		err_append(err, "; `recursive = yes` removes it with all that is in it");
	return -1;
}

static void say(const char *verb, const char *path, size_t count, struct buf *text)
{
	buf_printf(text, "%s '%s'", verb, path);
	if (count > 1)
		buf_printf(text, " and the %zu object%s in it", count - 1,
			count == 2 ? "" : "s");
}

static int check(void *user, size_t i, struct buf *why, struct err *err)
{
	const struct work *work = user;
	const char *path = work->conf->path.items[i];
	size_t count;

	if (remove_one(work, i, false, &count, err) < 0)
		return -1;
	if (!count) {
		buf_printf(why, "'%s' does not exist", path);
		return IN_PLACE;
	}
	step_change(work->ctx, CHANGE_REMOVED);
	say("remove", path, count, why);
	return parents_check(work->ctx, "remove", path, err);
}

static int apply(void *user, size_t i, struct buf *did, struct err *err)
{
	const struct work *work = user;
	size_t count;

	if (remove_one(work, i, true, &count, err) < 0)
		return -1;
	if (!count)
		return 0;
	step_change(work->ctx, CHANGE_REMOVED);
	say("removed", work->conf->path.items[i], count, did);
	return 1;
}

static int begin(const struct step *step, struct ctx *ctx, void *to, size_t *ret_count,
	struct err *err)
{
	struct work *work = to;

	(void)err;
	*work = (struct work){.ctx = ctx, .conf = step->conf};
	*ret_count = work->conf->path.count;
	return 0;
}

static const struct items items = {
	.singular = "path",
	.plural = "paths",
	.size = sizeof(struct work),
	.begin = begin,
	.check = check,
	.apply = apply,
};

const struct kind kind_absent = {
	.name = "absent",
	.elsewhere = "remove delete rm unlink",
	.summary = "nothing: removes what must not be there",
	.example = "[absent:stale]\n"
		   "path = run/app.pid run/app.sock\n",
	.order = 4,
	.removes = true,
	.size = sizeof(struct absent_conf),
	.fields = fields,
	.decided = decided,
	.items = &items,
	.check = items_check,
	.apply = items_apply,
};
