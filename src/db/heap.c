/* SPDX-License-Identifier: MIT */
/* A heap of its own for SQLite. */
#include "db/heap.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"

#define HEAP_MAX (256 * 1024 * 1024) /* 5,000 tables take a tenth of it */
#define HEAP_MIN (1024 * 1024)

/*
 * Sizes, header and all, are 32 bytes and from there four to each doubling, so that each
 * is a multiple of 8, and less than a quarter of a block is unused.
 */
#define SIZE_BITS_MIN 5
#define SIZES         64

struct block {
	uint64_t size; /* its index; a free one's is zero, and `data` the next one */
	union {
		struct block *next;
		char data[1];
	};
};

/* The pool begins with this, and what was given back is given out again by its size. */
struct pool {
	size_t size;
	size_t used;
	struct block *free[SIZES];
};

/* SQLite's methods have no argument of ours, so this is the process's. */
static struct {
	struct pool *pool;
	struct sqlite3_mem_methods outer;
} heap;

static size_t bytes_of(unsigned index)
{
	return (size_t)(4 + index % 4) << (index / 4 + SIZE_BITS_MIN - 2);
}

/* The smallest block for `size` bytes and its header. */
static unsigned index_of(int size)
{
	unsigned last = (unsigned)size + (unsigned)offsetof(struct block, data) - 1;
	unsigned bits;

	if (last < 1U << SIZE_BITS_MIN)
		return 0;
	bits = 31 - (unsigned)__builtin_clz(last);
	return 4 * (bits - SIZE_BITS_MIN) + ((last >> (bits - 2)) & 3) + 1;
}

static int room_of(unsigned index)
{
	return (int)(bytes_of(index) - offsetof(struct block, data));
}

static struct block *block_of(void *data)
{
	return (struct block *)((char *)data - offsetof(struct block, data));
}

static bool is_inner(const void *data)
{
	const char *begin = (const char *)heap.pool;
	const char *at = data;

	return at >= begin && at < begin + heap.pool->size;
}

/* Takes a block from the pool; returns NULL where it is full. */
static void *take(int size)
{
	struct pool *pool = heap.pool;
	unsigned index = index_of(size);
	struct block *block = pool->free[index];

	if (block) {
		pool->free[index] = block->next;
	} else {
		if (bytes_of(index) > pool->size - pool->used)
			return NULL;
		block = (struct block *)((char *)pool + pool->used);
		pool->used += bytes_of(index);
	}
	block->size = index;
	return block->data;
}

static void *heap_malloc(int size)
{
	void *data = size <= HEAP_BLOCK_MAX ? take(size) : NULL;

	return data ? data : heap.outer.xMalloc(size);
}

static void heap_free(void *data)
{
	struct block *block = block_of(data);
	struct block **first;

	if (!is_inner(data)) {
		heap.outer.xFree(data);
		return;
	}
	first = &heap.pool->free[block->size];
	block->next = *first;
	*first = block;
}

static int heap_size(void *data)
{
	return is_inner(data) ? room_of((unsigned)block_of(data)->size)
			      : heap.outer.xSize(data);
}

static void *heap_realloc(void *data, int size)
{
	int before = heap_size(data);
	void *moved;

	if (!is_inner(data))
		return heap.outer.xRealloc(data, size);
	if (size <= before)
		return data;
	moved = heap_malloc(size);
	if (!moved)
		return NULL;
	memcpy(moved, data, (size_t)before);
	heap_free(data);
	return moved;
}

static int heap_roundup(int size)
{
	return size <= HEAP_BLOCK_MAX ? room_of(index_of(size))
				      : heap.outer.xRoundup(size);
}

static int heap_init(void *ignored)
{
	(void)ignored;
	return heap.outer.xInit(heap.outer.pAppData);
}

static void heap_shutdown(void *ignored)
{
	(void)ignored;
	heap.outer.xShutdown(heap.outer.pAppData);
}

void heap_methods(struct sqlite3_mem_methods *ret, void *pool, size_t size,
	const struct sqlite3_mem_methods *outer)
{
	heap.pool = pool;
	heap.pool->size = size;
	heap.pool->used = sizeof *heap.pool;
	heap.outer = *outer;
	*ret = (struct sqlite3_mem_methods){
		.xMalloc = heap_malloc,
		.xFree = heap_free,
		.xRealloc = heap_realloc,
		.xSize = heap_size,
		.xRoundup = heap_roundup,
		.xInit = heap_init,
		.xShutdown = heap_shutdown,
	};
}

/* The memory of the machine, or what this process may have of it. */
static unsigned long long read_memory(void)
{
	long pages = sysconf(_SC_PHYS_PAGES);
	long page = sysconf(_SC_PAGESIZE);
	unsigned long long memory = pages > 0 && page > 0
		? (unsigned long long)pages * (unsigned long long)page
		: 0;
	struct rlimit limit;

	if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur < memory)
		memory = limit.rlim_cur;
	if (getrlimit(RLIMIT_DATA, &limit) == 0 && limit.rlim_cur < memory)
		memory = limit.rlim_cur;
	return memory;
}

/* A quarter of the memory, within limits: the rest is malloc's, and the program's. */
static size_t choose_size(void)
{
	unsigned long long quarter = read_memory() / 4;

	if (quarter < HEAP_MIN)
		return HEAP_MIN;
	return quarter < HEAP_MAX ? (size_t)quarter : HEAP_MAX;
}

/* Reserves the heap; returns NULL if that is not allowed, as by RLIMIT_AS. */
static void *reserve(size_t size, const struct log *log)
{
	void *pool = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (pool != MAP_FAILED)
		return pool;
	log_debug(log, "SQLite uses malloc: no heap of %zu MiB: %s", size >> 20,
		strerror(errno));
	return NULL;
}

void heap_use(const struct log *log)
{
	struct sqlite3_mem_methods outer, methods;
	size_t size;
	void *pool;

	/* sqlite3_config() fails if SQLite is in use already. */
	if (heap.pool || sqlite3_config(SQLITE_CONFIG_GETMALLOC, &outer) != SQLITE_OK)
		return;
	size = choose_size();
	pool = reserve(size, log);
	if (!pool)
		return;
	heap_methods(&methods, pool, size, &outer);
	(void)sqlite3_config(SQLITE_CONFIG_MALLOC, &methods); /* as allowed as that */
	/* Blocks and pages ahead of their use would all be written at once. */
	(void)sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
	(void)sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0); /* so are these */
}
