/* SPDX-License-Identifier: MIT */
/* The ledger beside the migrations that we have: what is pending, what disagrees. */
#include "db/compare.h"

#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "db/ledger.h"
#include "migration/format.h"
#include "migration/version.h"
#include "migration/migration.h"

#define TOLD_MAX 5 /* migrations that one message names */

/* The migrations that a message is about. */
struct telling {
	struct buf text;
	size_t count;
};

__attribute__((format(printf, 2, 3))) static void tell(
	struct telling *telling, const char *format, ...)
{
	va_list args;

	if (telling->count++ >= TOLD_MAX)
		return;
	va_start(args, format);
	buf_puts(&telling->text, telling->count > 1 ? ", " : "");
	buf_vprintf(&telling->text, format, args);
	va_end(args);
}

/* 0 nothing to tell, or told as a warning · -1. `advice` says what to do. */
static int answer(enum db_answer how, bool warn, const struct db_spec *spec,
	struct telling *telling, const char *advice, struct err *err)
{
	int rc = 0;

	if (telling->count > TOLD_MAX)
		buf_printf(&telling->text, " and %zu more", telling->count - TOLD_MAX);
	if (telling->count && how == DB_REFUSE)
		rc = err_fail(
			err, "'%s': %s: %s", spec->path, telling->text.data, advice);
	else if (telling->count && how == DB_WARN && warn)
		log_warn(spec->log, "'%s': %s: %s", spec->path, telling->text.data,
			advice);
	buf_release(&telling->text);
	return rc;
}

static bool is_changed(const struct ledger_row *row, const struct migration *one)
{
	return row->hash_size != DIGEST_SIZE ||
		memcmp(row->hash, one->hash, DIGEST_SIZE) != 0;
}

static int check_drift(const struct db_spec *spec, const struct ledger *ledger, bool warn,
	struct err *err)
{
	struct telling changed = {.text = BUF_INIT};

	for (size_t i = 0; i < spec->migrations->count; i++) {
		const struct migration *one = &spec->migrations->list[i];
		const struct ledger_row *row =
			ledger_find(ledger, one->contributor, one->id);

		if (row && !format_is_repeatable(one->id) && is_changed(row, one))
			tell(&changed, "%s/%s ('%s')", one->contributor, one->id,
				one->file);
	}
	return answer(spec->drift, warn, spec, &changed,
		"changed since it was applied; put the file back as it was, and make the "
		"change in a new migration",
		err);
}

static bool is_configured(const struct migrations *migrations, const char *contributor)
{
	for (size_t i = 0; i < migrations->count; i++)
		if (str_equal(migrations->list[i].contributor, contributor))
			return true;
	return false;
}

static int check_unknown(const struct db_spec *spec, const struct ledger *ledger,
	bool warn, struct err *err)
{
	struct telling unknown = {.text = BUF_INIT};

	for (size_t i = 0; i < ledger->count; i++) {
		const struct ledger_row *row = &ledger->rows[i];

		if (!row->ours && is_configured(spec->migrations, row->contributor))
			tell(&unknown, "%s/%s%s%s%s", row->contributor, row->id,
				*row->name ? " (" : "", row->name, *row->name ? ")" : "");
	}
	return answer(spec->unknown, warn, spec, &unknown,
		"applied, but not among our migrations; is this an older version of the "
		"application?",
		err);
}

/* The latest version that its contributor has in the ledger, or NULL. */
static const struct ledger_row *latest(
	const struct ledger *ledger, const char *contributor)
{
	for (size_t i = ledger->count; i > 0; i--)
		if (str_equal(ledger->rows[i - 1].contributor, contributor) &&
			!format_is_repeatable(ledger->rows[i - 1].id))
			return &ledger->rows[i - 1];
	return NULL;
}

static int check_order(const struct db_spec *spec, const struct ledger *ledger, bool warn,
	const struct db_report *report, struct err *err)
{
	struct telling late = {.text = BUF_INIT};
	const struct ledger_row *last = NULL;

	for (size_t i = 0; i < report->pending_count; i++) {
		const struct migration *one = report->pending[i];

		if (!last || !str_equal(last->contributor, one->contributor))
			last = latest(ledger, one->contributor);
		if (last && version_cmp(one->id, last->id) < 0)
			tell(&late, "%s/%s ('%s', behind %s)", one->contributor, one->id,
				one->file, last->id);
	}
	return answer(spec->out_of_order, warn, spec, &late,
		"comes before one that is applied already; give it a version behind that",
		err);
}

/* ---- what is pending ---- */

static const struct db_baseline *baseline_of(
	const struct db_spec *spec, const char *contributor)
{
	for (size_t i = 0; i < spec->baselines_count; i++)
		if (str_equal(spec->baselines[i].contributor, contributor))
			return &spec->baselines[i];
	return NULL;
}

/* Does a baseline say that it is in? */
static bool is_below(const struct db_spec *spec, const struct migration *one)
{
	const struct db_baseline *baseline = baseline_of(spec, one->contributor);

	return baseline && version_cmp(one->id, baseline->id) <= 0;
}

/* A baseline that we do not have would be a slip of the pen, and run what is in. */
static int check_baselines(const struct db_spec *spec, struct err *err)
{
	const struct migrations *all = spec->migrations;

	for (size_t i = 0; i < spec->baselines_count; i++) {
		const struct db_baseline *baseline = &spec->baselines[i];
		bool found = false;

		for (size_t j = 0; j < all->count && !found; j++)
			found = str_equal(all->list[j].contributor,
					baseline->contributor) &&
				version_cmp(all->list[j].id, baseline->id) == 0;
		if (!found)
			return err_fail(err,
				"'%s' cannot be taken over: there is no migration %s/%s, "
				"which `adopt` names; it was left as it is",
				spec->path, baseline->contributor, baseline->id);
	}
	return 0;
}

static void sort_out(const struct db_spec *spec, const struct ledger *ledger, bool adopt,
	struct arena *arena, struct db_report *ret)
{
	const struct migrations *all = spec->migrations;

	ret->pending = arena_alloc(arena, all->count * sizeof(void *));
	ret->adopted = arena_alloc(arena, all->count * sizeof(void *));
	ret->pending_count = 0;
	ret->adopted_count = 0;
	ret->applied_count = 0;
	for (size_t i = 0; i < all->count; i++) {
		const struct migration *one = &all->list[i];
		struct ledger_row *row = ledger_find(ledger, one->contributor, one->id);

		if (row)
			row->ours = true;
		/* What may run again does so when it has changed. */
		if (row && (!format_is_repeatable(one->id) || !is_changed(row, one))) {
			ret->applied_count++;
		} else if (adopt && is_below(spec, one)) {
			ret->adopted[ret->adopted_count++] = one;
		} else {
			ret->pending[ret->pending_count++] = one;
		}
	}
}

static int check_application(
	const struct db_spec *spec, const struct ledger *ledger, struct err *err)
{
	if (!spec->application_id || !ledger->application_id ||
		ledger->application_id == spec->application_id)
		return 0;
	return err_fail(err,
		"'%s' is another application's: its application_id is %lld, not %lld; it "
		"was left as it is",
		spec->path, (long long)ledger->application_id,
		(long long)spec->application_id);
}

int ledger_compare(const struct db_spec *spec, const struct ledger *ledger, bool warn,
	struct arena *arena, struct db_report *ret, struct err *err)
{
	bool strange = !ledger->exists && ledger->others && spec->migrations->count;

	if (check_application(spec, ledger, err) < 0)
		return -1;
	if (strange && !spec->baselines_count)
		return err_fail(err,
			"'%s' has tables but no ledger of ours: it was made by something "
			"else, and what of our migrations is in it cannot be known; it "
			"was left as it is. If all up to some version is in it, write "
			"`adopt = baseline:VERSION`",
			spec->path);
	if (strange && check_baselines(spec, err) < 0)
		return -1;
	sort_out(spec, ledger, strange, arena, ret);
	ret->stamp = spec->application_id && !ledger->application_id;
	if (check_drift(spec, ledger, warn, err) < 0 ||
		check_unknown(spec, ledger, warn, err) < 0)
		return -1;
	return check_order(spec, ledger, warn, ret, err);
}
