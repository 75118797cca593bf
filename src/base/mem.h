/* SPDX-License-Identifier: MIT */
/*
 * Memory that is there or ends the process.
 *
 * For the worker, and for the process that becomes the application. The parent (PID 1)
 * allocates nothing from the fork of the worker on, since it must not end. Whatever the
 * worker was making when memory ran out is safe by construction: an object on disk is as
 * it was before or complete. So exhaustion is answered like a crash: one fixed line on
 * stderr, written without allocating, and exit 111. The parent reports the step's name.
 *
 * Nothing here returns NULL. Memory of mem_*() is released with free().
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

void *mem_zalloc(size_t size);
void *mem_resize(void *old, size_t count, size_t size);

/*
 * Makes room for one item of `size` bytes behind the `count` of an array, which may move.
 * The room doubles whenever it is full; how much there is follows from `count`, so an
 * array that grows in this way grows in no other. It may lose items at any time.
 */
void *mem_grow(void *array, size_t count, size_t size);

char *mem_strdup(const char *text);

/* Says that memory is exhausted and ends the process with 111. */
_Noreturn void mem_exhausted(void);

/* Overwrites a secret so that no optimiser leaves it behind. */
void mem_wipe(void *data, size_t size);

/* For cleanup attributes: CLEANUP_FREE char *text = …; */
void mem_freep(void *pointer_to_pointer);
#define CLEANUP_FREE __attribute__((cleanup(mem_freep)))

/*
 * An arena: many small allocations that are given back together. Zeroed; aligned for
 * any object; never moves what it gave out.
 */
struct arena {
	struct arena_block *blocks;
};

#define ARENA_INIT \
	{ \
		0 \
	}

void *arena_alloc(struct arena *arena, size_t size);
char *arena_strdup(struct arena *arena, const char *text);
char *arena_memdup(struct arena *arena, const char *data, size_t size);
__attribute__((format(printf, 2, 3))) char *arena_printf(
	struct arena *arena, const char *format, ...);

/* Frees everything; the blocks are wiped first, since values may be secrets. */
void arena_release(struct arena *arena);

#endif
