/* SPDX-License-Identifier: MIT */
/*
 * What a key of each type looks like: random bytes, passwords, UUIDs (RFC 9562), and the
 * pairs of Ed25519 (RFC 8032) and X25519 (RFC 7748), whose private half is 32 bytes and
 * the key. A key is a text: `prefix`, and behind it the material in its encoding.
 */
#ifndef STEP_KEY_FORM_H
#define STEP_KEY_FORM_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/field.h"
#include "step/owner.h"

struct buf;
struct err;
struct problems;
struct section;

#define KEY_BYTES_MIN 16
#define KEY_BYTES_MAX 4096

enum key_type { KEY_RANDOM, KEY_PASSWORD, KEY_UUID, KEY_ED25519, KEY_X25519 };

struct key_conf {
	const char *path;
	int type;      /* enum key_type */
	int64_t bytes; /* characters of a password */
	int encoding;  /* enum encoding */
	const char *prefix;
	const char *charset;
	struct access access;
	const char *public;
	const char *env;
	bool validate;
	struct list guards;
};

/* In the order of the enums; NULL-terminated. */
extern const char *const key_types[];
extern const char *const key_encodings[];

/*
 * Lists the keys that a section writes and that mean nothing with this type and encoding.
 */
void key_form_check_section(const struct section *section, enum key_type type,
	int encoding, struct problems *problems);

/* The check of the field `charset`: characters, and ranges as in "a-z". */
int key_form_check_charset(const char *text, struct err *err);

/* Can it be any bytes, and so no value as a text? */
bool key_form_is_raw(const struct key_conf *conf);

/* What it is to be, for a plan: "32 random bytes, hex". */
void key_form_describe(const struct key_conf *conf, struct buf *ret);

/* Appends a new key. Each of those that are possible is as likely. */
void key_form_make(const struct key_conf *conf, struct buf *ret);

/*
 * Checks a key; `source` says where it comes from. Returns 0 with the bytes that its
 * material encodes appended (none for a password), or -1 with an error that shows none
 * of it.
 */
int key_form_check(const struct key_conf *conf, const struct buf *key, const char *source,
	struct buf *ret_bytes, struct err *err);

/* Appends the public half that belongs to the bytes of a private one, encoded. */
void key_form_public(
	const struct key_conf *conf, const struct buf *private, struct buf *ret);

#endif
