/* SPDX-License-Identifier: MIT */
/* SQLite's own heap: what fits is taken from it, and all else from malloc. */
#include "fixture.h"

#include "db/heap.h"

#define BLOCK 1000
#define SMALL (64 * 1024)

static _Alignas(max_align_t) char pool[SMALL];
static int outer_blocks, most_outer;

static struct sqlite3_mem_methods outer;

static void *counted_malloc(int size)
{
	if (++outer_blocks > most_outer)
		most_outer = outer_blocks;
	return outer.xMalloc(size);
}

static void counted_free(void *block)
{
	outer_blocks--;
	outer.xFree(block);
}

static struct sqlite3_mem_methods methods_of_small_heap(void)
{
	struct sqlite3_mem_methods counted, methods;

	/* Before SQLite is in use, as heap_use() does it. */
	if (!outer.xMalloc)
		assert_int_equal(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &outer), 0);
	counted = outer;
	counted.xMalloc = counted_malloc;
	counted.xFree = counted_free;
	memset(pool, 0, sizeof pool);
	heap_methods(&methods, pool, sizeof pool, &counted);
	return methods;
}

static bool is_in_pool(const void *data)
{
	const char *at = data;

	return at >= pool && at < pool + sizeof pool;
}

static void a_block_has_the_room_that_was_asked_for_and_little_more(void **state)
{
	struct sqlite3_mem_methods methods = methods_of_small_heap();

	(void)state;
	for (int size = 1; size < 5000; size++) {
		void *data = methods.xMalloc(size);

		assert_true(is_in_pool(data));
		assert_int_equal((uintptr_t)data % 8, 0);
		assert_int_equal(methods.xSize(data), methods.xRoundup(size));
		assert_in_range(methods.xSize(data), size, size + size / 4 + 24);
		methods.xFree(data);
	}
	assert_true(methods.xRoundup(HEAP_BLOCK_MAX) >= HEAP_BLOCK_MAX);
}

static void what_was_freed_is_given_out_again(void **state)
{
	struct sqlite3_mem_methods methods = methods_of_small_heap();
	void *blocks[3];

	(void)state;
	for (int round = 0; round < SMALL; round++) {
		for (int i = 0; i < 3; i++)
			blocks[i] = memset(methods.xMalloc(BLOCK), i, BLOCK);
		for (int i = 0; i < 3; i++) {
			assert_true(is_in_pool(blocks[i]));
			assert_int_equal(((char *)blocks[i])[BLOCK - 1], i);
			methods.xFree(blocks[i]);
		}
	}
	assert_int_equal(outer_blocks, 0);
}

static void what_does_not_fit_is_taken_from_malloc(void **state)
{
	struct sqlite3_mem_methods methods = methods_of_small_heap();
	char *blocks[SMALL / BLOCK];
	char *large = methods.xMalloc(HEAP_BLOCK_MAX + 1);
	int inner = 0;

	(void)state;
	assert_int_equal(outer_blocks, 1);
	for (int i = 0; i < SMALL / BLOCK; i++) {
		blocks[i] = memset(methods.xMalloc(BLOCK), i, BLOCK);
		inner += is_in_pool(blocks[i]);
	}
	assert_in_range(inner, SMALL / BLOCK / 2, SMALL / BLOCK - 1);
	assert_int_equal(outer_blocks, 1 + SMALL / BLOCK - inner);
	for (int i = 0; i < SMALL / BLOCK; i++) {
		assert_int_equal(blocks[i][0], i);
		assert_int_equal(blocks[i][BLOCK - 1], i);
		methods.xFree(blocks[i]);
	}
	methods.xFree(large);
	assert_int_equal(outer_blocks, 0);
}

static void a_block_that_grows_keeps_its_content(void **state)
{
	struct sqlite3_mem_methods methods = methods_of_small_heap();
	char *block = methods.xMalloc(10);

	(void)state;
	memcpy(block, "123456789", 10);
	assert_ptr_equal(methods.xRealloc(block, 5), block);
	block = methods.xRealloc(block, BLOCK);
	assert_true(is_in_pool(block));
	assert_string_equal(block, "123456789");
	block = methods.xRealloc(block, SMALL);
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
	struct sqlite3_mem_methods methods = methods_of_small_heap();

	assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &methods), SQLITE_OK);
	put("m/1_a.sql",
		"CREATE TABLE a (b);\n"
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n\n"
		"WHERE i < 500) INSERT INTO a SELECT hex(zeroblob(i * 10)) FROM n\n"
		"ORDER BY -i;\n");
	contribute(world, "app", "m");
	apply_all(world);
	assert_true(most_outer > 0);
	assert_string_equal(sql(world, "SELECT sum(length(b)) FROM a"), "2505000\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_block_has_the_room_that_was_asked_for_and_little_more),
		cmocka_unit_test(what_was_freed_is_given_out_again),
		cmocka_unit_test(what_does_not_fit_is_taken_from_malloc),
		cmocka_unit_test(a_block_that_grows_keeps_its_content),
		cmocka_unit_test_setup_teardown(
			a_database_is_made_with_a_heap_that_is_full, world_setup,
			world_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
