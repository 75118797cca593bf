/* SPDX-License-Identifier: MIT */
/* The processes in /proc. */
#include "proc/procfs.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/str.h"

bool procfs_is_ours(void)
{
	char number[16], self[16];
	ssize_t size = readlink("/proc/self", self, sizeof self - 1);

	self[size > 0 ? size : 0] = '\0';
	(void)snprintf(number, sizeof number, "%d", (int)getpid()); /* it fits */
	return str_equal(self, number);
}

/* What getdents64(2) gives; readdir(3) would allocate. */
struct entry {
	uint64_t inode;
	int64_t offset;
	uint16_t size;
	uint8_t type;
	char name[];
};

int procfs_each(void (*found)(void *user, pid_t pid), void *user)
{
	_Alignas(struct entry) char block[2048];
	CLEANUP_FD int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool some = false;
	long size;

	if (proc < 0)
		return -1;
	while ((size = syscall(SYS_getdents64, proc, block, sizeof block)) > 0)
		for (long at = 0; at < size;) {
			const struct entry *entry = (const void *)(block + at);
			uint64_t pid;

			at += entry->size;
			if (!str_to_u64(entry->name, INT32_MAX, &pid) || pid == 0)
				continue;
			some = true;
			found(user, (pid_t)pid);
		}
	return some ? 0 : -1; /* else it is a directory of that name */
}
