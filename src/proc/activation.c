/* SPDX-License-Identifier: MIT */
/* Variables that name the application by its pid. */
#include "proc/activation.h"

#include <stdio.h>
#include <unistd.h>

#include "base/env.h"
#include "base/str.h"

#define LINE_MAX_SIZE 48 /* of the longest name and a pid */

static const char *const names[] = {"LISTEN_PID", "WATCHDOG_PID"};

static bool has_line(char *const *environment, const char *line)
{
	for (; *environment; environment++)
		if (str_equal(*environment, line))
			return true;
	return false;
}

char *const *activation_env(char *const *environment, pid_t started_as, struct env *room)
{
	char theirs[LINE_MAX_SIZE], ours[LINE_MAX_SIZE];
	pid_t self = getpid();

	if (started_as == self)
		return environment;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		(void)snprintf(theirs, sizeof theirs, "%s=%ld", names[i],
			(long)started_as); /* it fits, and the next one */
		(void)snprintf(ours, sizeof ours, "%s=%ld", names[i], (long)self);
		if (!has_line(environment, theirs))
			continue;
		env_copy(room, environment); /* once: what is there stays */
		env_put(room, ours);
	}
	if (!room->list)
		return environment;
	/* The same process once more, by a number that is not ours; it may be missing. */
	env_unset(room, "LISTEN_PIDFDID");
	return room->list;
}
