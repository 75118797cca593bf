/* SPDX-License-Identifier: MIT */
/* What is wrong with the text of migrations that are pending. */
#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/problems.h"
#include "migration/contributor.h"
#include "migration/markers.h"
#include "migration/migration.h"

struct checking {
	const struct migrations *all;
	struct fs_reader reader;
	struct problems *problems;
	const struct migration *first; /* of the contributor */
	const char *wanted;            /* its marker, which all others must have */
	bool mixed;                    /* one has another, which is reported */
	bool logged;                   /* which tool's markers they have */
};

/* Finds the marker of the contributor's first migration, which may not be pending. */
static int find_first(struct checking *checking, const struct migration *migration,
	const struct migration_text *own, struct err *err)
{
	CLEANUP_TEXT struct migration_text text = MIGRATION_TEXT_INIT;
	const struct migration *first = checking->all->list;
	struct problems ignored = {0};
	int rc = 0;

	while (first->from != migration->from)
		first++;
	if (first != migration)
		rc = migration_load(first, &checking->reader, &text, &ignored, err);
	problems_release(&ignored);
	checking->first = first;
	checking->wanted = markers_up((first == migration ? own : &text)->markers);
	checking->mixed = false;
	checking->logged = false;
	return rc;
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
	if (text.valid)
		check_marker(checking, migration, markers_up(text.markers));
	log_marker(checking, migration, text.markers);
	if (text.passed.len && migration->from->log)
		log_debug(migration->from->log, "'%s': passed over: %s", migration->file,
			text.passed.data);
	migration->checked = problems_total(checking->problems) == before;
	return 0;
}

int migrations_check(const struct migrations *all, const struct migration *const *list,
	size_t count, struct problems *problems, struct err *err)
{
	struct checking checking = {
		.all = all, .reader = FS_READER_INIT, .problems = problems};
	int rc = 0;

	for (size_t i = 0; i < count && rc == 0; i++)
		if (!list[i]->checked)
			rc = check_one(&checking, &all->list[list[i] - all->list], err);
	fs_reader_release(&checking.reader);
	return rc;
}

int migrations_raise(struct problems *problems, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	problems_sort(problems);
	buf_printf(&text, "%zu error%s in the migrations; the database was not touched:",
		problems_total(problems), problems_total(problems) == 1 ? "" : "s");
	for (size_t i = 0; i < problems->count; i++)
		buf_printf(&text, "\n%s", problem_text(problems, i));
	return err_config(err, "%s", text.data);
}
