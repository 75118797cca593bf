/* SPDX-License-Identifier: MIT */
/* What the SQL of a migration may not do. */
#include "db/authorizer.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/stack_room.h"
#include "base/str.h"
#include "db/connection.h"
#include "db/dry_run.h"
#include "db/foreign_keys.h"
#include "db/sql.h"
#include "db/touched.h"

#define OWN_PREFIX "groundwork_" /* of the names of our tables */

/* Actions that a migration never has. */
static const struct {
	int action;
	const char *what;
} refused_actions[] = {
	{SQLITE_ATTACH, "ATTACH"},
	{SQLITE_DETACH, "DETACH"},
	{SQLITE_TRANSACTION, "a transaction command"},
	{SQLITE_SAVEPOINT, "SAVEPOINT"},
};

/* Which of the two names of an action is that of a table or another object. */
static const struct {
	int action;
	bool first, second;
} named_actions[] = {
	{SQLITE_INSERT, true, false},
	{SQLITE_UPDATE, true, false},
	{SQLITE_DELETE, true, false},
	{SQLITE_CREATE_TABLE, true, false},
	{SQLITE_CREATE_TEMP_TABLE, true, false},
	{SQLITE_CREATE_VIEW, true, false},
	{SQLITE_CREATE_TEMP_VIEW, true, false},
	{SQLITE_CREATE_VTABLE, true, false},
	{SQLITE_CREATE_INDEX, true, true},
	{SQLITE_CREATE_TEMP_INDEX, true, true},
	{SQLITE_CREATE_TRIGGER, true, true},
	{SQLITE_CREATE_TEMP_TRIGGER, true, true},
	{SQLITE_DROP_TABLE, true, false},
	{SQLITE_DROP_TEMP_TABLE, true, false},
	{SQLITE_DROP_VIEW, true, false},
	{SQLITE_DROP_TEMP_VIEW, true, false},
	{SQLITE_DROP_VTABLE, true, false},
	{SQLITE_DROP_INDEX, true, true},
	{SQLITE_DROP_TEMP_INDEX, true, true},
	{SQLITE_DROP_TRIGGER, true, true},
	{SQLITE_DROP_TEMP_TRIGGER, true, true},
	{SQLITE_ALTER_TABLE, false, true},
};

static const char *const refused_functions[] = {
	"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"};

__attribute__((format(printf, 2, 3))) static int refuse(
	struct connection *connection, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	/* Cut if it is too long: it is a hint. */
	(void)vsnprintf(connection->refused, sizeof connection->refused, format, args);
	va_end(args);
	return SQLITE_DENY;
}

bool authorizer_is_ours(const char *name)
{
	return name && sqlite3_strnicmp(name, OWN_PREFIX, (int)strlen(OWN_PREFIX)) == 0;
}

static int check_names(
	struct connection *connection, int action, const char *first, const char *second)
{
	for (size_t i = 0; i < sizeof named_actions / sizeof *named_actions; i++) {
		if (named_actions[i].action != action)
			continue;
		if (named_actions[i].first && authorizer_is_ours(first))
			return refuse(connection, "'%s' is groundwork's own", first);
		if (named_actions[i].second && authorizer_is_ours(second))
			return refuse(connection, "'%s' is groundwork's own", second);
	}
	return SQLITE_OK;
}

static int check_function(struct connection *connection, const char *name)
{
	for (size_t i = 0; i < sizeof refused_functions / sizeof *refused_functions; i++)
		if (name && sqlite3_stricmp(name, refused_functions[i]) == 0)
			return refuse(
				connection, "%s() cannot be used in a migration", name);
	return SQLITE_OK;
}

/* As SQLite reads the value of such a pragma: what it does not know is off. */
static bool is_true(const char *value)
{
	static const char *const words[] = {"on", "yes", "true"};
	bool hex = value[0] == '0' && (value[1] == 'x' || value[1] == 'X');
	unsigned long number;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (sqlite3_stricmp(value, words[i]) == 0)
			return true;
	if (!str_is_digit(value[0]))
		return false;
	number = strtoul(value, NULL, hex ? 16 : 10);
	return number <= INT_MAX && (number & 0xff);
}

static int check_pragma(
	struct connection *connection, const char *name, const char *value)
{
	if (!sql_pragma_allowed(name))
		return refuse(
			connection, "PRAGMA %s cannot be used in a migration", name);
	connection->pragmas |= value != NULL;
	if (value && sqlite3_stricmp(name, "foreign_keys") == 0)
		connection->keys->asked = is_true(value);
	return SQLITE_OK;
}

/* Temporary objects outlive the migration, so they are dropped after it. */
static bool creates_temporary(int action, const char *database)
{
	return action == SQLITE_CREATE_TEMP_TABLE || action == SQLITE_CREATE_TEMP_VIEW ||
		action == SQLITE_CREATE_TEMP_TRIGGER ||
		(action == SQLITE_CREATE_VTABLE && database &&
			sqlite3_stricmp(database, "temp") == 0);
}

static int authorize(void *user, int action, const char *first, const char *second,
	const char *database, const char *trigger)
{
	struct connection *connection = user;

	/* Triggers and cascades are compiled inside of what causes them. */
	if (stack_room_is_over(connection->stack_end))
		return refuse(connection,
			"it nests too many triggers or cascades for the limit of "
			"the stack: raise it (ulimit -Hs, or the container's limit "
			"'stack')");
	/* Our own statements use tables, which must not be views or have triggers. */
	if (!connection->in_migration)
		return trigger
			? refuse(connection,
				  "'%s' is a view or a trigger on a table of ours; "
				  "drop it",
				  trigger)
			: SQLITE_OK;
	for (size_t i = 0; i < sizeof refused_actions / sizeof *refused_actions; i++)
		if (refused_actions[i].action == action)
			return refuse(connection, "%s cannot be used in a migration",
				refused_actions[i].what);
	if (connection->touched)
		touched_note(connection->touched, action, first, second, database);
	if (connection->dry_run)
		dry_run_note(connection->dry_run, action);
	if (creates_temporary(action, database))
		connection->temporary = true;
	if (action == SQLITE_FUNCTION)
		return check_function(connection, second);
	if (action == SQLITE_PRAGMA)
		return check_pragma(connection, first, second);
	if (action == SQLITE_DROP_TABLE)
		connection->keys->drops = arena_strdup(&connection->keys->arena, first);
	return check_names(connection, action, first, second);
}

void authorizer_set(struct connection *connection)
{
	/* Always SQLITE_OK. */
	(void)sqlite3_set_authorizer(connection->db, authorize, connection);
}
