/* SPDX-License-Identifier: MIT */
/*
 * Topological order: what each item requires comes before it.
 *
 *	CLEANUP_ORDER struct order order = {.count = n, .before = …, .name = …};
 *	order_require(&order, item, required);
 *	while (order_sort(&order, list) < n)
 *		order_cycle(&order, &text);
 *
 * Items are numbers below `count`. Of those whose requirements are placed, the one that
 * goes before all others is placed next (Kahn 1962, with a heap): O((n + m) log n) for n
 * items and m requirements.
 */
#ifndef BASE_ORDER_H
#define BASE_ORDER_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

struct order_requirement {
	size_t item, required;
};

struct order {
	size_t count;
	bool (*before)(const void *user, size_t a, size_t b);
	const char *(*name)(const void *user, size_t item); /* for order_cycle() */
	const void *user;

	/* order.c's own */
	struct order_requirement *requirements;
	size_t requirements_count;
	size_t *missing; /* of each item: how many of its requirements are not placed */
};

#define CLEANUP_ORDER __attribute__((cleanup(order_release)))

/* Lets `required` be placed before `item`. Once or several times is the same. */
void order_require(struct order *order, size_t item, size_t required);

/*
 * Fills `ret`, which has room for `count` items, and returns how many were placed. If
 * these are fewer, the rest is on a cycle or requires one that is. Items of which none
 * goes before the other are placed by number.
 */
size_t order_sort(struct order *order, size_t *ret);

/*
 * After an order_sort() that did not place all: appends a cycle, "a → b → a", to `ret`
 * and returns the item that it begins with. The last requirement of the cycle is then
 * forgotten, so that the next order_sort() finds what else is one.
 */
size_t order_cycle(struct order *order, struct buf *ret);

void order_release(struct order *order);

#endif
