/* SPDX-License-Identifier: MIT */
/* A file that is being made: temporary, content, owner, mode, flush, publish. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"
#include "base/fs_left.h"
#include "base/stop.h"
#include "base/str.h"

/*
 * Keeps the directory open, since the private one may be dropped before the stage. The
 * lock is taken while the file is empty: until then no sweep removes it. SQLite never
 * locks that byte.
 */
static int open_temp(int dirfd, const struct fs_entry *entry, void *user)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
	struct fs_stage *stage = user;

	stage->dirfd = fd_dup(dirfd);
	for (int i = 0; stage->dirfd >= 0 && i < FS_TRIES; i++) {
		fs_temp_name(entry->name, FS_TEMP_LOCKED, stage->temp);
		stage->fd = openat(dirfd, stage->temp,
			O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (stage->fd >= 0) {
			/* Where there are no such locks a sweep goes by age alone. */
			(void)fcntl(stage->fd, F_OFD_SETLK, &lock);
			return 0;
		}
		if (errno != EEXIST)
			break;
	}
	close_fd(&stage->dirfd);
	stage->temp[0] = '\0';
	return -1;
}

static int check_path(const char *path, struct err *err)
{
	if (strlen(path) < sizeof((struct fs_stage *)NULL)->path)
		return 0;
	return err_config(err, "'%.*s…' is longer than a path can be",
		(int)str_cut(path, 60), path);
}

static void set(struct fs *fs, struct fs_stage *stage, const char *path,
	const struct fs_attr *attr)
{
	(void)snprintf(stage->path, sizeof stage->path, "%s", path); /* measured */
	stage->fs = fs;
	stage->attr = *attr;
}

/* Walks to the directory, making those that are missing. */
static int walk(struct fs *fs, struct fs_stage *stage, const char *path,
	const struct fs_attr *attr, struct err *err)
{
	if (check_path(path, err) < 0 || fs_walk_make(fs, path, &stage->entry, err) < 0)
		return -1;
	set(fs, stage, path, attr);
	return 0;
}

/* Opens the temporary for the stage's entry. */
static int begin(struct fs_stage *stage, struct err *err)
{
	fs_sweep(stage->fs, stage->entry.dirfd);
	if (fs_make_aside(stage->fs, &stage->entry, open_temp, stage) < 0)
		return fs_raise_unchanged(err, stage->entry.dirfd, "create", stage->path);
	return 0;
}

int fs_stage_open(struct fs *fs, struct fs_stage *stage, const char *path,
	const struct fs_attr *attr, struct err *err)
{
	return walk(fs, stage, path, attr, err) < 0 ? -1 : begin(stage, err);
}

int fs_stage_resume(struct fs *fs, struct fs_stage *stage, const char *path,
	const struct fs_attr *attr, struct err *err)
{
	if (walk(fs, stage, path, attr, err) < 0)
		return -1;
	if (!fs_is_shared(fs, &stage->entry) && fs_left_open(stage)) {
		stage->resumable = true;
		return 0;
	}
	close_fd(&stage->fd);
	close_fd(&stage->dirfd);
	stage->temp[0] = '\0';
	return begin(stage, err);
}

int fs_stage_empty(struct fs_stage *stage, struct err *err)
{
	if (ftruncate(stage->fd, 0) < 0 || lseek(stage->fd, 0, SEEK_SET) < 0)
		return fs_raise_unchanged(err, stage->entry.dirfd, "write", stage->path);
	return 0;
}

int fs_stage_reserve(struct fs_stage *stage, int64_t size, struct err *err)
{
	if (fallocate(stage->fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)size) == 0 ||
		!fs_is_full(errno))
		return 0;
	return err_sys(err, "make room for the %lld bytes of '%s'; nothing was changed",
		(long long)size, stage->path);
}

/* Lets go of what was reserved and not written. */
static void trim(const struct fs_stage *stage)
{
	struct stat st;

	if (fstat(stage->fd, &st) == 0)
		(void)ftruncate(stage->fd, st.st_size); /* the next start has it */
}

void fs_stage_drop(struct fs_stage *stage)
{
	stage->resumable = false;
}

int fs_stage_open_in(struct fs *fs, struct fs_stage *stage, int dirfd, const char *name,
	const char *path, const struct fs_attr *attr, struct err *err)
{
	struct fs_entry *entry = &stage->entry;
	struct stat st;

	if (check_path(path, err) < 0)
		return -1;
	entry->dirfd = fd_dup(dirfd);
	if (entry->dirfd < 0 || fstat(dirfd, &st) < 0)
		return err_sys(err, "the directory of '%s'", path);
	entry->dir_owner = st.st_uid;
	entry->dir_mode = st.st_mode;
	(void)snprintf(entry->name, sizeof entry->name, "%s", name); /* the path fits */
	set(fs, stage, path, attr);
	return begin(stage, err);
}

int fs_stage_write(struct fs_stage *stage, const void *data, size_t size, struct err *err)
{
	if (fd_write_all(stage->fd, data, size) < 0)
		return fs_raise_unchanged(err, stage->entry.dirfd, "write", stage->path);
	return 0;
}

int fs_stage_copy(struct fs_stage *stage, int fd, struct stop *stop, struct err *err)
{
	if (fd_copy_file(fd, stage->fd, stop) == 0)
		return 0;
	return stop_check(stop, err) < 0
		? -1
		: fs_raise_unchanged(err, stage->entry.dirfd, "write", stage->path);
}

int fs_stage_settle(struct fs_stage *stage, struct err *err)
{
	struct fs_attr attr = stage->attr;

	if (fs_resolve_owner(stage->entry.dirfd, &attr) < 0 ||
		fs_give(stage->fd, &attr) < 0)
		return err_sys(err, "give '%s' its owner and mode", stage->path);
	if (!stage->fleeting && fsync(stage->fd) < 0)
		return fs_raise_unchanged(err, stage->entry.dirfd, "flush", stage->path);
	stage->settled = true;
	return 0;
}

/* ---- publishing ---- */

int fs_stage_publish(struct fs_stage *stage, bool replace, enum fs_outcome *ret_outcome,
	struct err *err)
{
	const struct fs_entry *entry = &stage->entry;
	bool in_place;
	int rc;

	if (!stage->settled && fs_stage_settle(stage, err) < 0)
		return -1;
	/* A link is not replaced, and a directory cannot be. */
	if (replace && fs_check_type(entry, S_IFREG, stage->path, err) < 0)
		return -1;
	rc = replace
		? renameat(stage->dirfd, stage->temp, entry->dirfd, entry->name)
		: fs_rename_new(stage->dirfd, stage->temp, entry->dirfd, entry->name);
	in_place = rc < 0 && replace && errno == EBUSY;
	if (rc < 0 && !in_place)
		return fs_raise_unchanged(err, entry->dirfd, "publish", stage->path);
	if (in_place && fs_write_in_place(stage, err) < 0)
		return -1;
	if (rc == 0)
		stage->temp[0] = '\0';
	if (!stage->fleeting &&
		fs_kept_flush_later(stage->fs, entry, stage->path, err) < 0)
		return -1;
	*ret_outcome = in_place ? FS_NOT_ATOMIC : rc == 0 ? FS_MADE : FS_THERE;
	return 0;
}

void fs_stage_release(struct fs_stage *stage)
{
	/* A temporary that stays behind is swept by a later run. */
	if (stage->temp[0] && stage->dirfd >= 0 && !stage->resumable)
		(void)unlinkat(stage->dirfd, stage->temp, 0);
	else if (stage->resumable)
		trim(stage);
	stage->temp[0] = '\0';
	close_fd(&stage->fd);
	close_fd(&stage->dirfd);
	fs_entry_release(&stage->entry);
}

int fs_write(struct fs *fs, const char *path, const void *data, size_t size,
	const struct fs_attr *attr, bool replace, enum fs_outcome *ret_outcome,
	struct err *err)
{
	CLEANUP_STAGE struct fs_stage stage = FS_STAGE_INIT;

	if (fs_stage_open(fs, &stage, path, attr, err) < 0 ||
		fs_stage_write(&stage, data, size, err) < 0)
		return -1;
	return fs_stage_publish(&stage, replace, ret_outcome, err);
}
