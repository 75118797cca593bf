/* SPDX-License-Identifier: MIT */
/* Contributors: reading their folders, and the order in which all migrations go. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "db/db.h"
#include "db/migration.h"

#define MIGRATIONS_MAX 100000

/* A list of migrations that grows; what it becomes lives in the arena. */
struct gather {
	struct db_migration *list;
	size_t count;
	size_t room;
	struct arena *arena;
	struct problems *problems;
};

static int add(struct gather *gather, const struct db_migration *one, struct err *err)
{
	if (gather->count == MIGRATIONS_MAX)
		return err_fail(err, "more than %d migrations", MIGRATIONS_MAX);
	if (gather->count == gather->room) {
		gather->room = gather->room ? gather->room * 2 : 64;
		gather->list =
			mem_resize(gather->list, gather->room, sizeof *gather->list);
	}
	gather->list[gather->count++] = *one;
	return 0;
}

/* Is it meant to be SQL? Hidden files, editors' leftovers and a README are not. */
static bool is_sql(const char *name)
{
	size_t size = strlen(name);

	return name[0] != '.' && size > 4 && strcasecmp(name + size - 4, ".sql") == 0;
}

static int add_named(struct gather *gather, const struct db_source *source,
	const char *name, struct err *err)
{
	struct db_migration one = {.module = source->module};

	one.file = path_join(gather->arena, source->path, name);
	if (migration_parse_name(name, gather->arena, &one))
		return add(gather, &one, err);
	problems_add(gather->problems, (struct place){.file = one.file},
		"is not a name of a migration: " MIGRATION_EXPECTED);
	return 0;
}

static int list_folder(
	struct gather *gather, const struct db_source *source, DIR *dir, struct err *err)
{
	const struct dirent *entry;

	for (;;) {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			break;
		if (is_sql(entry->d_name) &&
			add_named(gather, source, entry->d_name, err) < 0)
			return -1;
	}
	return errno ? err_sys(err, "read the folder '%s'", source->path) : 0;
}

/* One file: where its name has no version, the name itself is the version. */
static int add_single(
	struct gather *gather, const struct db_source *source, struct err *err)
{
	const char *base = path_base(source->path);
	struct db_migration one = {.module = source->module, .file = source->path};

	if (!str_ends(base, ".sql") || str_equal(base, ".sql")) {
		problems_add(gather->problems, source->at,
			"'%s' is neither a folder of migrations nor a .sql file",
			source->path);
		return 0;
	}
	if (!migration_parse_name(base, gather->arena, &one)) {
		char *name = arena_strdup(gather->arena, base);

		name[strlen(name) - strlen(".sql")] = '\0';
		one.id = one.name = name;
	}
	return add(gather, &one, err);
}

static int by_version(const void *a, const void *b)
{
	const struct db_migration *left = a, *right = b;
	int order = migration_version_cmp(left->id, right->id);

	return order ? order : strcmp(left->file, right->file);
}

static void check_versions(const struct gather *gather, size_t first)
{
	for (size_t i = first + 1; i < gather->count; i++) {
		const struct db_migration *before = &gather->list[i - 1];
		const struct db_migration *one = &gather->list[i];

		if (migration_version_cmp(before->id, one->id) == 0)
			problems_add(gather->problems, (struct place){.file = one->file},
				"version %s is there twice: also in '%s'", one->id,
				before->file);
	}
}

static int read_files(const struct gather *gather, size_t first, struct err *err)
{
	for (size_t i = first; i < gather->count; i++)
		if (migration_read(
			    &gather->list[i], gather->arena, gather->problems, err) < 0)
			return -1;
	return 0;
}

/*
 * Adds all that `source` has: a folder that is not there is a mistake, not an empty
 * one.
 */
static int list_source(
	struct gather *gather, const struct db_source *source, struct err *err)
{
	DIR *dir = opendir(source->path);
	int rc;

	if (!dir && errno == ENOTDIR)
		return add_single(gather, source, err);
	if (!dir && errno == ENOENT) {
		problems_add(
			gather->problems, source->at, "'%s' is not there", source->path);
		return 0;
	}
	if (!dir)
		return err_sys(err, "open the folder '%s'", source->path);
	rc = list_folder(gather, source, dir, err);
	(void)closedir(dir); /* opened for reading: nothing to lose */
	return rc;
}

static int read_source(
	struct gather *gather, const struct db_source *source, struct err *err)
{
	size_t first = gather->count;
	size_t problems = gather->problems->count + gather->problems->left_out;

	if (list_source(gather, source, err) < 0)
		return -1;
	if (gather->count == first &&
		gather->problems->count + gather->problems->left_out == problems)
		problems_add(gather->problems, source->at,
			"there is no migration in '%s': " MIGRATION_EXPECTED,
			source->path);
	if (gather->count > first)
		qsort(gather->list + first, gather->count - first, sizeof *gather->list,
			by_version);
	check_versions(gather, first);
	return read_files(gather, first, err);
}

/* ---- the order of contributors ---- */

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
	struct gather gather = {.arena = arena, .problems = problems};
	struct order order = {.sources = sources, .count = count};
	const struct db_source *source;
	int rc = 0;

	order.done = mem_zalloc(count * sizeof *order.done);
	check_names(&order, problems);
	while (rc == 0 && (source = next_source(&order))) {
		order.done[source - sources] = true;
		rc = read_source(&gather, source, err);
	}
	if (rc == 0) {
		say_cycle(&order, problems);
		ret->list = arena_alloc(arena, gather.count * sizeof *gather.list);
		ret->count = gather.count;
		if (gather.count)
			memcpy(ret->list, gather.list,
				gather.count * sizeof *gather.list);
	}
	free(order.done);
	free(gather.list);
	return rc;
}
