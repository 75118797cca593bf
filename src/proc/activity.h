/* SPDX-License-Identifier: MIT */
/*
 * What parent and worker say to each other, in memory that both see: what the worker is
 * at (the step, what of it is done now, the deadline), which signals mean what, and the
 * parent's request to stop. Neither costs a system call.
 */
#ifndef PROC_ACTIVITY_H
#define PROC_ACTIVITY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"
#include "proc/rewriting.h"

struct activity; /* shared by both */
struct err;
struct sources;

/* To be made before the worker is. NULL with an error. */
struct activity *activity_map(struct err *err);
void activity_unmap(struct activity *activity); /* NULL is fine */

/* ---- for the worker ---- */

/* Which step runs from now on; NULL: none. */
void activity_step(struct activity *activity, const char *id);

/* What of it is done now; no secret. */
void activity_detail(struct activity *activity, const char *text);

/*
 * When the whole must have ended (clock_ms()). The parent kills a worker that has not
 * ended after a grace of 5 s more (parent_job.grace_ms).
 */
void activity_deadline(struct activity *activity, int64_t deadline_ms);

/* How much is logged, and in which form, once the configuration is known. */
void activity_log(struct activity *activity, const struct log *log);

/* What signals mean, once the configuration is known. */
void activity_signals(struct activity *activity, const struct signal_rules *rules);

/* That the work has changed something: for `reload`, and until activity_take_change(). */
void activity_change(struct activity *activity);

/* Which changes of files matter. */
struct sources *activity_sources(struct activity *activity);

/* Digests of the keys of [app], in their order: 0 where one is not written. */
#define ACTIVITY_KEYS_MAX 64
uint64_t *activity_app_keys(struct activity *activity);

/* The parent's request to stop: for struct stop, and for stop_ask(). */
atomic_int *activity_stop(struct activity *activity);

/* The process group of the command that it runs, or 0: for struct spawn. */
atomic_int *activity_group(struct activity *activity);

/* ---- for the parent ---- */

/* Before another run begins: nothing is at work, and nothing asked. */
void activity_begin(struct activity *activity);

/* Has it changed something, in this run or in one that has failed before? Asked once. */
bool activity_take_change(struct activity *activity);

/* What signals mean, as long as it is mapped. NULL: that is not known yet. */
const struct signal_rules *activity_known_signals(const struct activity *activity);

#define ACTIVITY_TEXT_MAX 240

struct activity_now {
	int64_t began_ms;    /* of the step */
	int64_t deadline_ms; /* 0: none is known */
	bool log_known;
	enum log_level log_level;
	bool log_json;
	char step[ACTIVITY_TEXT_MAX]; /* "": none */
	char detail[ACTIVITY_TEXT_MAX];
};

/*
 * What it is at. Returns false where that was changed whenever it was read, or the worker
 * has died in the middle of a change: then a text may be half another one.
 */
bool activity_read(const struct activity *activity, struct activity_now *ret);

#endif
