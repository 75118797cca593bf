/* SPDX-License-Identifier: MIT */
/*
 * `reload` of [app], the worker's part: which sources are watched. Which steps run again
 * when one of them has changed: plan/reload_steps.h.
 *
 *	reload_begin()		with the configuration, before its steps are decided
 *	reload_watch_steps()	of a later run, once they are
 *	reload_step()		with each step that runs, and with NULL behind the last
 *	reload_watch_unread()	of the first run, behind that
 *	reload_end()		in the end
 *
 * Whatever a run comes to, what it would have read is watched at its end: the next change
 * of any of it is the next try.
 *
 * What an exec writes where it is watched would start it again, without end. So what has
 * changed is read before and behind each of them, too (proc/sources.h).
 */
#ifndef PLAN_RELOAD_H
#define PLAN_RELOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/field.h"
#include "plan/watched.h"

struct bootstrap;
struct run;
struct worker;

struct reload {
	bool on; /* what is read is watched */
	struct bootstrap *bootstrap;
	const struct worker *worker;
	size_t seen;                    /* results of the run */
	struct watched *watched;        /* once it is on */
	const char *const *config;      /* of the command line, or NULL */
	const char *exec;               /* the one that runs; NULL: none */
	bool exec_wrote;                /* what starts no other run */
	bool warned;                    /* of that */
	struct list files, directories; /* that steps have read */
};

/*
 * Watches what the configuration was read from, and from then on what is read, unless
 * [app] has no `reload`. Where the kernel lets us watch nothing, that is a warning.
 * `config` is of the command line, or NULL.
 */
void reload_begin(struct reload *reload, struct bootstrap *bootstrap,
	const struct worker *worker, const char *const *config);

/*
 * Watches what steps will read: a run may fail before it comes to them. In the first one
 * that would make changes of what its own commands make for later steps.
 */
void reload_watch_steps(struct reload *reload);

/* The same of steps that have failed, and of those that were not run for that. */
void reload_watch_unread(struct reload *reload, const struct run *run);

/*
 * What is read from here on is watched if the step's kind is one of those that run again
 * (of a `file` with `policy = create`, too, whose run then has nothing to do), or exec.
 */
void reload_step(struct reload *reload, const char *id);

/* A run that is not `whole` leaves watched what was. The first one is for the parent. */
void reload_end(struct reload *reload, bool whole);

/* Names the keys of [app] that have changed and wait for the next start. */
void reload_compare(const struct reload *reload);

/* Reports what steps have changed so far: who is killed later has changed it, too. */
void reload_note_changes(struct reload *reload, const struct run *run);

#endif
