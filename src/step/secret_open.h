/* SPDX-License-Identifier: MIT */
/* What the kind `secret` decrypts: from which file, with whose identities. */
#ifndef STEP_SECRET_OPEN_H
#define STEP_SECRET_OPEN_H

#include "conf/field.h"
#include "step/owner.h"

struct buf;
struct ctx;
struct err;

struct secret_conf {
	const char *source;
	const char *identity;
	const char *path; /* "" where it goes into no file */
	struct access access;
	const char *env;
};

/*
 * Could the age file at `path` be decrypted with some identity? Returns 0, also where it
 * cannot be read now, or -1.
 */
int secret_check(const struct ctx *ctx, const char *path, struct err *err);

/*
 * Appends the decrypted text of the step, all of which was verified. Its first MiB
 * becomes a secret, and so do the identities. Returns 0, or -1, also where a file is
 * missing (parents_missing()) or the text is empty.
 */
int secret_open(
	const struct step *step, struct ctx *ctx, struct buf *ret, struct err *err);

/*
 * Appends it as a value: without the newline at its end. Returns 0, or -1 where no
 * value can be so: it has a NUL byte, or more than 1 MiB.
 */
int secret_text(const struct secret_conf *conf, const struct buf *plain, struct buf *ret,
	struct err *err);

#endif
