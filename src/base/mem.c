/* SPDX-License-Identifier: MIT */
/* Memory: allocation that cannot fail, arenas, wiping. */
#include "base/mem.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/exit_code.h"
#include "base/version.h"

#define BLOCK_SIZE     ((size_t)2 * 1024)
#define BLOCK_SIZE_MAX ((size_t)512 * 1024)

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

struct arena_block {
	struct arena_block *next;
	size_t size;
	size_t used;
	max_align_t data[];
};

_Noreturn void mem_exhausted(void)
{
	static const char message[] = PROGRAM ": out of memory\n";

	/* There is nowhere left to report that this cannot be written. */
	(void)!write(STDERR_FILENO, message, sizeof message - 1);
	_exit(EXIT_FAILED);
}

void *mem_zalloc(size_t size)
{
	void *data = calloc(1, size ? size : 1);

	if (!data)
		mem_exhausted();
	return data;
}

void *mem_resize(void *old, size_t count, size_t size)
{
	size_t bytes;
	void *data;

	if (__builtin_mul_overflow(count, size, &bytes))
		mem_exhausted();
	data = realloc(old, bytes ? bytes : 1);
	if (!data)
		mem_exhausted();
	return data;
}

/* The room that an array of `count` items grows to, or 0 where it has some left. */
static size_t wider(size_t count)
{
	/* Of 16, musl maps memory for many a short array, and unmaps it with that. */
	const size_t first = 8;

	if (count == 0)
		return first;
	return count >= first && (count & (count - 1)) == 0 ? 2 * count : 0;
}

void *mem_grow(void *array, size_t count, size_t size)
{
	size_t room = wider(count);

	return room ? mem_resize(array, room, size) : array;
}

char *mem_strdup(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(mem_zalloc(size), text, size);
}

void mem_wipe(void *data, size_t size)
{
	explicit_bzero(data, size);
}

void mem_freep(void *pointer_to_pointer)
{
	void *data;

	memcpy(&data, pointer_to_pointer, sizeof data);
	free(data);
}

/*
 * Has the kernel give all pages of a large block at once, which is cheaper than a fault
 * for each. Kernels before 5.14 refuse it; the pages then come one by one.
 */
static void populate(void *data, size_t size)
{
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t begin = ((uintptr_t)data + page - 1) / page * page;
	uintptr_t end = ((uintptr_t)data + size) / page * page;

	(void)madvise((char *)data + (begin - (uintptr_t)data), end - begin,
		MADV_POPULATE_WRITE);
}

/* The more an arena holds, the larger its blocks, so that they stay few. */
static size_t next_size(const struct arena *arena)
{
	size_t size = arena->blocks ? 2 * arena->blocks->size : BLOCK_SIZE;

	return size < BLOCK_SIZE_MAX ? size : BLOCK_SIZE_MAX;
}

static struct arena_block *arena_grow(struct arena *arena, size_t size)
{
	size_t room = next_size(arena);
	struct arena_block *block;

	if (room < size)
		room = size;
	if (room > SIZE_MAX - sizeof *block)
		mem_exhausted();
	/* Not zeroed as a whole: that reads each page of it before it is written. */
	block = mem_resize(NULL, sizeof *block + room, 1);
	if (room >= BLOCK_SIZE_MAX)
		populate(block, room);
	block->size = room;
	block->used = 0;
	block->next = arena->blocks;
	arena->blocks = block;
	return block;
}

/* Not zeroed. */
static void *take(struct arena *arena, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	struct arena_block *block = arena->blocks;
	char *data;

	if (size > SIZE_MAX - align)
		mem_exhausted();
	size = (size + align - 1) / align * align;
	if (!block || block->size - block->used < size)
		block = arena_grow(arena, size);
	data = (char *)block->data + block->used;
	block->used += size;
	return data;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return memset(take(arena, size), 0, size);
}

void *arena_memdup(struct arena *arena, const void *data, size_t size)
{
	char *copy = take(arena, size + 1);

	if (size)
		memcpy(copy, data, size);
	copy[size] = '\0';
	return copy;
}

void *arena_array_grow(struct arena *arena, void *array, size_t count, size_t size)
{
	size_t room = wider(count);
	void *to;

	if (!room)
		return array;
	if (__builtin_mul_overflow(room, size, &room))
		mem_exhausted();
	to = arena_alloc(arena, room);
	if (count)
		memcpy(to, array, count * size);
	return to;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_memdup(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	int length;
	char *text;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0)
		mem_exhausted();
	text = take(arena, (size_t)length + 1);
	va_start(args, format);
	(void)vsnprintf(text, (size_t)length + 1, format, args); /* measured above */
	va_end(args);
	return text;
}

void arena_adopt(struct arena *arena, struct arena *from)
{
	struct arena_block **end = &arena->blocks;

	/* Behind the others: the first block is the one with room. */
	while (*end)
		end = &(*end)->next;
	*end = from->blocks;
	from->blocks = NULL;
}

void arena_release(struct arena *arena)
{
	struct arena_block *block = arena->blocks;

	while (block) {
		struct arena_block *next = block->next;

		mem_wipe(block->data, block->used);
		free(block);
		block = next;
	}
	arena->blocks = NULL;
}
