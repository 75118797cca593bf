/* SPDX-License-Identifier: MIT */
/* The hash of tables. */
#include "base/hash.h"

uint64_t hash_add(uint64_t hash, const void *data, size_t size)
{
	const unsigned char *byte = data;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3);
	return hash;
}

size_t hash_slot(uint64_t hash, unsigned bits)
{
	/* The last letters are in the low bits alone (Knuth 6.4: multiplying). */
	return (size_t)((hash * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - bits));
}
