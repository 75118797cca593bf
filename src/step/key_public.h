/* SPDX-License-Identifier: MIT */
/*
 * The public half of a pair, in a file of its own: `public` of the kind `key`. It is
 * always derived from the private half and written behind it, so a start that was
 * interrupted between the two is completed by the next one.
 */
#ifndef STEP_KEY_PUBLIC_H
#define STEP_KEY_PUBLIC_H

#include "step/key_form.h"

struct buf;
struct ctx;
struct err;
struct fs_attr;

/*
 * Is the public half of the private `key` in place, with the owner that `attr` fixes?
 * Returns IN_PLACE, also where none is asked for, TO_DO with what is to be done appended
 * to `why`, or -1, also where the file holds anything else, which is left as it is.
 */
int key_public_check(const struct key_conf *conf, struct ctx *ctx,
	const struct fs_attr *attr, const struct buf *key, struct buf *why,
	struct err *err);

/* Puts it in place. Returns 1 where it changed something, else 0, or -1. */
int key_public_apply(const struct key_conf *conf, struct ctx *ctx,
	const struct fs_attr *attr, const struct buf *key, struct buf *did,
	struct err *err);

#endif
