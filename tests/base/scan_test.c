/* SPDX-License-Identifier: MIT */
/* The next byte that matters, wherever it stands and whatever stands around it. */
#include "../unit.h"

#include <stdbool.h>
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_a_search_byte_by_byte_does),
	};

	return cmocka_run_group_tests_name("base/scan", tests, NULL, NULL);
}
