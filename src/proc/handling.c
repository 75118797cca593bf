/* SPDX-License-Identifier: MIT */
/* Whether processes handle a signal. */
#include "proc/handling.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/privilege.h"
#include "base/str.h"
#include "proc/procfs.h"
#include "proc/signals.h"

/* What is known of it, from its lines by now. */
struct process {
	int signal;
	bool ended;
	bool waits; /* or is stopped */
	bool blocks;
	bool handles;
	uid_t user;
	gid_t group;
};

static bool has_signal(const struct process *process, const char *line, const char *set)
{
	return str_starts(line, set) &&
		(strtoull(line + strlen(set), NULL, 16) & signal_bit(process->signal));
}

static void read_line(void *user, const char *line)
{
	static const char state[] = "State:\t";
	struct process *process = user;

	if (str_starts(line, state)) {
		process->ended = strchr("ZX", line[strlen(state)]);
		process->waits = strchr("STt", line[strlen(state)]);
	}
	if (str_starts(line, "Uid:\t"))
		process->user = (uid_t)strtoul(line + strlen("Uid:\t"), NULL, 10);
	if (str_starts(line, "Gid:\t"))
		process->group = (gid_t)strtoul(line + strlen("Gid:\t"), NULL, 10);
	process->blocks |= has_signal(process, line, "SigBlk:\t");
	process->handles |= has_signal(process, line, "SigIgn:\t") ||
		has_signal(process, line, "SigCgt:\t");
}

/* The kernel lets signals through to it meanwhile, and shows the mask as it is then. */
static bool is_in_sigwait(const struct process *process, pid_t pid)
{
	char path[64], text[64];
	ssize_t size;

	(void)snprintf(path, sizeof path, "/proc/%ld/syscall", (long)pid); /* it fits */
	size = privilege_read(process->user, process->group, path, text, sizeof text - 1);
	text[size > 0 ? size : 0] = '\0';
	return str_is_digit(*text) && strtol(text, NULL, 10) == SYS_rt_sigtimedwait;
}

static enum handling judge(const struct process *process, pid_t pid)
{
	if (process->ended || process->handles ||
		(process->waits && (process->blocks || is_in_sigwait(process, pid))))
		return HANDLES;
	return process->blocks ? HANDLES_PERHAPS : HANDLES_NOT;
}

enum handling handling_of(pid_t pid, int signal)
{
	struct process process = {.signal = signal};

	if (!procfs_is_ours() || procfs_status(pid, read_line, &process) < 0)
		return HANDLES;
	return judge(&process, pid);
}

struct members {
	pid_t group;
	int signal;
	enum handling least;
};

static void inspect(void *user, pid_t pid)
{
	struct members *members = user;
	enum handling handling;

	if (getpgid(pid) != members->group)
		return;
	handling = handling_of(pid, members->signal);
	if (handling < members->least)
		members->least = handling;
}

enum handling handling_of_group(pid_t group, int signal)
{
	struct members members = {group, signal, HANDLES};

	if (procfs_is_ours())
		(void)procfs_each(inspect, &members); /* as without it */
	return members.least;
}
