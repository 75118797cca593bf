/* SPDX-License-Identifier: MIT */
/* Variables that name the application by its pid. */
#include "proc/activation.h"

#include <stdio.h>
#include <unistd.h>

#include "base/env.h"
#include "base/str.h"

#define PID_SIZE 24

static const char *const names[] = {"LISTEN_PID", "WATCHDOG_PID"};

char *const *activation_env(char *const *environment, pid_t started_as, struct env *room)
{
	char pid[PID_SIZE];
	pid_t self = getpid();

	if (started_as == self)
		return environment;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = env_find(environment, names[i]);

		if (!value)
			continue;
		(void)snprintf(pid, sizeof pid, "%ld", (long)started_as); /* it fits */
		if (!str_equal(value, pid))
			continue;
		(void)snprintf(pid, sizeof pid, "%ld", (long)self); /* so does this */
		env_copy(room, environment); /* once: what is there stays */
		env_set(room, names[i], pid);
	}
	if (!room->list)
		return environment;
	/* The same process once more, by a number that is not ours; it may be missing. */
	env_unset(room, "LISTEN_PIDFDID");
	return room->list;
}
