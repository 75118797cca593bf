/* SPDX-License-Identifier: MIT */
/*
 * Checksums by which other programs recognize a text. They show that it was changed, and
 * protect against nobody who means to change it.
 */
#ifndef BASE_CHECKSUM_H
#define BASE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/*
 * CRC-32 of ISO/IEC 13239 (as in zlib, gzip and PNG), of a text in pieces: begin with 0
 * and hand over the result for the next piece.
 */
uint32_t checksum_crc32(uint32_t crc, const void *data, size_t size);

/*
 * SipHash-1-3 with the key 0: one round a word and three at the end (Aumasson, Bernstein:
 * "SipHash: a fast short-input PRF", 2012). Of a text in pieces: begin, add, end.
 */
struct siphash {
	uint64_t v0, v1, v2, v3;
	uint64_t rest; /* the bytes behind the last whole word */
	size_t size;   /* of all */
};

void siphash_begin(struct siphash *hash);
void siphash_add(struct siphash *hash, const void *data, size_t size);
uint64_t siphash_end(struct siphash *hash);

#endif
