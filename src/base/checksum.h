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
 * "SipHash: a fast short-input PRF", 2012).
 */
uint64_t checksum_siphash13(const void *data, size_t size);

#endif
