/* SPDX-License-Identifier: MIT */
/*
 * The launch record: what the worker hands over for the application. The parent reads
 * settings alone (how to launch and supervise); the process that becomes the application
 * reads the strings behind them (argv, environment, names). So PID 1 reads no secret,
 * though its mapping of the record lasts until that process has been forked.
 *
 * It lies in anonymous memory that parent and worker share from before the worker's fork
 * (a memfd can be refused: by a seccomp filter, or by an old kernel). There is no
 * descriptor of it that a helper could inherit or find in /proc/PID/fd, and the mapping
 * is gone from a process at its execve(2). It is at the same address in all of them, so
 * its pointers hold everywhere. When the worker has ended no process is left that could
 * change it, and digests show whether a stray write has.
 *
 *	launch_map()		parent, before the fork
 *	launch_write()		worker
 *	launch_read(), launch_hide()	parent, when the worker has ended
 *	launch_execute()	the process that becomes the application
 *	launch_unmap()		parent, as soon as that process has been forked
 */
#ifndef PROC_LAUNCH_H
#define PROC_LAUNCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/place.h"
#include "proc/capabilities.h"
#include "proc/identity.h"
#include "proc/limits.h"
#include "proc/rewriting.h"

struct err;
struct execute_search;
struct stop;

enum launch_init { LAUNCH_AUTO, LAUNCH_SUPERVISE, LAUNCH_BECOME };

/* What gets a forwarded signal: the application alone, or its whole process group. */
enum launch_kill_mode { LAUNCH_KILL_PROCESS, LAUNCH_KILL_GROUP };

/*
 * How the application is launched. plan/settings_keys.c has a row for each member that is
 * a key of [app]; parent.c, supervise.c and launch.c do what it says.
 */
struct launch {
	/* For the parent. */
	int init;                    /* enum launch_init; auto: supervise as PID 1 */
	int kill_mode;               /* enum launch_kill_mode */
	int death_signal;            /* sent when its parent, or ours, dies; 0: none */
	int reload;                  /* sent when sources have changed; 0: none */
	int64_t stop_timeout_ms;     /* from a stop to KILL; -1: never */
	int64_t stop_delay_ms;       /* how long a stop is held back; 0: not at all */
	int64_t leftover_timeout_ms; /* for what the application leaves; -1: no KILL */
	struct signal_rules signals;
	struct rewriting exit_codes;

	/* For the process that becomes the application. */
	int umask; /* -1: as found */
	bool no_new_privs;
	struct limits limits;
	struct capabilities capabilities;
	struct identity identity;  /* its home is not handed over */
	pid_t started_as;          /* the process that was started in its place */
	const char *workdir;       /* "" : where we are */
	const char *workdir_shown; /* the same for messages, redacted; NULL: as it is */
	struct place workdir_at;   /* where it is written, for errors */
	struct place command_at;   /* the same of argv, if that is; else without a file */
	char *const *argv;
	char *const *env;
	/* Variables that carry secrets, whether or not they are in our environment. */
	const char *const *secret_names; /* ends with NULL; NULL: none */
};

#define LAUNCH_INIT \
	{ \
		.stop_timeout_ms = -1, .leftover_timeout_ms = 1000, .umask = -1, \
		.workdir = "" \
	}

/* The record as it lies in memory: settings, and the room that they point into. */
struct launch_record {
	uint64_t digest; /* of what follows, to the secret names; 0: nothing is written */
	uint32_t size;   /* of the room: as much as is used */
	uint32_t names_size; /* of the secret names, which begin it */
	uint64_t room_digest;
	struct launch launch;
	char room[];
};

/* An empty record, of which no page is used yet; NULL on error. */
struct launch_record *launch_map(struct err *err);
void launch_unmap(struct launch_record *record); /* takes NULL */

/*
 * Writes the record. Returns 0, or -1 where it is over 8 MiB, more than execve(2) takes;
 * then nothing is launched.
 */
int launch_write(
	struct launch_record *record, const struct launch *launch, struct err *err);

/*
 * Checks the settings and secret names, and copies the launch; what else it points to is
 * for launch_execute(). Returns 0, 1 where no record was written, -1 where it is damaged.
 */
int launch_read(const struct launch_record *record, struct launch *ret, struct err *err);

/*
 * Overwrites the values of the variables that the launch calls secret in `environment`,
 * in place: /proc/PID/environ shows where the kernel once put them. With `reload` a copy
 * elsewhere, to which the list then points, is kept for the next run. The launch is one
 * that launch_read() has read.
 */
void launch_hide(const struct launch *launch, char **environment);

/*
 * Takes on limits, identity and capabilities, after which the process must not go on if
 * it fails. Returns 0, or -1 with the key of [app] that is refused.
 */
int launch_take_on(const struct launch *launch, const char **ret_key, struct err *err);

/* As the application: changes to its working directory. Returns 0, or -1. */
int launch_enter(const struct launch *launch, struct err *err);

/*
 * Would launch_take_on() work; and, with `search`, would its working directory be entered
 * and, if it has an argv, that be found and executed? A process of its own tries it.
 * Returns 0, also where that is not known (it was killed; what is missing may be made),
 * or -1 with the key and the error.
 */
int launch_try(const struct launch *launch, const struct execute_search *search,
	struct stop *stop, const char **ret_key, struct err *err);

/*
 * Becomes the application: takes on umask, limits, identity, capabilities and working
 * directory, calls `last` (which lets signals in) and executes, by the PATH of the new
 * environment. `record` is what launch_read() has read the launch from, and is checked
 * before; NULL: it was not. Returns only on failure, -1.
 */
int launch_execute(const struct launch *launch, const struct launch_record *record,
	void (*last)(void *user), void *user, struct err *err);

#endif
