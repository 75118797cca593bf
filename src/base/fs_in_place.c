/* SPDX-License-Identifier: MIT */
/* Writing a file in place, so that the next run can finish it. */
#include "base/fs_in_place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_in_use.h"
#include "base/fs_internal.h"

#define KEPT_MAX ((off_t)16 * 1024 * 1024) /* bytes of an old text that are kept */
#define FLAGS    (O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

/* The name of the new text beside the file. Returns 0, or -1 if that is too long. */
static int text_name(const struct fs_entry *entry, char ret[256])
{
	return snprintf(ret, 256, ".%s" FS_TEMP_MARK "unfinished", entry->name) < 256
		? 0
		: -1;
}

static int raise_busy(const char *path, struct err *err)
{
	return err_set(
		err, ERR_TEMPORARY, "'%s' is being written by another process", path);
}

/* ---- writing ---- */

/* Of one that cannot be read, nothing is kept. */
static int open_in_place(const struct fs_stage *stage)
{
	int fd = openat(stage->entry.dirfd, stage->entry.name, O_RDWR | FLAGS);

	return fd < 0 && errno == EACCES
		? openat(stage->entry.dirfd, stage->entry.name, O_WRONLY | FLAGS)
		: fd;
}

/* Is there room for the new text? Some file systems do not say. */
static int reserve(int fd, const struct stat *old, const struct stat *new)
{
	if (new->st_size <= old->st_size ||
		fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, new->st_size) == 0)
		return 0;
	return fs_is_full(errno) ? -1 : 0;
}

/* Is the text of that name being written by another process? */
static bool is_held(int dirfd, const char *name)
{
	struct stat st;

	return fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		fs_is_held(dirfd, name, &st);
}

/* Names the whole text for the next run. It stays locked. Returns 0, or -1. */
static int name_text(struct fs_stage *stage, struct err *err)
{
	int dirfd = stage->entry.dirfd;
	char name[256];
	int rc;

	if (fs_is_shared(stage->fs, &stage->entry) || text_name(&stage->entry, name) < 0)
		return 0;
	rc = fs_rename_new(stage->dirfd, stage->temp, dirfd, name);
	if (rc == 1 && is_held(dirfd, name))
		return raise_busy(stage->path, err);
	if (rc == 1)
		rc = renameat(stage->dirfd, stage->temp, dirfd, name);
	if (rc == 0)
		memcpy(stage->temp, name, sizeof name);
	if (rc < 0 || fs_sync_dir(dirfd) < 0)
		return fs_raise_unchanged(err, dirfd, "publish", stage->path);
	return 0;
}

/* Empty first: what a kill leaves is then a beginning of the text, and no mixture. */
static int fill(const struct fs_stage *stage, int fd)
{
	return ftruncate(fd, 0) < 0 || lseek(fd, 0, SEEK_SET) < 0 ||
			fd_copy(stage->fd, fd) < 0 || fsync(fd) < 0
		? -1
		: 0;
}

static int put_back(int fd, const struct buf *old)
{
	return ftruncate(fd, 0) < 0 || lseek(fd, 0, SEEK_SET) < 0 ||
			fd_write_all(fd, old->data, old->len) < 0 || fsync(fd) < 0
		? -1
		: 0;
}

/* The whole text is beside it alone by now: it stays, by a name that is not swept. */
static int raise_damaged(struct fs_stage *stage, int fd, int code, struct err *err)
{
	bool shared = fs_is_shared(stage->fs, &stage->entry);
	char name[256];

	(void)ftruncate(fd, 0); /* best effort: nothing is a beginning of the new text */
	if (shared && text_name(&stage->entry, name) == 0 &&
		renameat(stage->dirfd, stage->temp, stage->entry.dirfd, name) == 0)
		memcpy(stage->temp, name, sizeof name);
	err_code(err, code,
		"write in place '%s': %s; it is damaged, and what it was to be is in "
		"'%s' beside it: make room and %s",
		stage->path, strerror(code), stage->temp,
		shared ? "copy that into it" : "start again");
	stage->temp[0] = '\0';
	return -1;
}

int fs_write_in_place(struct fs_stage *stage, struct err *err)
{
	CLEANUP_BUF struct buf old = BUF_INIT;
	CLEANUP_FD int fd = open_in_place(stage);
	int dirfd = stage->entry.dirfd;
	struct stat staged, st;
	bool kept;
	int code;

	if (fd < 0 || fstat(fd, &st) < 0 || fstat(stage->fd, &staged) < 0)
		return fs_raise_open(err, dirfd, stage->entry.name, stage->path);
	if (fs_may_fix(stage->fs, &stage->entry, fd, S_IFREG, &st, stage->path, err) < 0)
		return -1;
	/* Before the text: nobody else reads the first byte of a secret. */
	if (fs_unless_denied(fs_set_attributes(fd, &st, &stage->attr)) < 0)
		return fs_raise(err, dirfd, "set mode and owner of", stage->path);
	kept = st.st_size <= KEPT_MAX && fd_read_all(fd, KEPT_MAX, &old) == 0 &&
		old.len == (size_t)st.st_size;
	if (reserve(fd, &st, &staged) < 0)
		return fs_raise_unchanged(err, dirfd, "write in place", stage->path);
	if (name_text(stage, err) < 0)
		return -1;
	if (fill(stage, fd) == 0)
		return 0;
	code = errno;
	if (!kept || put_back(fd, &old) < 0)
		return raise_damaged(stage, fd, code, err);
	errno = code;
	return fs_raise_unchanged(err, dirfd, "write in place", stage->path);
}

/* ---- finishing ---- */

struct unfinished {
	const struct fs_entry *entry;
	const char *path;
	char name[256]; /* of the whole text */
	int text;
	int file;
};

#define UNFINISHED_INIT \
	{ \
		.text = -1, .file = -1 \
	}
#define CLEANUP_UNFINISHED __attribute__((cleanup(unfinished_release)))

static void unfinished_release(struct unfinished *it)
{
	close_fd(&it->text);
	close_fd(&it->file);
}

/* Who writes it holds a lock on it. Some file systems have none. */
static bool is_busy(int text)
{
	struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 1};

	return fcntl(text, F_OFD_SETLK, &lock) < 0 &&
		(errno == EAGAIN || errno == EACCES);
}

/*
 * Opens the whole text of the file that `entry` names, if it is one of ours. Returns
 * whether there is one.
 */
static bool open_text(const struct fs *fs, const struct fs_entry *entry, const char *path,
	struct unfinished *ret)
{
	struct stat st;

	ret->entry = entry;
	ret->path = path;
	if (text_name(entry, ret->name) < 0)
		return false;
	ret->text = openat(entry->dirfd, ret->name, O_RDONLY | FLAGS);
	return ret->text >= 0 && !fs_is_shared(fs, entry) && fstat(ret->text, &st) == 0 &&
		S_ISREG(st.st_mode) && st.st_nlink == 1 &&
		(fs->guarded || st.st_uid == geteuid());
}

/* Opens the file with `flags`, and says what it holds: see fs_in_place_look(). */
static int compare(int flags, struct unfinished *it, struct err *err)
{
	int dirfd = it->entry->dirfd;
	int rc;

	it->file = openat(dirfd, it->entry->name, flags | FLAGS);
	if (it->file < 0 && errno == ENOENT)
		return FS_FINISHED;
	if (it->file < 0)
		return fs_raise_open(err, dirfd, it->entry->name, it->path);
	/* What is no longer mounted is not what was written. */
	if (fs_same_mount(dirfd, it->file))
		return FS_FINISHED;
	rc = fd_begins(it->text, it->file);
	if (rc < 0)
		return err_sys(err, "read '%s'", it->path);
	return rc ? FS_CUT_SHORT : FS_LEFT_OVER;
}

int fs_in_place_look(const struct fs *fs, const struct fs_entry *entry, const char *path,
	struct err *err)
{
	CLEANUP_UNFINISHED struct unfinished it = UNFINISHED_INIT;

	return open_text(fs, entry, path, &it) ? compare(O_RDONLY, &it, err)
					       : FS_FINISHED;
}

/* All of it once more: nothing that is there changes, whoever else does the same. */
static int write_rest(const struct fs *fs, const struct unfinished *it, struct err *err)
{
	int dirfd = it->entry->dirfd;
	struct stat st;

	if (fstat(it->file, &st) < 0)
		return err_sys(err, "look at '%s'", it->path);
	if (fs_may_fix(fs, it->entry, it->file, S_IFREG, &st, it->path, err) < 0)
		return -1;
	if (fd_copy(it->text, it->file) < 0 || fsync(it->file) < 0)
		return fs_raise(err, dirfd, "write in place", it->path);
	return 0;
}

int fs_in_place_finish(const struct fs *fs, const char *path, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	CLEANUP_UNFINISHED struct unfinished it = UNFINISHED_INIT;
	int rc = fs_walk(fs, path, &entry, err);

	if (rc != 0 || !open_text(fs, &entry, path, &it))
		return rc < 0 ? -1 : FS_FINISHED;
	if (is_busy(it.text))
		return raise_busy(path, err);
	rc = compare(O_RDWR, &it, err);
	if (rc <= FS_FINISHED || (rc == FS_CUT_SHORT && write_rest(fs, &it, err) < 0))
		return rc <= FS_FINISHED ? rc : -1;
	if (unlinkat(entry.dirfd, it.name, 0) < 0 && errno != ENOENT)
		return fs_raise(err, entry.dirfd, "remove the text beside", path);
	return fs_kept_flush_later(fs, &entry, path, err) < 0 ? -1 : rc;
}

int fs_in_place_stat(const struct fs *fs, const struct fs_entry *entry, const char *path,
	struct stat *ret, bool *ret_mounted, struct err *err)
{
	if (fs_stat_mounted(entry->dirfd, entry->name, ret, ret_mounted) < 0)
		return errno == ENOENT ? 1 : fs_raise(err, entry->dirfd, "look at", path);
	return fs_check_ours(fs, entry, ret, path, err);
}
