/* SPDX-License-Identifier: MIT */
/* The processes in /proc. */
#include "proc/procfs.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/str.h"

int procfs_status(pid_t pid, void (*line)(void *user, const char *text), void *user)
{
	char path[64], block[512], text[PROCFS_LINE_MAX] = "";
	CLEANUP_FD int status = -1;
	size_t length = 0;
	ssize_t size;

	(void)snprintf(path, sizeof path, "/proc/%ld/status", (long)pid); /* it fits */
	status = open(path, O_RDONLY | O_CLOEXEC);
	if (status < 0)
		return -1;
	while ((size = read(status, block, sizeof block)) > 0)
		for (ssize_t at = 0; at < size; at++) {
			if (block[at] != '\n') {
				text[length] = block[at];
				length += length < sizeof text - 1;
				continue;
			}
			text[length] = '\0';
			length = 0;
			line(user, text);
		}
	return 0;
}

/* The numbers of a process, from the namespace of /proc down. */
struct numbers {
	int level; /* the one that is asked for, */
	pid_t pid; /* or 0 */
	int count;
	pid_t last;
};

static void read_numbers(void *user, const char *line)
{
	static const char name[] = "NSpid:";
	struct numbers *numbers = user;
	char *end;

	if (!str_starts(line, name))
		return;
	for (line += strlen(name); *line; line = end) {
		numbers->last = (pid_t)strtol(line, &end, 10);
		if (end == line)
			return;
		if (numbers->count++ == numbers->level)
			numbers->pid = numbers->last;
	}
}

static pid_t self_there(void)
{
	char self[16];
	ssize_t size = readlink("/proc/self", self, sizeof self - 1);
	uint64_t pid;

	self[size > 0 ? size : 0] = '\0';
	return str_to_u64(self, INT32_MAX, &pid) ? (pid_t)pid : 0;
}

bool procfs_is_ours(void)
{
	return self_there() == getpid();
}

int procfs_level(void)
{
	struct numbers numbers = {.level = -1};
	pid_t self = self_there();

	if (!self || self == getpid())
		return self ? 0 : -1;
	(void)procfs_status(self, read_numbers, &numbers); /* then there is none */
	return numbers.last == getpid() ? numbers.count - 1 : -1;
}

pid_t procfs_number(pid_t pid, int level)
{
	struct numbers numbers = {.level = level};

	if (level == 0)
		return pid;
	(void)procfs_status(pid, read_numbers, &numbers); /* it has ended */
	return numbers.pid;
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
