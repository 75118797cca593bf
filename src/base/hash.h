/* SPDX-License-Identifier: MIT */
/*
 * A hash for tables whose keys nobody chooses for their hashes, and to see which texts
 * differ: FNV-1a of 64 bits (draft-eastlake-fnv). Of data in pieces: begin with
 * HASH_BEGIN and hand over the result for the next piece.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_BEGIN UINT64_C(0xcbf29ce484222325)

uint64_t hash_add(uint64_t hash, const void *data, size_t size);

/* The first of 1 << bits slots to look for it; `bits` is 1 to 63. */
size_t hash_slot(uint64_t hash, unsigned bits);

#endif
