/* SPDX-License-Identifier: MIT */
/* What a run did, for machines: the JSON report, and where it goes. */
#ifndef PLAN_REPORT_H
#define PLAN_REPORT_H

#include "plan/run.h"

struct boot;
struct buf;
struct conf;
struct err;
struct problems;
struct secrets;
struct state;

struct report {
	const struct run *run; /* NULL: the configuration was wrong: no step was run */
	const struct conf *conf;
	struct problems *problems; /* of the configuration; NULL: none */
	const char *failure;       /* what else it could not be read for, or NULL */
	const struct secrets *secrets;
	const struct boot *boot; /* of this container (proc/boot.h) */
	bool lost; /* `run` is NULL, but steps may have run: what ran them has crashed */
};

/* Appends version 1 of the report, an object with a newline behind it. */
void report_json(const struct report *report, struct buf *ret);

/*
 * Appends what it is while the steps run: fewer members, and `step`, the one that is at
 * work, if `at` is not NULL.
 */
void report_running_json(const struct boot *boot, const struct run *run,
	const struct result *at, struct buf *ret);

#define REPORT_SIZE_MAX ((size_t)256 << 20) /* so large it is read again */

/* ---- where it goes ---- */

struct report_place {
	const char *path;    /* "-" is the standard output; NULL: there is no report */
	struct state *state; /* where it is a file in that directory; or NULL */
};

/*
 * Where `option` says ("": nowhere), which begins at `base` if it is relative; where that
 * is NULL it is taken as it is. Without one (NULL), where `configured` says ("" or NULL:
 * it does not), else in the state directory, if there is one.
 */
struct report_place report_place(struct arena *arena, const char *base,
	const char *option, const char *configured, struct state *state);

/*
 * Writes it there: a file is replaced as a whole and not flushed, for after a power loss
 * nothing of what it says is true any more. What is there and is no regular file (a pipe,
 * a terminal) is written, and so is a descriptor of ours (fd_named()), but only what is
 * the `last` one. Nobody waits for a reader longer than 2 s. Returns 0, 1 where the state
 * directory is missing, or -1. The caller ends `fs` (fs_end()) before anything else is
 * done with it.
 */
int report_write(struct fs *fs, const struct report_place *place, const struct buf *text,
	bool last, struct err *err);

/*
 * Reads it: in a state directory, only if a start would remember something there. Returns
 * 0, 1 where there is none, or -1, also over `limit` bytes.
 */
int report_read(const struct fs *fs, const struct report_place *place, size_t limit,
	struct buf *ret, struct err *err);

/*
 * Where none could be written: removes what is there, which would speak for another run.
 * Returns whether it is left, in a file that `status` would read.
 */
bool report_withdraw(const struct fs *fs, const struct report_place *place);

#endif
