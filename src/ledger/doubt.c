/* SPDX-License-Identifier: MIT */
/* What may be behind an error of pending migrations. */
#include "ledger/doubt.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "ledger/spec.h"
#include "migration/migration.h"

/* Is it an error of SQLite's about something that is there already? */
static bool is_about_existing(const char *text)
{
	return strstr(text, " already exists") || strstr(text, "duplicate column name");
}

int doubt_raise(const struct ledger_work *work, struct err *err)
{
	const struct migration *last;

	/* A lock, a full disk or a stop has nothing to do with it. */
	if (err->kind != ERR_FAILED || err->code)
		return -1;
	if (work->doubt)
		return err_append(err, "; %s", work->doubt);
	if (!work->adopted_count || !is_about_existing(err->text))
		return -1;
	last = work->adopted[work->adopted_count - 1];
	return err_append(err,
		"; by `adopt`, '%s%s%s' is the last of '%s' that was applied: if this "
		"was, too, write a later `baseline`",
		last->id, *last->name ? "_" : "", last->name, last->contributor);
}

/* SQLite's and PostgreSQL's. */
static bool is_about_missing(const char *text)
{
	return strstr(text, "no such table") || strstr(text, " does not exist");
}

int doubt_later(const struct ledger_work *work, size_t i, struct err *err)
{
	const char *failed = work->pending[i]->contributor, *named = failed;

	if (err->kind != ERR_FAILED || !is_about_missing(err->text))
		return -1;
	for (; i < work->pending_count; i++) {
		const char *later = work->pending[i]->contributor;

		if (str_equal(later, named))
			continue;
		(void)err_append(err, "%s%s", /* always -1 */
			named == failed
				? "; if one makes it that comes later, name it by "
				  "`after`: "
				: ", ",
			later);
		named = later;
	}
	return -1;
}
