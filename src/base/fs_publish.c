/* SPDX-License-Identifier: MIT */
/* Names of temporaries, and publishing them. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/fd.h"
#include "base/fs_internal.h"

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE (1 << 0) /* the kernel's, for a C library without it */
#endif

void fs_temp_name(const char *name, enum fs_temp kind, char ret[256])
{
	static const char alphabet[] =
		"abcdefghijklmnopqrstuvwxyz0123456789"; /* case-blind file systems */
	unsigned char random[FS_TEMP_LETTERS];
	size_t room = 255 - 1 - strlen(FS_TEMP_MARK) - FS_TEMP_LETTERS;
	size_t at;

	crypto_random(random, sizeof random);
	/* A long name is cut so that the whole fits into NAME_MAX. */
	at = (size_t)snprintf(ret, 256, ".%.*s" FS_TEMP_MARK, (int)room, name);
	ret[at++] = (char)('0' + random[0] % 10);
	ret[at++] = kind == FS_TEMP_LOCKED ? (char)('0' + random[1] % 10)
					   : alphabet[random[1] % 26];
	ret[at++] = alphabet[random[2] % 26];
	for (size_t i = 3; i < FS_TEMP_LETTERS; i++)
		ret[at++] = alphabet[random[i] % (sizeof alphabet - 1)];
	ret[at] = '\0';
}

const char *fs_temp_letters(const char *name)
{
	const char *letters = NULL;

	for (const char *at = strstr(name, FS_TEMP_MARK); at;
		at = strstr(at + 1, FS_TEMP_MARK))
		letters = at + strlen(FS_TEMP_MARK);
	return letters;
}

int fs_rename_after_look(int from, const char *temp, int to, const char *name)
{
	struct stat st;

	if (fstatat(to, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return 1;
	if (errno != ENOENT)
		return -1;
	return renameat(from, temp, to, name);
}

/* Not every C library has renameat2. */
int fs_rename_noreplace(int from, const char *temp, int to, const char *name)
{
	return (int)syscall(SYS_renameat2, from, temp, to, name, RENAME_NOREPLACE);
}

/* EPERM: a system call filter that is older than the call. */
bool fs_lacks_noreplace(int code)
{
	return code == EINVAL || code == ENOSYS || code == ENOTSUP || code == EPERM;
}

int fs_rename_new(int from, const char *temp, int to, const char *name)
{
	if (fs_rename_noreplace(from, temp, to, name) == 0)
		return 0;
	if (errno == EEXIST)
		return 1;
	if (!fs_lacks_noreplace(errno))
		return -1;
	if (linkat(from, temp, to, name, 0) == 0)
		return unlinkat(from, temp, 0);
	if (errno == EEXIST)
		return 1;
	if (errno != EPERM && errno != ENOTSUP && errno != ENOSYS)
		return -1;
	return fs_rename_after_look(from, temp, to, name);
}

int fs_sync_dir(int dirfd)
{
	CLEANUP_FD int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	/* A directory that we may write but not read cannot be flushed by us. */
	if (fd < 0)
		return errno == EACCES ? 0 : -1;
	/* Some network and FUSE file systems know no such thing. */
	if (fsync(fd) < 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS)
		return -1;
	return 0;
}
