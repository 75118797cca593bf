/* SPDX-License-Identifier: MIT */
/* The order of the migrations of a directory. */
#include "migration/sequence.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/problems.h"
#include "base/str.h"
#include "migration/contributors.h"
#include "migration/listing.h"
#include "migration/markers.h"

/* ---- sorting ---- */

/* Each of these orders pointers to candidates, for qsort(), and no two are equal. */

static const struct candidate *at(const void *pointer)
{
	return *(const struct candidate *const *)pointer;
}

static int by_entry(const void *a, const void *b)
{
	const struct candidate *left = at(a), *right = at(b);
	int order = strcmp(left->entry, right->entry);

	return order ? order : strcmp(left->migration.file, right->migration.file);
}

/* Those of one version are next to each other, the up migration first. */
static int by_version(const void *a, const void *b)
{
	const struct candidate *left = at(a), *right = at(b);
	int order = strcmp(left->migration.key, right->migration.key);

	if (!order)
		order = (left->role == FORMAT_DOWN) - (right->role == FORMAT_DOWN);
	return order ? order : by_entry(a, b);
}

static int by_tool(const void *a, const void *b)
{
	const struct candidate *left = at(a), *right = at(b);
	int order = strcmp(left->sort, right->sort);

	if (left->position != right->position)
		return left->position < right->position ? -1 : 1;
	return order ? order : by_version(a, b);
}

static bool is_sorted(struct candidate *const *list, size_t count,
	int (*compare)(const void *, const void *))
{
	for (size_t i = 1; i < count; i++)
		if (compare(&list[i - 1], &list[i]) > 0)
			return false;
	return true;
}

/* Candidates are large, and move once; and most lists are in order already. */
static void sort(struct listing *listing, int (*compare)(const void *, const void *))
{
	size_t count = listing->count;
	CLEANUP_FREE struct candidate **list = mem_zalloc((count + 1) * sizeof *list);
	CLEANUP_FREE struct candidate *to = NULL;

	for (size_t i = 0; i < count; i++)
		list[i] = &listing->list[i];
	if (is_sorted(list, count, compare))
		return;
	qsort(list, count, sizeof *list, compare);
	to = mem_zalloc(count * sizeof *to);
	for (size_t i = 0; i < count; i++)
		to[i] = *list[i];
	memcpy(listing->list, to, count * sizeof *to);
}

/* ---- which order it is ---- */

/* Is the order of these two as text that of their numbers, and are they not equal? */
static bool is_evident(const char *a, const char *b)
{
	bool differ = false;

	for (; *a && *b && (*a == '-') == (*b == '-'); a++, b++)
		differ |= *a != *b;
	return differ && !*a && !*b;
}

/* Reads the first file that runs, and asks for the order of its markers. */
static int ask_markers(
	const struct listing *listing, enum version_order *order, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	const struct candidate *first = listing->list;
	int rc;

	while (first->role == FORMAT_DOWN)
		if (++first == listing->list + listing->count)
			return 0;
	if (!first->migration.marked)
		return 0;
	rc = fs_read(listing->contributor->fs, first->migration.file, FS_ANY, INT_MAX,
		&text, err);
	if (rc == 0)
		(void)markers_order(&text, order); /* else as it is */
	return rc < 0 ? -1 : 0;
}

/* The list is sorted by_entry(). */
static int find_order(
	const struct listing *listing, enum version_order *ret, struct err *err)
{
	const struct format_family *family = listing->list[0].format->family;
	const char *last = NULL;
	bool evident = true;

	*ret = family ? family->order : VERSION_NUMBER;
	if (listing->journal)
		*ret = VERSION_JOURNAL;
	if (*ret != VERSION_NUMBER)
		return 0;
	for (size_t i = 0; i < listing->count; i++) {
		const char *id = listing->list[i].migration.id;

		if (strchr(id, '-'))
			*ret = VERSION_DATE;
		if (listing->list[i].role == FORMAT_DOWN)
			continue;
		evident = evident && (!last || is_evident(last, id));
		last = id;
	}
	return evident ? 0 : ask_markers(listing, ret, err);
}

static void set_keys(struct listing *listing, enum version_order order)
{
	for (size_t i = 0; i < listing->count; i++) {
		struct candidate *candidate = &listing->list[i];
		struct migration *migration = &candidate->migration;

		migration->order = order;
		migration->key = version_key(order, migration->id, listing->arena);
		candidate->sort = version_sort_key(
			order, migration->key, candidate->entry, listing->arena);
	}
}

/* ---- what is of one version ---- */

/* Those of one version, from `first` on: how many they are. */
static size_t count_same(const struct listing *listing, size_t first)
{
	const struct candidate *list = listing->list;
	size_t i = first + 1;

	while (i < listing->count &&
		str_equal(list[i].migration.key, list[first].migration.key))
		i++;
	return i - first;
}

/*
 * To some tools two names are two migrations, whatever number they begin with. The ledger
 * has one row an id, so there all of the name is the id.
 */
static void use_names(struct listing *listing, size_t first, size_t count)
{
	for (size_t i = first; i < first + count; i++) {
		struct candidate *candidate = &listing->list[i];
		struct migration *migration = &candidate->migration;

		if (!*migration->name)
			continue;
		if (!migration->former_id) {
			migration->former_id = migration->id;
			migration->former_name = migration->name;
		}
		migration->id = migration->stem;
		migration->name = "";
	}
}

static void use_names_where_shared(struct listing *listing, enum version_order order)
{
	bool changed = false;
	size_t same;

	if (order != VERSION_NAME && order != VERSION_PREFIX && order != VERSION_JOURNAL)
		return;
	for (size_t i = 0; i < listing->count; i += same) {
		same = count_same(listing, i);
		if (same == 1)
			continue;
		use_names(listing, i, same);
		changed = true;
	}
	if (changed)
		set_keys(listing, order);
	sort(listing, by_version);
}

/* Two of one format, or one that goes up behind one that does. */
static bool is_twice(const struct candidate *up, const struct candidate *candidate)
{
	return candidate->role != FORMAT_DOWN || candidate->format == up->format;
}

/* Of a file and its variant for our database the variant is meant. */
static void replace(struct listing *listing, size_t first, size_t count)
{
	struct candidate *list = &listing->list[first];

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; list[i].replaces && j < count; j++)
			if (!list[j].replaced &&
				str_equal(list[j].migration.file, list[i].replaces)) {
				list[j].replaced = true;
				names_add(&listing->replaced, list[j].entry);
			}
}

static void replace_all(struct listing *listing)
{
	size_t same, kept = 0;

	for (size_t i = 0; i < listing->count; i += same) {
		same = count_same(listing, i);
		replace(listing, i, same);
	}
	for (size_t i = 0; i < listing->count; i++)
		if (!listing->list[i].replaced)
			listing->list[kept++] = listing->list[i];
	listing->count = kept;
}

/*
 * What shows that a directory with V and U files is Flyway's, whose U files revert; NULL
 * if it may be refinery's, to which they are migrations like others. refinery has whole
 * numbers, each once. What is left over from Flyway must not run: it drops tables. The
 * list is sorted by_version().
 */
static const char *find_flyway(const struct listing *listing)
{
	const char *sign = "there is no V file";

	if (listing->contributor->flyway)
		return "`adopt` names Flyway";
	if (listing->contributor->placeholders)
		return "`placeholders` is written";
	for (size_t i = 0; i < listing->count; i++) {
		const struct candidate *at = &listing->list[i];
		bool shared = i > 0 && str_equal(at[-1].migration.key, at->migration.key);

		if (at->role == FORMAT_REPEATABLE)
			return arena_printf(
				listing->arena, "'%s' is repeatable", at->entry);
		if (strpbrk(at->migration.id, "._"))
			return arena_printf(listing->arena,
				"the version of '%s' is no whole number", at->entry);
		if (at->role == FORMAT_DOWN && shared && at[-1].role == FORMAT_UP)
			return arena_printf(listing->arena, "'%s' reverts '%s'",
				at->entry, at[-1].entry);
		if (at->role == FORMAT_UP)
			sign = NULL;
	}
	return sign;
}

static void report_alone(
	const struct listing *listing, const struct candidate *down, const char *flyway)
{
	bool may = down->format->may_go_up;

	problems_add(listing->problems, down->at,
		"reverts version %s, for which there is no %s%s%s", down->migration.id,
		down->format->reverts, may ? "; it is Flyway's, since " : "",
		may ? flyway : "");
}

static void go_up(const struct listing *listing, struct candidate *candidate)
{
	candidate->role = FORMAT_UP;
	if (listing->contributor->log)
		log_info(listing->contributor->log,
			"'%s' goes up, as refinery's do: no V file has its version, and "
			"nothing in its directory is Flyway's",
			candidate->migration.file);
}

/* `flyway` is what find_flyway() returned. */
static void check_version(
	const struct listing *listing, size_t first, size_t count, const char *flyway)
{
	struct candidate *up = &listing->list[first];

	if (up->role == FORMAT_DOWN && up->format->may_go_up && !flyway)
		go_up(listing, up);
	for (struct candidate *candidate = up; candidate < up + count; candidate++)
		if (up->role == FORMAT_DOWN)
			report_alone(listing, candidate, flyway);
		else if (candidate > up && is_twice(up, candidate))
			problems_add(listing->problems, candidate->at,
				"version %s exists twice: also in '%s'; give one of them "
				"another version, or leave it out with `exclude`",
				candidate->migration.id, up->migration.file);
}

static void check_versions(const struct listing *listing)
{
	const char *flyway = find_flyway(listing);
	size_t same;

	for (size_t i = 0; i < listing->count; i += same) {
		same = count_same(listing, i);
		check_version(listing, i, same, flyway);
	}
}

static void check_families(const struct listing *listing)
{
	const struct candidate *first = listing->list;

	for (size_t i = 1; i < listing->count; i++) {
		const struct candidate *candidate = &listing->list[i];

		if (candidate->format->family == first->format->family)
			continue;
		problems_add(listing->problems, candidate->at,
			"has the format %s, but '%s' has %s, and their order is not "
			"defined; use a directory for each format",
			candidate->format->pattern, first->migration.file,
			first->format->pattern);
		return;
	}
}

int sequence_arrange(struct listing *listing, struct err *err)
{
	enum version_order order;

	if (listing->count == 0)
		return 0;
	sort(listing, by_entry);
	check_families(listing);
	if (find_order(listing, &order, err) < 0)
		return -1;
	set_keys(listing, order);
	sort(listing, by_version);
	replace_all(listing);
	use_names_where_shared(listing, order);
	check_versions(listing);
	sort(listing, by_tool);
	return 0;
}
