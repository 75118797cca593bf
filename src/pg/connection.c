/* SPDX-License-Identifier: MIT */
/* Connections. */
#include "pg/connection.h"

#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "pg/pg.h"

/* RAISE NOTICE, and what the server says by itself. */
static void on_notice(void *user, const char *severity, const char *text)
{
	const struct pg_connection *connection = user;
	const struct log *log = connection->spec->ledger.log;

	if (connection->quiet)
		return;
	if (str_equal(severity, "WARNING"))
		log_warn(log, "'%s': %s", connection->spec->ledger.name, text);
	else
		log_info(log, "'%s': %s", connection->spec->ledger.name, text);
}

/* The words of the spec, with another database behind them: the last one counts. */
static const char *const *words_with(
	const struct pg_spec *spec, const char *database, struct arena *arena)
{
	const char **words;
	size_t count = 0;

	while (spec->words[count])
		count++;
	words = arena_alloc(arena, (count + 3) * sizeof *words);
	memcpy(words, spec->words, count * sizeof *words);
	words[count++] = "dbname";
	words[count++] = database;
	words[count] = NULL;
	return words;
}

int pg_connect(struct pg_connection *connection, const struct pg_spec *spec,
	const char *database, struct err *err)
{
	struct arena arena = {0};
	struct session_result result;
	struct session_target target = {.words = spec->words, .as_us = spec->as_us};
	int rc;

	*connection = (struct pg_connection)PG_CONNECTION_INIT;
	connection->store.engine = &pg_engine;
	connection->spec = spec;
	connection->use = (struct session_use){
		.stop = spec->stop, .notice = on_notice, .user = connection};
	if (database)
		target.words = words_with(spec, database, &arena);
	rc = session_open(
		&connection->session, &target, &connection->use, &arena, &result, err);
	if (rc == 0)
		rc = pg_take(connection, "connect", &result, err);
	arena_release(&arena);
	return rc;
}

int pg_run(struct pg_connection *connection, const char *what, const char *sql,
	struct err *err)
{
	struct arena arena = {0};
	struct session_result result;
	int rc;

	connection->quiet = true;
	rc = session_run(&connection->session, sql, NULL, 0, &arena, &result, err);
	connection->quiet = false;
	if (rc == 0)
		rc = pg_take(connection, what, &result, err);
	if (rc == 0)
		rc = result.rows > 0;
	arena_release(&arena);
	return rc;
}

void pg_roll_back(struct pg_connection *connection)
{
	DECLARE_ERR(ignored);

	if (!connection->lost)
		(void)pg_run(connection, "roll back", "ROLLBACK", &ignored);
}

void pg_connection_release(struct pg_connection *connection)
{
	session_close(&connection->session);
}
