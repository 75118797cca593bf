/* SPDX-License-Identifier: MIT */
/* Taking over from another tool. */
#include "ledger/adopt.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "ledger/adopt_entries.h"
#include "ledger/adopt_find.h"
#include "ledger/adopt_item.h"
#include "ledger/adopt_ledger.h"
#include "ledger/adopt_number.h"
#include "ledger/adopt_rows.h"
#include "ledger/adopt_tools.h"
#include "ledger/ledger.h"
#include "migration/migration.h"

static struct adopt_found found_new(const struct ledger_spec *spec, struct arena *arena)
{
	return (struct adopt_found){
		.from = arena_alloc(
			arena, spec->migrations->count * sizeof(struct ledger_origin)),
	};
}

int adopt_read(struct store *store, const struct ledger_spec *spec, struct ledger *ledger,
	struct arena *arena, struct err *err)
{
	struct adoption *adoption = arena_alloc(arena, sizeof *adoption);
	struct adopt_found found = found_new(spec, arena);
	struct adopting as = {.store = store,
		.spec = spec,
		.arena = arena,
		.found = &found,
		.adoption = adoption};

	if (!spec->adopt_count)
		return adopt_refuse(store, spec, arena, err);
	for (size_t i = 0; i < spec->adopt_count; i++)
		if (adopt_item_read(&as, &spec->adopt[i], err) < 0)
			return -1;
	adopt_rows_add(ledger, spec->migrations, &found, NULL, arena);
	ledger->adoption = adoption;
	return 0;
}

/* ---- where our ledger is there ---- */

/* What our ledger says of a contributor. */
struct history {
	bool any;         /* it has rows of it */
	const char *tool; /* from which it was taken over, or NULL */
};

static bool is_tool(const char *name)
{
	const struct adopt_tool *tool;

	for (size_t i = 0; (tool = adopt_tool_at(i)); i++)
		if (str_equal(tool->name, name))
			return true;
	return false;
}

static struct history read_history(const struct ledger *ledger, const char *contributor)
{
	struct history history = {.any = false};

	for (size_t i = 0; i < ledger->count; i++) {
		const struct ledger_row *row = &ledger->rows[i];

		if (!str_equal(row->contributor, contributor))
			continue;
		history.any = true;
		if (row->tool && is_tool(row->tool))
			history.tool = row->tool;
	}
	return history;
}

static const struct ledger_adopt *find_item(
	const struct ledger_spec *spec, const char *contributor)
{
	for (size_t i = 0; i < spec->adopt_count; i++)
		if (str_equal(spec->adopt[i].contributor, contributor))
			return &spec->adopt[i];
	return NULL;
}

/* Whose ledger is it, if another contributor was taken over from that tool? */
static int check_auto(const struct ledger *ours, const struct ledger_adopt *adopt,
	const struct adopt_ledger *found, struct err *err)
{
	for (size_t i = 0; i < ours->count; i++)
		if (ours->rows[i].tool &&
			str_equal(ours->rows[i].tool, found->tool->name))
			return err_fail(err,
				"`adopt` is auto for '%s', and the only ledger is that "
				"of %s, from which '%s' was taken over: write `adopt = "
				"%s/TOOL:TABLE`, or leave that item out if none of its "
				"migrations was applied",
				adopt->contributor, found->tool->name,
				ours->rows[i].contributor, adopt->contributor);
	return 0;
}

/* One of which nothing is recorded. What our ledger was begun without may be new. */
static int read_new(
	const struct adopting *as, const struct ledger_adopt *adopt, struct err *err)
{
	struct adopt_ledger found = {.tool = NULL};
	int rc;

	if (!is_tool(adopt->source) && !str_equal(adopt->source, "auto"))
		return adopt_item_read(as, adopt, err);
	rc = adopt_look(as->store, adopt, as->arena, &found, err);
	if (rc == 1 && str_equal(adopt->source, "auto"))
		rc = check_auto(as->ours, adopt, &found, err) < 0 ? -1 : 1;
	return rc == 0 ? 0 : rc < 0 ? -1 : adopt_item_read(as, adopt, err);
}

/* What is recorded without a hash is known; the rest is named. */
static void take_known(const struct adopting *as, const struct adopt_found *found,
	const struct ledger_adopt *adopt)
{
	const struct migrations *all = as->spec->migrations;

	for (size_t i = 0; i < all->count; i++)
		if (found->from[i].tool && as->rows[i])
			as->found->from[i] = found->from[i];
		else if (found->from[i].tool)
			disagreement_add(&as->adoption->since, as->arena,
				"%s/%s ('%s', of %s: `adopt = %s/%s`)",
				adopt->contributor, all->list[i].id, all->list[i].file,
				adopt->source, adopt->contributor, adopt->source);
}

/* Reads the ledger of a tool that `adopt` does not name. */
static int read_unnamed(const struct adopting *as, const struct ledger_adopt *adopt,
	const struct adopt_ledger *ledger, struct err *err)
{
	struct adopt_found found = found_new(as->spec, as->arena);
	struct adopting scratch = *as;

	scratch.found = &found;
	if (adopt_ledger_read(&scratch, adopt, ledger, true, err) < 0)
		return -1;
	take_known(as, &found, adopt);
	return 0;
}

/* One of which something is recorded, and something is not. */
static int read_since(const struct adopting *as, const struct history *history,
	const struct ledger_adopt *item, const char *contributor, struct err *err)
{
	bool automatic = item && str_equal(item->source, "auto");
	bool named = automatic || (item && is_tool(item->source));
	struct ledger_adopt adopt = {.contributor = contributor, .source = history->tool};
	struct adopt_ledger ledger;
	int rc;

	if (item && str_equal(item->source, "user_version"))
		return adopt_number_since(as, item, err);
	if (named && !automatic)
		adopt = *item;
	if (!adopt.source)
		return 0;
	rc = adopt_look(as->store, &adopt, as->arena, &ledger, err);
	/* One that was the tool's, and is none any more, says what is wrong with it. */
	if (rc == ADOPT_OTHER && named)
		return adopt_find(as->store, as->spec, &adopt, as->arena, &ledger, err);
	if (rc != 1)
		return rc < 0 ? -1 : 0;
	return named ? adopt_ledger_read(as, &adopt, &ledger, true, err)
		     : read_unnamed(as, &adopt, &ledger, err);
}

/* Gives those rows of ours to the files with that text. */
static void match_texts(const struct adopting *as, const struct adopt_entries *entries,
	const char *contributor)
{
	for (size_t i = 0; i < as->ours->count; i++) {
		struct ledger_row *row = &as->ours->rows[i];
		struct adopt_entry *entry;

		if (row->migration || !row->tool ||
			!str_equal(row->contributor, contributor) ||
			adopt_tool_of_text(row->tool, row->id) != entries->tool)
			continue;
		entry = adopt_entries_find(entries, row->id);
		if (!entry || entry->recorded)
			continue;
		entry->applied = true;
		row->migration = &entries->all->list[entry->index];
		as->rows[entry->index] = row;
		as->found->from[entry->index] =
			(struct ledger_origin){.tool = row->tool, .verified = true};
	}
}

/*
 * Finds the files of rows of ours that have a text as their id, whether or not the tool's
 * ledger is still there.
 */
static int read_texts(const struct adopting *as, const char *contributor, struct err *err)
{
	struct adopt_entries entries = {.all = as->spec->migrations,
		.rows = as->rows,
		.arena = as->arena,
		.files = FS_READER_INIT};
	int rc = 0;

	for (size_t i = 0; i < as->ours->count && !entries.tool; i++) {
		const struct ledger_row *row = &as->ours->rows[i];

		if (!row->migration && row->tool &&
			str_equal(row->contributor, contributor))
			entries.tool = adopt_tool_of_text(row->tool, row->id);
	}
	if (!entries.tool)
		return 0;
	rc = adopt_entries_list(&entries, contributor, err);
	if (rc == 0)
		match_texts(as, &entries, contributor);
	adopt_entries_release(&entries);
	return rc;
}

/* Reads what there is about the contributor whose migrations begin there. */
static int read_again(struct adopting *as, size_t first, struct err *err)
{
	const char *contributor = as->spec->migrations->list[first].contributor;
	const struct ledger_adopt *item = find_item(as->spec, contributor);
	struct history history = read_history(as->ours, contributor);

	if (!item && !history.tool)
		return 0;
	if (migrations_hash(as->spec->migrations, err) < 0)
		return -1;
	if (!as->found->from)
		*as->found = found_new(as->spec, as->arena);
	if (!history.any)
		return read_new(as, item, err);
	if (read_texts(as, contributor, err) < 0)
		return -1;
	return read_since(as, &history, item, contributor, err);
}

/*
 * Has it a row of each migration? It mostly has these rows alone, in their order; this
 * only spares the matching.
 */
static bool has_all(const struct ledger *ledger, const struct migrations *all)
{
	if (ledger->count < all->count)
		return false;
	for (size_t i = 0; i < all->count; i++)
		if (ledger_is_trusted(&ledger->rows[i]) ||
			!str_equal(ledger->rows[i].id, all->list[i].id) ||
			!migration_is_of(&all->list[i], ledger->rows[i].contributor))
			return false;
	return true;
}

int adopt_read_again(struct store *store, const struct ledger_spec *spec,
	struct ledger *ledger, struct arena *arena, struct err *err)
{
	const struct migrations *all = spec->migrations;
	struct adoption *adoption = arena_alloc(arena, sizeof *adoption);
	struct adopt_found found = {.from = NULL};
	struct adopting as = {.store = store,
		.spec = spec,
		.arena = arena,
		.ours = ledger,
		.found = &found,
		.adoption = adoption};
	const char *done = NULL; /* the contributor that was read */

	if ((!spec->adopt_count && !ledger->adopted) || has_all(ledger, all))
		return 0;
	as.rows = ledger_match(ledger, all, arena);
	for (size_t i = 0; i < all->count; i++) {
		const char *contributor = all->list[i].contributor;

		if ((as.rows[i] && !ledger_is_trusted(as.rows[i])) ||
			(done && str_equal(done, contributor)))
			continue;
		done = contributor;
		if (read_again(&as, i, err) < 0)
			return -1;
	}
	adopt_rows_add(ledger, all, &found, as.rows, arena);
	ledger->adoption = adoption;
	return 0;
}
