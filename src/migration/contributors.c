/* SPDX-License-Identifier: MIT */
/* The order of the contributors of a database, and all their migrations. */
#include "migration/contributors.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

/* "; did you mean 'x'?", or where nothing is near, all the others. */
static void suggest(const struct contributor *list, size_t count, size_t i,
	const char *word, struct buf *to)
{
	CLEANUP_FREE const char **names = mem_zalloc((count + 1) * sizeof *names);
	char room[STR_SUGGEST_SIZE];
	const char *suggestion;
	size_t others = 0;

	for (size_t k = 0; k < count; k++)
		if (!str_equal(list[k].name, list[i].name))
			names[others++] = list[k].name;
	suggestion = str_suggest(word, names, room);
	buf_puts(to, suggestion);
	for (size_t k = 0; k < others && !*suggestion; k++)
		buf_printf(to, "%s'%s'", k ? ", " : "; others that do are ", names[k]);
}

/* Reports what is wrong with a contributor, and orders it after those that it names. */
static void place(struct order *order, const struct contributor *list, size_t i,
	struct problems *problems)
{
	const struct contributor *contributor = &list[i];

	if (find(list, order->count, contributor->name) < i)
		contributor_problem(contributor, problems,
			"'%s' contributes to this database twice", contributor->name);
	for (const char *const *name = contributor->after; name && *name; name++) {
		size_t before = find(list, order->count, *name);
		CLEANUP_BUF struct buf near = BUF_INIT;

		if (str_equal(*name, contributor->name)) {
			problems_add(problems, contributor->after_at,
				"[%s] after: '%s' is this contributor itself",
				contributor->section, *name);
			continue;
		}
		if (before < order->count) {
			order_require(order, i, before);
			continue;
		}
		suggest(list, order->count, i, *name, &near);
		problems_add(problems, contributor->after_at,
			"[%s] after: '%s' does not contribute to this database%s%s",
			contributor->section, *name, near.data,
			contributor->unknown ? contributor->unknown : "");
	}
}

size_t contributors_order(const struct contributor *contributors, size_t count,
	size_t *ret, struct problems *problems)
{
	CLEANUP_ORDER struct order order = {
		.count = count,
		.before = goes_before,
		.name = name_of,
		.user = contributors,
	};
	CLEANUP_BUF struct buf cycle = BUF_INIT;
	size_t placed;

	for (size_t i = 0; i < count; i++)
		place(&order, contributors, i, problems);
	placed = order_sort(&order, ret);
	if (placed < count) {
		const struct contributor *first =
			&contributors[order_cycle(&order, &cycle)];

		problems_add(problems, first->after_at,
			"[%s] after: contributors come after each other: %s",
			first->section, cycle.data);
	}
	return placed;
}

void contributors_check(
	const struct contributor *contributors, size_t count, struct problems *problems)
{
	CLEANUP_FREE size_t *unused = mem_zalloc(count * sizeof *unused);

	(void)contributors_order(
		contributors, count, unused, problems); /* it only reports */
}

/* Is there a migration in which these placeholders are replaced? */
static bool has_use(const struct found *found, const char *const *placeholders)
{
	for (size_t i = 0; i < found->count; i++)
		if (found->list[i].may_have_placeholders &&
			found->list[i].placeholders == placeholders)
			return true;
	return false;
}

/* Several contributors may have those of the database; then one of them is enough. */
static void warn_placeholders(
	const struct contributor *contributors, size_t count, const struct found *found)
{
	for (size_t i = 0; i < count; i++) {
		const struct contributor *one = &contributors[i];
		size_t first = 0;

		while (contributors[first].placeholders != one->placeholders)
			first++;
		if (first < i || !one->placeholders || !found->count ||
			has_use(found, one->placeholders))
			continue;
		contributor_warn_placeholders(one,
			"no migration has one of Flyway's names, so nothing is replaced");
	}
}

static bool same_names(const char *const *a, const char *const *b)
{
	while (a && b && *a && *b && str_equal(*a, *b)) {
		a++;
		b++;
	}
	return !(a && *a) && !(b && *b);
}

/* What a path leads to. */
struct target {
	bool there;
	dev_t device;
	ino_t inode;
};

static struct target target_of(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return (struct target){.there = false};
	return (struct target){.there = true, .device = st.st_dev, .inode = st.st_ino};
}

static bool same_target(const struct target *a, const struct target *b)
{
	return a->there && b->there && a->device == b->device && a->inode == b->inode;
}

/* Do they take the same of what is there? */
static bool same_choice(const struct contributor *a, const struct contributor *b)
{
	return same_names(a->exclude, b->exclude) &&
		str_equal(a->variant ? a->variant : "", b->variant ? b->variant : "");
}

/* Has one before it the same migrations, however its path is written? */
static void check_path(const struct contributor *list, const struct target *targets,
	size_t i, struct problems *problems)
{
	for (size_t k = 0; k < i; k++) {
		if (str_equal(list[k].name, list[i].name) ||
			!same_target(&targets[k], &targets[i]) ||
			!same_choice(&list[k], &list[i]))
			continue;
		contributor_problem(&list[i], problems,
			"[%s] has the same migrations, which would run twice: remove one "
			"of the sections, or correct its path",
			list[k].section);
		return;
	}
}

static void check_paths(
	const struct contributor *list, size_t count, struct problems *problems)
{
	CLEANUP_FREE struct target *targets = mem_zalloc(count * sizeof *targets);

	for (size_t i = 0; count > 1 && i < count; i++) {
		targets[i] = target_of(list[i].path);
		check_path(list, targets, i, problems);
	}
}

int contributors_read(const struct contributor *contributors, size_t count,
	const struct dialect *dialect, struct arena *arena, struct migrations *ret,
	struct problems *problems, struct err *err)
{
	struct found found = {.dialect = dialect, .arena = arena, .problems = problems};
	CLEANUP_FREE size_t *list = mem_zalloc(count * sizeof *list);
	size_t placed = contributors_order(contributors, count, list, problems);
	int rc = 0;

	check_paths(contributors, count, problems);
	for (size_t i = 0; i < placed && rc == 0; i++) {
		const struct contributor *from = &contributors[list[i]];

		rc = directory_read(&found, from, err);
		if (rc < 0) {
			(void)err_prefix(err, "[%s] %s", from->section, from->key);
			(void)err_at(err, from->at); /* both always -1 */
		}
	}
	if (rc == 0) {
		warn_placeholders(contributors, count, &found);
		ret->arena = arena;
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
