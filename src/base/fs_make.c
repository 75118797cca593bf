/* SPDX-License-Identifier: MIT */
/* Directories, links, and putting mode and owner of what is there right. */
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

/* Does a plain mkdir(2) give mode and owner at once? 0, 1, or -1. */
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
 * Without NOREPLACE (NFS): directories cannot be linked, so a look before it is the best
 * there is. What is beside it is made in its place, so that nobody's is replaced.
 */
static int mkdir_without_noreplace(int dirfd, const char *temp,
	const struct fs_entry *entry, mode_t mode, uid_t uid, gid_t gid)
{
	if (dirfd != entry->dirfd)
		return fs_rename_after_look(dirfd, temp, entry->dirfd, entry->name);
	(void)unlinkat(dirfd, temp, AT_REMOVEDIR); /* else it is swept later */
	if (mkdir_exactly(dirfd, entry->name, mode & 01777) < 0)
		return -1;
	return give_dir(dirfd, entry->name, mode, uid, gid);
}

/*
 * A directory must never be seen with the wrong owner: killed between mkdir and chown, it
 * would stay root's in a user's directory, which the next walk refuses. So it is made
 * aside, in `dirfd`, where nobody can exchange it.
 */
static int mkdir_aside(
	int dirfd, const struct fs_entry *entry, mode_t mode, uid_t uid, gid_t gid)
{
	char temp[256];
	int code;
	int rc;

	fs_temp_name(entry->name, temp);
	if (mkdirat(dirfd, temp, 0700) < 0)
		return -1;
	rc = give_dir(dirfd, temp, mode, uid, gid);
	if (rc == 0) {
		rc = fs_rename_noreplace(dirfd, temp, entry->dirfd, entry->name);
		if (rc < 0 && fs_lacks_noreplace(errno))
			rc = mkdir_without_noreplace(dirfd, temp, entry, mode, uid, gid);
	}
	if (rc == 0)
		return 0;
	code = rc > 0 ? EEXIST : errno;
	(void)unlinkat(dirfd, temp, AT_REMOVEDIR); /* else it is swept later */
	errno = code;
	return -1;
}

/* Made aside where that is safe: beside it, or in the private directory. */
static int mkdir_safely(
	struct fs *fs, const struct fs_entry *entry, mode_t mode, uid_t uid, gid_t gid)
{
	for (int i = 0;; i++) {
		int dirfd = fs_room_enter(fs, entry);
		int rc = dirfd < 0 ? -1 : mkdir_aside(dirfd, entry, mode, uid, gid);

		if (!fs_room_leave(fs, entry, &dirfd, rc, i))
			return rc;
	}
}

int fs_mkdir_at(struct fs *fs, const struct fs_entry *entry, const struct fs_attr *attr,
	const char *path, struct err *err)
{
	uid_t uid;
	gid_t gid;
	int right = -1;
	int rc = -1;

	if (fs_resolve_owner(entry->dirfd, attr, &uid, &gid) == 0)
		right = born_right(entry->dirfd, attr->mode, uid, gid);
	if (right == 1)
		rc = mkdir_exactly(entry->dirfd, entry->name, attr->mode);
	else if (right == 0)
		rc = mkdir_safely(fs, entry, attr->mode, uid, gid);
	if (rc < 0 && errno == EEXIST)
		return 1;
	if (rc < 0)
		return fs_raise(err, entry->dirfd, "create the directory", path);
	if (fs_sync_dir(entry->dirfd) < 0)
		return fs_raise(err, entry->dirfd, "flush the directory of", path);
	return 0;
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

/*
 * Makes it in `dirfd` and publishes it: 0 · 1 there · -1 errno. The temporary is gone
 * afterwards, whatever came of it.
 */
static int publish_link(int dirfd, const struct fs_entry *entry, const char *target,
	bool replace, const struct fs_attr *attr)
{
	char temp[256];
	int code;
	int rc = 0;

	fs_temp_name(entry->name, temp);
	if (symlinkat(target, dirfd, temp) < 0)
		return -1;
	if (geteuid() == 0 && (attr->uid != geteuid() || attr->gid != getegid()))
		rc = fs_unless_denied(
			fchownat(dirfd, temp, attr->uid, attr->gid, AT_SYMLINK_NOFOLLOW));
	if (rc == 0 && replace)
		rc = renameat(dirfd, temp, entry->dirfd, entry->name);
	else if (rc == 0)
		rc = fs_rename_new(dirfd, temp, entry->dirfd, entry->name);
	if (rc != 0) {
		code = errno;
		(void)unlinkat(dirfd, temp, 0); /* else it is swept later */
		errno = code;
	}
	return rc;
}

static int make_link(struct fs *fs, const struct fs_entry *entry, const char *target,
	bool replace, struct fs_attr *attr)
{
	if (fs_resolve_owner(entry->dirfd, attr, &attr->uid, &attr->gid) < 0)
		return -1;
	for (int i = 0;; i++) {
		int dirfd = fs_room_enter(fs, entry);
		int rc = dirfd < 0 ? -1
				   : publish_link(dirfd, entry, target, replace, attr);

		if (!fs_room_leave(fs, entry, &dirfd, rc, i))
			return rc;
	}
}

int fs_make_link(struct fs *fs, const char *path, const char *target, bool replace,
	uid_t uid, gid_t gid, enum fs_outcome *ret_outcome, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	struct fs_attr attr = {.mode = 0777, .uid = uid, .gid = gid};
	bool there;
	int rc;

	if (fs_walk_make(fs, path, &entry, err) < 0 ||
		clear_way_for_link(&entry, path, &there, err) < 0)
		return -1;
	if (there && !replace) {
		*ret_outcome = FS_THERE;
		return 0;
	}
	fs_sweep(fs, entry.dirfd);
	rc = make_link(fs, &entry, target, there, &attr);
	if (rc < 0)
		return fs_raise(err, entry.dirfd, "create the link", path);
	if (fs_sync_dir(entry.dirfd) < 0)
		return fs_raise(err, entry.dirfd, "flush the directory of", path);
	*ret_outcome = rc ? FS_THERE : FS_MADE;
	return 0;
}

/* ---- what is there ---- */

int fs_refuse_hard_link(const struct fs *fs, const struct fs_entry *entry, int fd,
	const struct stat *st, const char *path, struct err *err)
{
	if (!fs->guarded || S_ISDIR(st->st_mode))
		return 0;
	if (fs_has_other_names(entry->dirfd, entry->name, st))
		return err_fail(err,
			"'%s' has %lu hard links: it is not changed, since it may be "
			"another's file; remove the other links, or change it by hand",
			path, (unsigned long)st->st_nlink);
	if (!fs_is_shared(fs, entry) || fs_only_name(entry->dirfd, entry->name, fd) == 0)
		return 0;
	return err_fail(err,
		"'%s' is not changed: somebody links or removes it at this moment, so it "
		"may be another's file; start again when they have ended",
		path);
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

/* Whether what was opened may be changed as it is asked. */
static int may_fix(const struct fs *fs, const struct fs_entry *entry, int fd, mode_t type,
	const struct stat *st, const char *path, struct err *err)
{
	if ((st->st_mode & S_IFMT) != type)
		return err_fail(err, "'%s' is a %s, not a %s; it was left as it is", path,
			fs_type_name(st->st_mode), fs_type_name(type));
	if (fs_may_change(fs, entry, fd, st, path, err) < 0)
		return -1;
	if (type != S_IFREG)
		return 0;
	if (fs_check_ours(fs, entry, st, path, err) < 0)
		return -1;
	return fs_refuse_hard_link(fs, entry, fd, st, path, err);
}

/* What is checked is what is then changed. */
int fs_fix_entry(const struct fs *fs, const struct fs_entry *entry, mode_t type,
	const struct fs_attr *attr, const char *path, enum fs_outcome *ret_outcome,
	struct err *err)
{
	CLEANUP_BUF struct buf why = BUF_INIT;
	CLEANUP_FD int fd = -1;
	struct stat st;

	if (fstatat(entry->dirfd, entry->name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		(st.st_mode & S_IFMT) == type && !fs_attr_differs(&st, attr, &why)) {
		*ret_outcome = FS_THERE; /* whether we may open it or not */
		return 0;
	}
	fd = openat(entry->dirfd, entry->name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 && errno == ELOOP)
		return err_fail(err,
			"'%s' is a symbolic link, not a %s; it was left as it is", path,
			fs_type_name(type));
	if (fd < 0)
		return fs_raise(err, entry->dirfd, "open", path);
	if (fstat(fd, &st) < 0)
		return err_sys(err, "stat '%s'", path);
	if (may_fix(fs, entry, fd, type, &st, path, err) < 0)
		return -1;
	if (fs_set_attributes(fd, &st, attr) < 0) {
		/*
		 * Opened above, so the access suffices; the rest is not ours to change.
		 */
		if (errno != EPERM)
			return fs_raise(err, entry->dirfd, "set mode and owner of", path);
		*ret_outcome = FS_THERE;
		return 0;
	}
	*ret_outcome = FS_FIXED;
	return 0;
}

int fs_fix(struct fs *fs, const char *path, mode_t type, const struct fs_attr *attr,
	enum fs_outcome *ret_outcome, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	int rc = fs_walk(fs, path, &entry, err);

	if (rc != 0)
		return rc < 0 ? -1 : err_fail(err, "'%s' is not there any more", path);
	return fs_fix_entry(fs, &entry, type, attr, path, ret_outcome, err);
}

int fs_make_dir(struct fs *fs, const char *path, const struct fs_attr *attr,
	enum fs_outcome *ret_outcome, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	struct stat st;
	int rc = 1;

	if (fs_walk_make(fs, path, &entry, err) < 0)
		return -1;
	/* A look first: what is there is not tried to be made, which would write. */
	if (fstatat(entry.dirfd, entry.name, &st, AT_SYMLINK_NOFOLLOW) < 0 &&
		errno == ENOENT)
		rc = fs_mkdir_at(fs, &entry, attr, path, err);
	if (rc < 0)
		return -1;
	if (rc == 0) {
		*ret_outcome = FS_MADE;
		return 0;
	}
	return fs_fix_entry(fs, &entry, S_IFDIR, attr, path, ret_outcome, err);
}
