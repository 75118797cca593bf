/* SPDX-License-Identifier: MIT */
/*
 * Running a helper and reading its output: in a session of its own, without a terminal;
 * all that it starts ends with it; stdin is /dev/null, or a file; stdout and stderr are a
 * pipe to us; no other descriptor but one that is handed on; an empty mask and default
 * dispositions; killed when we die. In our own process every signal is blocked meanwhile.
 */
#ifndef PROC_SPAWN_H
#define PROC_SPAWN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct err;
struct identity;
struct stop;

struct spawn {
	char *const *argv;
	char *const *env;
	const struct identity *identity; /* NULL: as we are */
	const char *workdir;             /* NULL: as we are */
	mode_t umask;                    /* of the helper */
	uint64_t stack;                  /* its soft limit (stack.h); 0: as ours is */
	int input;         /* a descriptor, its standard input; 0: /dev/null */
	int hand_on;       /* a descriptor that it inherits, same number; 0: none */
	struct stop *stop; /* ends it by a stop signal or deadline: TERM, 4.5 s, KILL */
	int64_t grace_ms;  /* in place of these 4.5 s; 0: they are it */
	atomic_int *group; /* has its group as long as it runs, else 0; or NULL */
	/* Gets what it prints, as it comes (base/transcript.h makes lines); or NULL. */
	void (*output)(void *user, const char *data, size_t size);
	void *user;
};

enum spawn_left { SPAWN_LEFT_NONE, SPAWN_LEFT_ENDED, SPAWN_LEFT_RUNNING };

struct spawn_result {
	int status;           /* exit status, or 128+n */
	int signal;           /* that ended it, or 0 */
	enum spawn_left left; /* what it left running: is it ended? */
};

/*
 * Runs it to its end. Returns 0 whatever its status is; -1 if it could not be started
 * (the error is execute()'s) or was stopped (as stop_check()).
 *
 * All that it leaves is ended as well, by TERM, 4.5 s, KILL: its group, and what has left
 * that on purpose (a daemon). For this the caller is a child subreaper meanwhile; it has
 * no other children. A process of a user whom we may not signal lives on.
 */
int spawn_run(const struct spawn *spawn, struct spawn_result *ret, struct err *err);

#endif
