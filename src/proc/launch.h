/* SPDX-License-Identifier: MIT */
/*
 * The launch record: what the worker hands over for the application. The parent reads its
 * head alone (how to supervise); the process that becomes the application reads the rest
 * (argv, environment, identity). So PID 1 reads no secret, though its mapping of the
 * record lasts until that process has been forked.
 *
 * It lies in anonymous memory that parent and worker share from before the worker's fork
 * (a memfd can be refused: by a seccomp filter, or by an old kernel). There is no
 * descriptor of it that a helper could inherit or find in /proc/PID/fd, and the mapping
 * is gone from a process at its execve(2). When the worker has ended nobody is left who
 * could change it.
 *
 *	launch_map()		parent, before the fork
 *	launch_write()		worker
 *	launch_read_head(), launch_hide()	parent, when the worker has ended
 *	launch_execute()	the process that becomes the application
 *	launch_unmap()		parent, as soon as that process has been forked
 */
#ifndef PROC_LAUNCH_H
#define PROC_LAUNCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "proc/capabilities.h"
#include "proc/exit_code_map.h"
#include "proc/identity.h"
#include "proc/limits.h"
#include "proc/signal_map.h"

struct err;

enum launch_init { LAUNCH_AUTO, LAUNCH_SUPERVISE, LAUNCH_BECOME };

/* Who hears a signal that is handed on: the application alone, or its whole group. */
enum launch_kill_mode { LAUNCH_KILL_PROCESS, LAUNCH_KILL_GROUP };

/* The parent's half: fixed size, and the same bytes on both sides of a fork. */
struct launch_head {
	uint32_t magic;              /* written last: a record without it is none */
	uint32_t size;               /* of the body behind the head */
	uint32_t names_size;         /* of its end: the names for launch_hide() */
	int32_t init;                /* enum launch_init; auto: supervise as PID 1 */
	int32_t kill_mode;           /* enum launch_kill_mode */
	int32_t death_signal;        /* when its parent, or ours, dies; 0: none */
	int64_t stop_timeout_ms;     /* from a stop to KILL; -1: never */
	int64_t leftover_timeout_ms; /* for what the application leaves; -1: no KILL */
	struct signal_map signals;
	struct exit_code_map exit_codes;
};

struct launch {
	struct launch_head head; /* magic and size are launch_write()'s */
	char *const *argv;
	char *const *env;
	struct identity identity;
	const char *workdir;       /* "" : where we are */
	const char *workdir_shown; /* the same for messages, redacted; NULL: as it is */
	int32_t umask;             /* -1: as found */
	struct limits limits;
	struct capabilities capabilities;
	bool no_new_privs;
	/* Variables that carry secrets, whether or not they are in our environment. */
	const char *const *secret_names;
	size_t secret_names_count;
};

#define LAUNCH_INIT \
	{ \
		.head = {.stop_timeout_ms = -1, .leftover_timeout_ms = 1000}, \
		.workdir = "", .umask = -1 \
	}

struct launch_record;

/* An empty one, of which no page is used yet; NULL on error. */
struct launch_record *launch_map(struct err *err);
void launch_unmap(struct launch_record *record); /* takes NULL */

/* Writes it; an error where it is over 8 MiB, more than execve(2) takes. */
int launch_write(
	struct launch_record *record, const struct launch *launch, struct err *err);

/* Returns 0, 1 where none was written, -1 where it is damaged. */
int launch_read_head(
	const struct launch_record *record, struct launch_head *ret, struct err *err);

/*
 * Overwrites the values of the variables that the record calls secret in `environment`,
 * in place: /proc/PID/environ shows where the kernel once put them.
 */
void launch_hide(const struct launch_record *record, const struct launch_head *head,
	char *const *environment);

/*
 * The process that becomes the application: reads the body, takes on umask, limits,
 * identity, capabilities and working directory, calls `last` (which lets signals in) and
 * executes, by the PATH of the new environment. Returns only on failure, -1.
 */
int launch_execute(struct launch_record *record, void (*last)(void *user), void *user,
	struct err *err);

/*
 * The same for an application that is started as it was found, with words and environment
 * alone: without a record.
 */
int launch_as_found(const struct launch *launch, void (*last)(void *user), void *user,
	struct err *err);

#endif
