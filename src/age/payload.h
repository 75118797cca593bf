/* SPDX-License-Identifier: MIT */
/* The payload of an age file: STREAM, in chunks of 64 KiB of ChaCha20-Poly1305. */
#ifndef AGE_PAYLOAD_H
#define AGE_PAYLOAD_H

#include <stddef.h>

#include "age/header.h"

struct buf;
struct err;

/*
 * Appends the text of all chunks, the last of which must be marked as such. Returns 0, or
 * -1 with `ret` as it was.
 */
int payload_open(const unsigned char key[AGE_FILE_KEY_SIZE], const char *payload,
	size_t size, struct buf *ret, struct err *err);

#endif
