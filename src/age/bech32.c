/* SPDX-License-Identifier: MIT */
/* Decoding Bech32. */
#include "age/bech32.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"

#define CHECKSUM_SIZE 6

/* The value of a character in lower case, or -1. */
static int value_of(char c)
{
	static const char characters[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
	const char *found = c ? strchr(characters, c) : NULL;

	return found ? (int)(found - characters) : -1;
}

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static uint32_t checksum(uint32_t sum, int value)
{
	static const uint32_t generators[] = {
		0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
	uint32_t top = sum >> 25;

	sum = (sum & 0x1ffffff) << 5 ^ (uint32_t)value;
	for (size_t i = 0; i < 5; i++)
		if (top >> i & 1)
			sum ^= generators[i];
	return sum;
}

static uint32_t checksum_of_prefix(const char *prefix)
{
	uint32_t sum = 1;

	for (const char *c = prefix; *c; c++)
		sum = checksum(sum, (unsigned char)lower(*c) >> 5);
	sum = checksum(sum, 0);
	for (const char *c = prefix; *c; c++)
		sum = checksum(sum, lower(*c) & 31);
	return sum;
}

/* The values of all characters behind the '1', or false where one has none. */
static bool read_values(
	const char *text, size_t size, bool upper, uint32_t *sum, struct buf *ret)
{
	for (size_t i = 0; i < size; i++) {
		int value = value_of(lower(text[i]));
		bool is_upper = lower(text[i]) != text[i];

		if (value < 0 || (is_upper != upper && !str_is_digit(text[i])))
			return false;
		*sum = checksum(*sum, value);
		buf_putc(ret, (char)value);
	}
	return true;
}

/* Bytes of groups of five bits; those that are left over must be few, and 0. */
static bool regroup(const char *values, size_t size, struct buf *ret)
{
	uint32_t bits = 0;
	unsigned count = 0;

	for (size_t i = 0; i < size; i++) {
		bits = (bits << 5 | (uint32_t)(unsigned char)values[i]) & 0xfff;
		count += 5;
		if (count < 8)
			continue;
		count -= 8;
		buf_putc(ret, (char)(unsigned char)(bits >> count));
	}
	return count < 5 && (bits & ((1U << count) - 1)) == 0;
}

bool bech32_decode(const char *prefix, const char *text, size_t size, struct buf *ret)
{
	CLEANUP_BUF struct buf values = BUF_INIT;
	size_t before = ret->len, at = strlen(prefix);
	uint32_t sum = checksum_of_prefix(prefix);
	bool upper = lower(*prefix) != *prefix;

	if (size < at + 1 + CHECKSUM_SIZE || memcmp(text, prefix, at) != 0 ||
		text[at] != '1')
		return false;
	at++;
	if (!read_values(text + at, size - at, upper, &sum, &values) || sum != 1)
		return false;
	if (regroup(values.data, values.len - CHECKSUM_SIZE, ret))
		return true;
	buf_truncate(ret, before);
	return false;
}
