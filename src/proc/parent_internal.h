/* SPDX-License-Identifier: MIT */
/* What the files of the parent share: parent.c and parent_worker.c. */
#ifndef PROC_PARENT_INTERNAL_H
#define PROC_PARENT_INTERNAL_H

#include "base/log.h"
#include "proc/launch.h"
#include "proc/parent.h"
#include "proc/reloader.h"
#include "proc/watch.h"

struct activity;

/* One run, from the worker's fork to the launch. */
struct parent {
	const struct startup *startup;
	const struct parent_job *job;
	struct launch_record *record;
	struct activity *activity;
	struct launch launch; /* what is to be launched */
	struct watch watch;
	int stop_fd;    /* the worker's end */
	struct log log; /* from a fixed buffer */
	bool unread;    /* of that */
	bool adopted;
	struct reloader reloader;
	int workdir_fd; /* the caller's directory, for `reload` */
	int signal;     /* that has ended the application, or the work; 0: none */
};

/* ---- parent_worker.c ---- */

#define GRACE_MS 5000

/*
 * Orphans come to us while this is set, so that a worker that crashed leaves none behind.
 * Returns whether it was us who set it; a kernel without it leaves them to init.
 */
bool parent_adopt_orphans(void);

/* What wakes a worker that waits when it is to stop. Returns 0, or -1 with errno. */
int parent_open_stop(struct parent *parent);

/* Runs the worker to its end: the exit code, or 0 to go on to the launch. */
int parent_work(struct parent *parent);

/* Keeps what a next run needs. Without a descriptor the worker has said why. */
void parent_prepare_reload(struct parent *parent);

/*
 * What has changed while the steps ran is made before the application reads it, and needs
 * no signal; not for longer than a second where the changes do not end, and a run that
 * fails is no obstacle. A stop signal ends it: watch.stop.
 */
void parent_catch_up(struct parent *parent);

#endif
