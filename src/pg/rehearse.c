/* SPDX-License-Identifier: MIT */
/* Trying what is pending on a server. */
#include "pg/rehearse.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs_reader.h"
#include "ledger/spec.h"
#include "migration/migration.h"
#include "pg/connection.h"
#include "pg/outside.h"
#include "pg/running.h"

static int rehearse(struct running *running, const struct ledger_work *work,
	struct buf *ret, struct err *err)
{
	CLEANUP_READER struct fs_reader reader = FS_READER_INIT;

	for (size_t i = 0; i < work->pending_count; i++) {
		CLEANUP_TEXT struct migration_text text = MIGRATION_TEXT_INIT;

		if (migration_load_valid(work->pending[i], &reader, &text, err) < 0)
			return -1;
		if (outside_is_marked(&text)) {
			buf_printf(ret,
				"its SQL was tried in a transaction that was rolled "
				"back, up to %s/%s, which runs outside of one",
				work->pending[i]->contributor, work->pending[i]->id);
			return 0;
		}
		if (run_check_inside(work->pending[i], &text, err) < 0 ||
			run_text(running, work->pending[i], &text, false, err) < 0)
			return -1;
	}
	buf_puts(ret, "its SQL was tried in a transaction that was rolled back");
	return 0;
}

int pg_rehearse(struct pg_connection *connection, const struct pg_spec *spec,
	const struct ledger_work *work, struct buf *ret, struct err *err)
{
	struct running running;
	int rc;

	running_begin(&running, connection, spec);
	rc = pg_run(connection, "begin", "BEGIN", err);
	if (rc >= 0)
		rc = rehearse(&running, work, ret, err);
	pg_roll_back(connection);
	running_end(&running);
	return rc < 0 ? -1 : 0;
}
