/* SPDX-License-Identifier: MIT */
/* What a run did, for machines: the JSON report, and Kubernetes' termination log. */
#ifndef PLAN_REPORT_H
#define PLAN_REPORT_H

#include "plan/run.h"

struct buf;
struct err;
struct secrets;

/* Version 1 of the report, one object with a newline behind it. */
void report_json(const struct run *run, const struct conf *conf, struct buf *ret);

/* The same, written to `path` atomically. */
int report_write(struct fs *fs, const struct run *run, const struct conf *conf,
	const char *path, struct err *err);

/*
 * One line, redacted, of at most 1 KiB to /dev/termination-log where that exists; no
 * error, since there is nobody to tell.
 */
void report_termination(const struct secrets *secrets, const char *text);

#endif
