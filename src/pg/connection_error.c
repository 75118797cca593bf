/* SPDX-License-Identifier: MIT */
/* The errors of a server. */
#include <stdio.h>

#include "base/err.h"
#include "base/str.h"
#include "pg/connection.h"

/*
 * "PostgreSQL Error Codes", appendix A: by their class, or whole, those that time can
 * mend: connections that are refused, lost, or too many; a server that starts or ends.
 */
static const char *const temporary[] = {"08", "53", "57P01", "57P02", "57P03"};

static bool is_temporary(const char *state)
{
	/* Of a pooler: it says so of all that it refuses. */
	if (str_equal(state, "08P01"))
		return false;
	for (size_t i = 0; i < sizeof temporary / sizeof *temporary; i++)
		if (str_starts(state, temporary[i]))
			return true;
	return false;
}

bool pg_is_state(const struct pg_connection *connection, const char *state)
{
	return str_equal(connection->state, state);
}

static int raise(
	const char *what, const struct session_result *result, bool lost, struct err *err)
{
	bool temporary_one = lost || is_temporary(result->state);

	err_set(err, temporary_one ? ERR_TEMPORARY : ERR_FAILED, "%s: %s", what,
		result->message ? result->message : "the connection is lost");
	if (*result->state)
		err_append(err, " (%s)", result->state);
	if (result->detail)
		err_append(err, "; %s", result->detail);
	if (result->hint)
		err_append(err, "; %s", result->hint);
	if (str_equal(result->state, "53100"))
		err_append(err,
			"; the server's disk is full: make room there and start again");
	if (str_equal(result->state, "25006"))
		err_append(err,
			"; where the server is a standby, the URL is to lead to the "
			"primary: with several hosts, target_session_attrs=read-write "
			"finds it");
	return -1;
}

int pg_take(struct pg_connection *connection, const char *what,
	const struct session_result *result, struct err *err)
{
	connection->state[0] = '\0';
	connection->lost |= result->outcome == SESSION_LOST;
	/* Cut if it is too long: then it is none that is looked for. */
	(void)snprintf(connection->tag, sizeof connection->tag, "%s",
		result->tag ? result->tag : "");
	if (result->outcome == SESSION_DONE)
		return 0;
	(void)snprintf(connection->state, sizeof connection->state, "%s",
		result->state); /* five letters */
	return raise(what, result, connection->lost, err);
}
