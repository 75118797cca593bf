/* SPDX-License-Identifier: MIT */
/*
 * The keys `once` and `inputs` of a command: it is in place once it has ended well, ever,
 * or with the same inputs. The record of the step (state/record.h) says so, under the
 * name of the key: the time, or the digest of the inputs.
 */
#ifndef STEP_DONE_H
#define STEP_DONE_H

#include "conf/field.h"

struct arena;
struct buf;
struct ctx;
struct err;
struct helper;
struct step;

struct done_keys {
	bool once;
	struct list inputs;
};

/* Their rows in the table of fields whose struct is `conf`. */
#define DONE_FIELDS(conf) \
	{"once", FIELD_BOOL, offsetof(conf, done.once), "no", .needs = "command", \
		.help = "whether to run it only until it has ended well once; needs " \
			"`state`"}, \
	{ \
		"inputs", FIELD_READ_PATHS, offsetof(conf, done.inputs), \
			.needs = "command", .example = "requirements.txt -local.txt", \
			.help = "files: it is run when one of them changes, or the " \
				"command or its `env` does; one behind a `-` may be " \
				"missing; needs `state`" \
	}

/* The key that is written and decides whether it was done, or NULL. */
const char *done_key(const struct done_keys *keys);

/* The digest of the inputs, or "" for `once`, which done_note() is given. */
#define DONE_DIGEST_SIZE 65

/* What else than its words makes the command what it is: those of scripts, and these. */
struct done_more {
	struct list words, files;
};

/*
 * Was the command done? Returns IN_PLACE with `why`, TO_DO, with why it is to be done
 * again or nothing, or -1; and in any case but the last the digest as it is now.
 */
int done_check(const struct step *step, struct ctx *ctx, const struct done_keys *keys,
	const struct helper *command, const struct done_more *more,
	char ret_digest[DONE_DIGEST_SIZE], struct buf *why, struct err *err);

/*
 * Before the command: remembers that it was begun, so that none runs whose end could not
 * be remembered. Returns 0, or -1.
 */
int done_begin(const struct step *step, struct ctx *ctx, struct err *err);

/* Remembers that it was done, with the digest from before. Returns 0, or -1. */
int done_note(const struct step *step, struct ctx *ctx, const struct done_keys *keys,
	const char *digest, struct err *err);

/* The key under which a script of a directory, which is done `once`, is recorded. */
const char *done_script_key(const char *name, struct arena *arena);

/* Remembers that it was done. Returns 0, or -1. */
int done_note_script(
	const struct step *step, struct ctx *ctx, const char *name, struct err *err);

#endif
