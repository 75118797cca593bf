/* SPDX-License-Identifier: MIT */
/* The order of the contributors of a database, and all their migrations. */
#include "migration/contributors.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/order.h"
#include "base/str.h"
#include "migration/directory.h"
#include "migration/stamp.h"

static const char *name_of(const void *user, size_t i)
{
	const struct contributor *list = user;

	return list[i].name;
}

static bool goes_before(const void *user, size_t a, size_t b)
{
	return strcmp(name_of(user, a), name_of(user, b)) < 0;
}

/* Returns its index, or `count`. */
static size_t find(const struct contributor *list, size_t count, const char *name)
{
	size_t i = 0;

	while (i < count && !str_equal(list[i].name, name))
		i++;
	return i;
}

/* Reports what is wrong with a contributor, and orders it after those that it names. */
static void place(struct order *order, const struct contributor *list, size_t i,
	const char *const *names, struct problems *problems)
{
	const struct contributor *contributor = &list[i];

	if (find(list, order->count, contributor->name) < i)
		problems_add(problems, contributor->at,
			"'%s' contributes to this database twice", contributor->name);
	for (const char *const *name = contributor->after; name && *name; name++) {
		size_t before = find(list, order->count, *name);
		char room[STR_SUGGEST_SIZE];

		if (before < order->count)
			order_require(order, i, before);
		else
			problems_add(problems, contributor->at,
				"comes after '%s', which does not contribute to this "
				"database%s",
				*name, str_suggest(*name, names, room));
	}
}

int contributors_read(const struct contributor *contributors, size_t count,
	const struct dialect *dialect, struct arena *arena, struct migrations *ret,
	struct problems *problems, struct err *err)
{
	struct found found = {.dialect = dialect, .arena = arena, .problems = problems};
	CLEANUP_ORDER struct order order = {
		.count = count,
		.before = goes_before,
		.name = name_of,
		.user = contributors,
	};
	CLEANUP_BUF struct buf cycle = BUF_INIT;
	CLEANUP_FREE const char **names = mem_zalloc((count + 1) * sizeof *names);
	CLEANUP_FREE size_t *list = mem_zalloc(count * sizeof *list);
	size_t placed;
	int rc = 0;

	for (size_t i = 0; i < count; i++)
		names[i] = contributors[i].name;
	for (size_t i = 0; i < count; i++)
		place(&order, contributors, i, names, problems);
	placed = order_sort(&order, list);
	for (size_t i = 0; i < placed && rc == 0; i++)
		rc = directory_read(&found, &contributors[list[i]], err);
	if (rc == 0 && placed < count) {
		size_t first = order_cycle(&order, &cycle);

		problems_add(problems, contributors[first].at,
			"contributors come after each other: %s", cycle.data);
	}
	if (rc == 0) {
		ret->count = found.count;
		ret->list =
			arena_memdup(arena, found.list, found.count * sizeof *found.list);
		ret->stamps_count = found.stamps_count;
		ret->stamps = arena_memdup(
			arena, found.stamps, found.stamps_count * sizeof *found.stamps);
	}
	free(found.list);
	free(found.stamps);
	return rc;
}
