/* SPDX-License-Identifier: MIT */
/* Checksums by which other programs recognize a text. */
#include "base/checksum.h"

uint32_t checksum_crc32(uint32_t crc, const void *data, size_t size)
{
	const unsigned char *byte = data;

	crc = ~crc;
	for (size_t i = 0; i < size; i++) {
		crc ^= byte[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320U : 0);
	}
	return ~crc;
}

static uint64_t rotate(uint64_t word, int bits)
{
	return word << bits | word >> (64 - bits);
}

static void do_round(struct siphash *hash)
{
	hash->v0 += hash->v1;
	hash->v1 = rotate(hash->v1, 13) ^ hash->v0;
	hash->v0 = rotate(hash->v0, 32);
	hash->v2 += hash->v3;
	hash->v3 = rotate(hash->v3, 16) ^ hash->v2;
	hash->v0 += hash->v3;
	hash->v3 = rotate(hash->v3, 21) ^ hash->v0;
	hash->v2 += hash->v1;
	hash->v1 = rotate(hash->v1, 17) ^ hash->v2;
	hash->v2 = rotate(hash->v2, 32);
}

static void add_word(struct siphash *hash, uint64_t word)
{
	hash->v3 ^= word;
	do_round(hash);
	hash->v0 ^= word;
}

void siphash_begin(struct siphash *hash)
{
	*hash = (struct siphash){0x736f6d6570736575, 0x646f72616e646f6d,
		0x6c7967656e657261, 0x7465646279746573, 0, 0};
}

/* In words of 8 bytes, the lowest first. */
void siphash_add(struct siphash *hash, const void *data, size_t size)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < size; i++) {
		hash->rest |= (uint64_t)bytes[i] << 8 * (hash->size % 8);
		if (++hash->size % 8 == 0) {
			add_word(hash, hash->rest);
			hash->rest = 0;
		}
	}
}

uint64_t siphash_end(struct siphash *hash)
{
	add_word(hash, hash->rest | (uint64_t)hash->size << 56);
	hash->v2 ^= 0xff;
	for (int round = 0; round < 3; round++)
		do_round(hash);
	return hash->v0 ^ hash->v1 ^ hash->v2 ^ hash->v3;
}
