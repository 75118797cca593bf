/* SPDX-License-Identifier: MIT */
/* Where the kind `key` has its key from: the file that keeps it, or the variable. */
#ifndef STEP_KEY_FIND_H
#define STEP_KEY_FIND_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/field.h"
#include "step/owner.h"

struct buf;
struct ctx;
struct err;

struct key_conf {
	const char *path;
	int type;
	int64_t bytes;
	int encoding;
	const char *prefix;
	struct access access;
	const char *env;
	bool validate;
	struct list guards;
};

/* In the order of enum encoding; NULL-terminated. */
extern const char *const key_encodings[];

/* Makes it a secret as it is written, but for its prefix. */
void key_remember(const struct key_conf *conf, struct ctx *ctx, const struct buf *key);

/*
 * The key wherever it is, in the right form, and known as a secret: 0 appended to `ret`,
 * and a line for people in `why` · 1 nowhere yet · -1: it is not usable, or there are two
 * that differ. Never replaces anything.
 */
int key_find(const struct key_conf *conf, struct ctx *ctx, struct buf *ret,
	struct buf *why, struct err *err);

#endif
