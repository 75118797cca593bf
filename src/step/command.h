/* SPDX-License-Identifier: MIT */
/*
 * Running a command for a step: with our environment less every secret, as the user that
 * the step names, its output in our log line by line.
 */
#ifndef STEP_COMMAND_H
#define STEP_COMMAND_H

#include "base/buf.h"
#include "conf/field.h"

struct ctx;
struct err;
struct problems;
struct section;
struct step;

struct command {
	const struct list *argv;
	const char *file;	   /* what {file} in argv stands for; NULL: it stays */
	const struct field_name *user, *group; /* NULL: the application's, else ours */
	const char *workdir;	   /* "": as we are */
	const struct list *env;	   /* NAME=value, or NAME to hand one on; NULL */
};

struct command_result {
	int status;	    /* exit status, or 128+n */
	struct buf tail;    /* its last lines, for an error */
	bool skipped;	    /* it wrote status=skipped */
	struct buf message; /* it wrote message=… */
};

#define COMMAND_RESULT_INIT    {.tail = BUF_INIT, .message = BUF_INIT}
#define CLEANUP_COMMAND_RESULT __attribute__((cleanup(command_result_release)))

/* 0 it ran, whatever its status · -1 it could not be run, took too long, was stopped. */
int command_run(const struct command *command, const struct step *step, struct ctx *ctx,
	struct command_result *ret, struct err *err);
void command_result_release(struct command_result *result);

/* An error for a status that is not 0: its last lines; 75 (EX_TEMPFAIL) may be retried. */
int command_failed(const struct command_result *result, struct err *err);

/* ${key:…}, ${secret:…} and ${file:…} in a command are mistakes: argv is for all to see. */
void command_check(
	const struct section *section, const char *key, struct problems *problems);

#endif
