/* SPDX-License-Identifier: MIT */
/* Topological order: priorities, cycles, and what a large one costs. */
#include <stdlib.h>
#include <time.h>

#include "../unit.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/order.h"

/* Items are letters, and capitals go first. */
static bool letter_before(const void *user, size_t a, size_t b)
{
	const char *letters = user;

	return letters[a] < letters[b];
}

static const char *letter_name(const void *user, size_t item)
{
	static char names[256][2];
	const char *letters = user;
	char *name = names[(unsigned char)letters[item]];

	name[0] = letters[item];
	return name;
}

/* Each pair of letters in `requires`: the first requires the second. */
static void add_all(struct order *order, const char *letters, const char *requires)
{
	for (const char *pair = requires; *pair; pair += 2)
		order_require(order, (size_t)(strchr(letters, pair[0]) - letters),
			(size_t)(strchr(letters, pair[1]) - letters));
}

static void sorts(const char *letters, const char *requires, const char *expected,
	const char *cycle)
{
	CLEANUP_ORDER struct order order = {.count = strlen(letters),
		.before = letter_before,
		.name = letter_name,
		.user = letters};
	CLEANUP_BUF struct buf text = BUF_INIT;
	size_t list[64];
	size_t count;

	add_all(&order, letters, requires);
	count = order_sort(&order, list);
	for (size_t i = 0; i < count; i++)
		buf_putc(&text, letters[list[i]]);
	assert_string_equal(text.data, expected);
	if (!cycle) {
		assert_int_equal(count, strlen(letters));
		return;
	}
	buf_truncate(&text, 0);
	assert_int_equal(letters[order_cycle(&order, &text)], cycle[0]);
	assert_string_equal(text.data, cycle);
}

static void requirements_go_first_and_then_priorities(void **state)
{
	(void)state;
	sorts("", "", "", NULL);
	sorts("x", "", "x", NULL);
	sorts("hgfedcba", "", "abcdefgh", NULL);
	sorts("abc", "abbc", "cba", NULL);
	sorts("abc", "acababacac", "bca", NULL);
	sorts("dcba", "ad", "bcda", NULL);
	sorts("Zabc", "Zc", "abcZ", NULL);
	sorts("bbba", "", "abbb", NULL); /* by number, see below */
	sorts("qwertyuiopasdfghjklzxcvbnm", "azbycxdw", "efghijklmnopqrstuvwdxcybza",
		NULL);
}

static void equals_go_by_number(void **state)
{
	const char letters[] = "bbbbbbbbbb";
	CLEANUP_ORDER struct order order = {.count = strlen(letters),
		.before = letter_before,
		.name = letter_name,
		.user = letters};
	size_t list[10];

	(void)state;
	assert_int_equal(order_sort(&order, list), 10);
	for (size_t i = 0; i < 10; i++)
		assert_int_equal(list[i], i);
}

static void a_cycle_is_named(void **state)
{
	(void)state;
	sorts("a", "aa", "", "a → a");
	sorts("ab", "abba", "", "a → b → a");
	sorts("abc", "bccb", "a", "c → b → c");
	sorts("abcd", "abbccdda", "", "a → b → c → d → a");
	sorts("xyab", "xyyaabba", "", "a → b → a"); /* x and y only lead there */
	sorts("abcd", "abacccba", "d",
		"a → b → a"); /* of two, the one that is met first */
	sorts("dcba", "abba", "cd", "b → a → b");
}

static bool number_before(const void *user, size_t a, size_t b)
{
	(void)user;
	return a > b;
}

/* Half a million requirements among as many items: quadratic would take minutes. */
static void a_large_one_takes_no_time(void **state)
{
	const size_t count = 500000;
	CLEANUP_ORDER struct order order = {.count = count, .before = number_before};
	CLEANUP_FREE size_t *list = mem_zalloc(count * sizeof *list);
	clock_t start = clock();

	(void)state;
	for (size_t i = 1; i < count; i++)
		order_require(&order, i, i % 2 ? i - 1 : i / 2);
	assert_int_equal(order_sort(&order, list), count);
	assert_int_equal(list[0], 0);
	assert_int_equal(list[1], 1);
	assert_true(clock() - start < 10 * CLOCKS_PER_SEC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requirements_go_first_and_then_priorities),
		cmocka_unit_test(equals_go_by_number),
		cmocka_unit_test(a_cycle_is_named),
		cmocka_unit_test(a_large_one_takes_no_time),
	};

	return cmocka_run_group_tests_name("base/order", tests, NULL, NULL);
}
