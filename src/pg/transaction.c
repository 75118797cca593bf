/* SPDX-License-Identifier: MIT */
/* Transactions on a server. */
#include "pg/transaction.h"

#include "base/crypto.h"
#include "base/err.h"
#include "base/log.h"
#include "base/stop.h"
#include "base/str.h"
#include "migration/migration.h"
#include "pg/connection.h"
#include "pg/ledger_check.h"
#include "pg/lock.h"
#include "pg/pg.h"
#include "pg/running.h"

#define LOCK_TRIES 10 /* where a migration does not get the lock of a table */

/* What is of none of its statements, as a constraint at COMMIT, is of its file. */
static int raise_in_file(const struct transaction *transaction, struct err *err)
{
	if (!transaction->at || transaction->spec->transaction == SERVER_ALL ||
		err->at.file || err->kind != ERR_FAILED)
		return -1;
	return err_at(err, (struct place){.file = transaction->at->file});
}

/* Unless the message before has begun it. */
static int begin(struct transaction *transaction, struct err *err)
{
	struct pg_connection *connection = transaction->connection;

	buf_truncate(&transaction->rows, 0);
	connection->collected = &transaction->rows;
	if (transaction->begun)
		return 0;
	return pg_run(connection, "begin", RUNNING_BEGIN, err) < 0 ? -1 : 0;
}

static void roll_back(struct transaction *transaction)
{
	transaction->connection->collected = NULL;
	transaction->begun = false;
	pg_roll_back(transaction->connection);
}

/*
 * In one message with the rows that were collected; and, where another one follows, with
 * its BEGIN. Whether a COMMIT that does not come back has come about, the ledger says.
 */
static int commit(struct transaction *transaction, struct err *err)
{
	struct pg_connection *connection = transaction->connection;

	connection->collected = NULL;
	transaction->begun = transaction->more;
	buf_puts(&transaction->rows,
		transaction->more ? "COMMIT; " RUNNING_BEGIN : "COMMIT");
	if (pg_run(connection, "commit", transaction->rows.data, err) < 0) {
		ledger_check_name(connection, err);
		return -1;
	}
	/* So it answers where the transaction has failed before. */
	if (str_equal(connection->tag, "ROLLBACK"))
		return err_fail(err,
			"commit: the server has rolled it back; the log of the server "
			"says why");
	return 0;
}

static int64_t lock_pause_ms(void)
{
	return 500 + crypto_random_below(1500);
}

int transaction_wait(struct transaction *transaction, int tries, const struct err *why,
	struct err *err)
{
	CLEANUP_BUF struct buf holders = BUF_INIT;

	pg_lock_name_holders(transaction->connection, &holders);
	if (tries == LOCK_TRIES) {
		*err = *why;
		return err_append(err, "%s", holders.len ? holders.data : "");
	}
	log_info(transaction->spec->ledger.log,
		"'%s': %s/%s does not get a lock within lock_timeout, and is tried "
		"again%s",
		transaction->spec->ledger.name, transaction->at->contributor,
		transaction->at->id, holders.len ? holders.data : "");
	return stop_sleep(transaction->spec->stop, lock_pause_ms(), err);
}

int transaction_run(struct transaction *transaction,
	int (*work)(void *user, struct err *err), void *user, struct err *err)
{
	for (int tries = 1;; tries++) {
		DECLARE_ERR(why);
		bool locked;

		if (begin(transaction, &why) == 0 && work(user, &why) == 0 &&
			commit(transaction, &why) == 0)
			return 0;
		locked = transaction->at && pg_is_state(transaction->connection, "55P03");
		roll_back(transaction);
		if (!locked) {
			*err = why;
			return raise_in_file(transaction, err);
		}
		if (transaction_wait(transaction, tries, &why, err) < 0)
			return -1;
	}
}

void transaction_drop(struct transaction *transaction)
{
	if (transaction->begun)
		roll_back(transaction);
}
