/* SPDX-License-Identifier: MIT */
/* Files of the harness: read, written, copied, removed. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attack.h"
#include "files.h"

void put_file(const char *path, const void *data, size_t size, uid_t uid, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size ||
		fchown(fd, uid, uid) < 0 || fchmod(fd, mode) < 0)
		give_up("make '%s': %s", path, strerror(errno));
	(void)close(fd); /* written to a file system that is thrown away */
}

ssize_t read_file(int dirfd, const char *name, void *data, size_t room)
{
	int fd = openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	size_t size = 0;
	ssize_t n = -1;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		while ((n = read(fd, (char *)data + size, room - size)) > 0)
			size += (size_t)n;
	(void)close(fd); /* opened for reading */
	return n < 0 ? -1 : (ssize_t)size;
}

void copy_file(const char *from, const char *to, uid_t uid, mode_t mode)
{
	static char data[FILE_MOST];
	ssize_t size = read_file(AT_FDCWD, from, data, sizeof data);

	if (size < 0)
		give_up("read '%s'", from);
	put_file(to, data, (size_t)size, uid, mode);
}

void remove_all(int dirfd, const char *name)
{
	const struct dirent *entry;
	DIR *dir;
	int fd;

	if (unlinkat(dirfd, name, 0) == 0 || errno == ENOENT)
		return;
	fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	dir = fd >= 0 ? fdopendir(fd) : NULL;
	while (dir && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			remove_all(fd, entry->d_name);
	if (dir)
		(void)closedir(dir); /* opened for reading */
	/* An attacker tries what it may not, too. */
	(void)unlinkat(dirfd, name, AT_REMOVEDIR);
}
