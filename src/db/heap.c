/* SPDX-License-Identifier: MIT */
/* A heap of its own for SQLite. */
#include "db/heap.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"

#define HEAP_MAX  (256 * 1024 * 1024) /* a schema of 5,000 tables takes a tenth of it */
#define HEAP_MIN  (1024 * 1024)
#define BLOCK_MIN 64

/* SQLite's methods have no argument of ours, so this is the process's. */
static struct {
	char *pool;
	size_t size;
	struct sqlite3_mem_methods inner;
	struct sqlite3_mem_methods outer;
} heap;

static bool is_inner(const void *block)
{
	const char *at = block;

	return at >= heap.pool && at < heap.pool + heap.size;
}

static const struct sqlite3_mem_methods *owner(const void *block)
{
	return is_inner(block) ? &heap.inner : &heap.outer;
}

static void *combined_malloc(int size)
{
	void *block = size <= HEAP_BLOCK_MAX ? heap.inner.xMalloc(size) : NULL;

	return block ? block : heap.outer.xMalloc(size);
}

static void combined_free(void *block)
{
	owner(block)->xFree(block);
}

static int combined_size(void *block)
{
	return owner(block)->xSize(block);
}

/* Moves a block that has become too large for the heap, or does not fit there. */
static void *move(void *block, int size)
{
	int old = heap.inner.xSize(block);
	void *moved = heap.outer.xMalloc(size);

	if (!moved)
		return NULL;
	memcpy(moved, block, (size_t)(old < size ? old : size));
	heap.inner.xFree(block);
	return moved;
}

static void *combined_realloc(void *block, int size)
{
	void *changed;

	if (!is_inner(block))
		return heap.outer.xRealloc(block, size);
	changed = size <= HEAP_BLOCK_MAX ? heap.inner.xRealloc(block, size) : NULL;
	return changed ? changed : move(block, size);
}

static int combined_roundup(int size)
{
	return heap.outer.xRoundup(size);
}

static int combined_init(void *ignored)
{
	int rc = heap.outer.xInit(heap.outer.pAppData);

	(void)ignored;
	return rc == SQLITE_OK ? heap.inner.xInit(heap.inner.pAppData) : rc;
}

static void combined_shutdown(void *ignored)
{
	(void)ignored;
	heap.inner.xShutdown(heap.inner.pAppData);
	heap.outer.xShutdown(heap.outer.pAppData);
}

void heap_combine(struct sqlite3_mem_methods *ret, void *pool, size_t size,
	const struct sqlite3_mem_methods *inner, const struct sqlite3_mem_methods *outer)
{
	heap.pool = pool;
	heap.size = size;
	heap.inner = *inner;
	heap.outer = *outer;
	*ret = (struct sqlite3_mem_methods){
		.xMalloc = combined_malloc,
		.xFree = combined_free,
		.xRealloc = combined_realloc,
		.xSize = combined_size,
		.xRoundup = combined_roundup,
		.xInit = combined_init,
		.xShutdown = combined_shutdown,
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
	struct sqlite3_mem_methods outer, inner, combined;
	size_t size = choose_size();
	void *pool;

	/* sqlite3_config() fails if SQLite is in use already. */
	if (!sqlite3_compileoption_used("ENABLE_MEMSYS5") ||
		sqlite3_config(SQLITE_CONFIG_GETMALLOC, &outer) != SQLITE_OK)
		return;
	pool = reserve(size, log);
	if (!pool)
		return;
	if (sqlite3_config(SQLITE_CONFIG_HEAP, pool, (int)size, BLOCK_MIN) != SQLITE_OK) {
		(void)munmap(pool, size); /* else it is address space, and no memory */
		return;
	}
	(void)sqlite3_config(SQLITE_CONFIG_GETMALLOC, &inner); /* as allowed as that */
	heap_combine(&combined, pool, size, &inner, &outer);
	(void)sqlite3_config(SQLITE_CONFIG_MALLOC, &combined); /* so is this */
}
