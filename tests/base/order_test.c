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

/* ---- graphs by chance, beside the plainest way to do it ---- */

#define ITEMS_MAX 14

struct graph {
	size_t count;
	int priorities[ITEMS_MAX];
	bool requires[ITEMS_MAX][ITEMS_MAX];
	bool leads[ITEMS_MAX][ITEMS_MAX]; /* by one requirement or more */
};

static bool graph_before(const void *user, size_t a, size_t b)
{
	const struct graph *graph = user;

	return graph->priorities[a] < graph->priorities[b];
}

static const char *graph_name(const void *user, size_t item)
{
	static const char *const names[ITEMS_MAX] = {
		"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n"};

	(void)user;
	return names[item];
}

static void make_graph(struct graph *graph, struct order *order)
{
	int edges;

	*graph = (struct graph){.count = (size_t)(1 + rand() % ITEMS_MAX)};
	for (size_t i = 0; i < graph->count; i++)
		graph->priorities[i] = rand() % 4;
	for (edges = rand() % 24; edges > 0; edges--) {
		size_t item = (size_t)rand() % graph->count;
		size_t required = (size_t)rand() % graph->count;

		graph->requires[item][required] = graph->leads[item][required] = true;
		order_require(order, item, required);
	}
	for (size_t k = 0; k < graph->count; k++)
		for (size_t i = 0; i < graph->count; i++)
			for (size_t j = 0; j < graph->count; j++)
				graph->leads[i][j] |=
					graph->leads[i][k] && graph->leads[k][j];
}

/* Of those whose requirements are placed, the first of the lowest priority. */
static size_t next_of(const struct graph *graph, const bool *placed)
{
	size_t next = graph->count;

	for (size_t i = 0; i < graph->count; i++) {
		bool ready = !placed[i];

		for (size_t k = 0; k < graph->count; k++)
			ready = ready && (!graph->requires[i][k] || placed[k]);
		if (ready &&
			(next == graph->count ||
				graph->priorities[i] < graph->priorities[next]))
			next = i;
	}
	return next;
}

static void is_sorted(const struct graph *graph, const size_t *list, size_t count)
{
	bool placed[ITEMS_MAX] = {false};

	for (size_t i = 0; i < count; i++) {
		assert_int_equal(list[i], next_of(graph, placed));
		placed[list[i]] = true;
	}
	assert_int_equal(next_of(graph, placed), graph->count);
}

/* Is each step of "a → b → a" a requirement? Notes the items in `named`. */
static void is_cycle(const struct graph *graph, const char *text, bool *named)
{
	const size_t arrow = strlen(" → ");
	const char *at = text;

	for (; at[1]; at += 1 + arrow) {
		size_t item = (size_t)(at[0] - 'a');

		named[item] = true;
		if (!graph->requires[item][at[1 + arrow] - 'a'])
			fail_msg("'%s' is no cycle", text);
	}
	assert_int_equal(*at, *text);
}

static void of_ten_thousand_graphs_each_is_sorted_or_its_cycles_are_named(void **state)
{
	size_t cyclic = 0;

	(void)state;
	srand(12);
	for (int round = 0; round < 10000; round++) {
		struct graph graph;
		CLEANUP_ORDER struct order order = {
			.before = graph_before, .name = graph_name, .user = &graph};
		bool named[ITEMS_MAX] = {false};
		size_t list[ITEMS_MAX];
		size_t count;

		make_graph(&graph, &order);
		order.count = graph.count;
		count = order_sort(&order, list);
		is_sorted(&graph, list, count);
		cyclic += count < graph.count;
		while (count < graph.count) {
			CLEANUP_BUF struct buf text = BUF_INIT;

			(void)order_cycle(&order, &text); /* it is in the text, too */
			is_cycle(&graph, text.data, named);
			count = order_sort(&order, list);
		}
		/* Of items that require each other, one at least is in a named cycle. */
		for (size_t i = 0; i < graph.count; i++) {
			bool found = !graph.leads[i][i];

			for (size_t k = 0; k < graph.count; k++)
				found = found ||
					(named[k] && graph.leads[i][k] &&
						graph.leads[k][i]);
			assert_true(found);
		}
	}
	assert_true(cyclic > 1000 && cyclic < 9000);
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
		cmocka_unit_test(
			of_ten_thousand_graphs_each_is_sorted_or_its_cycles_are_named),
		cmocka_unit_test(a_large_one_takes_no_time),
	};

	return cmocka_run_group_tests_name("base/order", tests, NULL, NULL);
}
