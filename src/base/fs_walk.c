/* SPDX-License-Identifier: MIT */
/* Walking to an object, one component at a time, each of them checked. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cwd.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"
#include "base/str.h"

#define LINKS_MAX 40 /* as the kernel's own limit */

/* ---- one component ---- */

/* Makes the open directory the one where the walk is. */
static void move_to(struct walk *walk, int *fd, const struct stat *st)
{
	close_fd(&walk->at.dirfd);
	walk->at.dirfd = steal_fd(fd);
	walk->at.dir_owner = st->st_uid;
	walk->at.dir_mode = st->st_mode;
	walk->at.open = walk->at.open && (st->st_mode & S_IXOTH);
}

static int enter_root(struct walk *walk, struct err *err)
{
	CLEANUP_FD int fd = openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(err, "open '/'");
	walk->at.hold.first = false;
	move_to(walk, &fd, &st);
	return 0;
}

static int give_up(const struct walk *walk, int code, struct err *err)
{
	errno = code;
	return err_sys(err, "walk '%s'", walk->path);
}

/* Puts a link's target in front of what is left to walk. */
int walk_follow(struct walk *walk, int link_fd, const struct stat *st, struct err *err)
{
	char target[PATH_MAX];
	char rest[PATH_MAX];
	ssize_t size;
	int length;

	if (walk_may_follow(walk, st, err) < 0)
		return -1;
	size = readlinkat(link_fd, "", target, sizeof target - 1);
	if (size < 0)
		return err_sys(
			err, "read the link '%s' in '%s'", walk->at.name, walk->path);
	target[size] = '\0';
	if (++walk->links > LINKS_MAX)
		return give_up(walk, ELOOP, err);
	length = snprintf(rest, sizeof rest, "%s/%s", target, walk->rest + walk->begin);
	if (length < 0 || (size_t)length >= sizeof rest)
		return give_up(walk, ENAMETOOLONG, err);
	memcpy(walk->rest, rest, (size_t)length + 1);
	walk->begin = 0;
	return target[0] == '/' ? enter_root(walk, err) : 0;
}

/* Makes the directory that is missing on the way. Returns 0, or -1. */
static int make_component(const struct walk *walk, struct err *err)
{
	static const struct fs_attr parent = {
		.mode = 0755, .uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT};
	int rc = fs_mkdir_at(walk->make, &walk->at, &parent, walk->path, err);

	if (rc == 0 && fs_sync_dir(walk->at.dirfd) < 0)
		return fs_raise(
			err, walk->at.dirfd, "flush the directory of", walk->path);
	return rc < 0 ? -1 : 0;
}

/* Returns 0 with the descriptor in `ret`, 1 if it is missing, or -1. */
static int open_component(struct walk *walk, int *ret, struct err *err)
{
	const struct fs_entry *at = &walk->at;
	int flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;

	*ret = openat(at->dirfd, at->name, flags);
	if (*ret < 0 && errno == ENOENT && walk->make) {
		if (make_component(walk, err) < 0)
			return -1;
		*ret = openat(at->dirfd, at->name, flags);
	}
	if (*ret >= 0)
		return 0;
	/* What we made and others removed is an error, and not missing. */
	if (errno == ENOENT && !walk->make)
		return 1;
	return fs_raise(err, at->dirfd, "walk to", walk->path);
}

/* Walks into one component. Returns 0, 1 if it is missing, or -1. */
static int step_into(struct walk *walk, struct err *err)
{
	CLEANUP_FD int fd = -1;
	struct stat st;
	int rc = open_component(walk, &fd, err);

	if (rc != 0)
		return rc;
	if (fstat(fd, &st) < 0)
		return err_sys(err, "stat '%s' in '%s'", walk->at.name, walk->path);
	if (S_ISLNK(st.st_mode))
		return walk_follow(walk, fd, &st, err);
	if (!S_ISDIR(st.st_mode))
		return err_code(err, ENOTDIR,
			"'%s': '%s' on the way is a %s, not a directory", walk->path,
			walk->at.name, fs_type_name(st.st_mode));
	if (walk->fs->on_way)
		walk->fs->on_way(walk->fs->on_user, fd, &st);
	if (walk->fs->guarded && walk_may_enter(walk, fd, &st, err) < 0)
		return -1;
	move_to(walk, &fd, &st);
	return 0;
}

/* ---- all of them ---- */

/* Takes the next component. Returns 1, 0 if it is the last one, or -1. */
static int next_component(struct walk *walk, struct err *err)
{
	const char *next = walk->rest + walk->begin;
	size_t size;

	next += strspn(next, "/");
	size = strcspn(next, "/");
	if (size > sizeof walk->at.name - 1)
		return give_up(walk, ENAMETOOLONG, err);
	memcpy(walk->at.name, next, size);
	walk->at.name[size] = '\0';
	next += size;
	next += strspn(next, "/");
	walk->begin = (size_t)(next - walk->rest);
	return *next != '\0';
}

int walk_to_last(struct walk *walk, struct err *err)
{
	for (;;) {
		int rc = next_component(walk, err);

		if (rc <= 0)
			return rc;
		rc = step_into(walk, err);
		if (rc != 0)
			return rc;
	}
}

int walk_into_last(struct walk *walk, struct err *err)
{
	int rc;

	/* A link puts its target in front, whose last component is then the last one. */
	do {
		rc = walk_to_last(walk, err);
		if (rc == 0 && *walk->at.name)
			rc = step_into(walk, err);
	} while (rc == 0 && walk->rest[walk->begin]);
	return rc;
}

int walk_look(struct walk *walk, int *ret, struct stat *ret_st, struct err *err)
{
	for (;;) {
		CLEANUP_FD int fd = -1;
		int rc = walk_to_last(walk, err);

		if (rc != 0)
			return rc;
		fd = openat(walk->at.dirfd, *walk->at.name ? walk->at.name : ".",
			O_PATH | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT)
			return 1;
		if (fd < 0 || fstat(fd, ret_st) < 0)
			return fs_raise(err, walk->at.dirfd, "look at", walk->path);
		if (!S_ISLNK(ret_st->st_mode)) {
			*ret = steal_fd(&fd);
			return 0;
		}
		if (walk_follow(walk, fd, ret_st, err) < 0)
			return -1;
	}
}

int walk_begin(struct walk *walk, const struct fs *fs, struct fs *make,
	enum walk_mode mode, const char *path, struct err *err)
{
	size_t size = strlen(path);
	size_t at = 0;

	/* Its texts are not cleared: they are long, and a start walks often. */
	walk->fs = fs;
	walk->make = make;
	walk->mode = mode;
	walk->path = path;
	walk->at.dirfd = -1;
	walk->at.hold =
		mode == WALK_READ ? fs->named_by : (struct fs_hold){.by = FS_NOBODY};
	walk->at.open = true;
	walk->at.name[0] = '\0';
	walk->links = 0;
	walk->link[0] = '\0';
	walk->begin = 0;
	if (path[0] != '/') {
		if (cwd_get(walk->rest, sizeof walk->rest, err) < 0)
			return -1;
		at = strlen(walk->rest);
		walk->rest[at++] = '/';
	}
	if (size >= sizeof walk->rest - at) {
		errno = ENAMETOOLONG;
		return err_sys(err, "walk a path of %zu bytes", size);
	}
	memcpy(walk->rest + at, path, size + 1);
	return enter_root(walk, err);
}

void walk_begin_at(struct walk *walk, const struct fs *fs, const struct fs_entry *entry,
	const char *path)
{
	walk->fs = fs;
	walk->make = NULL;
	walk->mode = WALK_WRITE;
	walk->path = path;
	walk->at = *entry;
	walk->links = 0;
	walk->link[0] = '\0';
	walk->begin = 0;
	memcpy(walk->rest, entry->name, strlen(entry->name) + 1);
}

void walk_end(struct walk *walk)
{
	fs_entry_release(&walk->at);
}

static int walk_for_writing(const struct fs *fs, struct fs *make, const char *path,
	struct fs_entry *ret, struct err *err)
{
	CLEANUP_WALK struct walk walk;
	int rc;

	walk.at.dirfd = -1;
	if (fs_kept_entry(fs, path, ret))
		return 0;
	rc = walk_begin(&walk, fs, make, WALK_WRITE, path, err);
	if (rc == 0 && path[0] != '/')
		return err_config(err, "'%s' is not an absolute path", path);
	if (rc == 0)
		rc = walk_to_last(&walk, err);
	if (rc != 0)
		return rc;
	if (!*walk.at.name || str_equal(walk.at.name, ".") ||
		str_equal(walk.at.name, ".."))
		return err_config(
			err, "'%s' does not name an object in a directory", path);
	if (fs_kept_set(fs, path, &walk.at, err) < 0)
		return -1;
	*ret = walk.at;
	walk.at.dirfd = -1; /* the entry's now */
	return 0;
}

int fs_walk(const struct fs *fs, const char *path, struct fs_entry *ret, struct err *err)
{
	return walk_for_writing(fs, NULL, path, ret, err);
}

int fs_walk_make(struct fs *fs, const char *path, struct fs_entry *ret, struct err *err)
{
	return walk_for_writing(fs, fs, path, ret, err);
}

void fs_entry_release(struct fs_entry *entry)
{
	close_fd(&entry->dirfd);
}

int fs_stat_entry(const struct fs *fs, const struct fs_entry *entry, enum fs_rule rule,
	const char *path, struct stat *ret, struct err *err)
{
	struct stat st;

	if (fstatat(entry->dirfd, entry->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 1 : fs_raise(err, entry->dirfd, "look at", path);
	if (rule != FS_ANY && fs_check_ours(fs, entry, &st, path, err) < 0)
		return -1;
	*ret = st;
	return 0;
}

int fs_lookup(const struct fs *fs, const char *path, enum fs_rule rule, struct stat *ret,
	struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	int rc = fs_walk(fs, path, &entry, err);

	return rc == 0 ? fs_stat_entry(fs, &entry, rule, path, ret, err) : rc;
}
