/* SPDX-License-Identifier: MIT */
/* Folders, links, and putting mode and owner of what is there right. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"

/*
 * mkdir(2) gives exactly this mode, whatever the umask; nobody else runs in this process.
 */
static int mkdir_exactly(int dirfd, const char *name, mode_t mode)
{
	mode_t mask = umask(0);
	int rc = mkdirat(dirfd, name, mode);

	(void)umask(mask); /* cannot fail */
	return rc;
}

/* 1: a plain mkdir(2) gives mode and owner at once · 0: they must be given after · -1. */
static int born_right(int dirfd, mode_t mode, uid_t uid, gid_t gid)
{
	struct stat folder;
	gid_t born;

	if (mode & (S_ISUID | S_ISGID))
		return 0;
	if (uid == FS_INHERIT && gid == (gid_t)FS_INHERIT)
		return 1;
	if (fstat(dirfd, &folder) < 0)
		return -1;
	born = folder.st_mode & S_ISGID ? folder.st_gid : getegid();
	return uid == geteuid() && gid == born;
}

static int give_dir(int dirfd, const char *name, mode_t mode, uid_t uid, gid_t gid)
{
	CLEANUP_FD int fd =
		openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct fs_attr attr = {.mode = mode};
	struct stat st;

	if (fd < 0)
		return -1;
	if ((uid != FS_INHERIT || gid != (gid_t)FS_INHERIT) &&
		fs_unless_denied(fchown(fd, uid, gid)) < 0)
		return -1;
	if (fstat(fd, &st) < 0)
		return -1;
	return fs_unless_denied(fchmod(fd, fs_wanted_mode(&st, &attr)));
}

/*
 * A folder must never be seen with the wrong owner: killed between mkdir and chown, it
 * would stay root's in a user's folder, which the next walk refuses. So it is made aside.
 */
static int mkdir_aside(int dirfd, const char *name, mode_t mode, uid_t uid, gid_t gid)
{
	char temp[300];
	int rc;

	fs_temp_name(name, temp);
	if (mkdirat(dirfd, temp, 0700) < 0)
		return -1;
	rc = give_dir(dirfd, temp, mode, uid, gid);
	if (rc == 0)
		rc = fs_rename_noreplace(dirfd, temp, name);
	if (rc == 0)
		return 0;
	int code = errno;

	(void)unlinkat(dirfd, temp, AT_REMOVEDIR); /* else it is swept later */
	errno = code;
	if (code != EINVAL && code != ENOSYS && code != ENOTSUP)
		return -1;
	/*
	 * No NOREPLACE here (NFS): folders cannot be linked, so this is the best there
	 * is.
	 */
	if (mkdir_exactly(dirfd, name, mode & 01777) < 0)
		return -1;
	return give_dir(dirfd, name, mode, uid, gid);
}

int fs_mkdir_at(int dirfd, const char *name, const struct fs_attr *attr, const char *path,
	struct err *err)
{
	uid_t uid;
	gid_t gid;
	int right = -1;
	int rc = -1;

	if (fs_resolve_owner(dirfd, attr, &uid, &gid) == 0)
		right = born_right(dirfd, attr->mode, uid, gid);
	if (right == 1)
		rc = mkdir_exactly(dirfd, name, attr->mode);
	else if (right == 0)
		rc = mkdir_aside(dirfd, name, attr->mode, uid, gid);
	if (rc < 0 && errno == EEXIST)
		return 1;
	if (rc < 0)
		return fs_raise(err, dirfd, "create the directory", path);
	if (fs_sync_dir(dirfd) < 0)
		return fs_raise(err, dirfd, "flush the folder of", path);
	return 0;
}

int fs_make_dir(const char *path, const struct fs_attr *attr,
	enum fs_outcome *ret_outcome, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	struct stat st;
	int rc = 1;

	if (fs_walk_make(path, &entry, NULL, err) < 0)
		return -1;
	/* A look first: what is there is not tried to be made, which would write. */
	if (fstatat(entry.dirfd, entry.name, &st, AT_SYMLINK_NOFOLLOW) < 0 &&
		errno == ENOENT)
		rc = fs_mkdir_at(entry.dirfd, entry.name, attr, path, err);
	if (rc < 0)
		return -1;
	if (rc == 0) {
		*ret_outcome = FS_MADE;
		return 0;
	}
	if (fstatat(entry.dirfd, entry.name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return fs_raise(err, entry.dirfd, "look at", path);
	if (!S_ISDIR(st.st_mode))
		return err_fail(err,
			"'%s' is a %s, not a directory; it was left as it is", path,
			fs_type_name(st.st_mode));
	return fs_fix(path, attr, ret_outcome, err);
}

static int clear_way_for_link(
	const struct fs_entry *entry, const char *path, bool *ret_there, struct err *err)
{
	struct stat st;

	*ret_there = false;
	if (fstatat(entry->dirfd, entry->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : fs_raise(err, entry->dirfd, "look at", path);
	*ret_there = true;
	if (S_ISLNK(st.st_mode))
		return 0;
	return err_fail(err, "'%s' is a %s, not a symbolic link; it was left as it is",
		path, fs_type_name(st.st_mode));
}

/* 0 · 1 there · -1 errno. The temporary is gone afterwards, whatever came of it. */
static int publish_link(const struct fs_entry *entry, const char *temp, bool replace,
	uid_t uid, gid_t gid)
{
	int rc = 0;

	if (geteuid() == 0 && (uid != geteuid() || gid != getegid()))
		rc = fs_unless_denied(
			fchownat(entry->dirfd, temp, uid, gid, AT_SYMLINK_NOFOLLOW));
	if (rc == 0 && replace)
		rc = renameat(entry->dirfd, temp, entry->dirfd, entry->name);
	else if (rc == 0)
		rc = fs_rename_new(entry->dirfd, temp, entry->name);
	if (rc != 0) {
		int code = errno;

		(void)unlinkat(entry->dirfd, temp, 0); /* else it is swept later */
		errno = code;
	}
	return rc;
}

int fs_make_link(const char *path, const char *target, bool replace, uid_t uid, gid_t gid,
	enum fs_outcome *ret_outcome, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	struct fs_attr attr = {.mode = 0777, .uid = uid, .gid = gid};
	char temp[300];
	bool there;
	int rc;

	if (fs_walk_make(path, &entry, NULL, err) < 0 ||
		clear_way_for_link(&entry, path, &there, err) < 0)
		return -1;
	if (there && !replace) {
		*ret_outcome = FS_THERE;
		return 0;
	}
	fs_sweep(entry.dirfd);
	if (fs_resolve_owner(entry.dirfd, &attr, &uid, &gid) < 0)
		return err_sys(err, "stat the folder of '%s'", path);
	fs_temp_name(entry.name, temp);
	if (symlinkat(target, entry.dirfd, temp) < 0)
		return fs_raise(err, entry.dirfd, "create the link", path);
	rc = publish_link(&entry, temp, there, uid, gid);
	if (rc < 0)
		return fs_raise(err, entry.dirfd, "publish the link", path);
	if (fs_sync_dir(entry.dirfd) < 0)
		return fs_raise(err, entry.dirfd, "flush the folder of", path);
	*ret_outcome = rc ? FS_THERE : FS_MADE;
	return 0;
}

/*
 * Somebody may have linked a stranger's file into a folder of theirs: root gives none
 * away.
 */
static int refuse_hard_link(const struct stat *st, const struct fs_attr *attr,
	const char *path, struct err *err)
{
	if (S_ISDIR(st->st_mode) || st->st_nlink < 2 || geteuid() != 0)
		return 0;
	if (attr->fix_uid && st->st_uid == attr->uid)
		return 0;
	return err_fail(err,
		"'%s' has %lu hard links: its owner and mode are not changed, since it "
		"may be "
		"another file's; remove the other links or give it to its owner by hand",
		path, (unsigned long)st->st_nlink);
}

/* Fewer rights first, then the owner, then the mode that is asked. */
int fs_set_attributes(int fd, const struct stat *st, const struct fs_attr *attr)
{
	mode_t old = st->st_mode & 07777;
	mode_t mode = attr->fix_mode ? fs_wanted_mode(st, attr) : old;
	uid_t uid = attr->fix_uid && st->st_uid != attr->uid ? attr->uid : FS_INHERIT;
	gid_t gid =
		attr->fix_gid && st->st_gid != attr->gid ? attr->gid : (gid_t)FS_INHERIT;
	bool give = geteuid() == 0 && (uid != FS_INHERIT || gid != (gid_t)FS_INHERIT);

	if (give) {
		if ((old & mode) != old && fchmod(fd, old & mode) < 0)
			return -1;
		if (fchown(fd, uid, gid) < 0)
			return -1;
		/*
		 * The kernel took the set-ID bits: they were the former owner's to give.
		 */
		return attr->fix_mode ? fchmod(fd, mode) : 0;
	}
	return mode == old ? 0 : fchmod(fd, mode);
}

int fs_fix(const char *path, const struct fs_attr *attr, enum fs_outcome *ret_outcome,
	struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	CLEANUP_BUF struct buf why = BUF_INIT;
	CLEANUP_FD int fd = -1;
	struct stat st;
	int rc = fs_walk(path, &entry, err);

	if (rc != 0)
		return rc < 0 ? -1 : err_fail(err, "'%s' is not there any more", path);
	if (fstatat(entry.dirfd, entry.name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		!fs_attr_differs(&st, attr, &why)) {
		*ret_outcome = FS_THERE; /* whether we may open it or not */
		return 0;
	}
	fd = openat(
		entry.dirfd, entry.name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return fs_raise(err, entry.dirfd, "open", path);
	if (fstat(fd, &st) < 0)
		return err_sys(err, "stat '%s'", path);
	if (refuse_hard_link(&st, attr, path, err) < 0)
		return -1;
	if (fs_set_attributes(fd, &st, attr) < 0) {
		/*
		 * Opened above, so the access suffices; the rest is not ours to change.
		 */
		if (errno != EPERM)
			return fs_raise(err, entry.dirfd, "set mode and owner of", path);
		*ret_outcome = FS_THERE;
		return 0;
	}
	*ret_outcome = FS_FIXED;
	return 0;
}
