/* SPDX-License-Identifier: MIT */
/*
 * How secrets.c keeps values so that redact.c finds them in one pass over a text, however
 * many there are: in a hash of their first bytes, which is asked at each byte of the text
 * (Rabin and Karp, with the bytes themselves as the number that rolls). Only what begins
 * like a secret is compared with it.
 *
 * An automaton (Aho and Corasick) would need no comparison, but a table of transitions
 * for each byte of each form: some hundred times their size, all of it secret and to be
 * wiped, and made again with each value that is added. No secret is shorter than what is
 * hashed.
 */
#ifndef BASE_SECRETS_INTERNAL_H
#define BASE_SECRETS_INTERNAL_H

#include <stdint.h>

#include "base/secrets.h"

#define SECRET_BEGINNING \
	4 /* bytes that are hashed: less in front of a cut is no secret */

/* One way in which a value, or a part of it, may stand in a text. */
struct secret_form {
	struct secret_form *next; /* in its bucket */
	struct secret_form *next_multiline;
	struct secret_value *values; /* whose first piece it is */
	const char *data;
	size_t size;
	uint64_t key; /* its first SECRET_SHORTEST bytes */
	bool base64;  /* the characters beside it hold bits of it */
};

/* Of the first `count` bytes. */
static inline uint64_t secret_key(const char *data, int count)
{
	uint64_t key = 0;

	for (int i = 0; i < count; i++)
		key |= (uint64_t)(unsigned char)data[i] << (8 * i);
	return key;
}

/* The forms that may begin with the bytes of `key`; NULL where there is none. */
static inline struct secret_form **secret_bucket(
	const struct secrets *secrets, uint64_t key)
{
	uint64_t beginning = key & ((UINT64_C(1) << 8 * SECRET_BEGINNING) - 1);

	/* Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4). */
	return &secrets->buckets[beginning * UINT64_C(0x9e3779b97f4a7c15) >>
		(64 - secrets->bits)];
}

#endif
