/* SPDX-License-Identifier: MIT */
/* What may be behind an error of pending migrations. */
#include "db/doubt.h"

#include <string.h>

#include "base/err.h"
#include "db/db.h"
#include "migration/migration.h"

/* Is it an error of SQLite's about something that is there already? */
static bool is_about_existing(const char *text)
{
	return strstr(text, " already exists") || strstr(text, "duplicate column name");
}

int doubt_raise(const struct db_report *report, struct err *err)
{
	const struct migration *last;

	/* A lock, a full disk or a stop has nothing to do with it. */
	if (err->kind != ERR_FAILED || err->code)
		return -1;
	if (report->doubt)
		return err_append(err, "; %s", report->doubt);
	if (!report->adopted_count || !is_about_existing(err->text))
		return -1;
	last = report->adopted[report->adopted_count - 1];
	return err_append(err,
		"; by `adopt`, '%s%s%s' is the last of '%s' that was applied: if this "
		"was, too, write a later `baseline`",
		last->id, *last->name ? "_" : "", last->name, last->contributor);
}
