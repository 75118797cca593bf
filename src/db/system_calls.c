/* SPDX-License-Identifier: MIT */
/* Restricts SQLite's system calls to the files of one database. */
#include "db/system_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/sidecar.h"
#include "base/str.h"
#include "db/files.h"

#define TEMPORARY "etilqs_" /* SQLite's own prefix, SQLITE_TEMP_FILE_PREFIX */

/* What an artificial path stands for. */
struct target {
	struct files files;
	char database[256]; /* files.name */
	const char *name;   /* in the directory; "" for the directory itself */
	const char *ending; /* of a sidecar; "" for the database; else NULL */
	bool reading;
	bool temporary;
};

/* ---- paths ---- */

/* "/DIRFD.OWNER.FLAGS.SIZE", where SIZE is that of the database's name. */
void system_calls_directory(
	const struct files *files, bool reading, char ret[SYSTEM_CALLS_DIRECTORY_MAX])
{
	(void)snprintf(ret, SYSTEM_CALLS_DIRECTORY_MAX, "/%d.%u.%d.%zu", files->dirfd,
		files->owner,
		(reading ? 1 : 0) + (files->shared ? 2 : 0) + (files->beside ? 4 : 0),
		strlen(files->name)); /* fits: four numbers */
}

static bool parse_number(const char **at, char before, unsigned long *ret)
{
	char *end;

	if (**at != before || !str_is_digit((*at)[1]))
		return false;
	*ret = strtoul(*at + 1, &end, 10);
	*at = end;
	return true;
}

/* Is it the database, a sidecar or a temporary file? */
static bool parse_name(const char *name, size_t size, struct target *ret)
{
	ret->name = name;
	ret->ending = NULL;
	ret->temporary = false;
	if (!*name)
		return true;
	if (size < sizeof ret->database && strnlen(name, size) == size) {
		memcpy(ret->database, name, size);
		ret->database[size] = '\0';
		for (size_t i = 0; i < FILES_COUNT && !ret->ending; i++)
			if (str_equal(name + size, files_endings[i]))
				ret->ending = files_endings[i];
	}
	ret->temporary = !ret->ending && str_starts(name, TEMPORARY);
	return ret->ending || ret->temporary;
}

/* Returns 0, or -1 with EPERM for any other path. */
static int parse_path(const char *path, struct target *ret)
{
	unsigned long dirfd, owner, flags, size;

	if (parse_number(&path, '/', &dirfd) && parse_number(&path, '.', &owner) &&
		parse_number(&path, '.', &flags) && parse_number(&path, '.', &size) &&
		(*path == '/' || !*path) &&
		parse_name(path + (*path == '/'), size, ret)) {
		ret->reading = flags & 1;
		ret->files = (struct files){
			.dirfd = (int)dirfd,
			.name = ret->database,
			.owner = (uid_t)owner,
			.shared = flags & 2,
			.beside = flags & 4,
		};
		return 0;
	}
	return set_errno(EPERM);
}

/* ---- the calls ---- */

static bool is_device(const char *path)
{
	return str_equal(path, "/dev/urandom") || str_equal(path, "/dev/null");
}

/* If the file system has no unnamed files, it has a name for a moment. */
static int open_unnamed(int dirfd, const char *name)
{
	int fd = openat(dirfd, ".", O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	fd = openat(
		dirfd, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0)
		(void)unlinkat(dirfd, name, 0); /* if it stays, others cannot read it */
	return fd;
}

int system_calls_open_temporary(const struct files *files, bool reading, const char *name,
	const char **ret_directory)
{
	const char *const directories[] = {getenv("SQLITE_TMPDIR"), getenv("TMPDIR"),
		"/var/tmp", "/usr/tmp", "/tmp"};
	int fd = files->beside ? open_unnamed(files->dirfd, name) : -1;

	*ret_directory = NULL;
	for (size_t i = 0; fd < 0 && i < sizeof directories / sizeof *directories; i++) {
		CLEANUP_FD int dirfd = !directories[i]
			? -1
			: open(directories[i], O_PATH | O_DIRECTORY | O_CLOEXEC);

		fd = dirfd < 0 ? -1 : open_unnamed(dirfd, name);
		*ret_directory = fd < 0 ? NULL : directories[i];
	}
	return fd >= 0 || reading ? fd : open_unnamed(files->dirfd, name);
}

/* `mode` is that of the database; the group is the database's, too. */
static int open_or_create(const struct target *target, int flags, mode_t mode)
{
	struct stat st;

	if (fstatat(target->files.dirfd, target->database, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	if (!files_accept(&target->files, &st))
		return set_errno(EPERM);
	return files_open_or_create(
		&target->files, target->name, flags & ~O_CREAT, mode, st.st_gid);
}

/* A journal that is opened without O_CREAT is to be rolled back. */
static int open_existing(const struct target *target, int flags)
{
	CLEANUP_FD int fd = files_open(&target->files, target->name, flags);

	if (fd < 0 || !str_equal(target->ending, SIDECAR_JOURNAL))
		return steal_fd(&fd);
	switch (files_names_super(fd)) {
	case 0:
		return steal_fd(&fd);
	case 1:
		return set_errno(EPERM);
	default:
		return -1;
	}
}

/* Writing fails with EACCES, as by a file's mode: SQLite then opens it read-only. */
static int call_open(const char *path, int flags, int mode)
{
	const char *directory;
	struct target target;

	if (is_device(path))
		return open(path, flags | O_CLOEXEC);
	if (parse_path(path, &target) < 0)
		return -1;
	if (!*target.name)
		return set_errno(EISDIR);
	if (target.temporary)
		return system_calls_open_temporary(
			&target.files, target.reading, target.name, &directory);
	if (target.reading && (flags & (O_ACCMODE | O_CREAT)) != O_RDONLY)
		return set_errno(EACCES);
	if (flags & O_CREAT)
		return open_or_create(&target, flags, (mode_t)mode);
	return open_existing(&target, flags);
}

/* Links are not followed. */
static int call_stat(const char *path, struct stat *ret)
{
	struct target target;

	if (parse_path(path, &target) < 0)
		return -1;
	if (!*target.name) {
		*ret = (struct stat){.st_mode = S_IFDIR | 0700, .st_nlink = 2};
		return 0;
	}
	if (target.temporary)
		return set_errno(ENOENT);
	return fstatat(target.files.dirfd, target.name, ret, AT_SYMLINK_NOFOLLOW);
}

/* SQLite only asks whether it exists. */
static int call_access(const char *path, int mode)
{
	struct stat st;

	(void)mode;
	return call_stat(path, &st);
}

static int call_unlink(const char *path)
{
	struct target target;
	struct stat st;

	if (parse_path(path, &target) < 0)
		return -1;
	if (target.temporary)
		return 0;
	if (target.reading || !target.ending)
		return set_errno(EACCES);
	if (fstatat(target.files.dirfd, target.name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	if (!files_accept(&target.files, &st))
		return set_errno(EPERM);
	return unlinkat(target.files.dirfd, target.name, 0);
}

/* SQLite opens a file's directory to sync it. */
static int call_open_directory(const char *path, int *ret_fd)
{
	struct target target;

	if (parse_path(path, &target) < 0)
		return SQLITE_CANTOPEN;
	*ret_fd = openat(target.files.dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *ret_fd < 0 ? SQLITE_CANTOPEN : SQLITE_OK;
}

/* Owner and mode are set when a file is created, and never later. */
static int call_fchown(int fd, uid_t uid, gid_t gid)
{
	(void)fd;
	(void)uid;
	(void)gid;
	return 0;
}

static int call_fchmod(int fd, mode_t mode)
{
	(void)fd;
	(void)mode;
	return 0;
}

static ssize_t call_readlink(const char *path, char *ret, size_t size)
{
	(void)path;
	(void)ret;
	(void)size;
	return set_errno(ELOOP);
}

/* ---- the table ---- */

/* Not in it are getcwd, for relative paths, and mkdir and rmdir, for other locks. */
static const struct {
	const char *name;
	sqlite3_syscall_ptr call;
} calls[] = {
	{"open", (sqlite3_syscall_ptr)call_open},
	{"access", (sqlite3_syscall_ptr)call_access},
	{"stat", (sqlite3_syscall_ptr)call_stat},
	{"lstat", (sqlite3_syscall_ptr)call_stat},
	{"readlink", (sqlite3_syscall_ptr)call_readlink},
	{"unlink", (sqlite3_syscall_ptr)call_unlink},
	{"openDirectory", (sqlite3_syscall_ptr)call_open_directory},
	{"fchown", (sqlite3_syscall_ptr)call_fchown},
	{"fchmod", (sqlite3_syscall_ptr)call_fchmod},
};

int system_calls_install(struct err *err)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	bool able = vfs && vfs->iVersion >= 3 && vfs->xSetSystemCall;

	for (size_t i = 0; able && i < sizeof calls / sizeof *calls; i++)
		able = vfs->xSetSystemCall(vfs, calls[i].name, calls[i].call) ==
			SQLITE_OK;
	if (able)
		return 0;
	return err_fail(err,
		"this SQLite (%s) cannot be restricted to the files of a directory",
		sqlite3_libversion());
}
