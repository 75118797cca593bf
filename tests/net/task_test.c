/* SPDX-License-Identifier: MIT */
/* Tasks of the network's process, as bytes. */
#include "../unit.h"
#include "base/buf.h"
#include "net/task.h"
#include "net/trust.h"

static void what_was_added_is_taken(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct trust trust = {.path = "/ca.pem", .directory = NULL};
	struct trust none = TRUST_INIT;
	struct task task;

	(void)state;
	trust.pem = (struct buf){.data = (char[]){"a\0b"}, .len = 3};
	task_open(&text, TASK_TRANSFER);
	task_add_text(&text, "http://h/");
	task_add_text(&text, NULL);
	task_add_text(&text, "");
	task_add_number(&text, INT64_MIN);
	task_add_trust(&text, &trust);
	task_add_trust(&text, NULL);
	task_add_number(&text, 7);

	assert_true(task_begin(&task, &text));
	assert_int_equal(task.kind, TASK_TRANSFER);
	assert_string_equal(task_text(&task), "http://h/");
	assert_null(task_text(&task));
	assert_string_equal(task_text(&task), "");
	assert_int_equal(task_number(&task), INT64_MIN);
	task_trust(&task, &trust);
	assert_string_equal(trust.path, "/ca.pem");
	assert_null(trust.directory);
	assert_int_equal(trust.pem.len, 3);
	assert_memory_equal(trust.pem.data, "a\0b", 4);
	task_trust(&task, &none);
	assert_null(none.path);
	assert_null(none.directory);
	assert_int_equal(task_number(&task), 7);
	assert_int_equal(task.size, 0);
}

/* However it is cut, nothing behind its end is read. */
static void what_is_cut_ends(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	(void)state;
	task_open(&text, TASK_PROBE);
	task_add_text(&text, "tcp://h:1");
	task_add_number(&text, 3);
	for (size_t size = 0; size < text.len; size++) {
		/* A block of its own, whose end valgrind and sanitizers know. */
		CLEANUP_BUF struct buf part = BUF_INIT;
		struct task task;

		buf_add(&part, text.data, size);
		if (!task_begin(&task, &part))
			continue;
		(void)task_text(&task);
		assert_int_equal(task_count(&task), 0);
		assert_null(task_text(&task));
		assert_int_equal(task_number(&task), 0);
	}
}

/* A text was believed to have its NUL: what lay behind it in memory was read, too. */
static void a_text_without_its_nul_is_the_end(void **state)
{
	static const char *const texts[] = {"abcX", "abcXYZ", "abc"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		CLEANUP_BUF struct buf text = BUF_INIT;
		struct task task;

		task_add_number(&text, 3);
		buf_add(&text, texts[i], strlen(texts[i]));
		task = (struct task){.data = text.data, .size = text.len};
		assert_null(task_text(&task));
		assert_true(task.is_cut);
		assert_int_equal(task.size, 0);
	}
}

static void what_is_no_task_of_ours_is_none(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct task task;

	(void)state;
	assert_false(task_begin(&task, &text));
	buf_puts(&text, "GET / HTTP/1.1\r\n\r\n and more than a number");
	assert_false(task_begin(&task, &text));
	buf_truncate(&text, 0);
	task_add_text(&text, "groundwork 0.0.0");
	task_add_number(&text, TASK_PROBE);
	assert_false(task_begin(&task, &text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_added_is_taken),
		cmocka_unit_test(what_is_cut_ends),
		cmocka_unit_test(a_text_without_its_nul_is_the_end),
		cmocka_unit_test(what_is_no_task_of_ours_is_none),
	};

	return cmocka_run_group_tests_name("net/task", tests, NULL, NULL);
}
