/* SPDX-License-Identifier: MIT */
/*
 * `reload` of [app], the supervisor's part: it waits until sources have changed and
 * nothing more happens to them, runs a worker, and the application gets the signal if
 * that has changed something and has ended well. Nothing wakes up in between, and nothing
 * is allocated.
 *
 *	fds[n].fd = reloader_fd(r);		poll(2), until reloader_next(r)
 *	reloader_turn(r);			then
 *	if (reloader_ended(r, pid, status)) …	for each child that has ended
 *	reloader_stop(r);			at a stop, and at the application's end
 *
 * The same before the application is launched, but for the signal.
 */
#ifndef PROC_RELOADER_H
#define PROC_RELOADER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct activity;
struct log;

struct reloader {
	int signal;     /* what the application gets; 0: there is no `reload` */
	int inotify_fd; /* of the worker's first run */
	struct activity *activity;
	const struct log *log;
	int64_t grace_ms; /* between a stop and KILL, and for what is left */
	/* Forks what runs a worker to its end, or to TERM. Returns as fork(2). */
	pid_t (*fork_worker)(void *user);
	void *user;

	/* Its own. */
	pid_t worker;       /* who runs it; 0: none runs */
	bool launched;      /* the application: see reload_failed() */
	bool stopped;       /* no more runs */
	bool heard;         /* of a change that matters, in this turn */
	bool by_others;     /* not only an exec has changed what the next run is for */
	int64_t changed_ms; /* when the first change was seen; 0: there is none */
	int64_t start_ms;   /* when the next run begins, where there is one */
	int64_t delay_ms;   /* until the next try to begin a run; 0: the last one began */
	int64_t kill_ms;    /* of a stop: when it has taken too long */
};

/* The code of who runs a worker, where it could not even be begun: it is tried again. */
#define RELOAD_NOT_BEGUN 75

/* What follows from a run that has failed. */
const char *reload_failed(bool launched);

/* What to wait for, or -1. */
int reloader_fd(const struct reloader *reloader);

/* Does a worker run, or is one going to? */
bool reloader_is_busy(const struct reloader *reloader);

/* When it is to be called again at the latest (clock_ms()). */
int64_t reloader_next(const struct reloader *reloader);
void reloader_turn(struct reloader *reloader);

/*
 * Was it the worker, and is the application to get the signal? Where that was killed, so
 * is the group of the command that it ran.
 */
bool reloader_ended(struct reloader *reloader, pid_t pid, int status);

/* A run could not be begun: said once, of all tries in a row. */
void reloader_warn_not_begun(const struct reloader *reloader, const char *what, int code);

/* Ends a run that is at work; none follows. Does not wait. */
void reloader_stop(struct reloader *reloader);

#endif
