/* SPDX-License-Identifier: MIT */
/* Where the kind `key` finds a key: in the file that keeps it, or in the variable. */
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

/* Makes the key a secret, without its prefix. */
void key_remember(const struct key_conf *conf, struct ctx *ctx, const struct buf *key);

/*
 * The key wherever it is, in the right form; it becomes a secret. Returns 0 with the key
 * appended to `ret` and a line about it in `why`, 1 where there is none yet, or -1 where
 * it is not usable, or where file and variable hold different ones.
 */
int key_find(const struct key_conf *conf, struct ctx *ctx, struct buf *ret,
	struct buf *why, struct err *err);

#endif
