/* SPDX-License-Identifier: MIT */
/*
 * A heap of its own for SQLite. With musl's malloc, half of the system calls of a new
 * database would be mmap and munmap; and a start writes few of its pages, as blocks lie
 * one behind the other. Not for threads.
 *
 * The heap is address space, which costs memory only where it is used. What does not fit,
 * or is large, is malloc's: so the heap may be small, and cannot run out.
 */
#ifndef DB_HEAP_H
#define DB_HEAP_H

#include <stddef.h>

struct log;
struct sqlite3_mem_methods;

/* Up to here a block is taken from the heap; of more, malloc is as fast, and exact. */
#define HEAP_BLOCK_MAX (1024 * 1024)

/*
 * Gives SQLite its heap, before it is used for the first time; later it does nothing.
 * Where none can be had, SQLite uses malloc.
 */
void heap_use(const struct log *log);

/*
 * Makes the methods of an allocator that takes blocks from `pool`, which is zeroed and
 * aligned for any object, and others from `outer`, which is copied. There is one such
 * allocator in a process.
 */
void heap_methods(struct sqlite3_mem_methods *ret, void *pool, size_t size,
	const struct sqlite3_mem_methods *outer);

#endif
