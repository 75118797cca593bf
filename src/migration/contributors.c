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

/* All contributors, to their order. */
struct all {
	const struct contributor *list;
	size_t count;
};

static const char *name_of(const void *user, size_t i)
{
	const struct all *all = user;

	return all->list[i].name;
}

static bool goes_before(const void *user, size_t a, size_t b)
{
	return strcmp(name_of(user, a), name_of(user, b)) < 0;
}

static const struct contributor *find(const struct all *all, const char *name)
{
	for (size_t i = 0; i < all->count; i++)
		if (str_equal(all->list[i].name, name))
			return &all->list[i];
	return NULL;
}

static void report_cycle(
	const struct all *all, const struct order *order, struct problems *problems)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	size_t first = order_cycle(order, &text);

	problems_add(problems, all->list[first].at, "contributors require each other: %s",
		text.data);
}

/* Reports what is wrong with a contributor, and orders it after its requirements. */
static void require(struct order *order, const struct all *all, size_t i,
	const char *const *names, struct problems *problems)
{
	const struct contributor *contributor = &all->list[i];

	if (find(all, contributor->name) != contributor)
		problems_add(problems, contributor->at,
			"'%s' contributes to this database twice", contributor->name);
	for (const char *const *name = contributor->requires; name && *name; name++) {
		const struct contributor *required = find(all, *name);
		char room[STR_SUGGEST_SIZE];

		if (required)
			order_require(order, i, (size_t)(required - all->list));
		else
			problems_add(problems, contributor->at,
				"requires '%s', which does not contribute to this "
				"database%s",
				*name, str_suggest(*name, names, room));
	}
}

int contributors_read(const struct contributor *contributors, size_t count,
	const struct dialect *dialect, struct arena *arena, struct migrations *ret,
	struct problems *problems, struct err *err)
{
	struct found found = {.dialect = dialect, .arena = arena, .problems = problems};
	const struct all all = {.list = contributors, .count = count};
	CLEANUP_ORDER struct order order = {
		.count = count, .before = goes_before, .name = name_of, .user = &all};
	CLEANUP_FREE const char **names = mem_zalloc((count + 1) * sizeof *names);
	CLEANUP_FREE size_t *list = mem_zalloc(count * sizeof *list);
	size_t placed;
	int rc = 0;

	for (size_t i = 0; i < count; i++)
		names[i] = contributors[i].name;
	for (size_t i = 0; i < count; i++)
		require(&order, &all, i, names, problems);
	placed = order_sort(&order, list);
	for (size_t i = 0; i < placed && rc == 0; i++)
		rc = directory_read(&found, &contributors[list[i]], err);
	if (rc == 0 && placed < count)
		report_cycle(&all, &order, problems);
	if (rc == 0) {
		ret->count = found.count;
		ret->list = arena_alloc(arena, found.count * sizeof *found.list);
		if (found.count)
			memcpy(ret->list, found.list, found.count * sizeof *found.list);
	}
	free(found.list);
	return rc;
}
