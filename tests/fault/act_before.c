/* SPDX-License-Identifier: MIT */
/*
 * Does something at one exact moment of a command's life:
 *
 *	act_before CALL[:GLOB] N SCRIPT COMMAND…
 *
 * runs `sh -c SCRIPT` as the Nth such call of the command, or of what it forks, begins,
 * and lets the command go on when that has ended. CALL is one of the table below; GLOB is
 * for the base name of the path that the call is given, or that its descriptor was opened
 * by. The script finds the process that makes the call in PID, and that path in FILE.
 *
 * Exit: as the command ended (128+n for a signal). 98: the moment never came. 99: it
 * could not be done.
 */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trace.h"

static const struct {
	const char *name;
	long number;
	int argument; /* which one has the path, or the descriptor */
	bool is_path;
} calls[] = {
#ifdef SYS_open
	{"open", SYS_open, 0, true},
	{"unlink", SYS_unlink, 0, true},
#endif
	{"open", SYS_openat, 1, true},
	{"pread", SYS_pread64, 0, false},
	{"pwrite", SYS_pwrite64, 0, false},
	{"sync", SYS_fsync, 0, false},
	{"sync", SYS_fdatasync, 0, false},
	{"chown", SYS_fchown, 0, false},
	{"stat", SYS_fstat, 0, false},
#ifdef SYS_newfstatat
	{"stat", SYS_newfstatat, 0, false}, /* as fstat(2) is made by some C libraries */
#endif
	{"lock", SYS_fcntl, 0, false},
	{"flock", SYS_flock, 0, false},
	{"rename", SYS_renameat2, 3, true},
	{"unlink", SYS_unlinkat, 1, true},
};

struct moment {
	char call[16];
	const char *glob; /* NULL: any */
	long target;
	const char *script;
	long count;
	int status; /* of the command */
};

/* The string at `address` of the process, as far as it can be read. */
static void read_string(pid_t pid, uint64_t address, char ret[PATH_MAX])
{
	char memory[64];
	int fd;

	(void)snprintf(memory, sizeof memory, "/proc/%d/mem", (int)pid); /* it fits */
	fd = open(memory, O_RDONLY | O_CLOEXEC);
	memset(ret, 0, PATH_MAX);
	for (size_t i = 0; fd >= 0 && i < PATH_MAX - 1; i++)
		if (pread(fd, &ret[i], 1, (off_t)(address + i)) != 1 || !ret[i])
			break;
	if (fd >= 0)
		(void)close(fd);
}

static void read_descriptor(pid_t pid, uint64_t fd, char ret[PATH_MAX])
{
	char link[64];
	ssize_t size;

	(void)snprintf(link, sizeof link, "/proc/%d/fd/%d", (int)pid, (int)fd);
	size = readlink(link, ret, PATH_MAX - 1);
	ret[size > 0 ? size : 0] = '\0';
}

/* Is it the call that is waited for? With the path that it was given, or found by. */
static bool matches(const struct moment *moment, pid_t pid,
	const struct syscall_info *info, char path[PATH_MAX])
{
	const char *base;

	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		uint64_t argument = info->args[calls[i].argument];

		if ((uint64_t)calls[i].number != info->nr ||
			strcmp(calls[i].name, moment->call) != 0)
			continue;
		if (calls[i].is_path)
			read_string(pid, argument, path);
		else
			read_descriptor(pid, argument, path);
		if (!moment->glob)
			return true;
		base = strrchr(path, '/');
		return fnmatch(moment->glob, base ? base + 1 : path, 0) == 0;
	}
	return false;
}

static void run_script(const char *script, pid_t traced, const char *path)
{
	char number[16];
	int status;
	pid_t pid = fork();

	if (pid < 0)
		give_up("fork");
	if (pid == 0) {
		(void)snprintf(number, sizeof number, "%d", (int)traced); /* it fits */
		/* Where memory is short, execl fails, too. */
		(void)setenv("PID", number, 1);
		(void)setenv("FILE", path, 1);
		(void)execl("/bin/sh", "sh", "-c", script, (char *)NULL);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) < 0 || status != 0) {
		errno = ECHILD;
		give_up(script);
	}
}

static void at_call(struct moment *moment, pid_t pid)
{
	struct syscall_info info = {0};
	char path[PATH_MAX] = "";

	if (ptrace(GET_SYSCALL_INFO, pid, (void *)sizeof info, &info) < 0 ||
		info.op != OP_ENTRY || !matches(moment, pid, &info, path))
		return;
	if (++moment->count == moment->target)
		run_script(moment->script, pid, path);
}

static void trace_all(struct moment *moment, pid_t first)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		int signal = 0;

		if (pid < 0)
			continue;
		if (!WIFSTOPPED(status)) {
			if (pid == first)
				moment->status = status;
			continue;
		}
		if (WSTOPSIG(status) == SYSCALL_STOP)
			at_call(moment, pid);
		else if (!(status >> 16) && WSTOPSIG(status) != SIGSTOP)
			signal = WSTOPSIG(status);
		/* Fails where it was killed meanwhile. */
		(void)ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(intptr_t)signal);
	}
}

int main(int argc, char **argv)
{
	struct moment moment = {.count = 0};
	const char *colon;

	if (argc < 5) {
		fprintf(stderr, "usage: act_before CALL[:GLOB] N SCRIPT COMMAND…\n");
		return 99;
	}
	colon = strchr(argv[1], ':');
	moment.glob = colon ? colon + 1 : NULL;
	(void)snprintf(moment.call, sizeof moment.call, "%.*s",
		(int)strcspn(argv[1], ":"), argv[1]);
	moment.target = strtol(argv[2], NULL, 10);
	moment.script = argv[3];
	trace_all(&moment, trace_begin(argv + 4));
	if (moment.count < moment.target) {
		fprintf(stderr, "act_before: %s: %ld times, not %ld\n", argv[1],
			moment.count, moment.target);
		return 98;
	}
	return WIFEXITED(moment.status) ? WEXITSTATUS(moment.status)
					: 128 + WTERMSIG(moment.status);
}
