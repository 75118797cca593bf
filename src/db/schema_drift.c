/* SPDX-License-Identifier: MIT */
/* The schema of a database against the one that its applied migrations make. */
#include "db/schema_drift.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs_reader.h"
#include "base/log.h"
#include "base/stop.h"
#include "base/str.h"
#include "ledger/adopt.h"
#include "ledger/adopt_tools.h"
#include "db/compile.h"
#include "db/connection.h"
#include "db/dry_run.h"
#include "db/ledger_table.h"
#include "db/memory.h"
#include "db/schema.h"
#include "db/schema_digest.h"
#include "migration/migration.h"

#define SHOWN 20 /* lines of the difference, before the rest is counted */

static const char unknowable[] =
	"it cannot be known whether its schema is what its migrations make";

int schema_drift_read(struct connection *connection, struct arena *arena,
	const struct schema **ret, struct err *err)
{
	struct schema *schema = arena_alloc(arena, sizeof *schema);

	if (schema_read(connection, arena, schema, err) < 0)
		return -1;
	*ret = schema;
	return 0;
}

/* ---- what was applied ---- */

static int by_position(const void *a, const void *b)
{
	const struct ledger_row *left = *(const struct ledger_row *const *)a;
	const struct ledger_row *right = *(const struct ledger_row *const *)b;

	return (left->position > right->position) - (left->position < right->position);
}

static const struct ledger_row **sort_rows(
	const struct ledger *ledger, struct arena *arena)
{
	const struct ledger_row **rows = arena_alloc(arena, ledger->count * sizeof *rows);

	for (size_t i = 0; i < ledger->count; i++)
		rows[i] = &ledger->rows[i];
	if (ledger->count)
		qsort(rows, ledger->count, sizeof *rows, by_position);
	return rows;
}

/* Returns 0, or -1 if a file is not at hand as it was applied. */
static int collect_rows(const struct ledger *ledger, struct arena *arena,
	struct db_report *report, struct err *err)
{
	const struct ledger_row **rows = sort_rows(ledger, arena);

	for (size_t i = 0; i < ledger->count; i++) {
		if (!rows[i]->migration)
			return err_fail(err, "the file of %s/%s is missing",
				rows[i]->contributor, rows[i]->id);
		if (ledger_is_changed(rows[i]))
			return err_fail(
				err, "'%s' was changed", rows[i]->migration->file);
		report->work.pending[report->work.pending_count++] = rows[i]->migration;
	}
	return 0;
}

/* The same, by what a tool has applied and is to be recorded. */
static int check_adopted(const struct adoption *adoption, struct err *err)
{
	if (adoption->unknown.count)
		return err_fail(
			err, "the file of %s is missing", adoption->unknown.first);
	if (adoption->changed.count)
		return err_fail(err, "%s", adoption->changed.first);
	return 0;
}

/* ---- the schema that it makes ---- */

static int make(const struct db_spec *spec, const struct db_report *report,
	struct arena *arena, struct schema *ret, struct err *err)
{
	CLEANUP_CONNECTION struct connection connection = {0};
	struct dry_run dry = {.uncertain = false};

	if (memory_open(&connection, spec, NULL, err) != 0 ||
		compile_run(&connection, spec, report, &dry, err) < 0)
		return -1;
	return schema_read(&connection, arena, ret, err);
}

/* Has that tool applied any of our migrations? */
static bool was_adopted(const struct ledger *ledger, const char *tool)
{
	for (size_t i = 0; i < ledger->count; i++)
		if (ledger->rows[i].tool && str_equal(ledger->rows[i].tool, tool))
			return true;
	return false;
}

/* Is it the ledger of a tool that was taken over? Its usual name, or that in `adopt`. */
static bool is_ledger(
	const struct db_spec *spec, const struct ledger *ledger, const char *table)
{
	const struct adopt_tool *tool;

	for (size_t i = 0; (tool = adopt_tool_at(i)); i++)
		if (sqlite3_stricmp(tool->table, table) == 0 &&
			was_adopted(ledger, tool->name))
			return true;
	for (size_t i = 0; i < spec->ledger.adopt_count; i++) {
		const struct ledger_adopt *adopt = &spec->ledger.adopt[i];

		if (adopt->what && sqlite3_stricmp(adopt->what, table) == 0 &&
			!str_equal(adopt->source, "baseline") &&
			was_adopted(ledger, adopt->source))
			return true;
	}
	return false;
}

static struct schema without_ledgers(const struct db_spec *spec,
	const struct ledger *ledger, const struct schema *from, struct arena *arena)
{
	struct schema schema = {
		.list = arena_alloc(arena, from->count * sizeof *from->list)};

	for (size_t i = 0; i < from->count; i++)
		if (!is_ledger(spec, ledger, from->list[i].table))
			schema.list[schema.count++] = from->list[i];
	return schema;
}

/* ---- the answer ---- */

/*
 * Finds one of them that has a placeholder (placeholders.h). Its value may have been
 * another when it was applied: the ledger has the hash of the text as written. Returns 0
 * with NULL if there is none, or -1.
 */
static int find_placeholder(
	const struct db_report *report, const struct migration **ret, struct err *err)
{
	CLEANUP_READER struct fs_reader reader = FS_READER_INIT;

	*ret = NULL;
	for (size_t i = 0; i < report->work.pending_count && !*ret; i++) {
		CLEANUP_BUF struct buf text = BUF_INIT;

		if (!report->work.pending[i]->placeholders)
			continue;
		if (migration_read(report->work.pending[i], &reader, &text, err) < 0)
			return -1;
		if (text.len && memmem(text.data, text.len, "${", 2))
			*ret = report->work.pending[i];
	}
	return 0;
}

static void list_lines(const char *const *lines, size_t count, struct buf *to)
{
	for (size_t i = 0; i < count && i < SHOWN; i++)
		buf_printf(to, "\n%s", lines[i]);
	if (count > SHOWN)
		buf_printf(to, "\nand %zu more", count - SHOWN);
}

static int answer(const struct db_spec *spec, const struct db_report *report,
	const struct buf *lines, bool warn, struct err *err)
{
	static const char what[] =
		"its schema is not what its migrations make (+ added, - missing, ~ "
		"changed); undo that, or write a migration that makes it, and record it "
		"as applied here (`groundwork explain schema_drift` shows how):";
	const struct migration *uncertain;

	if (find_placeholder(report, &uncertain, err) < 0)
		return -1;
	if (uncertain) {
		if (warn)
			log_warn(spec->ledger.log,
				"'%s': %s: '%s' has placeholders, whose values may have "
				"been others. With these it differs:%s",
				spec->path, unknowable, uncertain->file, lines->data);
		return 0;
	}
	if (spec->schema_drift == LEDGER_REFUSE)
		return err_fail(err, "'%s': %s%s", spec->path, what, lines->data);
	if (warn)
		log_warn(spec->ledger.log, "'%s': %s%s", spec->path, what, lines->data);
	return 0;
}

/* What was applied, in that order. Returns 0, or -1 if that cannot be known. */
static int collect(const struct ledger *ledger, struct arena *arena,
	struct db_report *report, struct err *err)
{
	*report = (struct db_report){.state = DB_CURRENT};
	report->work.pending =
		arena_alloc(arena, ledger->count * sizeof *report->work.pending);
	if (ledger->adoption && check_adopted(ledger->adoption, err) < 0)
		return -1;
	return collect_rows(ledger, arena, report, err);
}

static bool is_recorded(const struct db_spec *spec, const struct ledger *ledger,
	const struct db_report *report, const struct schema *there)
{
	unsigned char digest[DIGEST_SIZE];

	if (!ledger->schema_digest)
		return false;
	schema_digest(there, report->work.pending, report->work.pending_count, digest);
	if (memcmp(digest, ledger->schema_digest, sizeof digest) != 0)
		return false;
	log_debug(spec->ledger.log, "'%s': its schema is as recorded", spec->path);
	return true;
}

/* Makes what `report` makes, and compares. Returns 0, or -1 if it cannot be made. */
static int compare(const struct db_spec *spec, const struct ledger *ledger,
	const struct db_report *report, const struct schema *there, struct arena *arena,
	struct buf *ret_lines, struct err *err)
{
	const char **lines;
	struct schema made;
	size_t count;

	if (make(spec, report, arena, &made, err) < 0)
		return -1;
	made = without_ledgers(spec, ledger, &made, arena);
	count = schema_compare(&made, there, arena, &lines);
	list_lines(lines, count, ret_lines);
	return 0;
}

int schema_drift_check(const struct db_spec *spec, const struct db_ledger *ledger,
	bool warn, struct arena *arena, struct err *err)
{
	CLEANUP_BUF struct buf lines = BUF_INIT;
	struct db_report report;
	struct schema there;
	DECLARE_ERR(why);
	int rc;

	if (!spec->ledger.migrations->count)
		return 0;
	there = without_ledgers(spec, &ledger->is, ledger->schema, arena);
	rc = collect(&ledger->is, arena, &report, &why);
	if (rc == 0 && is_recorded(spec, &ledger->is, &report, &there))
		return 0;
	if (rc == 0)
		rc = compare(spec, &ledger->is, &report, &there, arena, &lines, &why);
	if (stop_check(spec->stop, err) < 0)
		return -1;
	if (rc < 0 && warn)
		log_warn(spec->ledger.log, "'%s': %s: %s", spec->path, unknowable,
			place_text(arena, &why.at, why.text));
	return rc == 0 && lines.len ? answer(spec, &report, &lines, warn, err) : 0;
}

/* ---- the digest ---- */

static int record(struct connection *connection, const struct db_spec *spec, bool created,
	struct arena *arena, struct err *err)
{
	CLEANUP_BUF struct buf lines = BUF_INIT;
	unsigned char digest[DIGEST_SIZE];
	struct db_report applied;
	struct ledger ledger = {.exists = true};
	struct schema there;
	DECLARE_ERR(unknown); /* the next start says so */
	int rc;

	if (ledger_read(&connection->store, arena, &ledger, err) != 0 ||
		schema_read(connection, arena, &there, err) < 0)
		return -1;
	(void)ledger_match(
		&ledger, spec->ledger.migrations, arena); /* the rows have theirs */
	there = without_ledgers(spec, &ledger, &there, arena);
	rc = collect(&ledger, arena, &applied, &unknown);
	if (rc == 0 && !created)
		rc = compare(spec, &ledger, &applied, &there, arena, &lines, &unknown);
	if (stop_check(spec->stop, err) < 0)
		return -1;
	if (rc < 0 || lines.len)
		return 0;
	schema_digest(&there, applied.work.pending, applied.work.pending_count, digest);
	return ledger_set_schema_digest(&connection->store, digest, err);
}

int schema_drift_record(struct connection *connection, const struct db_spec *spec,
	const struct db_report *report, struct err *err)
{
	struct arena arena = {NULL};
	int rc;

	if (spec->schema_drift == LEDGER_ACCEPT ||
		(!report->work.pending_count && !report->work.adopted_count &&
			!report->work.missing_count))
		return 0;
	rc = record(connection, spec, report->state == DB_ABSENT, &arena, err);
	arena_release(&arena);
	return rc;
}
