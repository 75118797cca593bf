/* SPDX-License-Identifier: MIT */
/* What the files of supervising share. */
#ifndef PROC_SUPERVISE_INTERNAL_H
#define PROC_SUPERVISE_INTERNAL_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "proc/supervise.h"

/* The signal of `reload`, where it waits. */
struct reload_signal {
	bool due; /* one more is; it begins to wait, or one that waits is for both */
	int64_t until_ms;   /* at the latest; 0: none waits */
	int64_t inspect_ms; /* when the application is inspected next */
	int perhaps;        /* how often in a row it perhaps handled it */
	bool said;          /* that it waits */
	bool survived;      /* an earlier one: it handles it, in whatever way */
};

struct supervisor {
	const struct supervise *order;
	pid_t self;
	pid_t child; /* also its process group, unless it shares ours */
	bool shared;
	int64_t asked_ms;   /* when it was asked to end; 0: it was not */
	int64_t kill_at_ms; /* when that has taken too long; 0: never */
	int64_t stop_ms;    /* when the last stop was received that counted */
	int hurried;        /* a second stop, by which that is now; 0: there was none */
	bool stopped;
	bool suspended; /* it was sent what stops it, and may not have stopped yet */
	bool ended;
	uint64_t asked;     /* the signals that it was asked to end by: a bit each */
	bool killed;        /* by us, since it did not */
	int held;           /* one that waits for stop_delay; 0: none */
	int64_t send_at_ms; /* until then */
	bool waited;        /* that is over */
	int64_t launched_ms;
	struct reload_signal reload;
	int status; /* of wait(2), once it has ended */
	/*
	 * In a page that is shared with the child: with what it ended because it could
	 * not execute, which is not rewritten; else 0.
	 */
	int *launch_code;
	int terminal;
	/*
	 * The child waits for its end, or for a byte, which comes when the parent has let
	 * go of what the application is not to find in it.
	 */
	int gate[2];
};

/* ---- supervise_child.c ---- */

/* Does the application's whole group get its signals? */
bool child_takes_group(const struct supervisor *s);

/* Whom it runs as. */
uid_t child_user(const struct supervisor *s);

/*
 * Sends a signal to the application, whatever was received. Returns 0, or -1 with errno
 * set: what we may not signal has become another user.
 */
int child_send(const struct supervisor *s, int signal);

/* The same, with a warning where it could not be sent. */
void child_forward(const struct supervisor *s, int signal);

/* Reaps all that have ended; false where no child is left. */
bool child_reap(struct supervisor *s);

/* ---- supervise_forward.c ---- */

/* Hands on a signal that was received, and those that were before it ran. */
void forward(struct supervisor *s, const siginfo_t *info);
void forward_kept(struct supervisor *s);

/* Sends what has waited long enough, and KILL; when that is due next, or INT64_MAX. */
void forward_turn(struct supervisor *s);
int64_t forward_next(const struct supervisor *s);

/* ---- supervise_reload.c ---- */

/*
 * Sends the signal of `reload` that is due once the application handles it, and at the
 * latest 10 s later; not where it is to end by then.
 */
void reload_signal_turn(struct supervisor *s);
int64_t reload_signal_next(const struct supervisor *s);

#endif
