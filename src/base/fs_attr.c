/* SPDX-License-Identifier: MIT */
/* Type, owner and mode of objects: what they are to be, and putting them right. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"
#include "base/privilege.h"

/*
 * The mode that `attr` asks of an object. As with chmod(1), a directory keeps the
 * set-group-ID bit that it was born with: a volume's fsGroup hangs on it.
 */
static mode_t wanted_mode(const struct stat *st, const struct fs_attr *attr)
{
	mode_t born = S_ISDIR(st->st_mode) ? st->st_mode & S_ISGID : 0;

	return attr->mode | born;
}

/*
 * The same of an existing one whose group stays another than `attr` asks, if not `given`:
 * as root, that group gets no right that it does not have, but what all others get.
 */
static mode_t settable_mode(const struct stat *st, const struct fs_attr *attr, bool given)
{
	mode_t mode = wanted_mode(st, attr);
	mode_t group = (st->st_mode & 070) | (mode & 07) << 3;

	return given || geteuid() != 0 || !attr->fix_gid || st->st_gid == attr->gid
		? mode
		: mode & (~(mode_t)070 | group);
}

/* Only root can give objects away, and only owners can change modes. */
int fs_attr_differs(const struct stat *st, const struct fs_attr *attr, struct buf *why)
{
	mode_t mode = st->st_mode & 07777;
	bool other_uid = attr->fix_uid && st->st_uid != attr->uid;
	bool other_gid = attr->fix_gid && st->st_gid != attr->gid;
	bool may_give = (other_uid || other_gid) && privileged_to_give();
	mode_t wanted =
		other_gid ? settable_mode(st, attr, may_give) : wanted_mode(st, attr);
	bool other_mode = attr->fix_mode && mode != wanted;
	size_t before = why->len;

	if (other_mode && (st->st_uid == geteuid() || privileged_to_set_modes()))
		buf_printf(why, "mode %04o, not %04o", (unsigned)mode, (unsigned)wanted);
	if (other_uid && may_give)
		buf_printf(why, "%sowner %u, not %u", why->len > before ? ", " : "",
			st->st_uid, attr->uid);
	if (other_gid && may_give)
		buf_printf(why, "%sgroup %u, not %u", why->len > before ? ", " : "",
			st->st_gid, attr->gid);
	return why->len > before;
}

int fs_unless_denied(int rc)
{
	return rc < 0 && errno == EPERM ? 0 : rc;
}

int fs_resolve_owner(int dirfd, struct fs_attr *attr)
{
	struct stat parent;

	if (geteuid() != 0) {
		attr->uid = FS_INHERIT;
		attr->gid = (gid_t)FS_INHERIT;
		return 0;
	}
	if (attr->uid != FS_INHERIT && attr->gid != (gid_t)FS_INHERIT)
		return 0;
	if (fstat(dirfd, &parent) < 0)
		return -1;
	if (attr->uid == FS_INHERIT)
		attr->uid = parent.st_uid;
	if (attr->gid == (gid_t)FS_INHERIT)
		attr->gid = parent.st_gid;
	return 0;
}

int fs_give(int fd, const struct fs_attr *attr)
{
	struct stat st;
	uid_t uid;
	gid_t gid;
	mode_t mode;

	if (fstat(fd, &st) < 0)
		return -1;
	uid = attr->uid == st.st_uid ? FS_INHERIT : attr->uid;
	gid = attr->gid == st.st_gid ? (gid_t)FS_INHERIT : attr->gid;
	mode = wanted_mode(&st, attr);
	if ((uid != FS_INHERIT || gid != (gid_t)FS_INHERIT) &&
		fs_unless_denied(fchown(fd, uid, gid)) < 0)
		return -1;
	/* After the owner: changing that takes the set-ID bits away. */
	return (st.st_mode & 07777) == mode ? 0 : fs_unless_denied(fchmod(fd, mode));
}

int fs_give_to(int fd, uid_t uid, gid_t gid)
{
	if (geteuid() != 0 || (uid == geteuid() && gid == getegid()))
		return 0;
	return fs_unless_denied(fchown(fd, uid, gid));
}

static int refuse_type(mode_t mode, mode_t type, const char *path, struct err *err)
{
	return err_fail(err, "'%s' is a %s, not a %s; it was left as it is", path,
		fs_type_name(mode), fs_type_name(type));
}

int fs_check_type(
	const struct fs_entry *entry, mode_t type, const char *path, struct err *err)
{
	struct stat st;

	if (fstatat(entry->dirfd, entry->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 1 : fs_raise(err, entry->dirfd, "look at", path);
	if ((st.st_mode & S_IFMT) == type)
		return 0;
	return refuse_type(st.st_mode, type, path, err);
}

/* As root, a file with several hard links may be another's. */
static int refuse_hard_link(const struct fs *fs, const struct fs_entry *entry, int fd,
	const struct stat *st, const char *path, struct err *err)
{
	if (!fs->guarded)
		return 0;
	if (fs_has_other_names(entry->dirfd, entry->name, st))
		return err_fail(err,
			"'%s' has %lu hard links: it is not changed, since it may be "
			"another's file; remove the other links, or change it by hand",
			path, (unsigned long)st->st_nlink);
	if (!fs_is_shared(fs, entry) || fs_only_name(entry->dirfd, entry->name, fd) == 0)
		return 0;
	return err_fail(err,
		"'%s' is not changed: another process links or removes it at this "
		"moment, so it may be another's file; start again when it has ended",
		path);
}

/*
 * Fewer rights first, then the owner, then the mode that is asked: also where it stays
 * with its owner, as that of a new object.
 */
int fs_set_attributes(int fd, const struct stat *st, const struct fs_attr *attr)
{
	mode_t old = st->st_mode & 07777;
	uid_t uid = attr->fix_uid && st->st_uid != attr->uid ? attr->uid : FS_INHERIT;
	gid_t gid =
		attr->fix_gid && st->st_gid != attr->gid ? attr->gid : (gid_t)FS_INHERIT;
	bool give =
		(uid != FS_INHERIT || gid != (gid_t)FS_INHERIT) && privileged_to_give();
	mode_t mode = attr->fix_mode ? settable_mode(st, attr, give) : old;
	bool given;

	if (!give)
		return mode == old ? 0 : fchmod(fd, mode);
	if ((old & mode) != old && fchmod(fd, old & mode) < 0)
		return -1;
	given = fchown(fd, uid, gid) == 0;
	if (!given && errno != EPERM)
		return -1;
	if (!given && attr->fix_mode)
		mode = settable_mode(st, attr, false);
	if (!given && mode == old)
		return -1;
	/* The kernel took the set-ID bits, which the former owner gave. */
	return attr->fix_mode ? fchmod(fd, mode) : 0;
}

int fs_may_fix(const struct fs *fs, const struct fs_entry *entry, int fd, mode_t type,
	const struct stat *st, const char *path, struct err *err)
{
	if ((st->st_mode & S_IFMT) != type)
		return refuse_type(st->st_mode, type, path, err);
	if (type != S_IFREG)
		return fs_may_change(fs, entry, fd, st, path, err);
	if (fs_check_entry(fs, entry, fd, st, path, err) < 0)
		return -1;
	return refuse_hard_link(fs, entry, fd, st, path, err);
}

/* Some file systems have no owners or modes, and say that they have changed them. */
static bool is_unchanged(int fd, const struct stat *before)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_uid == before->st_uid &&
		st.st_gid == before->st_gid && st.st_mode == before->st_mode;
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
		return refuse_type(S_IFLNK, type, path, err);
	if (fd < 0)
		return fs_raise_open(err, entry->dirfd, entry->name, path);
	if (fstat(fd, &st) < 0)
		return err_sys(err, "stat '%s'", path);
	if (fs_may_fix(fs, entry, fd, type, &st, path, err) < 0 ||
		((!attr->fix_uid || fs_is_trusted(fs, attr->uid)) &&
			fs_check_ours(fs, entry, &st, path, err) < 0))
		return -1;
	if (fs_set_attributes(fd, &st, attr) < 0) {
		/* It was opened, so it can be used; its owner must change the rest. */
		if (errno != EPERM)
			return fs_raise(err, entry->dirfd, "set mode and owner of", path);
		*ret_outcome = FS_THERE;
		return 0;
	}
	*ret_outcome = is_unchanged(fd, &st) ? FS_THERE : FS_FIXED;
	return 0;
}
