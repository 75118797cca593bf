/* SPDX-License-Identifier: MIT */
/* What is wrong with the text of migrations that are pending. */
#include "migration/migration.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs_reader.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/problems.h"
#include "base/str.h"
#include "migration/contributor.h"
#include "migration/markers.h"
#include "migration/outside.h"
#include "migration/placeholders.h"

struct checking {
	struct migrations *all;
	struct fs_reader reader;
	struct problems *problems;
	const struct migration *first; /* of the contributor */
	const char *wanted;            /* its marker, which all others must have */
	bool mixed;                    /* one has another, which is reported */
	bool logged;                   /* which tool's markers they have */
	/* The first to be checked with each list of placeholders. */
	const struct migration **fresh;
	size_t fresh_count;
};

/* Finds the marker of the contributor's first migration, which may not be pending. */
static int find_first(struct checking *checking, const struct migration *migration,
	const struct migration_text *own, struct err *err)
{
	const struct migration *first = checking->all->list;
	const struct markers *markers = own->markers;

	while (first->from != migration->from)
		first++;
	if (first != migration &&
		migration_find_markers(first, &checking->reader, &markers, err) < 0)
		return -1;
	checking->first = first;
	checking->wanted = markers_up(markers);
	checking->mixed = false;
	checking->logged = false;
	return 0;
}

static void check_marker(
	struct checking *checking, const struct migration *migration, const char *marker)
{
	const struct migration *first = checking->first;
	const char *wanted = checking->wanted;
	struct place at = {.file = migration->file};

	if (marker == wanted || checking->mixed)
		return;
	checking->mixed = true;
	if (marker && wanted) {
		problems_add(checking->problems, at,
			"has '%s', but '%s' has '%s'; use a directory for each format",
			marker, first->file, wanted);
		return;
	}
	if (marker)
		at.file = first->file;
	problems_add(checking->problems, at, "has no '%s', but '%s' has",
		marker ? marker : wanted, marker ? migration->file : first->file);
}

/*
 * Logs once for a contributor in which format it is read. Where no marker of an up part
 * is needed, what is left out may surprise.
 */
static void log_marker(struct checking *checking, const struct migration *migration,
	const struct markers *markers)
{
	if (!markers || checking->logged || !migration->from->log)
		return;
	checking->logged = true;
	log_message(migration->from->log, markers_up(markers) ? LOG_DEBUG : LOG_INFO,
		"'%s': has markers of %s; what is behind a down marker is left out",
		migration->from->path, markers_name(markers));
}

static int check_one(
	struct checking *checking, struct migration *migration, struct err *err)
{
	CLEANUP_TEXT struct migration_text text = MIGRATION_TEXT_INIT;
	size_t before = problems_total(checking->problems);

	if (migration_load(migration, &checking->reader, &text, checking->problems, err) <
		0)
		return -1;
	if ((!checking->first || checking->first->from != migration->from) &&
		find_first(checking, migration, &text, err) < 0)
		return -1;
	if (text.valid) {
		check_marker(checking, migration, markers_up(text.markers));
		outside_check(
			migration, &text, checking->all->together, checking->problems);
	}
	log_marker(checking, migration, text.markers);
	if (text.doubt_line && migration->from->log)
		log_warn(migration->from->log,
			"%s:%d: this comment is taken for node-sqlite's down marker, so "
			"the SQL behind it is left out; write '-- Up' at the top of the "
			"file if it is one, or reword it",
			migration->file, text.doubt_line);
	if (text.passed.len && migration->from->log)
		log_debug(migration->from->log, "'%s': passed over: %s", migration->file,
			text.passed.data);
	migration->checked = problems_total(checking->problems) == before;
	return 0;
}

/* ---- placeholders ---- */

static void note_placeholders(
	struct checking *checking, const struct migration *migration)
{
	if (!migration->may_have_placeholders || !migration->placeholders)
		return;
	for (size_t i = 0; i < checking->fresh_count; i++)
		if (checking->fresh[i]->placeholders == migration->placeholders)
			return;
	checking->fresh =
		mem_grow(checking->fresh, checking->fresh_count, sizeof *checking->fresh);
	checking->fresh[checking->fresh_count++] = migration;
}

static const char *name_of(struct arena *arena, const char *value)
{
	return arena_memdup(arena, value, strcspn(value, "="));
}

/* What is near may be what was meant: it is another value, which is used. */
static void warn_unused(const struct migration *migration, const bool *used, size_t count)
{
	const char *const *values = migration->placeholders;
	struct arena arena = {0};
	const char **names = arena_alloc(&arena, (count + 1) * sizeof *names);
	char room[STR_SUGGEST_SIZE];
	size_t known = 0;

	for (size_t i = 0; i < count; i++)
		if (used[i])
			names[known++] = name_of(&arena, values[i]);
	for (size_t i = 0; i < count; i++) {
		const char *name = name_of(&arena, values[i]);

		if (!used[i])
			contributor_warn_placeholders(migration->from,
				"no migration has '${%s}'%s", name,
				str_suggest(name, names, room));
	}
	arena_release(&arena);
}

/*
 * Reads migrations, those that were applied, too, until each value was used. One that
 * cannot be read leaves that open, and is reported elsewhere if it matters.
 */
static void check_use(struct checking *checking, const struct migration *migration)
{
	const struct migrations *all = checking->all;
	const char *const *values = migration->placeholders;
	CLEANUP_FREE bool *used = NULL;
	size_t count = 0, left;
	DECLARE_ERR(ignored);

	while (values[count])
		count++;
	used = mem_zalloc((count + 1) * sizeof *used);
	left = count;
	for (size_t i = 0; i < all->count && left; i++) {
		CLEANUP_BUF struct buf text = BUF_INIT;

		if (!all->list[i].may_have_placeholders ||
			all->list[i].placeholders != values)
			continue;
		if (migration_read(&all->list[i], &checking->reader, &text, &ignored) < 0)
			return;
		left = placeholders_mark_used(values, &text, used);
	}
	if (left)
		warn_unused(migration, used, count);
}

/* ---- all of them ---- */

static int check_all(struct checking *checking, const struct migration *const *list,
	size_t count, struct err *err)
{
	const struct migrations *all = checking->all;

	for (size_t i = 0; i < count; i++) {
		struct migration *migration = &all->list[list[i] - all->list];

		if (migration->checked)
			continue;
		note_placeholders(checking, migration);
		if (check_one(checking, migration, err) < 0)
			return -1;
	}
	if (problems_total(checking->problems))
		return 0;
	for (size_t i = 0; i < checking->fresh_count; i++)
		check_use(checking, checking->fresh[i]);
	return 0;
}

int migrations_check(struct migrations *all, const struct migration *const *list,
	size_t count, struct problems *problems, struct err *err)
{
	struct checking checking = {
		.all = all, .reader = FS_READER_INIT, .problems = problems};
	int rc = check_all(&checking, list, count, err);

	free(checking.fresh);
	fs_reader_release(&checking.reader);
	return rc;
}

int migrations_raise(struct problems *problems, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	problems_sort(problems);
	for (size_t i = 0; i < problems->count; i++)
		buf_printf(&text, "\n%s", problem_text(problems, i));
	err_config(err, "%zu error%s in the migrations; the database was not touched",
		problems_total(problems), problems_total(problems) == 1 ? "" : "s");
	return err_quote(err, ":%s", text.data);
}

int migration_load_valid(const struct migration *migration, struct fs_reader *reader,
	struct migration_text *ret, struct err *err)
{
	struct problems problems = {0};
	int rc = migration_load(migration, reader, ret, &problems, err);

	if (rc == 0 && problems.count)
		rc = migrations_raise(&problems, err);
	problems_release(&problems);
	return rc;
}
