/* SPDX-License-Identifier: MIT */
/* What the files of the parent share: parent.c and parent_reload.c. */
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
	bool adopted;
	struct reloader reloader;
	int workdir_fd; /* the caller's directory, for `reload` */
	int signal;     /* that has ended the application, or the work; 0: none */
};

/* ---- parent.c ---- */

/* In a child: the work, by who is its parent now. */
_Noreturn void parent_run_worker(struct parent *parent, pid_t ours);

/* ---- parent_reload.c ---- */

/* Keeps what the next run needs. Without a descriptor the worker has said why. */
void parent_prepare_reload(struct parent *parent);

#endif
