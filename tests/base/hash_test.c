/* SPDX-License-Identifier: MIT */
/* The hash of tables: the vectors of draft-eastlake-fnv, appendix C. */
#include "../unit.h"
#include "base/hash.h"

static void it_is_that_of_the_draft(void **state)
{
	static const struct {
		const char *text;
		uint64_t hash;
	} vectors[] = {
		{"", UINT64_C(0xcbf29ce484222325)},
		{"a", UINT64_C(0xaf63dc4c8601ec8c)},
		{"foobar", UINT64_C(0x85944171f73967e8)},
	};

	(void)state;
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
		assert_true(hash_add(HASH_BEGIN, vectors[i].text,
				    strlen(vectors[i].text)) == vectors[i].hash);
}

static void pieces_are_as_the_whole(void **state)
{
	(void)state;
	assert_true(hash_add(hash_add(HASH_BEGIN, "foo", 3), "bar", 3) ==
		hash_add(HASH_BEGIN, "foobar", 6));
}

/* Names that differ at the end alone fill the slots evenly. */
static void slots_are_spread(void **state)
{
	size_t taken[256] = {0};
	size_t most = 0;

	(void)state;
	for (unsigned i = 0; i < 1024; i++) {
		char name[16];
		size_t slot;

		(void)snprintf(name, sizeof name, "NAME_%u", i);
		slot = hash_slot(hash_add(HASH_BEGIN, name, strlen(name)), 8);
		assert_in_range(slot, 0, 255);
		if (++taken[slot] > most)
			most = taken[slot];
	}
	assert_in_range(most, 4, 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_that_of_the_draft),
		cmocka_unit_test(pieces_are_as_the_whole),
		cmocka_unit_test(slots_are_spread),
	};

	return cmocka_run_group_tests_name("base/hash", tests, NULL, NULL);
}
