/* SPDX-License-Identifier: MIT */
/* Arenas, and memory that is there or ends the process. */
#include <fcntl.h>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit.h"
#include "base/mem.h"

/* Through the kernel: what is freed may not be read otherwise. */
static void an_arena_is_wiped_when_it_is_released(void **state)
{
	static const char secret[] = "correct horse battery staple";
	struct arena arena = {0};
	char now[sizeof secret] = "";
	int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	off_t at;

	(void)state;
	if (memory < 0)
		SKIP("no /proc here");
	(void)arena_alloc(&arena, 512); /* the allocator may write what it frees */
	at = (off_t)(uintptr_t)arena_strdup(&arena, secret);
	assert_int_equal(pread(memory, now, sizeof now, at), sizeof now);
	assert_string_equal(now, secret);
	arena_release(&arena);
	if (pread(memory, now, sizeof now, at) == sizeof now)
		assert_memory_not_equal(now, secret, sizeof secret);
	assert_int_equal(close(memory), 0);
}

static void an_arena_gives_zeroed_memory_for_any_object(void **state)
{
	static const size_t sizes[] = {
		0, 1, 7, 16, 17, 16 * 1024, 16 * 1024 - 16, 100000, 3};
	struct arena arena = {0};

	(void)state;
	/* Fresh pages would be zero anyway. It fails where a sanitizer fills them. */
	(void)mallopt(M_PERTURB, 0x5a);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		char *data = arena_alloc(&arena, sizes[i]);

		assert_int_equal((uintptr_t)data % _Alignof(max_align_t), 0);
		for (size_t k = 0; k < sizes[i]; k++)
			assert_int_equal(data[k], 0);
		memset(data, 0xff, sizes[i]);
	}
	assert_string_equal(
		arena_memdup(&arena, "0123456789abcdef", 16), "0123456789abcdef");
	(void)mallopt(M_PERTURB, 0); /* as above */
	arena_release(&arena);
	assert_null(arena.blocks);
	arena_release(&arena);
}

static void an_arena_copies_and_prints(void **state)
{
	struct arena arena = {0};
	char *text = arena_strdup(&arena, "text");

	(void)state;
	assert_string_equal(arena_strdup(&arena, ""), "");
	assert_string_equal(arena_memdup(&arena, "abc", 2), "ab");
	assert_memory_equal(arena_memdup(&arena, "a\0b", 3), "a\0b", 4);
	assert_string_equal(arena_memdup(&arena, NULL, 0), "");
	assert_string_equal(arena_printf(&arena, "%d-%s", 42, text), "42-text");
	assert_int_equal(strlen(arena_printf(&arena, "%050000d", 1)), 50000);
	assert_string_equal(text, "text"); /* never moves */
	arena_release(&arena);
}

/* Sizes of what is allocated are malloc_usable_size()'s: at least what was asked for. */
static void an_array_grows_by_doubling(void **state)
{
	int *list = NULL;
	size_t count = 0, moves = 0;

	(void)state;
	for (; count < 100000; count++) {
		const int *before = list;

		list = mem_grow(list, count, sizeof *list);
		assert_true(malloc_usable_size(list) >= (count + 1) * sizeof *list);
		moves += list != before;
		list[count] = (int)count;
	}
	assert_true(moves < 16);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(list[i], i);
	/* It has lost some, and grows again. */
	for (count = 20; count < 3000; count++) {
		list = mem_grow(list, count, sizeof *list);
		assert_true(malloc_usable_size(list) >= (count + 1) * sizeof *list);
		list[count] = 7;
	}
	assert_int_equal(list[19], 19);
	free(list);
}

static void an_array_grows_in_an_arena(void **state)
{
	struct arena arena = {0};
	int *list = NULL;
	size_t moves = 0;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		const int *before = list;

		list = arena_array_grow(&arena, list, (size_t)i, sizeof *list);
		moves += list != before;
		list[i] = i;
	}
	assert_true(moves < 16);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(list[i], i);
	arena_release(&arena);
}

static void an_arena_goes_to_another_one(void **state)
{
	struct arena arena = {0}, from = {0};
	char *first, *second, *third;

	(void)state;
	second = arena_strdup(&from, "second");
	arena_adopt(&arena, &from);
	assert_null(from.blocks);
	arena_adopt(&arena, &from); /* nothing */
	first = arena_strdup(&arena, "first");
	third = arena_strdup(&from, "third");
	arena_adopt(&arena, &from);
	arena_release(&from);
	assert_string_equal(first, "first");
	assert_string_equal(second, "second");
	assert_string_equal(third, "third");
	arena_release(&arena);
}

static void memory_is_zeroed_and_resized(void **state)
{
	int *list = mem_zalloc(2 * sizeof *list);
	CLEANUP_FREE char *copy = mem_strdup("copy");

	(void)state;
	assert_int_equal(list[1], 0);
	list[1] = 7;
	list = mem_resize(list, 1000, sizeof *list);
	assert_int_equal(list[1], 7);
	free(list);
	free(mem_zalloc(0));
	assert_string_equal(copy, "copy");
	mem_wipe(copy, 4);
	assert_memory_equal(copy, "\0\0\0\0", 5);
}

/* Of so many the size is a few bytes, where it wraps around. */
static void too_much(void)
{
	volatile size_t many = SIZE_MAX / 4 + 2;

	free(mem_resize(NULL, many, 4));
}

static void too_much_of_an_arena(void)
{
	struct arena arena = {0};
	volatile size_t many = SIZE_MAX - 3;

	(void)arena_alloc(&arena, many);
}

static void exhaustion_ends_the_process(void **state)
{
	static void (*const ways[])(void) = {too_much, too_much_of_an_arena};

	(void)state;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		char said[64];
		int fds[2], status;
		ssize_t size;
		pid_t pid;

		assert_int_equal(pipe(fds), 0);
		pid = fork();
		if (pid == 0) {
			(void)dup2(fds[1], STDERR_FILENO);
			ways[i]();
			_exit(0);
		}
		assert_int_equal(close(fds[1]), 0);
		size = read(fds[0], said, sizeof said - 1);
		assert_true(size > 0);
		said[size] = '\0';
		assert_int_equal(close(fds[0]), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 111);
		assert_string_equal(said, "groundwork: out of memory\n");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_arena_gives_zeroed_memory_for_any_object),
		cmocka_unit_test(an_arena_copies_and_prints),
		cmocka_unit_test(an_arena_is_wiped_when_it_is_released),
		cmocka_unit_test(an_arena_goes_to_another_one),
		cmocka_unit_test(memory_is_zeroed_and_resized),
		cmocka_unit_test(an_array_grows_by_doubling),
		cmocka_unit_test(an_array_grows_in_an_arena),
		cmocka_unit_test(exhaustion_ends_the_process),
	};

	return cmocka_run_group_tests_name("base/mem", tests, NULL, NULL);
}
