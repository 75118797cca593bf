/* SPDX-License-Identifier: MIT */
/* Topological order by a heap of the items that can be placed. */
#include "base/order.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"

void order_require(struct order *order, size_t item, size_t required)
{
	order->requirements = mem_grow(order->requirements, order->requirements_count,
		sizeof *order->requirements);
	order->requirements[order->requirements_count++] =
		(struct order_requirement){item, required};
}

/* ---- the heap ---- */

/* Of the items' ranks: what goes before all others has 0. */
struct heap {
	size_t *ranks;
	size_t count;
};

static void heap_add(struct heap *heap, size_t rank)
{
	size_t at = heap->count++;

	for (; at > 0; at = (at - 1) / 2) {
		size_t parent = heap->ranks[(at - 1) / 2];

		if (parent < rank)
			break;
		heap->ranks[at] = parent;
	}
	heap->ranks[at] = rank;
}

static size_t heap_take(struct heap *heap)
{
	size_t first = heap->ranks[0];
	size_t last = heap->ranks[--heap->count];
	size_t at = 0;
	size_t child;

	while ((child = 2 * at + 1) < heap->count) {
		if (child + 1 < heap->count &&
			heap->ranks[child + 1] < heap->ranks[child])
			child++;
		if (last < heap->ranks[child])
			break;
		heap->ranks[at] = heap->ranks[child];
		at = child;
	}
	heap->ranks[at] = last;
	return first;
}

/* ---- ranks ---- */

static int compare(const void *left, const void *right, void *user)
{
	const struct order *order = user;
	size_t a = *(const size_t *)left, b = *(const size_t *)right;

	if (order->before(order->user, a, b))
		return -1;
	if (order->before(order->user, b, a))
		return 1;
	return a < b ? -1 : a > b;
}

/* The items as they would be placed if none required another. */
static void rank(struct order *order, size_t *ret_items, size_t *ret_ranks)
{
	for (size_t i = 0; i < order->count; i++)
		ret_items[i] = i;
	if (order->count)
		qsort_r(ret_items, order->count, sizeof *ret_items, compare, order);
	for (size_t i = 0; i < order->count; i++)
		ret_ranks[ret_items[i]] = i;
}

/* ---- the order ---- */

/*
 * Lists the items that require each: for item i, dependents[first[i]] up to first[i + 1].
 * One allocation holds both arrays.
 */
static size_t *list_dependents(const struct order *order, size_t **ret_dependents)
{
	size_t n = order->requirements_count;
	size_t *first = mem_zalloc((order->count + 2 + n) * sizeof *first);
	size_t *dependents = first + order->count + 2;

	/* Counts are at i + 2; their sums, the beginnings, at i + 1 while filling. */
	for (size_t i = 0; i < n; i++)
		first[order->requirements[i].required + 2]++;
	for (size_t i = 2; i < order->count + 2; i++)
		first[i] += first[i - 1];
	for (size_t i = 0; i < n; i++)
		dependents[first[order->requirements[i].required + 1]++] =
			order->requirements[i].item;
	*ret_dependents = dependents;
	return first;
}

size_t order_sort(struct order *order, size_t *ret)
{
	size_t *dependents;
	CLEANUP_FREE size_t *first = list_dependents(order, &dependents);
	CLEANUP_FREE size_t *items = mem_zalloc(3 * order->count * sizeof *items);
	size_t *ranks = items + order->count;
	struct heap heap = {.ranks = ranks + order->count};
	size_t count = 0;

	free(order->missing);
	order->missing = mem_zalloc(order->count * sizeof *order->missing);
	for (size_t i = 0; i < order->requirements_count; i++)
		order->missing[order->requirements[i].item]++;
	rank(order, items, ranks);
	for (size_t i = 0; i < order->count; i++)
		if (!order->missing[items[i]])
			heap_add(&heap, i);
	while (heap.count) {
		size_t item = ret[count++] = items[heap_take(&heap)];

		for (size_t i = first[item]; i < first[item + 1]; i++)
			if (--order->missing[dependents[i]] == 0)
				heap_add(&heap, ranks[dependents[i]]);
	}
	return count;
}

/* Forgets that `item` requires the other one, however often that was said. */
static void forget(struct order *order, size_t item, size_t required)
{
	size_t kept = 0;

	for (size_t i = 0; i < order->requirements_count; i++) {
		const struct order_requirement edge = order->requirements[i];

		if (edge.item != item || edge.required != required)
			order->requirements[kept++] = edge;
	}
	order->requirements_count = kept;
}

/* From an item that is not placed, at most `count` requirements lead into a cycle. */
size_t order_cycle(struct order *order, struct buf *ret)
{
	CLEANUP_FREE size_t *waits_for = mem_zalloc(order->count * sizeof *waits_for);
	size_t start = 0, at, last;

	for (size_t i = order->requirements_count; i-- > 0;) {
		const struct order_requirement *edge = &order->requirements[i];

		if (order->missing[edge->required])
			waits_for[edge->item] = edge->required;
	}
	while (!order->missing[start])
		start++;
	for (size_t i = 0; i < order->count; i++)
		start = waits_for[start];
	buf_puts(ret, order->name(order->user, start));
	at = start;
	do {
		last = at;
		at = waits_for[at];
		buf_printf(ret, " → %s", order->name(order->user, at));
	} while (at != start);
	forget(order, last, start);
	return start;
}

void order_release(struct order *order)
{
	free(order->requirements);
	free(order->missing);
	*order = (struct order){0};
}
