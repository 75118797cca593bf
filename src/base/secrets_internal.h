/* SPDX-License-Identifier: MIT */
/* How secrets.c keeps values so that redact.c finds them: a hash of their first bytes. */
#ifndef BASE_SECRETS_INTERNAL_H
#define BASE_SECRETS_INTERNAL_H

#include <stdint.h>

#include "base/secrets.h"

#define SECRET_CUT_LEAST 4 /* what is shorter in front of a cut is there by chance */
#define SECRET_CUT_BITS  10

/* One way in which a value, or a part of it, may stand in a text. */
struct secret_form {
	struct secret_form *next;     /* in its bucket */
	struct secret_form *next_cut; /* in its bucket of those by which a cut is found */
	struct secret_form *next_multiline;
	const char *data;
	size_t size;
	uint64_t key; /* its first SECRET_SHORTEST bytes */
	bool base64;  /* the characters beside it hold bits of it */
};

static inline uint64_t secret_first(const char *data, int count)
{
	uint64_t key = 0;

	for (int i = 0; i < count; i++)
		key |= (uint64_t)(unsigned char)data[i] << (8 * i);
	return key;
}

static inline uint64_t secret_key(const char *data)
{
	return secret_first(data, SECRET_SHORTEST);
}

/* The key of the bytes that begin one further; `last` is the last of them. */
static inline uint64_t secret_key_next(uint64_t key, char last)
{
	return key >> 8 | (uint64_t)(unsigned char)last << (8 * (SECRET_SHORTEST - 1));
}

/* Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4). */
static inline size_t secret_bucket(uint64_t key, unsigned bits)
{
	return (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - bits));
}

/* Of the first SECRET_CUT_LEAST bytes alone. */
static inline size_t secret_cut_bucket(const char *data)
{
	return secret_bucket(secret_first(data, SECRET_CUT_LEAST), SECRET_CUT_BITS);
}

#endif
