/* SPDX-License-Identifier: MIT */
/* Going through a text, eight bytes at a time. */
#include "base/scan.h"

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define ONES  UINT64_C(0x0101010101010101)
#define HIGHS (ONES << 7)

/* The high bits of the bytes that have this value. */
static uint64_t has(uint64_t word, unsigned char value)
{
	uint64_t same = word ^ (ONES * value); /* a byte that has it is 0 */

	return (same - ONES) & ~same & HIGHS;
}

/* Of those that are no printable ASCII. */
static uint64_t has_odd(uint64_t word)
{
	return (word & HIGHS) | ((word - ONES * 0x20) & ~word & HIGHS) | has(word, 0x7f);
}

/* Eight bytes, the first one lowest; behind the end there are zeros. */
static uint64_t load(const char *text, size_t left)
{
	uint64_t word = 0;

	if (left >= sizeof word) {
		memcpy(&word, text, sizeof word);
		return le64toh(word);
	}
	/* A copy of so few bytes is a string instruction with -Os, which takes longer. */
	while (left > 0)
		word = word << 8 | (unsigned char)text[--left];
	return word;
}

static size_t scan(const char *text, size_t size, const char *stops, bool plain)
{
	uint64_t found = 0;
	size_t n = 0;

	for (; n < size; n += sizeof found) {
		uint64_t word = load(text + n, size - n);

		found = plain ? has_odd(word) : 0;
		for (const char *stop = stops; *stop; stop++)
			found |= has(word, (unsigned char)*stop);
		/* The lowest that is found is one; a carry may have marked others. */
		if (found)
			break;
	}
	n += found ? (size_t)__builtin_ctzll(found) / 8 : 0;
	return n < size ? n : size;
}

size_t scan_until(const char *text, size_t size, const char *stops)
{
	return scan(text, size, stops, false);
}

size_t scan_plain(const char *text, size_t size, const char *stops)
{
	return scan(text, size, stops, true);
}

size_t scan_count(const char *text, size_t size, char value)
{
	const uint64_t lows = ~HIGHS;
	size_t count = 0;

	for (; size >= sizeof(uint64_t); size -= sizeof(uint64_t)) {
		uint64_t other = load(text, size) ^ (ONES * (unsigned char)value);

		/* Without a carry into the next byte: all are to be counted. */
		other = ((other & lows) + lows) | other;
		count += (~other & HIGHS) / 0x80 * ONES >> 56;
		text += sizeof(uint64_t);
	}
	for (; size > 0; size--)
		count += *text++ == value;
	return count;
}
