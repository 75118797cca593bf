/* SPDX-License-Identifier: MIT */
/* Connecting to a PostgreSQL server by libpq. */
#include "net/session_connect.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/task.h"

#define AGAIN_MS 2000 /* for what a server says, that has just said it */

/* What libpq would look for in a home directory: it is read where it is named. */
static const char *const unnamed[] = {
	"passfile", "sslcert", "sslkey", "sslrootcert", "sslcrl"};

#define UNNAMED_COUNT (sizeof unnamed / sizeof *unnamed)

/* Keywords and their values; the texts are the task's. */
struct words {
	const char **names;
	const char **values;
};

static struct words take_words(struct task *task)
{
	size_t count = task_count(task) / 2, room = count + UNNAMED_COUNT + 2, kept = 0;
	struct words words = {
		.names = mem_zalloc(room * sizeof(char *)),
		.values = mem_zalloc(room * sizeof(char *)),
	};

	for (; kept < UNNAMED_COUNT; kept++) {
		words.names[kept] = unnamed[kept];
		words.values[kept] = "/nonexistent/file";
	}
	for (size_t i = 0; i < count; i++, kept++) {
		words.names[kept] = task_text(task);
		words.values[kept] = task_text(task);
	}
	words.names[kept] = "client_encoding";
	words.values[kept] = "UTF8";
	return words;
}

static void words_release(struct words *words)
{
	free(words->names);
	free(words->values);
}

/* One step of connecting. Returns whether there is another. */
static bool go_on(PGconn *connection, PostgresPollingStatusType *status)
{
	struct pollfd fd = {.fd = PQsocket(connection),
		.events = *status == PGRES_POLLING_READING ? POLLIN : POLLOUT};

	if (fd.fd < 0 || poll(&fd, 1, AGAIN_MS) <= 0)
		return false;
	*status = PQconnectPoll(connection);
	return *status == PGRES_POLLING_READING || *status == PGRES_POLLING_WRITING;
}

/* "FATAL:  3D000: database …": takes the state, and the message behind it. */
static void find_state(const char *text, struct session_refusal *ret)
{
	const char *at = strstr(text, ":  ");

	if (!at || strlen(at) < 10 || at[8] != ':')
		return;
	(void)snprintf(ret->state, sizeof ret->state, "%.5s", at + 3); /* fits */
	at += 10;
	/* Cut if it is too long: it is for a message. */
	(void)snprintf(ret->text, sizeof ret->text, "%.*s", (int)strcspn(at, "\n"), at);
}

/*
 * A server that has refused us (which shows in the form of its error, two blanks behind
 * the severity) has said why in its own language. Its SQLSTATE libpq has in its most
 * verbose messages alone, which must be asked for before it connects: so it is asked
 * again, and where it takes us now, that is a connection.
 */
static PGconn *ask_again(const struct words *words, struct session_refusal *ret)
{
	PostgresPollingStatusType status = PGRES_POLLING_WRITING;
	PGconn *connection = PQconnectStartParams(words->names, words->values, 0);

	if (!connection)
		return NULL;
	(void)PQsetErrorVerbosity(connection, PQERRORS_VERBOSE); /* the old one */
	while (go_on(connection, &status))
		continue;
	(void)PQsetErrorVerbosity(connection, PQERRORS_DEFAULT); /* the same */
	if (PQstatus(connection) == CONNECTION_OK)
		return connection;
	find_state(PQerrorMessage(connection), ret);
	PQfinish(connection);
	return NULL;
}

static PGconn *connect_to(const struct words *words, struct session_refusal *ret)
{
	PGconn *connection = PQconnectdbParams(words->names, words->values, 0);
	PGconn *again = NULL;

	if (PQstatus(connection) == CONNECTION_OK)
		return connection;
	/* Cut if it is too long: it is for a message. */
	(void)snprintf(ret->text, sizeof ret->text, "%s",
		connection ? PQerrorMessage(connection) : "out of memory");
	if (strstr(ret->text, ":  "))
		again = ask_again(words, ret);
	/* PgBouncer lets a second attempt wait, and has its own words and states. */
	if (!again && (!*ret->state || strcmp(ret->state, "08P01") == 0) &&
		strstr(ret->text, "database") && strstr(ret->text, "does not exist"))
		(void)snprintf(ret->state, sizeof ret->state, "3D000"); /* fits */
	PQfinish(connection);
	return again;
}

struct pg_conn *session_connect(struct task *task, struct session_refusal *ret)
{
	struct words words = take_words(task);
	PGconn *connection;

	*ret = (struct session_refusal){.state = ""};
	connection = connect_to(&words, ret);
	words_release(&words);
	return connection;
}
