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

/* What a connection may take for each address of each host; 0: as long as it takes. */
static int timeout_of(const struct words *words)
{
	long seconds = 0;

	for (size_t i = 0; words->names[i]; i++)
		if (words->values[i] && str_equal(words->names[i], "connect_timeout"))
			seconds = strtol(words->values[i], NULL, 10);
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

static void say_why(PGconn *connection, struct session_refusal *ret)
{
	const char *text = PQerrorMessage(connection);

	set_text(ret, text, strlen(text));
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
	int rc = 0;

	if (!connection)
		mem_exhausted();
	(void)PQsetErrorVerbosity(connection, PQERRORS_VERBOSE); /* the old one */
	(void)PQsetNoticeReceiver(connection, notice, user);     /* the same */
	if (PQstatus(connection) != CONNECTION_BAD)
		rc = go_on(connection, timeout_of(words));
	(void)PQsetErrorVerbosity(connection, PQERRORS_DEFAULT);
	if (rc == 0 && PQstatus(connection) == CONNECTION_OK)
		return connection;
	if (rc < 0)
		(void)snprintf(ret->text, sizeof ret->text,
			"the server does not answer for %d s", timeout_of(words));
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
