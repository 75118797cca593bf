/* SPDX-License-Identifier: MIT */
/* A directory that was unpacked: what it was made of, and whose it is. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_scratch.h"
#include "base/fs_tree.h"
#include "base/str.h"
#include "step/download_work.h"
#include "step/step.h"

#define MARKER     ".groundwork-download" /* in the directory: what it was made of */
#define MARKER_MAX 4096
#define STRIP      "strip " /* begins its last line */

/* What the marker says: all that decides what is in the directory. */
static void describe(const struct download_conf *conf, struct buf *ret)
{
	for (int i = 0; i < TLS_DIGESTS; i++) {
		size_t at = ret->len;

		if (!*conf->digests[i])
			continue;
		buf_printf(ret, "%s %s\n", tls_digest_name((enum tls_digest)i),
			conf->digests[i]);
		(void)str_lower(ret->data + at);
	}
	if (*conf->minisign)
		buf_printf(ret, "minisign %s\n", conf->minisign);
	if (*conf->version)
		buf_printf(ret, "version %s\n", conf->version);
	buf_printf(ret, STRIP "%lld\n", (long long)conf->strip);
}

/* What the marker says otherwise, `wanted` being what it is to say. */
static const char *difference(const struct buf *wanted, const struct buf *found)
{
	size_t line = 0;

	for (size_t i = 0; i < wanted->len && wanted->data[i] == found->data[i]; i++)
		if (wanted->data[i] == '\n')
			line = i + 1;
	if (str_starts(wanted->data + line, STRIP) &&
		str_starts(found->data + line, STRIP))
		return "with another `strip`";
	return strstr(wanted->data, "minisign ") || strstr(found->data, "minisign ")
		? "from another archive, or one that another key verified"
		: "from another archive";
}

static const char *marker_of(const struct download_conf *conf, struct ctx *ctx)
{
	return arena_printf(ctx->arena, "%s/" MARKER, conf->path);
}

/*
 * The marker of a directory that others could have put there proves nothing, unless it
 * is theirs anyway: `owner` would make root's of what was never verified. Returns 0 if it
 * may be ours, 1 if it is missing, or -1.
 */
static int look_up(const char *path, const struct ctx *ctx, const struct fs_attr *attr,
	struct stat *ret, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	const struct fs *fs = &ctx->fs;
	uid_t wanted;
	int rc = fs_walk(fs, path, &entry, err);

	if (rc == 0)
		rc = fs_stat_entry(fs, &entry, FS_OURS, path, ret, err);
	if (rc != 0 || !fs_is_shared(fs, &entry))
		return rc;
	wanted = attr->uid == FS_INHERIT ? entry.dir_owner : attr->uid;
	if (fs_is_trusted(fs, ret->st_uid) || ret->st_uid == wanted ||
		(ret->st_uid == entry.dir_owner && !attr->fix_uid))
		return 0;
	return err_fail(err,
		"'%s' belongs to user %u, who is neither root nor user %u, whom it is to "
		"belong to: another user may have put it there, and nobody knows whether "
		"what is in it was verified; remove it, and it is made anew",
		path, ret->st_uid, wanted);
}

int download_check_unpacked(const struct step *step, struct ctx *ctx,
	const struct fs_attr *attr, struct stat *ret, struct buf *why, struct err *err)
{
	const struct download_conf *conf = step->conf;
	CLEANUP_BUF struct buf wanted = BUF_INIT;
	CLEANUP_BUF struct buf found = BUF_INIT;
	int rc = look_up(conf->path, ctx, attr, ret, err);

	if (rc == 0)
		rc = fs_scratch_missing(&ctx->fs, conf->path, err);
	if (rc != 0)
		return rc < 0 ? -1 : TO_DO;
	rc = fs_read(&ctx->fs, marker_of(conf, ctx), FS_OURS, MARKER_MAX, &found, err);
	if (rc < 0)
		return -1;
	if (rc == 1)
		return err_fail(err,
			"the directory '%s' is not empty, and was not unpacked by this "
			"step; move it away, or write another `path`",
			conf->path);
	describe(conf, &wanted);
	if (found.len != wanted.len || memcmp(found.data, wanted.data, found.len) != 0)
		return err_fail(err,
			"the directory '%s' was unpacked %s; write another `path` for "
			"each version (and a link to it), or remove it",
			conf->path, difference(&wanted, &found));
	buf_printf(why, "'%s' was unpacked from what was asked for", conf->path);
	return IN_PLACE;
}

int download_fix_unpacked(const struct step *step, struct ctx *ctx,
	const struct fs_attr *attr, const struct stat *st, struct buf *did,
	struct err *err)
{
	const struct download_conf *conf = step->conf;
	const struct fs_tree tree = {
		.uid = attr->fix_uid ? attr->uid : FS_INHERIT,
		.gid = attr->fix_gid ? attr->gid : (gid_t)FS_INHERIT,
		.use = FS_TREE_GIVE,
		.stop = ctx->stop,
	};
	CLEANUP_BUF struct buf differs = BUF_INIT;
	enum fs_outcome outcome;
	size_t count = 0;

	if (!fs_attr_differs(st, attr, &differs))
		return 0;
	/* What is in it first: after a kill the directory itself still shows that. */
	if (((attr->fix_uid && st->st_uid != attr->uid) ||
		    (attr->fix_gid && st->st_gid != attr->gid)) &&
		fs_tree_owner(&ctx->fs, conf->path, &tree, &count, err) < 0)
		return -1;
	if (fs_fix(&ctx->fs, conf->path, S_IFDIR, attr, &outcome, err) < 0)
		return -1;
	(void)owner_warn_kept(ctx, attr, conf->path, NULL);
	if (outcome != FS_FIXED && !count)
		return 0;
	step_change(ctx, CHANGE_CHANGED);
	buf_truncate(did, 0);
	buf_printf(did, "fixed '%s': it had %s", conf->path, differs.data);
	return 1;
}

int download_mark(const struct download_conf *conf, const struct fs_scratch *scratch,
	const struct fs_attr *attr, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_FD int fd = openat(scratch->made, MARKER,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);

	if (fd < 0 && errno == EEXIST)
		return err_fail(err,
			"unpack '%s': the archive has a '" MARKER "' of its own",
			conf->path);
	describe(conf, &text);
	if (fd < 0 || fd_write_all(fd, text.data, text.len) < 0 || fchmod(fd, 0644) < 0)
		return err_sys(err, "write '%s/" MARKER "'", conf->path);
	/* A server may not let root give anything away. */
	if (geteuid() == 0 && fchown(fd, scratch->user.uid, scratch->user.gid) < 0 &&
		errno != EPERM)
		return err_sys(err, "give '%s/" MARKER "' its owner", conf->path);
	if (fchmod(scratch->made, attr->mode | (scratch->entry.dir_mode & S_ISGID)) < 0)
		return err_sys(err, "give '%s' its mode", conf->path);
	return 0;
}
