/* SPDX-License-Identifier: MIT */
/* Reading the ledger of another tool. */
#include "ledger/adopt_ledger.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "ledger/adopt.h"
#include "ledger/adopt_entries.h"
#include "ledger/adopt_file.h"
#include "ledger/adopt_find.h"
#include "ledger/adopt_missing.h"
#include "ledger/adopt_row.h"
#include "ledger/adopt_rows.h"
#include "ledger/adopt_sql.h"
#include "ledger/adopt_tools.h"
#include "ledger/store.h"
#include "ledger/ledger.h"
#include "ledger/query.h"
#include "migration/format.h"
#include "migration/migration.h"
#include "migration/version.h"

struct reading {
	const struct adopting *as;
	const struct ledger_adopt *adopt;
	const struct adopt_ledger *ledger;
	bool again;
	struct adopt_entries entries;
	struct adopt_row row;
	size_t known; /* rows that are about one of ours */
	size_t up_to; /* all of this contributor before that index are in, too */
};

/* ---- the rows ---- */

static int take_entry(struct reading *reading, struct adopt_entry *entry,
	const char *checksum, struct err *err)
{
	bool by_content = reading->ledger->tool->by_content;

	if (entry->applied && !by_content)
		return adopt_row_raise(&reading->row,
			arena_printf(
				reading->as->arena, "%.80s a second time", entry->name),
			err);
	reading->known++;
	entry->applied = true;
	entry->verified = by_content;
	entry->checksum = arena_strdup(reading->as->arena, checksum ? checksum : "");
	return 0;
}

/* What is in no file of ours. */
static void add_unknown(struct reading *reading, const char *name, int64_t when_ms)
{
	const struct adopting *as = reading->as;
	const char *contributor = reading->adopt->contributor;
	const struct adopt_tool *tool = reading->ledger->tool;

	if (adopt_missing_add(as, tool, contributor, name, when_ms))
		disagreement_add(&as->adoption->unknown, as->arena, "%s/%.80s (of %s)",
			contributor, name, tool->name);
}

/*
 * A text that no file has: it was that of the first file of that time which is not
 * applied. Where a file has no time, it may as well be that one's. Returns 0, or -1.
 */
static int take_text(
	struct reading *reading, const char *sum, int64_t when_ms, struct err *err)
{
	struct adopt_entries *entries = &reading->entries;
	struct adopt_entry *found = NULL;

	for (size_t i = 0; i < entries->count; i++) {
		struct adopt_entry *entry = &entries->list[i];
		int64_t ours = entries->all->list[entry->index].when_ms;

		if ((!ours || !when_ms) && !reading->again)
			return err_fail(err,
				"none of our migrations has the text that was applied by "
				"%s with the checksum %s; the database was left as it "
				"is: put the changed file back; or if it has all up to "
				"some version, write `adopt = baseline:VERSION`; or is "
				"this an older version of the application?",
				reading->ledger->tool->name, sum);
		if (ours && ours == when_ms && !entry->applied &&
			(!found || entry->index < found->index))
			found = entry;
	}
	if (!found) {
		add_unknown(reading, sum, when_ms);
		return 0;
	}
	if (!found->recorded)
		adopt_entries_changed(entries, found, sum, found->name,
			&reading->as->adoption->changed);
	if (take_entry(reading, found, NULL, err) < 0)
		return -1;
	found->verified = false;
	return 0;
}

/*
 * All of the contributor that are not after that version count as applied. Returns
 * whether the version itself is after all of them.
 */
static bool take_up_to(struct reading *reading, const char *version)
{
	const struct migrations *all = reading->as->spec->migrations;
	const char *key = NULL; /* of the version, in the contributor's order */
	bool last = true;

	for (size_t i = 0; i < all->count; i++) {
		const struct migration *migration = &all->list[i];
		int order;

		if (!migration_is_of(migration, reading->adopt->contributor) ||
			format_is_repeatable(migration->id))
			continue;
		if (!key)
			key = version_key(migration->order, version, reading->as->arena);
		order = strcmp(migration->key, key);
		if (order <= 0 && reading->up_to <= i)
			reading->up_to = i + 1;
		last = last && order < 0;
	}
	return last;
}

/* A row about a version, and all before it. */
static int take_reach(struct reading *reading, int64_t reach, const char *version,
	struct adopt_entry *entry, struct err *err)
{
	bool last = take_up_to(reading, version);

	/* A baseline stands for a migration only where this image is too old for it. */
	if (!entry && (last || reach == ADOPT_UP_TO))
		add_unknown(reading, version, 0);
	if (reading->up_to || reach == ADOPT_BASELINE)
		reading->known++;
	return entry && reach == ADOPT_UP_TO ? take_entry(reading, entry, NULL, err) : 0;
}

/* Has our ledger the migration of that revision, whose file may be gone? */
static bool is_recorded(const struct reading *reading, const char *revision)
{
	const struct ledger *ours = reading->as->ours;

	for (size_t i = 0; ours && i < ours->count; i++) {
		const struct ledger_row *row = &ours->rows[i];
		const struct adopt_file file = {
			.below = row->id, .name = row->name ? row->name : ""};
		CLEANUP_BUF struct buf name = BUF_INIT;

		if (!str_equal(row->contributor, reading->adopt->contributor))
			continue;
		reading->ledger->tool->name_of(&file, &name);
		if (str_equal(name.data, revision))
			return true;
	}
	return false;
}

/* The order of revisions is in files of the tool's: of ours it is that of the names. */
static int take_head(struct reading *reading, const char *revision,
	struct adopt_entry *entry, struct err *err)
{
	if (!entry && is_recorded(reading, revision))
		return 0;
	if (!entry)
		return err_fail(err,
			"the ledger of %s, '%s', is at %.80s, and no migration of '%s' "
			"has that in its name, as '0001_%.80s_name.sql'; the database "
			"was left as it is: name the one so that has all up to it, or "
			"write `adopt = baseline:VERSION` with its version; or is this "
			"an older version of the application?",
			reading->ledger->tool->name, reading->ledger->table, revision,
			reading->adopt->contributor, revision);
	reading->up_to = entry->index + 1;
	return take_entry(reading, entry, NULL, err);
}

static int raise_dirty(const struct reading *reading, const char *name, const char *dirty,
	struct err *err)
{
	return err_fail(err,
		"the ledger of %s, '%s', says that %.80s was not applied as a whole "
		"(%.80s); the database was left as it is: see what that migration has "
		"left undone, put it right, %s",
		reading->ledger->tool->name, reading->ledger->table, name, dirty,
		reading->ledger->tool->mend);
}

static int take_row(struct reading *reading, const struct query *query, struct err *err)
{
	const char *dirty = query_text(query, 2), *checksum = query_text(query, 1);
	CLEANUP_BUF struct buf name = BUF_INIT;
	struct adopt_entry *entry;
	int64_t reach;

	if (adopt_row_next(&reading->row, query, &name, err) < 0)
		return -1;
	entry = adopt_entries_find(&reading->entries, name.data);
	if (dirty)
		return raise_dirty(reading, name.data, dirty, err);
	reach = query_integer(query, 3);
	if (reach == ADOPT_HEAD)
		return take_head(reading, name.data, entry, err);
	if (reach != ADOPT_ONE)
		return take_reach(reading, reach, name.data, entry, err);
	if (entry)
		return take_entry(reading, entry, checksum, err);
	if (reading->ledger->tool->by_content)
		return take_text(reading, name.data, query_integer(query, 4), err);
	/* A file that runs again at any change may also be gone. */
	if (!reading->ledger->tool->repeats || !format_is_repeatable(name.data))
		add_unknown(reading, name.data, 0);
	return 0;
}

static int take_rows(
	struct reading *reading, const char *what, const char *sql, struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	int rc = query_run(&query, reading->as->store, what, sql, NULL, 0, err);

	for (; rc == 1; rc = query_next(&query, err))
		if (take_row(reading, &query, err) < 0)
			return -1;
	return rc;
}

static int read_rows(struct reading *reading, struct err *err)
{
	const struct adopt_ledger *ledger = reading->ledger;
	struct store *store = reading->as->store;
	const struct adopt_row start = reading->row;
	CLEANUP_BUF struct buf sql = BUF_INIT;
	CLEANUP_BUF struct buf damage = BUF_INIT;
	CLEANUP_BUF struct buf twice = BUF_INIT;
	char *what = arena_printf(reading->as->arena,
		"read the ledger of %s, the table %s", ledger->tool->name, ledger->table);

	store->engine->adopting->query(store, ledger->tool, ledger->table, &sql);
	adopt_sql_damage(store, ledger->tool, ledger->table, &damage);
	adopt_sql_twice(store, ledger->tool, ledger->table, &twice);
	if (adopt_rows_check(&start, what, damage.data, err) < 0 ||
		take_rows(reading, what, sql.data, err) < 0)
		return -1;
	return adopt_rows_differ(&start, what, twice.data, err);
}

/* ---- all of it ---- */

/* Which of ours are in because a later version is, and not only by a row of theirs. */
static size_t first_reached(const struct reading *reading)
{
	const struct migrations *all = reading->as->spec->migrations;
	const struct ledger_row **rows = reading->as->rows;
	size_t first = 0;

	/* What comes late, before what our ledger has, the tool has not seen. */
	for (size_t i = 0; rows && i < all->count; i++)
		if (rows[i] && !ledger_is_trusted(rows[i]) &&
			!format_is_repeatable(all->list[i].id) &&
			migration_is_of(&all->list[i], reading->adopt->contributor))
			first = i + 1;
	return first;
}

static void mark(const struct reading *reading, size_t index, bool verified)
{
	const struct ledger_row *row =
		reading->as->rows ? reading->as->rows[index] : NULL;
	struct ledger_origin *from = &reading->as->found->from[index];

	if (from->tool || (row && !ledger_is_trusted(row)))
		return;
	*from = (struct ledger_origin){
		.tool = reading->ledger->tool->name,
		.verified = verified,
	};
}

/* Marks what the ledger says was applied. */
static void mark_all(const struct reading *reading)
{
	const struct migrations *all = reading->as->spec->migrations;
	const struct adopt_entries *entries = &reading->entries;

	for (size_t i = 0; i < entries->count; i++)
		if (entries->list[i].applied)
			mark(reading, entries->list[i].index, entries->list[i].verified);
	for (size_t i = first_reached(reading); i < reading->up_to; i++)
		if (migration_is_of(&all->list[i], reading->adopt->contributor))
			mark(reading, i, false);
}

/* Names what the tool had applied when it was taken over, and has reverted since. */
static void name_reverted(const struct reading *reading)
{
	const struct adopt_entries *entries = &reading->entries;
	const char *tool = reading->ledger->tool->name;

	for (size_t i = 0; i < entries->count; i++) {
		const struct adopt_entry *entry = &entries->list[i];
		const struct migration *migration = &entries->all->list[entry->index];
		const char *by =
			entry->recorded ? entries->rows[entry->index]->tool : NULL;

		if (by && str_equal(by, tool) && !entry->applied &&
			entry->index >= reading->up_to)
			disagreement_add(&reading->as->adoption->reverted,
				reading->as->arena, "%s/%s ('%s', of %s)",
				reading->adopt->contributor, migration->id,
				migration->file, tool);
	}
}

/* Is it the ledger of this contributor at all? Returns 0, or -1. */
static int check_known(const struct reading *reading, struct err *err)
{
	const struct adopt_ledger *ledger = reading->ledger;

	if (reading->row.number && !reading->known)
		return err_fail(err,
			"none of the %zu rows of '%s', the ledger of %s, is about a "
			"migration of '%s'; it was left as it is: is it another "
			"application's?",
			reading->row.number, ledger->table, ledger->tool->name,
			reading->adopt->contributor);
	if (!reading->row.number)
		disagreement_add(&reading->as->adoption->empty, reading->as->arena,
			"the ledger of %s, '%s', is empty: all migrations of '%s' are "
			"to run",
			ledger->tool->name, ledger->table, reading->adopt->contributor);
	return 0;
}

static int read_all(struct reading *reading, struct err *err)
{
	struct disagreement *changed = &reading->as->adoption->changed;

	if (adopt_entries_list(&reading->entries, reading->adopt->contributor, err) < 0 ||
		read_rows(reading, err) < 0 ||
		(!reading->again && check_known(reading, err) < 0) ||
		adopt_entries_verify(&reading->entries, changed, err) < 0)
		return -1;
	mark_all(reading);
	if (reading->again)
		name_reverted(reading);
	return 0;
}

int adopt_ledger_read(const struct adopting *adopting, const struct ledger_adopt *adopt,
	const struct adopt_ledger *ledger, bool again, struct err *err)
{
	struct reading reading = {
		.as = adopting,
		.adopt = adopt,
		.ledger = ledger,
		.again = again,
		.row = {.ledger = ledger,
			.store = adopting->store,
			.arena = adopting->arena},
		.entries = {.tool = ledger->tool,
			.all = adopting->spec->migrations,
			.rows = adopting->rows,
			.arena = adopting->arena,
			.files = FS_READER_INIT},
	};
	int rc = read_all(&reading, err);

	adopt_entries_release(&reading.entries);
	return rc;
}
