/* SPDX-License-Identifier: MIT */
/*
 * Allocation that succeeds or ends the process.
 *
 * Where memory is exhausted, one fixed line is written to stderr, without allocating, and
 * the process exits with 111. One that writes may end at any moment, since an object on
 * disk is complete or as it was; one that others depend on (PID 1) must not allocate.
 *
 * So nothing here returns NULL. What mem_*() returns is released with free(), but for
 * what arenas hold.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* Zeroed. */
void *mem_zalloc(size_t size);

/*
 * realloc(3) for `count` items of `size` bytes. New bytes are not zeroed, and where the
 * data moves the old bytes are not wiped: not for secrets.
 */
void *mem_resize(void *old, size_t count, size_t size);

/*
 * Makes room for one item of `size` bytes behind the `count` of an array, which may move.
 * The room doubles whenever it is full; how much there is follows from `count`, so an
 * array that grows in this way grows in no other. It may lose items at any time.
 */
void *mem_grow(void *array, size_t count, size_t size);

char *mem_strdup(const char *text);

/* Reports that memory is exhausted and ends the process with 111. */
_Noreturn void mem_exhausted(void);

/* Overwrites a secret in a way that the compiler cannot leave out. */
void mem_wipe(void *data, size_t size);

/* For cleanup attributes: CLEANUP_FREE char *text = …; */
void mem_freep(void *pointer_to_pointer);
#define CLEANUP_FREE __attribute__((cleanup(mem_freep)))

/*
 * An arena: many small allocations that are freed together; all zero is empty. What it
 * returns is zeroed, aligned for any object, and never moves.
 */
struct arena {
	struct arena_block *blocks;
};

void *arena_alloc(struct arena *arena, size_t size);
/* As mem_grow(), in the arena. */
void *arena_array_grow(struct arena *arena, void *array, size_t count, size_t size);
char *arena_strdup(struct arena *arena, const char *text);
void *arena_memdup(struct arena *arena, const void *data, size_t size); /* and a NUL */
__attribute__((format(printf, 2, 3))) char *arena_printf(
	struct arena *arena, const char *format, ...);

/* Moves all that is in `from` to the other arena; `from` is empty then. */
void arena_adopt(struct arena *arena, struct arena *from);

/* Frees everything; the blocks are wiped first, since values may be secrets. */
void arena_release(struct arena *arena);

#endif
