/* SPDX-License-Identifier: MIT */
/* `adopt = user_version`. */
#include "ledger/adopt_number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "ledger/adopt.h"
#include "ledger/adopt_find.h"
#include "ledger/adopt_ledger.h"
#include "ledger/adopt_rows.h"
#include "ledger/ledger.h"
#include "ledger/store.h"
#include "migration/format.h"
#include "migration/migration.h"

#define NUMBER_MAX 24

/* What is not recorded and was applied, if the number is read in one way. */
struct reading {
	bool *applied;    /* of each migration */
	const char *last; /* its id, or NULL */
};

static struct reading reading_new(const struct adopting *as)
{
	return (struct reading){
		.applied = arena_alloc(
			as->arena, as->spec->migrations->count * sizeof(bool)),
	};
}

static void reading_add(
	struct reading *reading, const struct migrations *all, size_t index)
{
	reading->applied[index] = true;
	reading->last = all->list[index].id;
}

/* Is it one that the number may be about? */
static bool is_about(const struct migration *migration, const struct ledger_adopt *adopt)
{
	return migration_is_of(migration, adopt->contributor) &&
		!format_is_repeatable(migration->id);
}

/* Is it a row of one that the number counts? Its file may be gone. */
static bool is_counted(const struct ledger_row *row, const struct ledger_adopt *adopt)
{
	return str_equal(row->contributor, adopt->contributor) &&
		!format_is_repeatable(row->id);
}

/* So many were applied: behind what is recorded, what is missing. Returns how many. */
static int64_t read_count(const struct adopting *as, const struct ledger_adopt *adopt,
	int64_t version, struct reading *ret)
{
	const struct migrations *all = as->spec->migrations;
	int64_t count = 0;
	size_t end = 0; /* of what is recorded */

	*ret = reading_new(as);
	for (size_t i = 0; as->ours && i < as->ours->count; i++)
		count += is_counted(&as->ours->rows[i], adopt);
	for (size_t i = 0; as->rows && i < all->count; i++)
		if (as->rows[i] && is_counted(as->rows[i], adopt))
			end = i + 1;
	for (; end < all->count && count < version; end++)
		if (is_about(&all->list[end], adopt)) {
			reading_add(ret, all, end);
			count++;
		}
	return count;
}

/*
 * All up to that version were applied. Returns whether it can be one: all files have
 * numbers, and it is not below the first.
 */
static bool read_version(const struct adopting *as, const struct ledger_adopt *adopt,
	int64_t version, struct reading *ret)
{
	const struct migrations *all = as->spec->migrations;
	bool reached = false;

	*ret = reading_new(as);
	for (size_t i = 0; i < all->count; i++) {
		const char *id = all->list[i].id;

		if (!is_about(&all->list[i], adopt))
			continue;
		if (!id || !str_is_digit(*id))
			return false;
		if (version < 0 || strtoull(id, NULL, 10) > (uint64_t)version)
			continue;
		reached = true;
		if (!as->rows || !as->rows[i])
			reading_add(ret, all, i);
	}
	return reached;
}

static const char *describe(const struct adopting *as, const struct ledger_adopt *adopt,
	const struct reading *reading)
{
	if (!reading->last)
		return "no more than is recorded";
	return arena_printf(
		as->arena, "all up to %s/%s", adopt->contributor, reading->last);
}

static int raise_readings(const struct adopting *as, const struct ledger_adopt *adopt,
	int64_t version, const struct reading readings[2], const char *advice,
	struct err *err)
{
	return err_fail(err,
		"its user_version is %lld, which says two things: as the number of "
		"applied migrations, %s; as the version of the last one, %s; it was left "
		"as it is: %s",
		(long long)version, describe(as, adopt, &readings[0]),
		describe(as, adopt, &readings[1]), advice);
}

static bool differ(const struct adopting *as, const struct reading readings[2])
{
	return memcmp(readings[0].applied, readings[1].applied,
		       as->spec->migrations->count * sizeof(bool)) != 0;
}

static void take(const struct adopting *as, const struct ledger_adopt *adopt,
	const struct reading *reading)
{
	for (size_t i = 0; i < as->spec->migrations->count; i++)
		if (reading->applied[i])
			as->found->from[i].tool = adopt->source;
}

/* Is the number what it was when our ledger was last written? */
static bool is_recorded(const struct adopting *as, int64_t version)
{
	char number[NUMBER_MAX];

	(void)snprintf(number, sizeof number, "%lld", (long long)version); /* fits */
	return as->ours && as->ours->user_version &&
		str_equal(as->ours->user_version, number);
}

/* ---- of which nothing is recorded ---- */

static int raise_count(const struct ledger_adopt *adopt, int64_t version, struct err *err)
{
	return err_fail(err,
		"its user_version is %lld, which cannot be the number of applied "
		"migrations of '%s'%s; it was left as it is: if it has all up to some "
		"version, write `adopt = baseline:VERSION`",
		(long long)version, adopt->contributor,
		version > 0 ? ": it has fewer; is this an older version of the "
			      "application?"
			    : "");
}

int adopt_number_read(
	const struct adopting *as, const struct ledger_adopt *adopt, struct err *err)
{
	struct reading readings[2];
	int64_t version = 0;

	if (as->store->engine->user_version(as->store, &version, err) < 0)
		return -1;
	/* A new contributor of a database that we have made. */
	if (as->rows && version == 0)
		return 0;
	if (version <= 0 || read_count(as, adopt, version, &readings[0]) != version)
		return raise_count(adopt, version, err);
	if (is_recorded(as, version))
		return err_fail(err,
			"its user_version is %lld, as it was when other migrations were "
			"recorded, so that it says nothing of '%s', which is new; it was "
			"left as it is: leave out its `adopt = user_version` if none of "
			"its migrations was applied, or write `adopt = baseline:VERSION`",
			(long long)version, adopt->contributor);
	if (read_version(as, adopt, version, &readings[1]) && differ(as, readings)) {
		const char *advice = arena_printf(as->arena,
			"write `adopt = baseline:%s/%s` or `adopt = baseline:%s/%s`",
			adopt->contributor, readings[0].last, adopt->contributor,
			readings[1].last);

		return raise_readings(as, adopt, version, readings, advice, err);
	}
	take(as, adopt, &readings[0]);
	return 0;
}

/* ---- of which something is recorded ---- */

/* Names what was counted when it was taken over, and is not any more. */
static void name_reverted(
	const struct adopting *as, const struct ledger_adopt *adopt, int64_t version)
{
	int64_t counted = 0;

	for (size_t i = 0; i < as->ours->count; i++) {
		const struct ledger_row *row = &as->ours->rows[i];

		if (is_counted(row, adopt) && row->tool &&
			str_equal(row->tool, adopt->source) && counted++ >= version)
			disagreement_add(&as->adoption->reverted, as->arena,
				"%s/%s (of %s, which is %lld now)", row->contributor,
				row->id, adopt->source, (long long)version);
	}
}

/* Have we run a migration, which may have set the number? */
static bool have_run(const struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->count; i++)
		if (!ledger->rows[i].tool)
			return true;
	return false;
}

/* What was applied can only be recorded by hand; without a hash, it is taken on trust. */
static const char *advise(const struct adopting *as, const struct ledger_adopt *adopt)
{
	return arena_printf(as->arena,
		"leave out `adopt = user_version`, and what is pending runs; of what was "
		"applied, first record each: INSERT INTO " LEDGER_NAME "(module, "
		"id, name, tool) VALUES('%s', 'VERSION', '', 'user_version')",
		adopt->contributor);
}

static int raise_since(const struct ledger_adopt *adopt, int64_t version,
	int64_t recorded, struct err *err)
{
	return err_fail(err,
		"its user_version is %lld, and '%s' has %lld migrations up to there: "
		"something else has applied more since it was taken over, and which is "
		"not known; it was left as it is: is this an older version of the "
		"application? If that number says nothing any more, leave out "
		"`adopt = user_version`",
		(long long)version, adopt->contributor, (long long)recorded);
}

int adopt_number_since(
	const struct adopting *as, const struct ledger_adopt *adopt, struct err *err)
{
	struct reading readings[2];
	int64_t version = 0, count;

	if (as->store->engine->user_version(as->store, &version, err) < 0)
		return -1;
	name_reverted(as, adopt, version);
	if (is_recorded(as, version))
		return 0;
	count = read_count(as, adopt, version, &readings[0]);
	/* Before the number was recorded, we may have set it. */
	if (readings[0].last && !as->ours->user_version && have_run(as->ours))
		return err_fail(err,
			"its user_version is %lld, and whether a migration that "
			"groundwork has run has set it, or something else has applied "
			"more, is not recorded; it was left as it is: %s",
			(long long)version, advise(as, adopt));
	if (count < version)
		return raise_since(adopt, version, count, err);
	if (read_version(as, adopt, version, &readings[1]) && differ(as, readings))
		return raise_readings(
			as, adopt, version, readings, advise(as, adopt), err);
	take(as, adopt, &readings[0]);
	return 0;
}

/* ---- writing ---- */

int adopt_number_record(
	struct store *store, const struct ledger_spec *spec, struct err *err)
{
	bool any = false;
	char number[NUMBER_MAX];
	int64_t version = 0;

	for (size_t i = 0; i < spec->adopt_count; i++)
		any |= str_equal(spec->adopt[i].source, "user_version");
	if (!any)
		return 0;
	if (store->engine->user_version(store, &version, err) < 0)
		return -1;
	(void)snprintf(number, sizeof number, "%lld", (long long)version); /* fits */
	return ledger_set_user_version(store, number, err);
}
