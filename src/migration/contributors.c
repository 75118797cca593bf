/* SPDX-License-Identifier: MIT */
/* The order of the contributors of a database, and all their migrations. */
#include "migration/contributors.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "migration/directory.h"

struct order {
	const struct contributor *contributors;
	size_t count;
	bool *done;
};

static const struct contributor *find(const struct order *order, const char *name)
{
	for (size_t i = 0; i < order->count; i++)
		if (str_equal(order->contributors[i].name, name))
			return &order->contributors[i];
	return NULL;
}

static bool is_done(const struct order *order, const struct contributor *one)
{
	return order->done[one - order->contributors];
}

/* Returns the first requirement that is not done, or NULL. Unknown ones do not count. */
static const struct contributor *waits_for(
	const struct order *order, const struct contributor *one)
{
	for (const char *const *name = one->requires; name && *name; name++) {
		const struct contributor *required = find(order, *name);

		if (required && !is_done(order, required))
			return required;
	}
	return NULL;
}

/*
 * Of the contributors whose requirements are done, returns the first by name; NULL if
 * there is none: they are all done, or form a cycle.
 */
static const struct contributor *find_next(const struct order *order)
{
	const struct contributor *best = NULL;

	for (size_t i = 0; i < order->count; i++) {
		const struct contributor *one = &order->contributors[i];

		if (order->done[i] || waits_for(order, one))
			continue;
		if (!best || strcmp(one->name, best->name) < 0)
			best = one;
	}
	return best;
}

/*
 * From a contributor that is not done, its requirements lead into a cycle, after `count`
 * of them at the latest.
 */
static void report_cycle(const struct order *order, struct problems *problems)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	const struct contributor *first = NULL;
	const struct contributor *at;

	for (size_t i = 0; i < order->count && !first; i++)
		if (!order->done[i])
			first = &order->contributors[i];
	for (size_t i = 0; first && i < order->count; i++)
		first = waits_for(order, first);
	if (!first)
		return;
	buf_puts(&text, first->name);
	for (at = waits_for(order, first); at && at != first; at = waits_for(order, at))
		buf_printf(&text, " → %s", at->name);
	problems_add(problems, first->at, "contributors require each other: %s → %s",
		text.data, first->name);
}

static void check_names(const struct order *order, struct problems *problems)
{
	const char **names = mem_zalloc((order->count + 1) * sizeof *names);

	for (size_t i = 0; i < order->count; i++)
		names[i] = order->contributors[i].name;
	for (size_t i = 0; i < order->count; i++) {
		const struct contributor *one = &order->contributors[i];

		if (find(order, one->name) != one)
			problems_add(problems, one->at,
				"'%s' contributes to this database twice", one->name);
		for (const char *const *name = one->requires; name && *name; name++) {
			const char *near = str_nearest(*name, names);

			if (!find(order, *name))
				problems_add(problems, one->at,
					"requires '%s', which does not contribute to "
					"this database%s%s%s",
					*name, near ? "; did you mean '" : "",
					near ? near : "", near ? "'?" : "");
		}
	}
	free(names);
}

int contributors_read(const struct contributor *contributors, size_t count,
	const struct dialect *dialect, struct arena *arena, struct migrations *ret,
	struct problems *problems, struct err *err)
{
	struct found found = {.dialect = dialect, .arena = arena, .problems = problems};
	struct order order = {.contributors = contributors, .count = count};
	const struct contributor *one;
	int rc = 0;

	order.done = mem_zalloc(count * sizeof *order.done);
	check_names(&order, problems);
	while (rc == 0 && (one = find_next(&order))) {
		order.done[one - contributors] = true;
		rc = directory_read(&found, one, err);
	}
	if (rc == 0) {
		report_cycle(&order, problems);
		ret->count = found.count;
		ret->list = arena_alloc(arena, found.count * sizeof *found.list);
		if (found.count)
			memcpy(ret->list, found.list, found.count * sizeof *found.list);
	}
	free(order.done);
	free(found.list);
	return rc;
}
