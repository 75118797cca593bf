/* SPDX-License-Identifier: MIT */
/* Questions about strings: comparing, UTF-8, numbers, nearest words. */
#include "base/str.h"

#include <stdio.h>
#include <string.h>

#define NEAREST_MAX 80 /* longer words get no suggestion */

bool str_equal(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

bool str_is_among(const char *text, const char *const *list)
{
	return str_part_is_among(text, strlen(text), list);
}

bool str_part_is_among(const char *text, size_t size, const char *const *list)
{
	while (*list && (strlen(*list) != size || memcmp(*list, text, size) != 0))
		list++;
	return *list != NULL;
}

bool str_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *text, const char *suffix)
{
	size_t size = strlen(text);
	size_t tail = strlen(suffix);

	return size >= tail && memcmp(text + size - tail, suffix, tail) == 0;
}

/* Compares the numbers that both begin with, and moves behind them. */
static int compare_numbers(const char **a, const char **b)
{
	size_t sizes[2];
	int order;

	*a += strspn(*a, "0");
	*b += strspn(*b, "0");
	sizes[0] = str_digits(*a);
	sizes[1] = str_digits(*b);
	if (sizes[0] != sizes[1])
		return sizes[0] < sizes[1] ? -1 : 1;
	order = strncmp(*a, *b, sizes[0]);
	*a += sizes[0];
	*b += sizes[1];
	return order;
}

int str_compare_natural(const char *a, const char *b)
{
	const char *left = a, *right = b;

	while (*left && *right) {
		int order;

		if (str_is_digit(*left) && str_is_digit(*right)) {
			order = compare_numbers(&left, &right);
		} else {
			order = (unsigned char)*left - (unsigned char)*right;
			left++;
			right++;
		}
		if (order != 0)
			return order;
	}
	if (*left || *right)
		return *left ? 1 : -1;
	return strcmp(a, b);
}

bool str_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool str_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

size_t str_digits(const char *text)
{
	size_t size = 0;

	while (str_is_digit(text[size]))
		size++;
	return size;
}

bool str_is_alnum(char c)
{
	return str_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool str_is_name(const char *text, size_t size)
{
	if (size == 0 || str_is_digit(text[0]))
		return false;
	for (size_t i = 0; i < size; i++)
		if (!str_is_alnum(text[i]) && text[i] != '_')
			return false;
	return true;
}

size_t str_bom_size(const char *text, size_t size)
{
	return size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

size_t str_utf8_valid(const char *text, size_t size)
{
	uint32_t code;
	size_t at = 0;

	while (at < size) {
		bool ascii = (unsigned char)text[at] < 0x80; /* as nearly all of a text */
		size_t n = ascii ? 1 : str_character(text + at, size - at, &code);

		if (n == 0)
			break;
		at += n;
	}
	return at;
}

size_t str_character(const char *text, size_t size, uint32_t *ret_code)
{
	/* By the upper half of the first byte, and then by the length. */
	static const unsigned char lengths[] = {
		1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 2, 2, 3, 4};
	static const unsigned char lead_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x0f};
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *bytes = (const unsigned char *)text;
	size_t length = lengths[bytes[0] >> 4];
	uint32_t code = bytes[0] & lead_bits[length];

	*ret_code = bytes[0];
	if (length == 0 || length > size)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (bytes[i] & 0x3f);
	}
	if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	*ret_code = code;
	return length;
}

size_t str_cut(const char *text, size_t size)
{
	size_t end = size;

	while (end > 0 && size - end < 3 && ((unsigned char)text[end] & 0xc0) == 0x80)
		end--;
	return ((unsigned char)text[end] & 0xc0) == 0x80 ? size : end;
}

bool str_is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c ||
		(code >= 0x200e && code <= 0x200f) ||
		(code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

bool str_to_u64(const char *text, uint64_t max, uint64_t *ret)
{
	uint64_t value = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (!str_is_digit(*text) || __builtin_mul_overflow(value, 10, &value) ||
			__builtin_add_overflow(value, (uint64_t)(*text - '0'), &value))
			return false;
	}
	if (value > max)
		return false;
	*ret = value;
	return true;
}

char *str_lower(char *text)
{
	for (char *at = text; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	return text;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t distance(const char *a, const char *b)
{
	size_t rows[3][NEAREST_MAX + 1];
	size_t *before = rows[0], *above = rows[1], *row = rows[2];
	size_t na = strlen(a), nb = strlen(b);

	for (size_t j = 0; j <= nb; j++)
		above[j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t *free_row = before;

		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t cost = a[i - 1] != b[j - 1];

			row[j] = least(
				least(above[j], row[j - 1]) + 1, above[j - 1] + cost);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
				a[i - 2] == b[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
		before = above;
		above = row;
		row = free_row;
	}
	return above[nb];
}

/* Are these letters in it, in this order, the first of them first? "cmd", "command". */
static bool abbreviates(const char *word, const char *whole)
{
	bool first = *word == *whole;

	for (; *whole && *word; whole++)
		word += *word == *whole;
	return first && !*word;
}

/* The only one that the word begins, or else the only one that it abbreviates. */
static const char *find_whole(const char *word, const char *const *known)
{
	size_t begun = 0, abbreviated = 0;
	const char *begins = NULL, *whole = NULL;

	for (; *known; known++) {
		if (strlen(*known) > NEAREST_MAX)
			continue;
		if (str_starts(*known, word)) {
			begins = *known;
			begun++;
		} else if (abbreviates(word, *known)) {
			whole = *known;
			abbreviated++;
		}
	}
	if (begun)
		return begun == 1 ? begins : NULL;
	return abbreviated == 1 ? whole : NULL;
}

const char *str_nearest(const char *word, const char *const *known)
{
	const char *const *all = known;
	size_t size = strlen(word);
	size_t best = size / 3 + 1;
	const char *found = NULL;

	if (size > NEAREST_MAX)
		return NULL;
	for (; *known; known++) {
		size_t far;

		if (strlen(*known) > NEAREST_MAX)
			continue;
		far = distance(word, *known);
		if (far < best || (far == best && !found && size > 2)) {
			best = far;
			found = *known;
		}
	}
	return found || size < 3 ? found : find_whole(word, all);
}

bool str_is_near(const char *word, const char *other)
{
	return other && strlen(word) <= NEAREST_MAX && distance(word, other) <= 1;
}

const char *str_suggest(
	const char *word, const char *const *known, char room[STR_SUGGEST_SIZE])
{
	const char *near = str_nearest(word, known);

	if (!near)
		return "";
	/* It fits: what is found has NEAREST_MAX bytes at most. */
	(void)snprintf(room, STR_SUGGEST_SIZE, "; did you mean '%s'?", near);
	return room;
}

int str_column(const char *line, const char *at)
{
	int column = 1;

	for (; line < at; line++)
		column += (*line & 0xc0) != 0x80;
	return column;
}
