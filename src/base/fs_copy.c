/* SPDX-License-Identifier: MIT */
/* Copying a tree as it is, from a directory that its owner may change meanwhile. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"
#include "base/stop.h"

#define DEPTH_MAX 256

struct copy {
	const struct fs_copy *how;
	int depth;
	struct buf at; /* where we are below the top, for messages */
};

static int fail_sys(const struct copy *copy, const char *what, struct err *err)
{
	return err_sys(err, "%s '%s%s'", what, copy->how->path, copy->at.data);
}

/* Is it what may be copied, of whom it may be? Else it is not the owner's to give. */
static int judge(const struct copy *copy, const struct stat *st, struct err *err)
{
	const char *path = copy->how->path;
	uid_t uid = copy->how->uid;

	if (!S_ISREG(st->st_mode) && !S_ISDIR(st->st_mode) && !S_ISLNK(st->st_mode))
		return err_fail(err, "'%s%s' is a %s, which cannot be copied", path,
			copy->at.data, fs_type_name(st->st_mode));
	if (uid != FS_INHERIT && st->st_uid != uid)
		return err_fail(err,
			"'%s%s' belongs to user %u, not to user %u who made the rest, "
			"and is not copied",
			path, copy->at.data, st->st_uid, uid);
	if (uid != FS_INHERIT && S_ISREG(st->st_mode) && st->st_nlink > 1)
		return err_fail(err,
			"'%s%s' has %lu hard links, and so may be another's: it is not "
			"copied",
			path, copy->at.data, (unsigned long)st->st_nlink);
	return 0;
}

/* Owner first: that drops set-ID bits, which are not handed on. */
static int settle(const struct copy *copy, int fd, const struct stat *st, struct err *err)
{
	const struct timespec times[2] = {st->st_atim, st->st_mtim};

	if ((geteuid() == 0 &&
		    fs_unless_denied(fchown(fd, st->st_uid, st->st_gid)) < 0) ||
		fs_unless_denied(fchmod(fd, st->st_mode & 01777)) < 0 ||
		futimens(fd, times) < 0)
		return fail_sys(copy, "give owner, mode and times to the copy of", err);
	return 0;
}

static int copy_link(const struct copy *copy, int from, int to, const char *name,
	const struct stat *st, struct err *err)
{
	char target[4096];
	ssize_t size = readlinkat(from, name, target, sizeof target);

	if (size < 0 || (size_t)size >= sizeof target)
		return fail_sys(copy, "read the link", err);
	target[size] = '\0';
	if (symlinkat(target, to, name) < 0)
		return fail_sys(copy, "copy", err);
	if (geteuid() == 0 &&
		fs_unless_denied(fchownat(
			to, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW)) < 0)
		return fail_sys(copy, "give its owner to the copy of", err);
	return 0;
}

static int copy_file(
	const struct copy *copy, int fd, int to, const char *name, struct err *err)
{
	CLEANUP_FD int made = openat(
		to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	struct stat st;

	/* It was judged by this descriptor, and is so again: links can be added. */
	if (fstat(fd, &st) < 0)
		return fail_sys(copy, "look at", err);
	if (judge(copy, &st, err) < 0)
		return -1;
	if (made < 0 || fd_copy(fd, made) < 0)
		return fail_sys(copy, "copy", err);
	return settle(copy, made, &st, err);
}

static int copy_one(
	struct copy *copy, int from, int to, const char *name, struct err *err);

static int copy_entries(struct copy *copy, int from, int to, struct err *err)
{
	CLEANUP_DIR DIR *dir = fd_list(from, ".");
	const struct dirent *entry;
	size_t here = copy->at.len;

	if (!dir)
		return fail_sys(copy, "open", err);
	if (copy->depth > DEPTH_MAX)
		return err_fail(err, "'%s' is deeper than %d directories",
			copy->how->path, DEPTH_MAX);
	while ((entry = fd_next(dir))) {
		int rc;

		buf_printf(&copy->at, "/%s", entry->d_name);
		rc = copy_one(copy, dirfd(dir), to, entry->d_name, err);
		buf_truncate(&copy->at, here);
		if (rc < 0)
			return -1;
	}
	return errno ? fail_sys(copy, "read", err) : 0;
}

static int copy_dir(struct copy *copy, int fd, int to, const char *name, struct err *err)
{
	CLEANUP_FD int made = -1;
	struct stat st;
	int rc;

	if (fstat(fd, &st) < 0 || mkdirat(to, name, 0700) < 0)
		return fail_sys(copy, "copy", err);
	made = openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (made < 0)
		return fail_sys(copy, "copy", err);
	copy->depth++;
	rc = copy_entries(copy, fd, made, err);
	copy->depth--;
	return rc < 0 ? -1 : settle(copy, made, &st, err);
}

static int copy_one(
	struct copy *copy, int from, int to, const char *name, struct err *err)
{
	CLEANUP_FD int fd = -1;
	struct stat st;

	if (stop_check(copy->how->stop, err) < 0)
		return -1;
	if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return fail_sys(copy, "look at", err);
	if (judge(copy, &st, err) < 0)
		return -1;
	if (S_ISLNK(st.st_mode))
		return copy_link(copy, from, to, name, &st, err);
	fd = openat(
		from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return fail_sys(copy, "open", err);
	if (judge(copy, &st, err) < 0)
		return -1;
	return S_ISDIR(st.st_mode) ? copy_dir(copy, fd, to, name, err)
				   : copy_file(copy, fd, to, name, err);
}

int fs_copy_tree(
	int from, int to, const char *name, const struct fs_copy *how, struct err *err)
{
	struct copy copy = {.how = how, .at = BUF_INIT};
	int rc = copy_dir(&copy, from, to, name, err);

	buf_release(&copy.at);
	return rc;
}
