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

struct heap {
	const struct order *order;
	size_t *items;
	size_t count;
};

static bool goes_before(const struct order *order, size_t a, size_t b)
{
	if (order->before(order->user, a, b))
		return true;
	return a < b && !order->before(order->user, b, a);
}

static void heap_add(struct heap *heap, size_t item)
{
	size_t at = heap->count++;

	for (; at > 0; at = (at - 1) / 2) {
		size_t parent = heap->items[(at - 1) / 2];

		if (!goes_before(heap->order, item, parent))
			break;
		heap->items[at] = parent;
	}
	heap->items[at] = item;
}

static size_t heap_take(struct heap *heap)
{
	size_t first = heap->items[0];
	size_t last = heap->items[--heap->count];
	size_t at = 0;
	size_t child;

	while ((child = 2 * at + 1) < heap->count) {
		if (child + 1 < heap->count &&
			goes_before(
				heap->order, heap->items[child + 1], heap->items[child]))
			child++;
		if (!goes_before(heap->order, heap->items[child], last))
			break;
		heap->items[at] = heap->items[child];
		at = child;
	}
	heap->items[at] = last;
	return first;
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
	CLEANUP_FREE size_t *items = mem_zalloc(order->count * sizeof *items);
	struct heap heap = {.order = order, .items = items};
	size_t count = 0;

	free(order->missing);
	order->missing = mem_zalloc(order->count * sizeof *order->missing);
	for (size_t i = 0; i < order->requirements_count; i++)
		order->missing[order->requirements[i].item]++;
	for (size_t i = 0; i < order->count; i++)
		if (!order->missing[i])
			heap_add(&heap, i);
	while (heap.count) {
		size_t item = ret[count++] = heap_take(&heap);

		for (size_t i = first[item]; i < first[item + 1]; i++)
			if (--order->missing[dependents[i]] == 0)
				heap_add(&heap, dependents[i]);
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
