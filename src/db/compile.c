/* SPDX-License-Identifier: MIT */
/* Compiling what is pending, in memory. */
#include "db/compile.h"

#include "base/err.h"
#include "base/stop.h"
#include "db/connection.h"
#include "db/dry_run.h"
#include "db/execute.h"
#include "db/foreign_keys.h"
#include "db/memory.h"

int compile_run(struct connection *connection, const struct db_spec *spec,
	const struct db_report *report, struct dry_run *dry, struct err *err)
{
	CLEANUP_FOREIGN_KEYS struct foreign_keys keys = {.connection = connection};
	int rc;

	if (connection_exec(connection, "begin", "BEGIN", err) < 0)
		return -1;
	connection_trust(connection);
	connection->dry_run = dry;
	rc = execute_migrations(connection, spec, report, &keys, err);
	connection->dry_run = NULL;
	return rc;
}

int compile_pending(const struct db_spec *spec, const struct memory_schema *schema,
	struct arena *arena, struct db_report *report, struct err *err)
{
	CLEANUP_CONNECTION struct connection connection = {0};
	struct dry_run dry = {.uncertain = false};
	DECLARE_ERR(why);
	int rc = memory_open(&connection, spec, schema, &why);

	if (stop_check(spec->stop, err) < 0)
		return -1;
	if (rc == 1) {
		report->tried = arena_printf(arena,
			"its SQL was not compiled, since the schema cannot be made in "
			"memory (%s); --rehearse tries it on a copy",
			why.text);
		return 0;
	}
	if (rc == 0)
		rc = compile_run(&connection, spec, report, &dry, &why);
	if (rc == 0 && report->state == DB_ABSENT) {
		report->tried = "its SQL compiles, and was not run; --rehearse runs it "
				"in memory";
		return 0;
	}
	if (rc == 0) {
		report->tried = "its SQL compiles, and was not tried on the data; "
				"--rehearse tries it on a copy";
		return 0;
	}
	if (stop_check(spec->stop, err) < 0)
		return -1;
	if (!dry.uncertain) {
		*err = why;
		return -1;
	}
	report->tried = arena_printf(arena,
		"its SQL compiles up to %s:%d, which cannot be tried without the data; "
		"--rehearse tries all of it on a copy",
		why.at.file, why.at.line);
	return 0;
}
