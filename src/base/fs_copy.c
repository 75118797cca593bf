/* SPDX-License-Identifier: MIT */
/* Copying a tree as it is, from a directory that its owner may change meanwhile. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_exclude.h"
#include "base/fs_internal.h"
#include "base/stop.h"

#define DEPTH_MAX 256

struct copy {
	struct fs_copy how; /* of the directory at hand */
	int depth;
	struct buf at; /* where we are below the top, for messages */
};

static int fail_sys(const struct copy *copy, const char *what, struct err *err)
{
	return err_sys(err, "%s '%s%s'", what, copy->how.path, copy->at.data);
}

/* ---- what may be copied ---- */

void fs_copy_enter(struct fs_copy *how, const struct stat *st)
{
	bool shared = st->st_mode & (S_IWGRP | S_IWOTH);

	if (!how->reading || !how->reading->guarded ||
		(!shared && fs_is_trusted(how->reading, st->st_uid)))
		return;
	if (shared || how->whose == FS_COPY_OPEN ||
		(how->whose == FS_COPY_USER && st->st_uid != how->uid)) {
		how->whose = FS_COPY_OPEN;
		return;
	}
	how->whose = FS_COPY_USER;
	how->uid = st->st_uid;
}

/* Is it open to everybody, or in a directory of several users' one of ours? */
static bool is_readable(const struct fs_copy *how, int dirfd, const char *name, int fd,
	const struct stat *st)
{
	bool dir = S_ISDIR(st->st_mode);

	if (fs_is_open(fd, st, S_IROTH) && (!dir || fs_is_open(fd, st, S_IXOTH)))
		return true;
	return how->whose == FS_COPY_OPEN && fs_is_known(how->reading, st->st_uid) &&
		(dir || fs_only_name(dirfd, name, fd) == 0);
}

int fs_copy_judge(const struct fs_copy *how, int dirfd, const char *name, int fd,
	const struct stat *st, const char *at, struct err *err)
{
	bool theirs = how->whose == FS_COPY_USER && st->st_uid == how->uid;
	bool linked = S_ISREG(st->st_mode) && st->st_nlink > 1;

	if (!S_ISREG(st->st_mode) && !S_ISDIR(st->st_mode) && !S_ISLNK(st->st_mode))
		return err_fail(err, "'%s%s' is a %s, which cannot be copied", how->path,
			at, fs_type_name(st->st_mode));
	if (how->whose == FS_COPY_ALL || (theirs && !linked) ||
		(how->reading && (fd < 0 || is_readable(how, dirfd, name, fd, st))))
		return 0;
	if (how->whose == FS_COPY_OPEN)
		return err_fail(err,
			"'%s%s' belongs to user %u with mode %04o, and lies where others "
			"may put what they like: it is not copied; let others read it",
			how->path, at, st->st_uid, (unsigned)(st->st_mode & 07777));
	if (!theirs)
		return err_fail(err,
			"'%s%s' belongs to user %u, not to user %u who %s, and is not "
			"copied",
			how->path, at, st->st_uid, how->uid,
			how->reading ? "controls its directory" : "made the rest");
	return err_fail(err,
		"'%s%s' has %lu hard links, and so may be another's: it is not copied",
		how->path, at, (unsigned long)st->st_nlink);
}

static int judge(const struct copy *copy, int dirfd, const char *name, int fd,
	const struct stat *st, struct err *err)
{
	return fs_copy_judge(&copy->how, dirfd, name, fd, st, copy->at.data, err);
}

/* ---- one object ---- */

/* Where the copies get another owner, a directory keeps the bit that it was born with. */
static mode_t mode_of(const struct copy *copy, int fd, const struct stat *st)
{
	mode_t mode = st->st_mode & 01777;
	struct stat born;

	if (copy->how.give && S_ISDIR(st->st_mode) && fstat(fd, &born) == 0)
		mode |= born.st_mode & S_ISGID;
	return mode;
}

/* Owner first: that drops set-ID bits, which are not handed on. */
static int settle(const struct copy *copy, int fd, const struct stat *st, struct err *err)
{
	const struct timespec times[2] = {st->st_atim, st->st_mtim};
	const struct fs_attr *give = copy->how.give;
	mode_t mode = mode_of(copy, fd, st);

	if ((geteuid() == 0 &&
		    fs_unless_denied(fchown(fd, give ? give->uid : st->st_uid,
			    give ? give->gid : st->st_gid)) < 0) ||
		fs_unless_denied(fchmod(fd, mode)) < 0 || futimens(fd, times) < 0)
		return fail_sys(copy, "give owner, mode and times to the copy of", err);
	return 0;
}

/* What another user may have put there stays, or becomes, that user's. 0, or -1. */
static int link_owner(const struct copy *copy, int from, const char *name, int fd,
	const struct stat *st, struct fs_attr *ret, struct err *err)
{
	static const enum fs_control control[] = {
		[FS_COPY_ALL] = FS_NOBODY,
		[FS_COPY_USER] = FS_SOMEBODY,
		[FS_COPY_OPEN] = FS_ANYONE,
	};
	const struct fs_copy *how = &copy->how;
	const struct fs_hold hold = {.by = control[how->whose], .uid = how->uid};
	bool ruled = how->reading && how->reading->guarded;

	*ret = (struct fs_attr){.uid = st->st_uid, .gid = st->st_gid};
	if (ruled &&
		fs_link_chooser(how->reading, &hold, from, name, fd, st, &ret->uid) < 0)
		return err_fail(err,
			"the link '%s%s' lies where others may put what they like, and "
			"has other names: it is not copied",
			how->path, copy->at.data);
	if (how->give && (!ruled || fs_is_trusted(how->reading, ret->uid)))
		*ret = *how->give;
	return 0;
}

static int copy_link(const struct copy *copy, int from, const char *name, int to,
	const char *as, struct err *err)
{
	CLEANUP_FD int fd = openat(from, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct timespec times[2];
	struct fs_attr owner;
	char target[4096];
	struct stat st;
	ssize_t size;

	if (fd < 0 || fstat(fd, &st) < 0)
		return fail_sys(copy, "look at", err);
	if (judge(copy, from, name, -1, &st, err) < 0 ||
		link_owner(copy, from, name, fd, &st, &owner, err) < 0)
		return -1;
	size = readlinkat(fd, "", target, sizeof target);
	if (size < 0 || (size_t)size >= sizeof target)
		return fail_sys(copy, "read the link", err);
	target[size] = '\0';
	if (symlinkat(target, to, as) < 0)
		return fail_sys(copy, "copy", err);
	if (geteuid() == 0 &&
		fs_unless_denied(
			fchownat(to, as, owner.uid, owner.gid, AT_SYMLINK_NOFOLLOW)) < 0)
		return fail_sys(copy, "give its owner to the copy of", err);
	/* Not every file system has times of links, and nothing depends on them. */
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	(void)utimensat(to, as, times, AT_SYMLINK_NOFOLLOW);
	return 0;
}

static int copy_file(const struct copy *copy, int from, const char *name, int fd, int to,
	const char *as, struct err *err)
{
	CLEANUP_FD int made = openat(
		to, as, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	struct stat st;

	/* It was judged by this descriptor, and is so again: links can be added. */
	if (fstat(fd, &st) < 0)
		return fail_sys(copy, "look at", err);
	if (judge(copy, from, name, fd, &st, err) < 0)
		return -1;
	if (made < 0)
		return fail_sys(copy, "copy", err);
	if (fd_copy_file(fd, made, copy->how.stop) < 0)
		return stop_check(copy->how.stop, err) < 0 ? -1
							   : fail_sys(copy, "copy", err);
	return settle(copy, made, &st, err);
}

/* ---- all that is in a directory ---- */

static int copy_one(struct copy *copy, int from, const char *name, int to, const char *as,
	struct err *err);

static int copy_entries(struct copy *copy, int from, int to, struct err *err)
{
	CLEANUP_DIR DIR *dir = fd_list(from, ".");
	const struct dirent *entry;
	size_t here = copy->at.len;
	int rc = 0;

	if (!dir)
		return fail_sys(copy, "open", err);
	if (copy->depth > DEPTH_MAX)
		return err_fail(err, "'%s' is deeper than %d directories", copy->how.path,
			DEPTH_MAX);
	while (rc == 0 && (entry = fd_next(dir))) {
		buf_printf(&copy->at, "/%s", entry->d_name);
		if (!fs_is_excluded(copy->how.exclude, copy->at.data + 1))
			rc = copy_one(
				copy, dirfd(dir), entry->d_name, to, entry->d_name, err);
		buf_truncate(&copy->at, here);
	}
	return rc == 0 && errno ? fail_sys(copy, "read", err) : rc;
}

static int copy_dir(struct copy *copy, int fd, int to, const char *as, struct err *err)
{
	const struct fs_copy how = copy->how;
	CLEANUP_FD int made = -1;
	struct stat st;
	int rc;

	if (fstat(fd, &st) < 0 || mkdirat(to, as, 0700) < 0)
		return fail_sys(copy, "copy", err);
	made = openat(to, as, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (made < 0)
		return fail_sys(copy, "copy", err);
	fs_copy_enter(&copy->how, &st);
	copy->depth++;
	rc = copy_entries(copy, fd, made, err);
	copy->depth--;
	copy->how = how;
	return rc < 0 ? -1 : settle(copy, made, &st, err);
}

static int copy_opened(struct copy *copy, int from, const char *name, int to,
	const char *as, struct err *err)
{
	CLEANUP_FD int fd = openat(
		from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return fail_sys(copy, "open", err);
	if (judge(copy, from, name, fd, &st, err) < 0)
		return -1;
	return S_ISDIR(st.st_mode) ? copy_dir(copy, fd, to, as, err)
				   : copy_file(copy, from, name, fd, to, as, err);
}

static int copy_one(struct copy *copy, int from, const char *name, int to, const char *as,
	struct err *err)
{
	struct stat st;
	int rc;

	if (stop_check(copy->how.stop, err) < 0)
		return -1;
	if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return fail_sys(copy, "look at", err);
	if (judge(copy, from, name, -1, &st, err) < 0)
		return -1;
	rc = S_ISLNK(st.st_mode) ? copy_link(copy, from, name, to, as, err)
				 : copy_opened(copy, from, name, to, as, err);
	if (rc == 0 && copy->how.count)
		++*copy->how.count;
	return rc;
}

int fs_copy_object(int from, const char *name, int to, const char *as, const char *at,
	const struct fs_copy *how, struct err *err)
{
	struct copy copy = {.how = *how, .at = BUF_INIT};
	int rc;

	buf_puts(&copy.at, at);
	rc = copy_one(&copy, from, name, to, as, err);
	buf_release(&copy.at);
	return rc;
}

int fs_copy_tree(
	int from, int to, const char *as, const struct fs_copy *how, struct err *err)
{
	struct copy copy = {.how = *how, .at = BUF_INIT};
	int rc = copy_dir(&copy, from, to, as, err);

	buf_release(&copy.at);
	return rc;
}
