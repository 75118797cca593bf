/* SPDX-License-Identifier: MIT */
/* Recording in the ledger what was done. */
#include "ledger/record.h"

#include "base/clock.h"
#include "base/log.h"
#include "ledger/ledger.h"
#include "ledger/query.h"
#include "ledger/spec.h"
#include "migration/migration.h"

int record_run(struct store *store, struct query *insert, const struct ledger_spec *spec,
	const struct migration *migration, int64_t duration_us, struct err *err)
{
	char text[CLOCK_TEXT_MAX];

	if (ledger_add(store, insert, migration, duration_us, "groundwork", NULL, err) <
		0)
		return -1;
	clock_duration(duration_us, text);
	log_debug(spec->log, "'%s': %s/%s %s (%s)", spec->name, migration->contributor,
		migration->id, migration->name, text);
	return 0;
}

int record_adopted(struct store *store, const struct ledger_work *work, struct err *err)
{
	CLEANUP_QUERY struct query insert = {0};
	CLEANUP_QUERY struct query without_hash = {0};

	for (size_t i = 0; i < work->adopted_count; i++)
		if (ledger_add(store, &insert, work->adopted[i], 0, work->origins[i].tool,
			    work->origins[i].replaces, err) < 0)
			return -1;
	for (size_t i = 0; i < work->missing_count; i++)
		if (ledger_add_missing(store, &without_hash, &work->missing[i], err) < 0)
			return -1;
	return 0;
}
