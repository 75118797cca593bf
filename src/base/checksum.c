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

struct siphash {
	uint64_t v0, v1, v2, v3;
};

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

/* At most 8 bytes, the lowest first. */
static uint64_t word_of(const unsigned char *bytes, size_t size)
{
	uint64_t word = 0;

	for (size_t i = 0; i < size; i++)
		word |= (uint64_t)bytes[i] << 8 * i;
	return word;
}

uint64_t checksum_siphash13(const void *data, size_t size)
{
	struct siphash hash = {0x736f6d6570736575, 0x646f72616e646f6d, 0x6c7967656e657261,
		0x7465646279746573};
	const unsigned char *bytes = data;
	size_t i = 0;

	for (; size - i >= 8; i += 8)
		add_word(&hash, word_of(bytes + i, 8));
	add_word(&hash, word_of(bytes + i, size - i) | (uint64_t)size << 56);
	hash.v2 ^= 0xff;
	for (int round = 0; round < 3; round++)
		do_round(&hash);
	return hash.v0 ^ hash.v1 ^ hash.v2 ^ hash.v3;
}
