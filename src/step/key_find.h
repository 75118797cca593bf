/* SPDX-License-Identifier: MIT */
/* Where the kind `key` finds a key: in the file that keeps it, or in the variable. */
#ifndef STEP_KEY_FIND_H
#define STEP_KEY_FIND_H

#include "base/crypto.h"
#include "step/key_form.h"

struct buf;
struct ctx;
struct err;

#define KEY_NAME_MAX (FINGERPRINT_MAX + 16)

/*
 * Makes a key a secret, and the bytes that it encodes, which may be printed in another
 * encoding. Then checks its form, unless validate = no; `source` says where it comes
 * from. Returns 0, or -1.
 */
int key_take(const struct key_conf *conf, struct ctx *ctx, const struct buf *key,
	const char *source, struct err *err);

/*
 * What messages call it: "the key gw:0123456789abcdef". Without a fingerprint where it
 * may be a password, or anything else that can be guessed.
 */
const char *key_name(
	const struct key_conf *conf, const struct buf *key, char room[KEY_NAME_MAX]);

/*
 * The key wherever it is, in the right form; it becomes a secret. Returns 0 with the key
 * appended to `ret` and a line about it in `why`, 1 where there is none yet, or -1 where
 * it is not usable, or where file and variable hold different ones.
 */
int key_find(const struct key_conf *conf, struct ctx *ctx, struct buf *ret,
	struct buf *why, struct err *err);

#endif
