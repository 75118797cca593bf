/* SPDX-License-Identifier: MIT */
/* Connecting to a PostgreSQL server by libpq. */
#include "net/session_connect.h"

#include <libpq-fe.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "net/task.h"

#define TIMEOUT_MAX_S 3600
#define STATE_LETTERS "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

#define NOWHERE "/nonexistent/file"

/*
 * What libpq would look for in a home directory; a connection without a timeout; GSSAPI,
 * which it would try first. Words, and those of a service file, count before these.
 */
static const char *const defaults[][2] = {{"HOME", NOWHERE}, {"PGPASSFILE", NOWHERE},
	{"PGSSLCERT", NOWHERE}, {"PGSSLKEY", NOWHERE}, {"PGSSLROOTCERT", NOWHERE},
	{"PGSSLCRL", NOWHERE}, {"PGCONNECT_TIMEOUT", "10"}, {"PGGSSENCMODE", "disable"}};

/* Words of ours that libpq has as variables alone. */
static const char *const variables[][2] = {
	{"servicefile", "PGSERVICEFILE"}, {"servicedir", "PGSYSCONFDIR"}};

/* Keywords and their values; the texts are the task's. */
struct words {
	const char **names;
	const char **values;
};

static void set_variable(const char *name, const char *value)
{
	if (value && setenv(name, value, 1) < 0)
		mem_exhausted();
}

static bool take_variable(const char *name, const char *value)
{
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
		if (!name || !str_equal(name, variables[i][0]))
			continue;
		set_variable(variables[i][1], value);
		return true;
	}
	return false;
}

static struct words take_words(struct task *task)
{
	size_t count = task_count(task) / 2, kept = 0;
	struct words words = {
		.names = mem_zalloc((count + 2) * sizeof(char *)),
		.values = mem_zalloc((count + 2) * sizeof(char *)),
	};

	for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
		set_variable(defaults[i][0], defaults[i][1]);
	for (size_t i = 0; i < count; i++) {
		const char *name = task_text(task), *value = task_text(task);

		if (take_variable(name, value))
			continue;
		words.names[kept] = name;
		words.values[kept++] = value;
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

/* What it may take for each address of each host; 0: as long as it takes. */
static int timeout_of(PGconn *connection)
{
	PQconninfoOption *options = PQconninfo(connection);
	long seconds = 0;

	for (PQconninfoOption *option = options; option && option->keyword; option++)
		if (option->val && str_equal(option->keyword, "connect_timeout"))
			seconds = strtol(option->val, NULL, 10);
	PQconninfoFree(options);
	if (seconds <= 0)
		return 0;
	return seconds > TIMEOUT_MAX_S ? TIMEOUT_MAX_S : (int)seconds;
}

/*
 * The kernel waits for an address for 1 + 2 + 4 … seconds: for the first such sum that is
 * not less. Then it says so to libpq, which goes on with the next one.
 */
static void limit_wait(int fd, int timeout_s)
{
	int count = 1;

	while ((2 << count) - 1 < timeout_s)
		count++;
	/* A socket of the file system has none, and does not wait. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &count, sizeof count);
}

/*
 * Waits for an address, or for what its server says. Returns 0, or -1 past the time that
 * this one has.
 */
static int wait_for(PGconn *connection, short events, int timeout_s, int64_t *until_ms)
{
	struct pollfd fd = {.fd = PQsocket(connection), .events = events};
	bool begins = PQstatus(connection) == CONNECTION_STARTED;

	if (begins && timeout_s)
		limit_wait(fd.fd, timeout_s);
	(void)poll(&fd, 1, begins ? -1 : clock_wait(*until_ms)); /* and see */
	if (!begins && clock_ms() >= *until_ms)
		return -1;
	if (begins && timeout_s)
		*until_ms = clock_ms() + timeout_s * (int64_t)1000;
	return 0;
}

/*
 * Connects as PQconnectdbParams(3) does, which cannot be asked for the verbose errors and
 * the notices of connecting. Returns 0, or -1 after the timeout.
 */
static int go_on(PGconn *connection, int timeout_s)
{
	PostgresPollingStatusType status = PGRES_POLLING_WRITING;
	int64_t until_ms = timeout_s ? clock_ms() + timeout_s * (int64_t)1000 : INT64_MAX;

	while (status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING) {
		short events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT;

		if (wait_for(connection, events, timeout_s, &until_ms) < 0)
			return -1;
		status = PQconnectPoll(connection);
	}
	return 0;
}

static void set_text(struct session_refusal *ret, const char *text, size_t size)
{
	/* Cut if it is too long: it is for a message. */
	(void)snprintf(ret->text, sizeof ret->text, "%.*s", (int)size, text);
}

/*
 * "FATAL:  3D000: database …": the state of the last server that has refused us, and the
 * message behind it. libpq has the state in its most verbose messages alone.
 */
static void find_state(const char *text, struct session_refusal *ret)
{
	for (const char *at = text; (at = strstr(at, ":  ")); at++) {
		const char *state = at + 3;

		if (strspn(state, STATE_LETTERS) != 5 || !str_starts(state + 5, ": "))
			continue;
		(void)snprintf(ret->state, sizeof ret->state, "%.5s", state); /* fits */
		set_text(ret, state + 7, strcspn(state + 7, "\n"));
	}
}

/*
 * libpq's words for what is not mended by another try: a word that it does not know, or a
 * value; what is no server of PostgreSQL; TLS that does not come about.
 */
static const char *const lasting[] = {"for connection option", "could not match ",
	"does not support SSL", " supported", "certificate", "private key",
	"wrong version number", "unsupported protocol", " alert ", "channel binding",
	"GSSAPI", "received invalid response", "expected authentication request",
	"definition of service", "service file"};

/* Of one of several servers that does not run, or not yet. */
static const char *const passing[] = {"Is the server running",
	"could not translate host name", "closed the connection", "timeout expired"};

static bool has_any(const char *text, const char *const *phrases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(text, phrases[i]))
			return true;
	return false;
}

static bool is_wrong(const char *text)
{
	return str_starts(text, "invalid ") ||
		(has_any(text, lasting, sizeof lasting / sizeof *lasting) &&
			!has_any(text, passing, sizeof passing / sizeof *passing));
}

static void say_why(PGconn *connection, struct session_refusal *ret)
{
	const char *text = PQerrorMessage(connection);

	set_text(ret, text, strlen(text));
	ret->wrong = is_wrong(text);
	if (PQconnectionNeedsPassword(connection)) {
		(void)snprintf(ret->state, sizeof ret->state, "28P01"); /* fits */
		(void)snprintf(ret->text, sizeof ret->text,
			"the server asks for a password, and there is none"); /* fits */
		return;
	}
	find_state(text, ret);
	/* PgBouncer has its own words and states. */
	if ((!*ret->state || str_equal(ret->state, "08P01")) &&
		strstr(ret->text, "database") && strstr(ret->text, "does not exist"))
		(void)snprintf(ret->state, sizeof ret->state, "3D000"); /* fits */
}

static PGconn *connect_to(const struct words *words, PQnoticeReceiver notice, void *user,
	struct session_refusal *ret)
{
	PGconn *connection = PQconnectStartParams(words->names, words->values, 0);
	int timeout_s, rc = 0;

	if (!connection)
		mem_exhausted();
	timeout_s = timeout_of(connection);
	(void)PQsetErrorVerbosity(connection, PQERRORS_VERBOSE); /* the old one */
	(void)PQsetNoticeReceiver(connection, notice, user);     /* the same */
	if (PQstatus(connection) != CONNECTION_BAD)
		rc = go_on(connection, timeout_s);
	(void)PQsetErrorVerbosity(connection, PQERRORS_DEFAULT);
	if (rc == 0 && PQstatus(connection) == CONNECTION_OK)
		return connection;
	if (rc < 0)
		(void)snprintf(ret->text, sizeof ret->text,
			"the server does not answer for %d s", timeout_s);
	else
		say_why(connection, ret);
	PQfinish(connection);
	return NULL;
}

struct pg_conn *session_connect(struct task *task,
	void (*notice)(void *user, const struct pg_result *result), void *user,
	struct session_refusal *ret)
{
	struct words words = take_words(task);
	PGconn *connection;

	*ret = (struct session_refusal){.state = ""};
	connection = connect_to(&words, notice, user, ret);
	words_release(&words);
	return connection;
}
