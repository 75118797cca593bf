/* SPDX-License-Identifier: MIT */
/* The kind `link`: a symbolic link. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fs_error.h"
#include "step/clash.h"
#include "step/parents.h"
#include "step/step.h"

enum replace { REPLACE_NO, REPLACE_LINK };

struct link_conf {
	const char *path;
	const char *target;
	int replace;
};

static const struct field fields[] = {
	{"path", FIELD_PATH, offsetof(struct link_conf, path), .required = true,
		.made = true, .help = "where the link is"},
	{"target", FIELD_STRING, offsetof(struct link_conf, target), .required = true,
		.path = true,
		.help = "what it points to, as it is written; it need not exist"},
	{"replace", FIELD_ENUM, offsetof(struct link_conf, replace), "no",
		.choices = (const char *const[]){"no", "link", NULL},
		.help = "whether a link that points elsewhere is replaced"},
	{0},
};

/*
 * The target of the link at `path`. Returns 0, 1 where it is missing, or -1, also where
 * it is no link.
 */
static int read_link(
	const struct ctx *ctx, const char *path, char target[PATH_MAX], struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	struct stat st;
	ssize_t size;
	int rc = fs_walk(&ctx->fs, path, &entry, err);

	if (rc != 0)
		return rc;
	size = readlinkat(entry.dirfd, entry.name, target, PATH_MAX - 1);
	if (size >= 0) {
		target[size] = '\0';
		return 0;
	}
	if (errno == ENOENT)
		return 1;
	if (errno != EINVAL)
		return fs_raise(err, entry.dirfd, "read the link", path);
	return fstatat(entry.dirfd, entry.name, &st, AT_SYMLINK_NOFOLLOW) == 0
		? err_fail(err, "'%s' is a %s, not a symbolic link; move it away", path,
			  fs_type_name(st.st_mode))
		: err_sys(err, "look at '%s'", path);
}

static int check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	const struct link_conf *conf = step->conf;
	char target[PATH_MAX];
	int rc = read_link(ctx, conf->path, target, err);

	if (rc < 0)
		return -1;
	if (rc == 1) {
		buf_printf(why, "create the link '%s' to '%s'", conf->path, conf->target);
		return parents_check_new(ctx, "create the link", conf->path, why, err);
	}
	if (strcmp(target, conf->target) == 0) {
		buf_printf(why, "'%s' points to '%s'", conf->path, target);
		return IN_PLACE;
	}
	if (conf->replace == REPLACE_NO)
		return err_fail(err,
			"'%s' points to '%s', not to '%s'; replace = link would change "
			"it",
			conf->path, target, conf->target);
	step_change(ctx, CHANGE_CHANGED);
	buf_printf(why, "point '%s' to '%s' instead of '%s'", conf->path, conf->target,
		target);
	return parents_check(ctx, "create the link", conf->path, err);
}

static int apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	const struct link_conf *conf = step->conf;
	uid_t uid = ctx->app.set ? ctx->app.uid : FS_INHERIT;
	gid_t gid = ctx->app.set ? ctx->app.gid : (gid_t)FS_INHERIT;
	enum fs_outcome outcome;
	char before[PATH_MAX];
	int existed = read_link(ctx, conf->path, before, err);
	int found;

	if (existed < 0 ||
		fs_make_link(&ctx->fs, conf->path, conf->target,
			conf->replace == REPLACE_LINK, uid, gid, &outcome, err) < 0)
		return -1;
	if (outcome == FS_MADE) {
		if (existed == 0)
			step_change(ctx, CHANGE_CHANGED);
		buf_printf(did, "'%s' points to '%s'", conf->path, conf->target);
		return 1;
	}
	/* Created by another process meanwhile: it must be what we were to make. */
	found = check(step, ctx, did, err);
	if (found == TO_DO)
		return err_set(err, ERR_TEMPORARY,
			"'%s' is being changed by another process", conf->path);
	return found;
}

static struct making making(const struct step *step)
{
	const struct link_conf *conf = step->conf;

	return (struct making){
		.how = conf->replace == REPLACE_LINK ? MAKING_ANEW : MAKING_NEW,
		.type = S_IFLNK,
	};
}

const struct kind kind_link = {
	.name = "link",
	.elsewhere = "symlink",
	.summary = "a symbolic link",
	.example = "[link:current]\n"
		   "path = current\n"
		   "target = releases/1.0\n",
	.order = 6,
	.size = sizeof(struct link_conf),
	.fields = fields,
	.check = check,
	.apply = apply,
	.making = making,
};
