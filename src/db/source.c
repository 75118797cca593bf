/* SPDX-License-Identifier: MIT */
/* Contributors: the order in which they go, and all migrations with them. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "db/db.h"
#include "db/folder.h"

struct order {
	const struct db_source *sources;
	size_t count;
	bool *done;
};

static const struct db_source *find(const struct order *order, const char *module)
{
	for (size_t i = 0; i < order->count; i++)
		if (str_equal(order->sources[i].module, module))
			return &order->sources[i];
	return NULL;
}

static bool is_done(const struct order *order, const struct db_source *source)
{
	return order->done[source - order->sources];
}

/*
 * The first requirement that is still to come, or NULL. Unknown ones were told already.
 */
static const struct db_source *waits_for(
	const struct order *order, const struct db_source *source)
{
	for (const char *const *one = source->requires; one && *one; one++) {
		const struct db_source *required = find(order, *one);

		if (required && !is_done(order, required))
			return required;
	}
	return NULL;
}

/*
 * Of those that wait for nobody, the one with the lowest name; NULL: they form a cycle.
 */
static const struct db_source *next_source(const struct order *order)
{
	const struct db_source *best = NULL;

	for (size_t i = 0; i < order->count; i++) {
		const struct db_source *one = &order->sources[i];

		if (order->done[i] || waits_for(order, one))
			continue;
		if (!best || strcmp(one->module, best->module) < 0)
			best = one;
	}
	return best;
}

/*
 * Whoever waits long enough comes round: after `count` steps we stand inside the cycle.
 */
static void say_cycle(const struct order *order, struct problems *problems)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	const struct db_source *first = NULL;
	const struct db_source *at;

	for (size_t i = 0; i < order->count && !first; i++)
		if (!order->done[i])
			first = &order->sources[i];
	for (size_t i = 0; first && i < order->count; i++)
		first = waits_for(order, first);
	if (!first)
		return;
	buf_puts(&text, first->module);
	for (at = waits_for(order, first); at && at != first; at = waits_for(order, at))
		buf_printf(&text, " → %s", at->module);
	problems_add(problems, first->at, "contributors require each other: %s → %s",
		text.data, first->module);
}

static void check_names(const struct order *order, struct problems *problems)
{
	const char **names = mem_zalloc((order->count + 1) * sizeof *names);

	for (size_t i = 0; i < order->count; i++)
		names[i] = order->sources[i].module;
	for (size_t i = 0; i < order->count; i++) {
		const struct db_source *source = &order->sources[i];

		if (find(order, source->module) != source)
			problems_add(problems, source->at,
				"'%s' contributes to this database twice",
				source->module);
		for (const char *const *one = source->requires; one && *one; one++) {
			const char *near = str_nearest(*one, names);

			if (!find(order, *one))
				problems_add(problems, source->at,
					"requires '%s', which does not contribute to "
					"this "
					"database%s%s%s",
					*one, near ? "; did you mean '" : "",
					near ? near : "", near ? "'?" : "");
		}
	}
	free(names);
}

int db_sources_read(const struct db_source *sources, size_t count, struct arena *arena,
	struct db_migrations *ret, struct problems *problems, struct err *err)
{
	struct found found = {.arena = arena, .problems = problems};
	struct order order = {.sources = sources, .count = count};
	const struct db_source *source;
	int rc = 0;

	order.done = mem_zalloc(count * sizeof *order.done);
	check_names(&order, problems);
	while (rc == 0 && (source = next_source(&order))) {
		order.done[source - sources] = true;
		rc = folder_read(&found, source, err);
	}
	if (rc == 0) {
		say_cycle(&order, problems);
		ret->count = found.count;
		ret->list = arena_alloc(arena, found.count * sizeof *found.list);
		if (found.count)
			memcpy(ret->list, found.list, found.count * sizeof *found.list);
	}
	free(order.done);
	free(found.list);
	return rc;
}
