/* SPDX-License-Identifier: MIT */
/*
 * The launch record: what the worker tells about the application, handed over in a memfd.
 * The parent reads its head alone (how to supervise); the process that becomes the
 * application reads the rest (argv, environment, identity), so PID 1 never holds a
 * secret.
 */
#ifndef PROC_LAUNCH_H
#define PROC_LAUNCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "proc/capabilities.h"
#include "proc/exit_codes.h"
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
	int32_t init;                /* enum launch_init; auto: supervise as PID 1 */
	int32_t kill_mode;           /* enum launch_kill_mode */
	int32_t death_signal;        /* when its parent, or ours, dies; 0: none */
	int64_t stop_timeout_ms;     /* from a stop to KILL; -1: never */
	int64_t leftover_timeout_ms; /* for what the application leaves; -1: no KILL */
	struct signal_map signals;
	struct exit_codes exit_codes;
};

struct launch {
	struct launch_head head; /* magic and size are launch_write()'s */
	char *const *argv;
	char *const *env;
	struct identity identity;
	const char *workdir; /* "" : where we are */
	int32_t umask;       /* -1: as found */
	struct limits limits;
	struct capabilities capabilities;
	bool no_new_privs;
};

#define LAUNCH_INIT \
	{ \
		.head = {.stop_timeout_ms = -1, .leftover_timeout_ms = 1000}, \
		.workdir = "", .umask = -1 \
	}

/* An empty memfd for one: a descriptor above stderr, or -1. */
int launch_open(struct err *err);

/* Worker: writes it whole. `fd` is the worker's `launch_fd`. */
int launch_write(int fd, const struct launch *launch, struct err *err);

/* Parent: 0 read · 1 there is none · -1 damaged. */
int launch_read_head(int fd, struct launch_head *ret, struct err *err);

/*
 * The process that becomes the application: reads the body, takes on umask, limits,
 * identity, capabilities and working directory, calls `last` (which lets signals in) and
 * executes, by the PATH of the new environment. Returns only on failure, -1.
 */
int launch_execute(int fd, void (*last)(void *user), void *user, struct err *err);

/*
 * The same for an application that is started as it was found, with words and environment
 * alone: without a record.
 */
int launch_as_found(const struct launch *launch, void (*last)(void *user), void *user,
	struct err *err);

#endif
