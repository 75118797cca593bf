/* SPDX-License-Identifier: MIT */
/* Comparing the ledger of a database with the migrations that we have. */
#include "ledger/compare.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/problems.h"
#include "base/str.h"
#include "ledger/adopt.h"
#include "ledger/adopt_find.h"
#include "ledger/disagreement.h"
#include "ledger/moved.h"
#include "ledger/out_of_order.h"
#include "ledger/stamps.h"
#include "migration/format.h"
#include "migration/migration.h"

static const char unknown_advice[] =
	"applied, but not among our migrations; is this an older version of the "
	"application?";
static const char adopted_unknown_advice[] =
	"applied, but not among our migrations; is this an older version of the "
	"application? If not, `adopt = baseline:VERSION` says up to which of ours it has "
	"all";

static const char since_advice[] =
	"pending here, and applied by that tool after it was taken over; with that line "
	"they are recorded as applied";

static int check_drift(const struct ledger_spec *spec, const struct ledger_row **rows,
	bool warn, struct arena *arena, struct err *err)
{
	struct disagreement changed = {.count = 0};

	for (size_t i = 0; i < spec->migrations->count; i++) {
		const struct migration *migration = &spec->migrations->list[i];

		if (rows[i] && !format_is_repeatable(migration->id) &&
			ledger_is_changed(rows[i]))
			disagreement_add(&changed, arena, "%s/%s ('%s')",
				migration->contributor, migration->id, migration->file);
	}
	return disagreement_answer(spec->drift, warn, spec, &changed,
		"changed since it was applied; put the file back as it was, and make the "
		"change in a new migration",
		err);
}

static int check_unknown(const struct ledger_spec *spec, const struct ledger *ledger,
	bool warn, struct arena *arena, struct err *err)
{
	struct disagreement unknown = {.count = 0};
	const char *contributor = NULL; /* of the last row */
	bool configured = false;

	for (size_t i = 0; i < ledger->count; i++) {
		const struct ledger_row *row = &ledger->rows[i];

		/* What is added, adoption names as the tool does. */
		if (row->migration || row->added)
			continue;
		if (!contributor || !str_equal(row->contributor, contributor)) {
			contributor = row->contributor;
			configured = migrations_first_of(spec->migrations, contributor);
		}
		if (configured)
			disagreement_add(&unknown, arena, "%s/%s%s%s%s", row->contributor,
				row->id, *row->name ? " (" : "", row->name,
				*row->name ? ")" : "");
	}
	return disagreement_answer(
		spec->unknown, warn, spec, &unknown, unknown_advice, err);
}

/* It would run a second time, as what was changed would. */
static int check_moved(const struct ledger_spec *spec, const struct ledger *ledger,
	bool warn, const struct ledger_work *work, struct err *err)
{
	CLEANUP_BUF struct buf names = BUF_INIT, sql = BUF_INIT, advice = BUF_INIT;
	struct disagreement moved = {.count = 0};

	moved.count = moved_find(
		ledger, spec->migrations, work, DISAGREEMENT_NAMED, &names, &sql);
	if (!moved.count)
		return 0;
	buf_printf(&advice,
		"the text is the same, and that name has no file now%s. If a section or "
		"a file was renamed, give it its name back, or rename the row%s in the "
		"database: %s%s%s",
		spec->drift == LEDGER_REFUSE ? "" : ", so it runs again",
		moved.count == 1 ? "" : "s", sql.data,
		moved.count > DISAGREEMENT_NAMED ? " and so on for what is left;" : "",
		spec->drift == LEDGER_REFUSE
			? " to run the same text again, write `drift = warn`"
			: "");
	moved.text = names.data;
	return disagreement_answer(spec->drift, warn, spec, &moved, advice.data, err);
}

/* Warns of what is no disagreement, and is to be known. */
static void warn_adoption(const struct ledger_spec *spec, const struct adoption *adoption)
{
	DECLARE_ERR(unused); /* nothing is refused */

	(void)disagreement_answer(LEDGER_WARN, true, spec, &adoption->empty,
		"if the database has all up to some version, write "
		"`adopt = baseline:VERSION`",
		&unused);
	(void)disagreement_answer(LEDGER_WARN, true, spec, &adoption->keys,
		"write `foreign_keys = on`, or `off` if that is meant", &unused);
	(void)disagreement_answer(LEDGER_WARN, true, spec, &adoption->reverted,
		"applied when that tool was taken over, and gone from its ledger: was it "
		"reverted? Here it counts as applied",
		&unused);
}

/* What another tool has applied, if that is taken over. */
static int check_adoption(const struct ledger_spec *spec, const struct ledger *ledger,
	bool warn, struct err *err)
{
	const struct adoption *adoption = ledger->adoption;

	if (!adoption)
		return 0;
	if (warn)
		warn_adoption(spec, adoption);
	if (disagreement_answer(
		    LEDGER_REFUSE, warn, spec, &adoption->since, since_advice, err) < 0 ||
		disagreement_answer(spec->drift, warn, spec, &adoption->changed,
			spec->drift == LEDGER_REFUSE
				? "put the file back as it was, or accept it as it is "
				  "with `drift = warn`"
				: "it counts as applied",
			err) < 0)
		return -1;
	return disagreement_answer(spec->unknown, warn, spec, &adoption->unknown,
		adopted_unknown_advice, err);
}

/* ---- what is pending ---- */

/* A repeatable one runs again if it was changed. */
static bool is_applied(const struct ledger_row *row)
{
	return row && (!format_is_repeatable(row->id) || !ledger_is_changed(row));
}

static void sort_migrations(const struct ledger_spec *spec,
	const struct ledger_row **rows, struct arena *arena, struct ledger_work *ret)
{
	const struct migrations *all = spec->migrations;
	struct ledger_origin *origins = arena_alloc(arena, all->count * sizeof *origins);

	ret->pending = arena_alloc(arena, all->count * sizeof(void *));
	ret->adopted = arena_alloc(arena, all->count * sizeof(void *));
	ret->origins = origins;
	ret->pending_count = 0;
	ret->adopted_count = 0;
	for (size_t i = 0; i < all->count; i++) {
		const struct ledger_row *row = rows[i];

		if (!is_applied(row)) {
			ret->pending[ret->pending_count++] = &all->list[i];
		} else if (row->added) {
			origins[ret->adopted_count] = (struct ledger_origin){
				.tool = row->tool,
				.verified = row->verified,
				.replaces = row->replaces,
			};
			ret->adopted[ret->adopted_count++] = &all->list[i];
		}
	}
}

static void list_missing(
	const struct ledger *ledger, struct arena *arena, struct ledger_work *ret)
{
	struct ledger_missing *missing = NULL;

	ret->missing_count = 0;
	for (size_t i = 0; i < ledger->count; i++) {
		const struct ledger_row *row = &ledger->rows[i];

		if (!row->added || row->migration)
			continue;
		missing = arena_array_grow(
			arena, missing, ret->missing_count, sizeof *missing);
		missing[ret->missing_count++] = (struct ledger_missing){
			.contributor = row->contributor,
			.id = row->id,
			.tool = row->tool,
		};
	}
	ret->missing = missing;
}

/* A tool may have its ledger beside an empty schema. Returns 1, 0 or -1. */
static int has_adopted(struct store *store, const struct ledger_spec *spec,
	struct arena *arena, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < spec->adopt_count; i++) {
		struct adopt_ledger found;

		rc = adopt_look(store, &spec->adopt[i], arena, &found, err);
	}
	return rc > 0 ? 1 : rc;
}

int compare_adopt(struct store *store, const struct ledger_spec *spec,
	struct ledger *ledger, struct arena *arena, struct err *err)
{
	if (ledger->exists)
		return adopt_read_again(store, spec, ledger, arena, err);
	if (!spec->migrations->count)
		return 0;
	if (!ledger->others) {
		int rc = has_adopted(store, spec, arena, err);

		if (rc != 1)
			return rc;
	}
	if (migrations_hash(spec->migrations, err) < 0)
		return -1;
	return adopt_read(store, spec, ledger, arena, err);
}

int compare_ledger(const struct ledger_spec *spec, struct ledger *ledger, bool warn,
	struct arena *arena, struct ledger_work *ret, struct err *err)
{
	const struct ledger_row **rows = ledger_match(ledger, spec->migrations, arena);

	if (stamps_resolve(spec, ledger, rows, err) < 0)
		return -1;
	sort_migrations(spec, rows, arena, ret);
	list_missing(ledger, arena, ret);
	ret->doubt = ledger->adoption ? ledger->adoption->empty.first : NULL;
	if (check_drift(spec, rows, warn, arena, err) < 0 ||
		check_moved(spec, ledger, warn, ret, err) < 0 ||
		check_unknown(spec, ledger, warn, arena, err) < 0 ||
		check_adoption(spec, ledger, warn, err) < 0 ||
		out_of_order_check(spec, ledger, warn, ret, arena, err) < 0)
		return -1;
	return ret->pending_count || ret->adopted_count || ret->missing_count;
}

void compare_absent(
	const struct ledger_spec *spec, struct arena *arena, struct ledger_work *ret)
{
	const struct migrations *all = spec->migrations;

	*ret = (struct ledger_work){
		.pending = arena_alloc(arena, all->count * sizeof(void *)),
		.pending_count = all->count,
	};
	for (size_t i = 0; i < all->count; i++)
		ret->pending[i] = &all->list[i];
}

int compare_check_pending(
	const struct ledger_spec *spec, const struct ledger_work *work, struct err *err)
{
	struct problems problems = {0};
	int rc = migrations_check(
		spec->migrations, work->pending, work->pending_count, &problems, err);

	if (rc == 0 && problems.count)
		rc = migrations_raise(&problems, err);
	problems_release(&problems);
	return rc;
}
