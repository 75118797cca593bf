/* SPDX-License-Identifier: MIT */
/* Checking the database after the migrations. */
#include "db/verify.h"

#include <sqlite3.h>

#include "base/err.h"
#include "base/log.h"
#include "db/connection.h"
#include "db/db.h"
#include "ledger/query.h"
#include "db/renames.h"
#include "db/touched.h"
#include "db/verify_pages.h"
#include "db/violations.h"
#include "db/ledger_table.h"

static const char checking[] = "foreign_key_check";

static const char any_sql[] = "SELECT 1 FROM pragma_foreign_key_check LIMIT 1";

static const char children_sql[] =
	"SELECT DISTINCT child.name FROM main.sqlite_master AS child, "
	"pragma_foreign_key_list(child.name, 'main') WHERE child.type = 'table'";
static const char parents_sql[] =
	"SELECT \"table\", NOT EXISTS (SELECT 1 FROM main.sqlite_master AS m "
	"WHERE m.type = 'table' AND m.name = \"table\" COLLATE NOCASE) "
	"FROM pragma_foreign_key_list(?1, 'main')";

struct checker {
	struct connection *connection;
	const struct db_spec *spec;
	const struct foreign_keys *keys;
	const struct touched *touched;
	enum verify_before before;
	bool prepared;
	struct connection reader; /* of the database before, too */
};

static void release_checker(struct checker *checker)
{
	connection_release(&checker->reader);
}

/* ---- before ---- */

int verify_begin(struct connection *connection, struct err *err)
{
	CLEANUP_QUERY struct query children = {0};
	int rc;

	progress_set(&connection->progress, "%s", checking);
	if (violations_create(connection, err) < 0)
		return -1;
	rc = query_run(
		&children, &connection->store, checking, children_sql, NULL, 0, err);
	for (; rc == 1; rc = query_next(&children, err))
		if (violations_store(
			    connection, connection, query_text(&children, 0), err) < 0)
			return -1;
	return rc < 0 ? -1 : violations_store_names(connection, connection, err);
}

/* It waits for nobody: it is our own transaction that may lock it out. */
static int open_reader(struct checker *checker, struct err *err)
{
	struct db_spec spec = *checker->spec;

	spec.busy_timeout_ms = 0;
	if (connection_open(&checker->reader, &checker->connection->files, &spec,
		    COPY_FROM, err) < 0)
		return -1;
	connection_trust(&checker->reader);
	if (violations_create(&checker->reader, err) < 0)
		return -1;
	return violations_store_names(checker->connection, &checker->reader, err);
}

/* For the first table of which something is broken. */
static int prepare(struct checker *checker, struct err *err)
{
	if (checker->before != VERIFY_STORED &&
		violations_create(checker->connection, err) < 0)
		return -1;
	if (checker->before == VERIFY_READ && open_reader(checker, err) < 0)
		return -1;
	return violations_rename(checker->connection, &checker->touched->renames, err);
}

/* Returns 0, 1 if the database as it was before cannot be read, or -1. */
static int read_before(struct checker *checker, const char *child, struct err *err)
{
	DECLARE_ERR(why);
	int rc = checker->prepared ? 0 : prepare(checker, &why);

	checker->prepared = true;
	if (rc == 0 && checker->before == VERIFY_READ)
		rc = violations_store(checker->connection, &checker->reader, child, &why);
	if (rc == 0)
		return 0;
	if (checker->before == VERIFY_READ && why.kind == ERR_TEMPORARY)
		return 1;
	*err = why;
	return -1;
}

/* ---- after ---- */

/* Returns 0, 1 as read_before(), or -1. */
static int check_child(struct checker *checker, const char *child, struct err *err)
{
	const struct violations_check check = {
		.connection = checker->connection,
		.spec = checker->spec,
		.keys = checker->keys,
		.touched = checker->touched,
	};
	int looked = violations_look(checker->connection, child, err);
	int rc = looked > 0 ? read_before(checker, child, err) : looked;

	if (looked <= 0 || rc != 0)
		return rc;
	return violations_check(&check, child, looked, err);
}

static bool checks_all(const struct checker *checker)
{
	return checker->touched->all || checker->spec->verify == DB_FULL;
}

/* Can its references have been broken? Returns 1, 0, or -1. */
static int is_touched(const struct checker *checker, const char *child, struct err *err)
{
	CLEANUP_QUERY struct query parents = {0};
	const struct query_value name = {.text = child};
	int rc;

	if (checks_all(checker) || touched_find(checker->touched, child))
		return 1;
	rc = query_run(&parents, &checker->connection->store, checking, parents_sql,
		&name, 1, err);
	for (; rc == 1; rc = query_next(&parents, err)) {
		const struct touched_table *parent =
			touched_find(checker->touched, query_text(&parents, 0));

		if ((parent && parent->what == TOUCHED_ROWS) ||
			(checker->touched->views && query_integer(&parents, 1)))
			return 1;
	}
	return rc;
}

/* Returns 0, 1 as read_before(), or -1. */
static int check_children(struct checker *checker, struct err *err)
{
	CLEANUP_QUERY struct query children = {0};
	int rc = query_run(&children, &checker->connection->store, checking, children_sql,
		NULL, 0, err);

	for (; rc == 1; rc = query_next(&children, err)) {
		const char *child = query_text(&children, 0);
		int result = is_touched(checker, child, err);

		if (result == 1) {
			log_debug(checker->spec->ledger.log,
				"'%s': verify: foreign keys of %s", checker->spec->path,
				child);
			result = check_child(checker, child, err);
		}
		if (result != 0)
			return result;
	}
	return rc;
}

/*
 * Mostly nothing is broken, and where all is checked one statement says so. If it fails,
 * as it does if one key cannot be checked, so does the same of a table.
 */
static int check_references(struct checker *checker, struct err *err)
{
	CLEANUP_QUERY struct query any = {0};
	DECLARE_ERR(ignored);

	if (!checks_all(checker))
		return check_children(checker, err);
	log_debug(checker->spec->ledger.log, "'%s': verify: all foreign keys",
		checker->spec->path);
	if (query_run(&any, &checker->connection->store, checking, any_sql, NULL, 0,
		    &ignored) == 0)
		return 0;
	query_release(&any);
	return check_children(checker, err);
}

static int check_application_id(
	struct connection *connection, const struct db_spec *spec, struct err *err)
{
	int64_t id;

	if (!spec->application_id)
		return 0;
	if (ledger_application_id(connection, &id, err) < 0)
		return -1;
	if (id == spec->application_id)
		return 0;
	return err_fail(err,
		"the migrations set the application_id to %lld, and the key says %lld",
		(long long)id, (long long)spec->application_id);
}

static int check_tables(struct connection *connection, const struct db_spec *spec,
	const struct touched *touched, struct err *err)
{
	for (size_t i = 0; i < touched->count; i++) {
		const char *table = touched->tables[i].name;

		if (touched->tables[i].what < TOUCHED_PAGES)
			continue;
		log_debug(spec->ledger.log, "'%s': verify: quick_check of %s", spec->path,
			table);
		if (verify_pages_of(connection, DB_QUICK, table, err) < 0)
			return -1;
	}
	return 0;
}

int verify_end(struct connection *connection, const struct db_spec *spec,
	const struct foreign_keys *keys, const struct touched *touched,
	enum verify_before before, struct err *err)
{
	__attribute__((cleanup(release_checker))) struct checker checker = {
		.connection = connection,
		.spec = spec,
		.keys = keys,
		.touched = touched,
		.before = before,
	};
	int rc;

	progress_set(&connection->progress, "%s", checking);
	rc = check_references(&checker, err);
	if (rc != 0)
		return rc;
	if (check_application_id(connection, spec, err) < 0)
		return -1;
	if (!touched->all && spec->verify == DB_QUICK)
		return check_tables(connection, spec, touched, err);
	log_debug(spec->ledger.log, "'%s': verify: %s", spec->path,
		verify_pages_name(spec->verify));
	return verify_pages(connection, spec->verify, err);
}
