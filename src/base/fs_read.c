/* SPDX-License-Identifier: MIT */
/* Reading files and directories. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"
#include "base/fs_reader.h"
#include "base/str.h"

static int stat_open(int fd, const char *path, struct stat *ret, struct err *err)
{
	return fstat(fd, ret) < 0 ? err_sys(err, "stat '%s'", path) : 0;
}

int fs_check_file(const struct stat *st, const char *path, struct err *err)
{
	if (S_ISREG(st->st_mode))
		return 0;
	return err_code(err, S_ISDIR(st->st_mode) ? EISDIR : 0,
		"'%s' is a %s, not a file", path, fs_type_name(st->st_mode));
}

int fs_read_open(int fd, const struct stat *st, const char *path, size_t limit,
	struct buf *ret, struct err *err)
{
	size_t before = ret->len;

	if (fd_read_file(fd, st->st_size, limit, ret) == 0)
		return 0;
	buf_truncate(ret, before); /* keeps errno */
	if (errno == EFBIG)
		return err_fail(err, "'%s' is larger than %zu bytes", path, limit);
	return err_sys(err, "read '%s'", path);
}

/* In a directory that others may write, does the file belong to a user that counts? */
static int may_take(const struct walk *walk, const struct stat *st, struct err *err)
{
	if (!(walk->at.dir_mode & (S_IWGRP | S_IWOTH)) || (st->st_mode & S_IROTH) ||
		fs_is_known(walk->fs, st->st_uid) || st->st_uid == walk->at.dir_owner)
		return 0;
	return err_fail(err,
		"'%s' belongs to user %u, and lies in a directory where others may put "
		"what they like (mode %04o); give it to root or to the application's "
		"user, or let others read it",
		walk->path, st->st_uid, (unsigned)(walk->at.dir_mode & 07777));
}

/* Does it have names that others may have given it, or did it have them? */
static bool is_linked(
	const struct walk *walk, int fd, const struct stat *st, mode_t open_bit)
{
	bool shared = walk->at.hold.by != FS_NOBODY ||
		(walk->at.dir_mode & (S_IWGRP | S_IWOTH));
	bool theirs = walk->at.hold.by == FS_SOMEBODY && st->st_uid == walk->at.hold.uid;

	/* For what is theirs, or open to all, it does not matter. */
	if (!shared || theirs || S_ISDIR(st->st_mode) || (st->st_mode & open_bit))
		return false;
	return fs_has_other_names(walk->at.dirfd, walk->at.name, st) ||
		fs_only_name(walk->at.dirfd, walk->at.name, fd) < 0;
}

int walk_may_use(struct walk *walk, int fd, const struct stat *st, mode_t open_bit,
	struct err *err)
{
	(void)fs_hold_cross(&walk->at.hold, walk->at.dirfd, fd);
	if ((walk->at.hold.by != FS_NOBODY && walk->at.hold.passed) ||
		is_linked(walk, fd, st, open_bit))
		return walk_may_read(walk, fd, st, open_bit, err);
	return 0;
}

/* The rules of reading, for the open file itself. */
static int may_read(struct walk *walk, int fd, const struct stat *st, enum fs_rule rule,
	struct err *err)
{
	if (!walk->fs->guarded)
		return 0;
	if (walk_may_use(walk, fd, st, S_IROTH, err) < 0)
		return -1;
	return rule == FS_ANY ? may_take(walk, st, err)
			      : fs_check_ours(walk->fs, &walk->at, st, walk->path, err);
}

/* Continues with the link at the end; anything else there by now is an error. */
static int follow_last(struct walk *walk, struct err *err)
{
	CLEANUP_FD int fd =
		openat(walk->at.dirfd, walk->at.name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return fs_raise(err, walk->at.dirfd, "look at", walk->path);
	return walk_follow(walk, fd, &st, err);
}

/*
 * Opens the last component, following links as `rule` says. Returns 0, 1 if it is
 * missing, or -1. O_NONBLOCK, since a pipe must not block us.
 */
static int open_last(struct walk *walk, enum fs_rule rule, int *ret, struct err *err)
{
	for (;;) {
		int rc = walk_to_last(walk, err);

		if (rc != 0)
			return rc;
		*ret = openat(walk->at.dirfd, *walk->at.name ? walk->at.name : ".",
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		if (*ret >= 0)
			return 0;
		if (errno == ENOENT)
			return 1;
		if (errno != ELOOP)
			return fs_raise_open(
				err, walk->at.dirfd, walk->at.name, walk->path);
		if (rule == FS_TARGET)
			return err_fail(
				err, "'%s' is a symbolic link, not a file", walk->path);
		if (follow_last(walk, err) < 0)
			return -1;
	}
}

int walk_open(struct walk *walk, enum fs_rule rule, int *ret, struct stat *ret_st,
	struct err *err)
{
	CLEANUP_FD int fd = -1;
	int rc = open_last(walk, rule, &fd, err);

	if (rc != 0)
		return rc;
	if (stat_open(fd, walk->path, ret_st, err) < 0 ||
		may_read(walk, fd, ret_st, rule, err) < 0)
		return -1;
	*ret = steal_fd(&fd);
	return 0;
}

/*
 * Begins in the directory that is kept, if nobody but root controls what leads there: to
 * that, walks by the rules of writing and of reading lead alike.
 */
static int begin_reading(
	struct walk *walk, const struct fs *fs, const char *path, struct err *err)
{
	bool ours = fs->named_by.by == FS_NOBODY && !fs->on_way;
	struct fs_entry kept;

	if (!ours || !fs_kept_entry(fs, path, &kept))
		return walk_begin(walk, fs, NULL, WALK_READ, path, err);
	if (kept.hold.by != FS_NOBODY) {
		fs_entry_release(&kept);
		return walk_begin(walk, fs, NULL, WALK_READ, path, err);
	}
	walk_begin_at(walk, fs, &kept, path); /* which it ends */
	walk->mode = WALK_READ;
	return 0;
}

static int open_path(const struct fs *fs, const char *path, enum fs_rule rule, int *ret,
	struct stat *ret_st, struct err *err)
{
	CLEANUP_WALK struct walk walk;
	int rc = begin_reading(&walk, fs, path, err);

	return rc == 0 ? walk_open(&walk, rule, ret, ret_st, err) : rc;
}

/* Where nothing is guarded the kernel walks, links and all. */
static int open_plain(const char *path, int *ret, struct stat *ret_st, struct err *err)
{
	CLEANUP_FD int fd =
		openat(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? 1 : fs_raise_open(err, AT_FDCWD, path, path);
	if (stat_open(fd, path, ret_st, err) < 0)
		return -1;
	*ret = steal_fd(&fd);
	return 0;
}

/* From the beginning, however much was read before; a pipe has none. */
static int open_own(
	int own, const char *path, int *ret, struct stat *ret_st, struct err *err)
{
	CLEANUP_FD int fd = -1;

	if (lseek(own, 0, SEEK_SET) < 0 && errno != ESPIPE)
		return err_sys(err, "read '%s'", path);
	fd = fd_dup(own);
	if (fd < 0 || fstat(fd, ret_st) < 0)
		return err_sys(err, "read '%s'", path);
	*ret = steal_fd(&fd);
	return 0;
}

int fs_open_entry(const struct fs *fs, const struct fs_entry *entry, const char *path,
	int *ret, struct stat *ret_st, struct err *err)
{
	CLEANUP_FD int fd = -1;
	struct walk walk;
	struct stat st;
	int rc;

	walk_begin_at(&walk, fs, entry, path);
	rc = walk_open(&walk, FS_TARGET, &fd, &st, err);
	if (rc == 0)
		rc = fs_check_file(&st, path, err);
	if (rc != 0)
		return rc;
	*ret = steal_fd(&fd);
	*ret_st = st;
	return 0;
}

/* What we write to is read by the rules of writing. */
static int open_target(const struct fs *fs, const char *path, int *ret,
	struct stat *ret_st, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	int rc = fs_walk(fs, path, &entry, err);

	return rc == 0 ? fs_open_entry(fs, &entry, path, ret, ret_st, err) : rc;
}

int fs_open_file(const struct fs *fs, const char *path, enum fs_rule rule, int *ret,
	struct stat *ret_st, struct err *err)
{
	/* Our descriptors are for nobody else to name. */
	int own = fs->named_by.by == FS_NOBODY ? fd_named(path) : -1;
	CLEANUP_FD int fd = -1;
	struct stat st = {0};
	int rc;

	if (rule == FS_TARGET)
		return open_target(fs, path, ret, ret_st, err);
	if (fs->on_read && own < 0)
		fs->on_read(fs->on_user, path);
	if (own >= 0)
		rc = open_own(own, path, &fd, &st, err);
	else if (fs->guarded)
		rc = open_path(fs, path, rule, &fd, &st, err);
	else
		rc = open_plain(path, &fd, &st, err);
	if (rc == 0)
		rc = fs_check_file(&st, path, err);
	if (rc != 0)
		return rc;
	*ret = steal_fd(&fd);
	*ret_st = st;
	return 0;
}

int fs_read(const struct fs *fs, const char *path, enum fs_rule rule, size_t limit,
	struct buf *ret, struct err *err)
{
	CLEANUP_FD int fd = -1;
	struct stat st;
	int rc = fs_open_file(fs, path, rule, &fd, &st, err);

	return rc == 0 ? fs_read_open(fd, &st, path, limit, ret, err) : rc;
}

DIR *fs_open_dir(const struct fs *fs, const char *path, struct err *err)
{
	CLEANUP_WALK struct walk walk;
	int rc = walk_begin(&walk, fs, NULL, WALK_READ, path, err);
	struct stat st;
	DIR *dir;

	fs_note_path(fs, path);
	if (rc == 0)
		rc = walk_into_last(&walk, err);
	if (rc == 1)
		(void)err_code(err, ENOENT, "'%s' is missing", path);
	if (rc == 0 && walk.at.hold.passed)
		rc = fstat(walk.at.dirfd, &st) < 0
			? err_sys(err, "stat '%s'", path)
			: walk_may_read(&walk, walk.at.dirfd, &st, S_IROTH, err);
	if (rc != 0)
		return NULL;
	dir = fd_list(walk.at.dirfd, ".");
	if (!dir)
		(void)fs_raise_open(err, walk.at.dirfd, ".", path);
	return dir;
}

int fs_enter(const struct fs *fs, const char *path, struct err *err)
{
	struct walk walk;
	int rc;

	if (fs->guarded) {
		rc = walk_begin(&walk, fs, NULL, WALK_ENTER, path, err);
		if (rc == 0)
			rc = walk_into_last(&walk, err);
		if (rc == 1)
			errno = ENOENT;
		else if (rc == 0)
			rc = fchdir(walk.at.dirfd) < 0;
		walk_end(&walk); /* keeps errno */
	} else {
		rc = chdir(path) < 0;
	}
	if (rc == 1)
		return err_sys(err, "change to the working directory '%s'", path);
	return rc;
}

int fs_dir_empty(const struct fs *fs, const char *path, struct err *err)
{
	bool named = fs->named_by.by != FS_NOBODY;
	CLEANUP_DIR DIR *dir = named ? fs_open_dir(fs, path, err) : opendir(path);
	const struct dirent *entry;

	if (!dir && named && err->code == ENOENT)
		err_init(err);
	else if (!dir && named)
		return -1;
	if (!dir)
		return named || errno == ENOENT ? 1 : fs_raise_path(err, "open", path);
	while ((entry = fd_next(dir)))
		if (strcmp(entry->d_name, "lost+found") != 0)
			return 0;
	return errno ? err_sys(err, "read '%s'", path) : 1;
}
