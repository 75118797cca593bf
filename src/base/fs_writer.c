/* SPDX-License-Identifier: MIT */
/* Who can change what a path names. */
#include "base/fs_writer.h"

#include <errno.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"

/* By the object's own owner and mode, which a mount that is read-only here forbids. */
static void find_by_object(
	const struct walk *walk, int fd, const struct stat *st, struct fs_writer *ret)
{
	bool open = st->st_mode & (S_IWGRP | S_IWOTH);
	bool owned = !fs_is_trusted(walk->fs, st->st_uid) &&
		(ret->by == FS_NOBODY ||
			(ret->by == FS_SOMEBODY && ret->uid != st->st_uid));

	if ((!open && !owned) || fs_is_read_only(fd))
		return;
	if (owned && !open)
		ret->way = FS_WAY_OWNER;
	else
		ret->way = st->st_mode & S_IWOTH ? FS_WAY_ALL : FS_WAY_GROUP;
	if (open || ret->by != FS_NOBODY)
		ret->by = FS_ANYONE;
	else
		ret->by = FS_SOMEBODY;
	ret->uid = st->st_uid;
}

void walk_find_writer(
	const struct walk *walk, int fd, const struct stat *st, struct fs_writer *ret)
{
	struct fs_hold hold = walk->at.hold;

	(void)fs_hold_cross(&hold, walk->at.dirfd, fd);
	*ret = (struct fs_writer){.by = hold.by,
		.uid = hold.by == FS_SOMEBODY ? hold.uid : 0,
		.way = FS_WAY_PATH,
		.owner = st->st_uid,
		.group = st->st_gid};
	find_by_object(walk, fd, st, ret);
}

int fs_find_writer(const struct fs *fs, const char *path, struct fs_writer *ret,
	struct stat *ret_st, struct err *err)
{
	CLEANUP_WALK struct walk walk = {.at = FS_ENTRY_INIT};
	CLEANUP_FD int fd = -1;
	struct stat st = {0};
	int rc;

	if (!fs->guarded) {
		*ret = (struct fs_writer){.by = FS_NOBODY};
		if (stat(path, ret_st) == 0)
			return 0;
		return errno == ENOENT ? 1 : err_sys(err, "look at '%s'", path);
	}
	rc = walk_begin(&walk, fs, NULL, WALK_READ, path, err);
	if (rc == 0)
		rc = walk_look(&walk, &fd, &st, err);
	if (rc != 0)
		return rc;
	walk_find_writer(&walk, fd, &st, ret);
	*ret_st = st;
	return 0;
}

bool fs_writer_is(const struct fs_writer *writer, uid_t user)
{
	return writer->by == FS_NOBODY ||
		(writer->by == FS_SOMEBODY && writer->uid == user);
}

bool fs_writer_is_group(const struct fs *fs, const struct fs_writer *writer)
{
	return writer->way == FS_WAY_GROUP &&
		(writer->group == 0 ||
			(fs->app != FS_INHERIT && writer->group == fs->app_group));
}

bool fs_writer_is_known(const struct fs *fs, const struct fs_writer *writer)
{
	if (writer->by == FS_ANYONE)
		return (writer->way == FS_WAY_PATH || fs_writer_is_group(fs, writer)) &&
			fs_is_known(fs, writer->owner);
	return writer->by == FS_NOBODY || fs_is_known(fs, writer->uid);
}

void fs_writer_text(const struct fs_writer *writer, struct buf *ret)
{
	switch (writer->way) {
	case FS_WAY_PATH:
		if (writer->by == FS_SOMEBODY)
			buf_printf(ret, "user %u", writer->uid);
		else
			buf_puts(ret, "others");
		buf_puts(ret, ", who can exchange a directory or link on its path");
		break;
	case FS_WAY_OWNER:
		buf_printf(ret, "its owner, user %u", writer->owner);
		break;
	case FS_WAY_GROUP:
		buf_printf(ret, "group %u", writer->group);
		break;
	case FS_WAY_ALL:
		buf_puts(ret, "everybody");
		break;
	}
}

const char *fs_writer_advice(const struct fs_writer *writer, const char *path)
{
	switch (writer->way) {
	case FS_WAY_GROUP:
		return "take the group's write permission away (chmod g-w)";
	case FS_WAY_ALL:
		return "take the others' write permission away (chmod o-w)";
	default:
		return path ? path
			    : "give it and its directory to root, and let nobody else "
			      "write them";
	}
}

void fs_read_for(struct fs *fs, const struct fs_writer *writer)
{
	bool apps = writer->by == FS_ANYONE && fs->app != FS_INHERIT &&
		fs_writer_is_group(fs, writer);

	fs->named_by = (struct fs_hold){
		.by = apps ? FS_SOMEBODY : writer->by,
		.uid = apps ? fs->app : writer->uid,
		.passed = writer->by != FS_NOBODY,
	};
}
