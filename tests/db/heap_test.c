/* SPDX-License-Identifier: MIT */
/* SQLite's own heap: what fits is taken from it, and all else from malloc. */
#include "fixture.h"

#include "db/heap.h"

#define SLOT  256
#define SLOTS 64

/* A heap of equal slots in place of memsys5, which this SQLite may lack. */
static _Alignas(16) char pool[SLOTS][SLOT];
static bool taken[SLOTS];
static int most_taken, outer_blocks;

static int count_taken(void)
{
	int count = 0;

	for (int i = 0; i < SLOTS; i++)
		count += taken[i];
	return count;
}

static void *slot_malloc(int size)
{
	for (int i = 0; size <= SLOT && i < SLOTS; i++) {
		if (taken[i])
			continue;
		taken[i] = true;
		if (count_taken() > most_taken)
			most_taken = count_taken();
		return pool[i];
	}
	return NULL;
}

static void slot_free(void *block)
{
	size_t i = (size_t)((char *)block - pool[0]) / SLOT;

	assert_true(i < SLOTS && taken[i]);
	taken[i] = false;
}

static void *slot_realloc(void *block, int size)
{
	return size <= SLOT ? block : NULL;
}

static int slot_size(void *block)
{
	(void)block;
	return SLOT;
}

static int slot_init(void *ignored)
{
	(void)ignored;
	return SQLITE_OK;
}

static void slot_shutdown(void *ignored)
{
	(void)ignored;
}

static struct sqlite3_mem_methods outer;

static void *counted_malloc(int size)
{
	outer_blocks++;
	return outer.xMalloc(size);
}

static void counted_free(void *block)
{
	outer_blocks--;
	outer.xFree(block);
}

static struct sqlite3_mem_methods combine(void)
{
	static const struct sqlite3_mem_methods slots = {slot_malloc, slot_free,
		slot_realloc, slot_size, NULL, slot_init, slot_shutdown, NULL};
	struct sqlite3_mem_methods counted, combined;

	/* Before SQLite is in use, as heap_use() does it. */
	if (!outer.xMalloc)
		assert_int_equal(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &outer), 0);
	counted = outer;
	counted.xMalloc = counted_malloc;
	counted.xFree = counted_free;
	heap_combine(&combined, pool, sizeof pool, &slots, &counted);
	return combined;
}

static void what_does_not_fit_is_taken_from_malloc(void **state)
{
	struct sqlite3_mem_methods methods = combine();
	void *blocks[SLOTS + 1];

	(void)state;
	for (int i = 0; i <= SLOTS; i++) {
		blocks[i] = methods.xMalloc(100);
		memset(blocks[i], i, 100);
	}
	assert_int_equal(count_taken(), SLOTS);
	assert_int_equal(outer_blocks, 1);
	assert_true(methods.xSize(blocks[0]) == SLOT);
	assert_true(methods.xSize(blocks[SLOTS]) < SLOT);
	for (int i = 0; i <= SLOTS; i++) {
		assert_int_equal(*(char *)blocks[i], i);
		methods.xFree(blocks[i]);
	}
	assert_int_equal(count_taken(), 0);
	assert_int_equal(outer_blocks, 0);
}

static void a_block_that_grows_leaves_the_heap_with_its_content(void **state)
{
	struct sqlite3_mem_methods methods = combine();
	char *block = methods.xMalloc(10);

	(void)state;
	memcpy(block, "123456789", 10);
	block = methods.xRealloc(block, SLOT);
	assert_int_equal(count_taken(), 1);
	block = methods.xRealloc(block, SLOT + 1);
	assert_int_equal(count_taken(), 0);
	assert_int_equal(outer_blocks, 1);
	assert_string_equal(block, "123456789");
	block = methods.xRealloc(block, 2 * HEAP_BLOCK_MAX);
	assert_string_equal(block, "123456789");
	methods.xFree(block);
	assert_int_equal(outer_blocks, 0);
}

/* The last: SQLite stays with that allocator. */
static void a_database_is_made_with_a_heap_that_is_full(void **state)
{
	struct world *world = *state;
	struct sqlite3_mem_methods methods = combine();

	assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &methods), SQLITE_OK);
	put("m/1_a.sql",
		"CREATE TABLE a (b);\n"
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n\n"
		"WHERE i < 500) INSERT INTO a SELECT hex(zeroblob(i * 10)) FROM n\n"
		"ORDER BY -i;\n");
	contribute(world, "app", "m");
	apply_all(world);
	assert_int_equal(most_taken, SLOTS);
	assert_string_equal(sql(world, "SELECT sum(length(b)) FROM a"), "2505000\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_does_not_fit_is_taken_from_malloc),
		cmocka_unit_test(a_block_that_grows_leaves_the_heap_with_its_content),
		cmocka_unit_test_setup_teardown(
			a_database_is_made_with_a_heap_that_is_full, world_setup,
			world_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
