/* SPDX-License-Identifier: MIT */
/* The next byte that matters, wherever it stands and whatever stands around it. */
#include "../unit.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/scan.h"

#define LENGTH 40

/* Byte by byte. */
static size_t expected(const char *text, size_t size, const char *stops, bool plain)
{
	size_t n = 0;

	while (n < size && !memchr(stops, text[n], strlen(stops)) &&
		!(plain &&
			((unsigned char)text[n] < 0x20 || (unsigned char)text[n] > 0x7e)))
		n++;
	return n;
}

static void finds_what_a_search_byte_by_byte_does(void **state)
{
	static const char *const stops[] = {"", "\"", "\"\\", "\n\r", "\xa8\xa9", "'#/"};
	char text[LENGTH];

	(void)state;
	for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
		for (size_t at = 0; at < LENGTH; at++)
			for (int c = 0; c < 256; c++) {
				size_t size = LENGTH - at % 9;

				memset(text, 'a' + (int)at % 20, sizeof text);
				text[at] = (char)c;
				/* What differs in one bit, where a carry goes. */
				if (at + 1 < LENGTH)
					text[at + 1] = (char)(c ^ 1);
				assert_int_equal(scan_until(text, size, stops[i]),
					expected(text, size, stops[i], false));
				assert_int_equal(scan_plain(text, size, stops[i]),
					expected(text, size, stops[i], true));
			}
}

static void counts_a_byte_wherever_it_stands(void **state)
{
	static const unsigned char values[] = {'\n', 0, 1, 0x7f, 0x80, 0xff};
	char text[LENGTH];
	uint32_t random = 1;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		size_t size = (size_t)round % (LENGTH + 1), count = 0;
		unsigned char value = values[(size_t)round % sizeof values];

		for (size_t i = 0; i < size; i++) {
			random = random * 1664525 + 1013904223;
			/* Those that differ in one bit stand beside it. */
			text[i] = (char)(value ^
				(random >> 28 & 1 ? 0 : 1u << (random >> 29)));
			count += (unsigned char)text[i] == value;
		}
		assert_int_equal(scan_count(text, size, (char)value), count);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_a_search_byte_by_byte_does),
		cmocka_unit_test(counts_a_byte_wherever_it_stands),
	};

	return cmocka_run_group_tests_name("base/scan", tests, NULL, NULL);
}
