/* SPDX-License-Identifier: MIT */
/* Keeps SQLite from changing anything while it reads. */
#include "db/readonly.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Refused like by a file's mode: SQLite then tries to open it for reading alone. */
static int open_for_reading(const char *path, int flags, int mode)
{
	if ((flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT)) {
		errno = EACCES;
		return -1;
	}
	return open(path, flags, mode);
}

static int keep_owner(int fd, uid_t uid, gid_t gid)
{
	(void)fd;
	(void)uid;
	(void)gid;
	return 0;
}

static int keep_file(const char *path)
{
	(void)path;
	errno = EACCES;
	return -1;
}

static const struct {
	const char *name;
	sqlite3_syscall_ptr call;
} calls[] = {
	{"open", (sqlite3_syscall_ptr)open_for_reading},
	{"fchown", (sqlite3_syscall_ptr)keep_owner},
	{"unlink", (sqlite3_syscall_ptr)keep_file},
};

static void set(bool ours)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);

	if (!vfs || vfs->iVersion < 3 || !vfs->xSetSystemCall)
		return;
	/*
	 * NULL puts the original back. A name that it does not know is one it does not
	 * call.
	 */
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		(void)vfs->xSetSystemCall(
			vfs, calls[i].name, ours ? calls[i].call : NULL);
}

void readonly_begin(void)
{
	set(true);
}

void readonly_end(void)
{
	set(false);
}
