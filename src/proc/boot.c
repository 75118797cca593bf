/* SPDX-License-Identifier: MIT */
/* The boot of a container, and its processes. */
#include "proc/boot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/str.h"

#define STAT_MAX        1024 /* bytes of /proc/PID/stat that are looked at */
#define START_IS_BEHIND 20   /* spaces behind the name, which is the 2nd field */

/* The beginning of a file in /proc, or "". */
static void read_text(const char *path, char *ret, size_t size)
{
	CLEANUP_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, ret, size - 1);

	ret[n > 0 ? n : 0] = '\0';
}

/*
 * The process's state, and when it was started. Its name, in parentheses, may have any
 * character; the last ')' ends it.
 */
static int64_t read_stat(pid_t pid, char *ret_state)
{
	char path[64];
	char text[STAT_MAX];
	const char *at;

	*ret_state = '\0';
	(void)snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid); /* it fits */
	read_text(path, text, sizeof text);
	at = strrchr(text, ')');
	if (!at || at[1] != ' ')
		return 0;
	*ret_state = at[2];
	for (int i = 0; at && i < START_IS_BEHIND; i++)
		at = strchr(at + 1, ' ');
	return at ? strtoll(at, NULL, 10) : 0;
}

int64_t boot_process_start(pid_t pid)
{
	char state;

	return read_stat(pid, &state);
}

bool boot_process_lives(pid_t pid, int64_t start)
{
	char state;
	int64_t now;

	if (pid <= 0 || (kill(pid, 0) < 0 && errno == ESRCH))
		return false;
	now = read_stat(pid, &state);
	if (state == 'Z' || state == 'X')
		return false;
	return !start || !now || start == now;
}

void boot_read(struct boot *ret)
{
	struct stat st;

	*ret = (struct boot){0};
	read_text("/proc/sys/kernel/random/boot_id", ret->id, sizeof ret->id);
	ret->id[strcspn(ret->id, "\n")] = '\0';
	(void)gethostname(ret->host, sizeof ret->host - 1); /* an empty name is as good */
	if (stat("/proc/self/ns/pid", &st) == 0)
		ret->pid_namespace = st.st_ino;
	ret->init_start = boot_process_start(1);
	ret->self_start = boot_process_start(getpid());
}

bool boot_is(const struct boot *boot, const struct boot *here)
{
	if (*here->id && !str_equal(boot->id, here->id))
		return false;
	if (*here->host && !str_equal(boot->host, here->host))
		return false;
	if (here->pid_namespace && boot->pid_namespace != here->pid_namespace)
		return false;
	return !here->init_start || boot->init_start == here->init_start;
}
