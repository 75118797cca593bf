/* SPDX-License-Identifier: MIT */
/* What a run did, for machines: the JSON report, and Kubernetes' termination log. */
#ifndef PLAN_REPORT_H
#define PLAN_REPORT_H

#include "plan/run.h"

struct buf;
struct conf;
struct err;
struct problems;
struct secrets;

struct report {
	const struct run
		*run; /* NULL: the configuration was wrong, and no step was run */
	const struct conf *conf;
	struct problems *problems; /* of the configuration; NULL: none */
	const char *failure;       /* what else it could not be read for, or NULL */
	const struct secrets *secrets;
};

/* Appends version 1 of the report, an object with a newline behind it. */
void report_json(const struct report *report, struct buf *ret);

/*
 * Writes the same to `path`, atomically; what is there and is no regular file (a pipe, a
 * terminal) is written, and so is a descriptor of ours (fd_named(); "-" is the standard
 * output). Nobody waits for a reader longer than 2 s. Returns 0, or -1.
 */
int report_write(
	struct fs *fs, const struct report *report, const char *path, struct err *err);

#define REPORT_TERMINATION_MAX 1024 /* bytes of a termination log */

/*
 * The line for the termination log, as log_text_fixed() makes it, with its newline;
 * redacted, and newlines in it are blanks. Returns its length.
 */
size_t report_termination_line(const struct secrets *secrets, const char *text,
	char ret[REPORT_TERMINATION_MAX + 1]);

/*
 * Writes that line to /dev/termination-log where it exists. A failure is ignored: there
 * is no place left to report it.
 */
void report_termination(const struct secrets *secrets, const char *text);

#endif
