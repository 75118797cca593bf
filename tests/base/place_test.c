/* SPDX-License-Identifier: MIT */
/* Places: their order, and how they are written. */
#include "../unit.h"
#include "base/mem.h"
#include "base/place.h"

/* In their order, with what is written of them. */
static const struct {
	struct place at;
	const char *written;
} places[] = {
	{{NULL, 0, 0}, "text"},
	{{"/a", 0, 0}, "/a: text"},
	{{"/a", 2, 0}, "/a:2: text"},
	{{"/a", 2, 7}, "/a:2:7: text"},
	{{"/a", 10, 1}, "/a:10:1: text"},
	{{"/b", 1, 0}, "/b:1: text"},
};
#define COUNT (sizeof places / sizeof *places)

static void go_by_file_line_and_column(void **state)
{
	(void)state;
	for (size_t a = 0; a < COUNT; a++)
		for (size_t b = 0; b < COUNT; b++) {
			int order = place_compare(&places[a].at, &places[b].at);

			assert_int_equal((order > 0) - (order < 0), (a > b) - (a < b));
		}
}

static void stand_in_front_of_a_text(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		const char *text = place_text(&arena, &places[i].at, "text");
		char cut[4];

		assert_string_equal(text, places[i].written);
		assert_int_equal(place_print(cut, sizeof cut, &places[i].at, "text"),
			strlen(places[i].written));
		assert_memory_equal(cut, places[i].written, 3);
		assert_int_equal(cut[3], 0);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(go_by_file_line_and_column),
		cmocka_unit_test(stand_in_front_of_a_text),
	};

	return cmocka_run_group_tests_name("base/place", tests, NULL, NULL);
}
