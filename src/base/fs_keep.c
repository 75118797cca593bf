/* SPDX-License-Identifier: MIT */
/* The directory that the last walk led to, for the paths in it that follow. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"
#include "base/fs_keep.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"

struct fs_kept {
	struct fs_entry at; /* its directory; without one dirfd is -1 */
	dev_t device;
	ino_t inode;
	uid_t owner; /* fs->owner at that time */
	bool later;  /* fs_flush_later() */
	bool unflushed;
	char directory[PATH_MAX]; /* as it was walked to, with its last slash */
};

void fs_keep(struct fs *fs)
{
	if (fs->kept)
		return;
	fs->kept = mem_zalloc(sizeof *fs->kept);
	fs->kept->at.dirfd = -1;
}

void fs_flush_later(struct fs *fs)
{
	fs_keep(fs);
	fs->kept->later = true;
}

int fs_flush(const struct fs *fs, struct err *err)
{
	struct fs_kept *kept = fs->kept;

	if (!kept || !kept->unflushed)
		return 0;
	kept->unflushed = false;
	if (fs_sync_dir(kept->at.dirfd) == 0)
		return 0;
	return fs_raise(err, kept->at.dirfd, "flush the directory", kept->directory);
}

void fs_flush_end(struct fs *fs)
{
	DECLARE_ERR(ignored); /* who reports what was made has flushed it */

	if (!fs->kept)
		return;
	(void)fs_flush(fs, &ignored);
	fs->kept->later = false;
}

void fs_forget(struct fs *fs)
{
	DECLARE_ERR(ignored); /* the same */

	if (!fs->kept)
		return;
	(void)fs_flush(fs, &ignored);
	close_fd(&fs->kept->at.dirfd);
}

void fs_kept_release(struct fs *fs)
{
	fs_forget(fs);
	free(fs->kept);
	fs->kept = NULL;
}

/* Does the path still lead to it, and is it as it was when the rules were asked? */
static bool is_valid(const struct fs *fs, const struct fs_kept *kept)
{
	struct stat st;

	return kept->owner == fs->owner && stat(kept->directory, &st) == 0 &&
		st.st_dev == kept->device && st.st_ino == kept->inode &&
		st.st_uid == kept->at.dir_owner && st.st_mode == kept->at.dir_mode;
}

static bool is_name(const char *name)
{
	return *name && strlen(name) <= NAME_MAX && !str_equal(name, ".") &&
		!str_equal(name, "..");
}

/* Is it the directory of `path`? */
static bool has(const struct fs *fs, const struct fs_kept *kept, const char *path)
{
	const char *name = path_base(path);
	size_t size = (size_t)(name - path);

	return kept && kept->at.dirfd >= 0 && strncmp(kept->directory, path, size) == 0 &&
		!kept->directory[size] && is_name(name) && is_valid(fs, kept);
}

bool fs_kept_entry(const struct fs *fs, const char *path, struct fs_entry *ret)
{
	const struct fs_kept *kept = fs->kept;
	const char *name = path_base(path);
	int fd;

	if (!has(fs, kept, path))
		return false;
	fd = fd_dup(kept->at.dirfd);
	if (fd < 0)
		return false;
	*ret = kept->at;
	ret->dirfd = fd;
	memcpy(ret->name, name, strlen(name) + 1);
	return true;
}

int fs_kept_set(const struct fs *fs, const char *path, const struct fs_entry *entry,
	struct err *err)
{
	struct fs_kept *kept = fs->kept;
	const char *name = path_base(path);
	struct stat st;

	if (!kept)
		return 0;
	if (fs_flush(fs, err) < 0)
		return -1;
	close_fd(&kept->at.dirfd);
	/* Behind a link at the end, or before a slash there, it is another directory. */
	if (!str_equal(name, entry->name) || fstat(entry->dirfd, &st) < 0)
		return 0;
	kept->at = *entry; /* with owner and mode as the walk has judged them */
	kept->at.dirfd = fd_dup(entry->dirfd);
	kept->device = st.st_dev;
	kept->inode = st.st_ino;
	kept->owner = fs->owner;
	/* It fits, since the walk had room. */
	memcpy(kept->directory, path, (size_t)(name - path));
	kept->directory[name - path] = '\0';
	return 0;
}

/* Another walk may have led elsewhere since the one to the entry. */
static bool is_kept(const struct fs_kept *kept, const struct fs_entry *entry)
{
	struct stat st;

	return kept->at.dirfd >= 0 && fstat(entry->dirfd, &st) == 0 &&
		st.st_dev == kept->device && st.st_ino == kept->inode;
}

int fs_kept_flush_later(const struct fs *fs, const struct fs_entry *entry,
	const char *path, struct err *err)
{
	if (fs->kept && fs->kept->later && is_kept(fs->kept, entry)) {
		fs->kept->unflushed = true;
		return 0;
	}
	if (fs_sync_dir(entry->dirfd) == 0)
		return 0;
	return fs_raise(err, entry->dirfd, "flush the directory of", path);
}

struct fs fs_same_rights(const struct fs *fs)
{
	return (struct fs){
		.guarded = fs->guarded,
		.root = fs->root,
		.self = fs->self,
		.owner = FS_INHERIT,
		.app = fs->app,
		.app_group = fs->app_group,
	};
}
