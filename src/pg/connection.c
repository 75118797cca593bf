/* SPDX-License-Identifier: MIT */
/* Connections. */
#include "pg/connection.h"

#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "ledger/query.h"
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
	const struct server_spec *spec, const char *database, struct arena *arena)
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

/* The last one counts. */
static const char *word_of(const struct server_spec *spec, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; spec->words[i]; i += 2)
		if (str_equal(spec->words[i], name))
			value = spec->words[i + 1];
	return value;
}

/* By which certificates the server was not verified, and whom it does not know. */
static void advise(const struct pg_connection *connection, const struct server_spec *spec,
	struct err *err)
{
	const char *roots = word_of(spec, "sslrootcert");

	if (str_starts(connection->state, "28") && !word_of(spec, "user") &&
		!word_of(spec, "service"))
		err_append(err,
			"; `url` names no user, and that of the process that connects is "
			"taken: write USER@HOST, or user=USER");
	if (roots && strstr(err->text, "certificate verify failed"))
		err_append(err,
			"; its authority is none of those in '%s': where it has one of "
			"its own, write sslrootcert=FILE",
			roots);
}

int pg_connect(struct pg_connection *connection, const struct server_spec *spec,
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
	if (rc < 0)
		advise(connection, spec, err);
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

/*
 * The search_path is asked for before it is ours. An operator in it that fits better than
 * the server's own would run, with our rights ("Function Type Resolution").
 */
static const char reading_sql[] =
	"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
	"SET LOCAL standard_conforming_strings = on; SET LOCAL bytea_output = hex; "
	"SET LOCAL row_security = off; SET LOCAL lock_timeout = '10s'; "
	"SELECT s FROM pg_catalog.unnest(pg_catalog.current_schemas(false)) AS s; "
	"SET LOCAL search_path = pg_catalog, pg_temp";

int pg_begin_reading(struct pg_connection *connection, struct arena *arena,
	const char *const **ret_path, struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	const char **path = NULL;
	size_t count = 0;
	int rc = query_run(
		&query, &connection->store, "begin to read", reading_sql, NULL, 0, err);

	for (; rc == 1; rc = query_next(&query, err)) {
		const char *schema = query_text(&query, 0);

		path = arena_array_grow(arena, path, count, sizeof *path);
		path[count++] = arena_strdup(arena, schema ? schema : "");
	}
	if (rc < 0)
		return -1;
	path = arena_array_grow(arena, path, count, sizeof *path);
	path[count] = NULL;
	*ret_path = path;
	return 0;
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
