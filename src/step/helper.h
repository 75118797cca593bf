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
struct step;

struct helper {
	const struct list *argv;
	const char *aside;  /* what {file} in argv stands for; NULL: it stays */
	bool is_dir;        /* or {dir} */
	const char *script; /* what {} stands for; NULL: it stays */
	const struct field_name *user, *group; /* NULL: the application's, else ours */
	const char *workdir;                   /* "": as we are */
	const struct list *env; /* of a FIELD_ENV: a bare NAME hands one on; NULL */
	/* Of our environment it has what it is found and loaded by, and nothing else: it
	 * does what the step needs, and not what a variable asks for (TAR_OPTIONS). */
	bool tool;
	int input;                  /* its standard input; 0: /dev/null */
	const struct list *exports; /* names that it may set (step/exports.h), or NULL */
	/* Gets each line that it prints, in place of the log and of the tail; or NULL. */
	void (*line)(void *line_user, const char *line, size_t size);
	void *line_user;
};

struct helper_result {
	int status;         /* exit status, or 128+n */
	int signal;         /* that ended it, or 0 */
	struct buf tail;    /* its last lines, for an error */
	bool logged;        /* they are in the log already */
	bool skipped;       /* it wrote status=skipped to GROUNDWORK_RESULT */
	struct buf message; /* the message=… that it wrote there, redacted */
};

#define HELPER_RESULT_INIT \
	{ \
		.tail = BUF_INIT, .message = BUF_INIT \
	}
#define CLEANUP_HELPER_RESULT __attribute__((cleanup(helper_result_release)))

/* Who it runs as; `ret->set` is false where that is who we are. Returns 0, or -1. */
int helper_identity(const struct helper *helper, const struct ctx *ctx,
	struct identity *ret, struct err *err);

/*
 * Who the command runs as, for a file that it makes or reads; fills all but `use`.
 * Returns 0, or -1 where there is no such user.
 */
int helper_scratch_user(const struct helper *helper, const struct step *step,
	const struct ctx *ctx, struct fs_scratch_user *ret, struct err *err);

/*
 * What a bare `name` in `env` hands on: our own value or that of a file, else that of the
 * first step that has it for the application. Returns 0 with it appended to `ret`, 1
 * where nothing has one (yet), or -1.
 */
int helper_hand_on(struct ctx *ctx, const char *name, struct buf *ret, struct err *err);

/*
 * Runs it until it ends, or until a stop signal or the deadline of ctx->stop, which end
 * it; what it leaves running is ended, too. Returns 0 with its status, whatever that is,
 * or -1 where it could not be run or was ended.
 */
int helper_run(const struct helper *helper, const struct step *step, struct ctx *ctx,
	struct helper_result *ret, struct err *err);
void helper_result_release(struct helper_result *result);

/*
 * Can we become who it runs as? As root without CAP_SETUID or CAP_SETGID a process of its
 * own tries it: to be asked before something is made for that user. Returns 0, or -1 with
 * the error of helper_run().
 */
int helper_become(const struct helper *helper, const struct step *step, struct ctx *ctx,
	struct err *err);

/*
 * Would its program, which has no {file} and the like, and its working directory be
 * found, and be open to its user? `own` is a path that the step itself makes before, or
 * NULL. Returns 0 where that is so, or in a plan an earlier step may make them, or it is
 * not known; or -1 with the error of helper_run().
 */
int helper_find(
	const struct helper *helper, const char *own, struct ctx *ctx, struct err *err);

/* The same, but only while planning; else it returns 0. */
int helper_look_up(
	const struct helper *helper, const char *own, struct ctx *ctx, struct err *err);

/*
 * Reads the lines that it wrote to the file named by GROUNDWORK_RESULT, for helper_run().
 * What it set counts only where its status is 0. Returns 0, or -1 where a line sets what
 * is not among `exports`; those are NULL where none can be.
 */
int helper_result_read(int fd, const struct list *exports, const char *id,
	struct ctx *ctx, struct helper_result *ret, struct err *err);

/*
 * Raises a status that is not 0, and quotes the last lines of output; err->logged says
 * whether the log has them. 75 (EX_TEMPFAIL) is ERR_TEMPORARY. Returns -1.
 */
int helper_failed(const struct helper_result *result, struct err *err);

/*
 * Lists the commands of a step whose first word is empty when it is expanded, and the
 * variables that it hands on and that are not for steps (step/variable.h). Warns of those
 * that a command names and does not get: they are not set, or a secret.
 */
void helper_prepare(struct step *step, struct ctx *ctx, struct problems *problems);

#endif
