/* SPDX-License-Identifier: MIT */
/*
 * Running a command for a step: with our environment less every secret, as the user that
 * the step names, its output in our log line by line.
 */
#ifndef STEP_HELPER_H
#define STEP_HELPER_H

#include "base/buf.h"
#include "conf/field.h"

struct ctx;
struct err;
struct fs_scratch_user;
struct identity;
struct problems;
struct section;
struct step;

struct helper {
	const struct list *argv;
	const char *file; /* what {file} in argv stands for; NULL: it stays */
	const struct field_name *user, *group; /* NULL: the application's, else ours */
	const char *workdir;                   /* "": as we are */
	const struct list *env; /* of a FIELD_ENV: a bare NAME hands one on; NULL */
};

struct helper_result {
	int status;         /* exit status, or 128+n */
	int signal;         /* that ended it, or 0 */
	struct buf tail;    /* its last lines, for an error */
	bool skipped;       /* it wrote status=skipped */
	struct buf message; /* it wrote message=… */
};

#define HELPER_RESULT_INIT \
	{ \
		.tail = BUF_INIT, .message = BUF_INIT \
	}
#define CLEANUP_HELPER_RESULT __attribute__((cleanup(helper_result_release)))

/* Who it runs as; `ret->set` is false where that is who we are. 0, or -1. */
int helper_identity(const struct helper *helper, const struct ctx *ctx,
	struct identity *ret, struct err *err);

/* The same for a file that the command makes or looks at; fills all but `use`. */
int helper_scratch_user(const struct helper *helper, const struct ctx *ctx,
	struct fs_scratch_user *ret, struct err *err);

/* 0 it ran, whatever its status · -1 it could not be run, took too long, was stopped. */
int helper_run(const struct helper *helper, const struct step *step, struct ctx *ctx,
	struct helper_result *ret, struct err *err);
void helper_result_release(struct helper_result *result);

/*
 * An error for a status that is not 0: its last lines; 75 (EX_TEMPFAIL) may be retried.
 */
int helper_failed(const struct helper_result *result, struct err *err);

/* Lists a command whose first word comes to nothing when it is expanded. */
void helper_prepare(const struct section *section, const char *key,
	const struct list *argv, struct problems *problems);

#endif
