/* SPDX-License-Identifier: MIT */
/* Applying what is pending, inside a transaction. */
#include "db/migrate.h"

#include "base/err.h"
#include "ledger/compare.h"
#include "db/connection.h"
#include "db/execute.h"
#include "db/foreign_keys.h"
#include "db/ledger_table.h"
#include "db/schema_drift.h"
#include "db/touched.h"
#include "db/verify_extent.h"

static int check_schema(struct connection *connection, const struct db_spec *spec,
	struct db_ledger *ledger, struct arena *arena, struct err *err)
{
	if (schema_drift_read(connection, arena, &ledger->schema, err) < 0)
		return err_prefix(err, "'%s'", spec->path);
	return schema_drift_check(spec, ledger, false, arena, err);
}

/* Inside the transaction no other process can change the ledger. */
int migrate_compare(struct connection *connection, const struct db_spec *spec,
	struct arena *arena, struct db_report *ret, struct err *err)
{
	struct db_ledger ledger;
	int rc = ledger_table_read(connection, spec, arena, &ledger, err);

	if (rc == 1)
		rc = connection_fail(connection, "read the ledger", err);
	if (rc < 0)
		return err_prefix(err, "'%s'", spec->path);
	if (ledger_table_compare(spec, &ledger, false, arena, ret, err) < 0 ||
		(spec->schema_drift == LEDGER_REFUSE &&
			check_schema(connection, spec, &ledger, arena, err) < 0))
		return -1;
	/* More may be pending than when it was read before. */
	return compare_check_pending(&spec->ledger, &ret->work, err);
}

int migrate(struct connection *connection, const struct db_spec *spec,
	enum verify_before before, const struct db_report *report, struct err *err)
{
	CLEANUP_FOREIGN_KEYS struct foreign_keys keys = {.connection = connection};
	CLEANUP_TOUCHED struct touched touched = {.count = 0};
	int rc;

	connection_trust(connection);
	if (before == VERIFY_STORED && verify_begin(connection, err) < 0)
		return -1;
	connection->touched = &touched;
	rc = execute_migrations(connection, spec, report, &keys, err);
	connection->touched = NULL;
	if (rc == 0)
		rc = schema_drift_record(connection, spec, report, err);
	if (rc == 0)
		rc = verify_extent(&touched, connection, err);
	if (rc < 0)
		return -1;
	return verify_end(connection, spec, &keys, &touched, before, err);
}
