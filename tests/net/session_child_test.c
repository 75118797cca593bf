/* SPDX-License-Identifier: MIT */
/* Connections to a real server of PostgreSQL, and to servers that send anything. */
#include <arpa/inet.h>
#include <glob.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "../directory.h"
#include "../stop_request.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "net/child.h"
#include "net/network.h"
#include "net/session.h"

#define SERVER_PATIENCE_MS 60000

/* ---- the server: one for all tests, in a directory that is `directory` ---- */

static pid_t server; /* 0: there is none here */
static char port[16];

/* In a child: becomes who a server runs as, and the program of this name. */
static _Noreturn void become_program(const char *const *words)
{
	const struct passwd *user = geteuid() == 0 ? getpwnam("postgres") : NULL;
	char path[PATH_MAX];
	char *argv[16] = {NULL};
	glob_t found = {0};

	for (size_t i = 0; words[i]; i++)
		argv[i] = strdup(words[i]);
	(void)snprintf(path, sizeof path, "/usr/lib/postgresql/*/bin/%s", words[0]);
	if (!freopen(in("log"), "a", stdout) || dup2(1, 2) < 0)
		_exit(1);
	if (user &&
		(setresgid(user->pw_gid, user->pw_gid, user->pw_gid) < 0 ||
			setresuid(user->pw_uid, user->pw_uid, user->pw_uid) < 0))
		_exit(1);
	(void)prctl(PR_SET_PDEATHSIG, SIGQUIT);
	if (glob(path, 0, NULL, &found) == 0)
		(void)execv(found.gl_pathv[found.gl_pathc - 1], argv);
	(void)execvp(words[0], argv);
	_exit(127);
}

static pid_t begin_program(const char *const *words)
{
	pid_t pid = fork();

	if (pid == 0)
		become_program(words);
	return pid;
}

static int run_program(const char *const *words)
{
	int status = -1;

	(void)waitpid(begin_program(words), &status, 0);
	return status;
}

/* A port of loopback that was free a moment ago. */
static int find_port(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (struct sockaddr *)&address, size) < 0 ||
		getsockname(fd, (struct sockaddr *)&address, &size) < 0)
		return -1;
	(void)snprintf(port, sizeof port, "%d", ntohs(address.sin_port));
	return close(fd);
}

static int write_rules(void)
{
	FILE *rules = fopen(in("data/pg_hba.conf"), "w");

	if (!rules)
		return -1;
	(void)fputs("local all all trust\nhost all all all scram-sha-256\n", rules);
	return fclose(rules);
}

static int begin_server(void **state)
{
	char sockets[PATH_MAX + 64], ports[32];
	int status;

	if (directory_setup(state) < 0 || chmod(directory, 01777) < 0 || find_port() < 0)
		return -1;
	status = run_program((const char *const[]){"initdb", "--wal-segsize=1", "-D",
		in("data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N", NULL});
	if (status != 0)
		return 0;
	(void)snprintf(sockets, sizeof sockets, "unix_socket_directories=%s", directory);
	(void)snprintf(ports, sizeof ports, "port=%s", port);
	if (write_rules() < 0)
		return -1;
	server = begin_program((const char *const[]){"postgres", "-D", in("data"), "-c",
		sockets, "-c", ports, "-c", "fsync=off", "-c", "shared_buffers=8MB", "-c",
		"listen_addresses=127.0.0.1", NULL});
	return 0;
}

static int end_server(void **state)
{
	if (server && kill(server, SIGQUIT) == 0)
		(void)waitpid(server, NULL, 0);
	return directory_teardown(state);
}

/* ---- a connection ---- */

struct client {
	struct session session;
	struct session_use use;
	struct stop stop;
	struct stop_request request;
	struct arena arena;
	struct session_result result;
	struct err err;
	int notices;
	char notice[256];
};

static void on_notice(void *user, const char *severity, const char *text)
{
	struct client *client = user;

	client->notices++;
	(void)snprintf(client->notice, sizeof client->notice, "%s: %s", severity, text);
}

static void client_init(struct client *client)
{
	memset(client, 0, sizeof *client);
	client->session = (struct session)SESSION_INIT;
	assert_int_equal(stop_request_open(&client->request, &client->stop), 0);
	(void)stop_narrow(&client->stop, SERVER_PATIENCE_MS);
	client->use = (struct session_use){
		.stop = &client->stop, .notice = on_notice, .user = client};
	err_init(&client->err);
}

static int connect_with(struct client *client, const char *const *words)
{
	const struct session_target target = {.words = words};

	session_close(&client->session);
	return session_open(&client->session, &target, &client->use, &client->arena,
		&client->result, &client->err);
}

/* Connects by the socket; a server that begins has its time. */
static void connect_to_server(struct client *client)
{
	const char *const words[] = {"host", directory, "port", port, "user", "postgres",
		"dbname", "postgres", NULL};

	if (!server)
		SKIP("postgresql is not installed");
	client_init(client);
	while (connect_with(client, words) == 0 && client->result.outcome != SESSION_DONE)
		assert_int_equal(stop_sleep(&client->stop, 100, &client->err), 0);
	assert_string_equal(client->err.text, "");
	assert_true(client->session.server_version > 90000);
	assert_string_equal(client->session.server_encoding, "UTF8");
}

static void client_release(struct client *client)
{
	session_close(&client->session);
	stop_request_close(&client->request);
	arena_release(&client->arena);
}

static const struct session_result *run_values(struct client *client, const char *sql,
	const struct query_value *values, size_t count)
{
	if (session_run(&client->session, sql, values, count, &client->arena,
		    &client->result, &client->err) < 0)
		fail_msg("%s: %s", sql, client->err.text);
	return &client->result;
}

static const struct session_result *run(struct client *client, const char *sql)
{
	return run_values(client, sql, NULL, 0);
}

/* The first cell of what must be done. */
static const char *cell_of(struct client *client, const char *sql)
{
	const struct session_result *result = run(client, sql);

	if (result->outcome != SESSION_DONE)
		fail_msg("%s: %s", sql, result->message);
	assert_true(result->rows > 0 && result->columns > 0);
	return result->cells[0];
}

static void assert_outcome(const struct session_result *result,
	enum session_outcome outcome, const char *state, const char *message)
{
	if (result->outcome != outcome || strcmp(result->state, state) != 0 ||
		!strstr(result->message, message))
		fail_msg("%d, '%s', '%s'", (int)result->outcome, result->state,
			result->message);
}

/* ---- what is asked, and answered ---- */

static void many_statements_have_the_rows_of_the_last(void **state)
{
	struct client client;
	const struct session_result *result;

	(void)state;
	connect_to_server(&client);
	result = run(&client,
		"SELECT 1; SELECT NULL AS a, 'x' AS b UNION ALL SELECT "
		"'', 'ü'; -- a comment");
	assert_int_equal(result->outcome, SESSION_DONE);
	assert_int_equal(result->rows, 2);
	assert_int_equal(result->columns, 2);
	assert_int_equal(result->types[0], 25);
	assert_null(result->cells[0]);
	assert_string_equal(result->cells[1], "x");
	assert_string_equal(result->cells[2], "");
	assert_string_equal(result->cells[3], "ü");
	assert_int_equal(result->sizes[3], 2);
	result = run(&client, "SELECT FROM generate_series(1, 3)");
	assert_int_equal(result->outcome, SESSION_DONE);
	assert_int_equal(result->rows * result->columns, 0);
	assert_int_equal(run(&client, "")->outcome, SESSION_DONE);
	assert_int_equal(run(&client, ";;")->outcome, SESSION_DONE);
	client_release(&client);
}

static void an_error_has_its_place_in_the_whole_text(void **state)
{
	static const char sql[] =
		"CREATE TABLE q(a int); INSERT INTO q VALUES (1);\nSELECT ü, 1";
	struct client client;
	const struct session_result *result;

	(void)state;
	connect_to_server(&client);
	result = run(&client, sql);
	assert_outcome(result, SESSION_REFUSED, "42703", "does not exist");
	assert_int_equal(result->position, 57);
	assert_int_equal(result->completed, 2);
	assert_int_equal(result->rows, 0);
	/* They were one transaction. */
	assert_outcome(run(&client, "SELECT * FROM q"), SESSION_REFUSED, "42P01", "q");
	result = run(&client,
		"DO $$ BEGIN RAISE 'no' USING detail = 'd', hint = 'h', "
		"errcode = 'XX123'; END $$");
	assert_outcome(result, SESSION_REFUSED, "XX123", "no");
	assert_string_equal(result->detail, "d");
	assert_string_equal(result->hint, "h");
	assert_non_null(strstr(result->context, "PL/pgSQL"));
	client_release(&client);
}

static void values_are_texts_bytes_and_integers(void **state)
{
	static const struct query_value values[] = {
		{.text = "it's; $2"},
		{.blob = "a\0\xff", .size = 3},
		{.blob = "", .size = 0},
		{.integer = INT64_MIN},
		{.text = ""},
	};
	struct client client;
	const struct session_result *result;

	(void)state;
	connect_to_server(&client);
	result = run_values(&client,
		"SELECT $1, $2, $3, $4, $5, pg_typeof($2), pg_typeof($4)", values, 5);
	assert_int_equal(result->outcome, SESSION_DONE);
	assert_string_equal(result->cells[0], "it's; $2");
	assert_string_equal(result->cells[1], "\\x6100ff");
	assert_string_equal(result->cells[2], "\\x");
	assert_string_equal(result->cells[3], "-9223372036854775808");
	assert_string_equal(result->cells[4], "");
	assert_string_equal(result->cells[5], "bytea");
	assert_string_equal(result->cells[6], "bigint");
	client_release(&client);
}

static void notices_come_with_their_severity(void **state)
{
	struct client client;

	(void)state;
	connect_to_server(&client);
	assert_int_equal(run(&client,
				 "DO $$ BEGIN RAISE NOTICE 'one'; RAISE WARNING "
				 "'two'; END $$")
				 ->outcome,
		SESSION_DONE);
	assert_int_equal(client.notices, 2);
	assert_string_equal(client.notice, "WARNING: two");
	client_release(&client);
}

static void copy_has_nothing_to_read_or_write(void **state)
{
	struct client client;

	(void)state;
	connect_to_server(&client);
	assert_outcome(run(&client,
			       "CREATE TEMP TABLE c(a int); COPY c FROM STDIN; "
			       "SELECT 1"),
		SESSION_REFUSED, "57014", "has nothing to read here");
	assert_string_equal(cell_of(&client, "COPY (SELECT 1) TO STDOUT; SELECT 2"), "2");
	assert_string_equal(cell_of(&client, "SELECT 3"), "3");
	client_release(&client);
}

static void many_rows_come_and_too_many_are_refused(void **state)
{
	struct client client;
	const struct session_result *result;

	(void)state;
	connect_to_server(&client);
	result = run(&client, "SELECT i, 'row ' || i FROM generate_series(1, 200000) i");
	assert_int_equal(result->outcome, SESSION_DONE);
	assert_int_equal(result->rows, 200000);
	assert_string_equal(result->cells[399999], "row 200000");
	assert_outcome(run(&client, "SELECT i FROM generate_series(1, 1000001) i"),
		SESSION_REFUSED, "", "the server sends too m");
	assert_outcome(run(&client,
			       "SELECT repeat('x', 1000000) FROM "
			       "generate_series(1, 150)"),
		SESSION_REFUSED, "", "the server sends too m");
	assert_string_equal(cell_of(&client, "SELECT 'alive'"), "alive");
	assert_string_equal(cell_of(&client,
				    "SELECT i FROM generate_series(1, 9) i; "
				    "UPDATE pg_class SET relname = '' WHERE "
				    "false; SELECT WHERE false; SELECT 5"),
		"5");
	client_release(&client);
}

/* ---- who connects ---- */

static void a_password_is_right_or_refused(void **state)
{
	const char *right[] = {"host", "127.0.0.1", "port", port, "user", "u", "dbname",
		"postgres", "password", "it's \"x\"", NULL};
	const char *wrong[] = {"host", "127.0.0.1", "port", port, "user", "u", "dbname",
		"postgres", "password", "other", NULL};
	const char *none[] = {"host", "127.0.0.1", "port", port, "user", "u", "dbname",
		"postgres", NULL};
	const char *nowhere[] = {"host", "127.0.0.1", "port", "1", NULL};
	const char *missing[] = {"host", directory, "port", port, "user", "postgres",
		"dbname", "nö", NULL};
	struct client client;

	(void)state;
	connect_to_server(&client);
	assert_int_equal(
		run(&client, "CREATE ROLE u LOGIN PASSWORD 'it''s \"x\"'")->outcome,
		SESSION_DONE);
	assert_int_equal(connect_with(&client, right), 0);
	assert_int_equal(client.result.outcome, SESSION_DONE);
	assert_string_equal(cell_of(&client, "SELECT current_user"), "u");
	assert_int_equal(connect_with(&client, wrong), 0);
	assert_outcome(&client.result, SESSION_REFUSED, "28P01", "password");
	assert_int_equal(connect_with(&client, none), 0);
	assert_outcome(&client.result, SESSION_REFUSED, "28P01", "password");
	assert_int_equal(connect_with(&client, missing), 0);
	assert_outcome(&client.result, SESSION_REFUSED, "3D000", "nö");
	assert_int_equal(connect_with(&client, nowhere), 0);
	assert_outcome(&client.result, SESSION_LOST, "", "onnection refused");
	client_release(&client);
}

/* A listener whose queue is full does not answer: it is in both of the descriptors. */
static void begin_silence(int ret_fds[2], char ret_port[16])
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;

	ret_fds[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ret_fds[1] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(ret_fds[0], (struct sockaddr *)&address, size), 0);
	assert_int_equal(getsockname(ret_fds[0], (struct sockaddr *)&address, &size), 0);
	assert_int_equal(listen(ret_fds[0], 0), 0);
	assert_int_equal(connect(ret_fds[1], (struct sockaddr *)&address, size), 0);
	(void)snprintf(ret_port, 16, "%d", ntohs(address.sin_port));
}

/* It was asked again and again, as one that has not begun yet is. */
static void what_another_try_does_not_mend_is_refused(void **state)
{
	const char *const words[] = {"host", "127.0.0.1", "port", port, "user",
		"postgres", "dbname", "postgres", "sslmode", "require", NULL};
	struct client client;

	(void)state;
	connect_to_server(&client);
	assert_int_equal(connect_with(&client, words), 0);
	assert_outcome(&client.result, SESSION_REFUSED, "", "does not support SSL");
	client_release(&client);
}

static void a_host_that_does_not_answer_is_passed_over(void **state)
{
	char hosts[PATH_MAX + 16], ports[40], silent[16];
	const char *words[] = {"host", hosts, "port", ports, "user", "postgres", "dbname",
		"postgres", "connect_timeout", "2", NULL};
	struct client client;
	int64_t from_ms;
	int fds[2];

	(void)state;
	connect_to_server(&client);
	begin_silence(fds, silent);
	(void)snprintf(hosts, sizeof hosts, "127.0.0.1,%s", directory);
	(void)snprintf(ports, sizeof ports, "%s,%s", silent, port);
	from_ms = clock_ms();
	assert_int_equal(connect_with(&client, words), 0);
	assert_int_equal(client.result.outcome, SESSION_DONE);
	assert_string_equal(cell_of(&client, "SELECT 1"), "1");
	(void)snprintf(hosts, sizeof hosts, "127.0.0.1");
	(void)snprintf(ports, sizeof ports, "%s", silent);
	assert_int_equal(connect_with(&client, words), 0);
	assert_outcome(&client.result, SESSION_LOST, "", "timed out");
	assert_true(clock_ms() - from_ms < 12000);
	(void)close(fds[0]);
	(void)close(fds[1]);
	client_release(&client);
}

/* It came from libpq, on our standard error, in a form that is nobody's. */
static void what_is_said_while_connecting_is_a_notice(void **state)
{
	const char *const words[] = {"host", directory, "port", port, "user", "postgres",
		"dbname", "stale", NULL};
	struct client client;

	(void)state;
	connect_to_server(&client);
	if (client.session.server_version < 150000) {
		client_release(&client);
		SKIP("this server says nothing then");
	}
	assert_int_equal(run(&client,
				 "CREATE DATABASE stale TEMPLATE template0 LOCALE "
				 "'C.UTF-8'")
				 ->outcome,
		SESSION_DONE);
	(void)cell_of(&client,
		"UPDATE pg_database SET datcollversion = '0' WHERE "
		"datname = 'stale' RETURNING datname");
	assert_int_equal(connect_with(&client, words), 0);
	assert_int_equal(client.result.outcome, SESSION_DONE);
	assert_non_null(strstr(client.notice, "WARNING: "));
	assert_non_null(strstr(client.notice, "collation version"));
	client_release(&client);
}

/* ---- what ends it ---- */

/* COPY was read to its end, or for the five seconds, and went on at the server. */
static void a_stop_cancels_what_runs(void **state)
{
	static const char *const long_ones[] = {"/* long */ SELECT pg_sleep(60)",
		"/* long */ COPY (SELECT CASE i WHEN 1 THEN repeat('x', 20000) ELSE "
		"pg_sleep(60)::text END FROM generate_series(1, 2) i) TO STDOUT"};
	struct client other;

	(void)state;
	connect_to_server(&other);
	for (size_t i = 0; i < sizeof long_ones / sizeof *long_ones; i++) {
		struct client client;
		int64_t from_ms;

		connect_to_server(&client);
		(void)stop_narrow(&client.stop, 500);
		from_ms = clock_ms();
		assert_int_equal(session_run(&client.session, long_ones[i], NULL, 0,
					 &client.arena, &client.result, &client.err),
			-1);
		assert_true(clock_ms() - from_ms < 4000);
		assert_string_equal(cell_of(&other,
					    "SELECT count(*) FROM pg_stat_activity WHERE "
					    "state = 'active' AND query LIKE '/* long%'"),
			"0");
		client_release(&client);
	}
	client_release(&other);
}

static void end_backend(struct client *client, struct client *other)
{
	char sql[128];
	const char *pid = cell_of(client, "SELECT pg_backend_pid()");

	(void)snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%s)", pid);
	assert_string_equal(cell_of(other, sql), "t");
}

static void an_idle_connection_that_is_ended_says_why(void **state)
{
	struct client client, other;

	(void)state;
	connect_to_server(&client);
	connect_to_server(&other);
	end_backend(&client, &other);
	assert_int_equal(stop_sleep(&client.stop, 300, &client.err), 0);
	assert_outcome(run(&client, "SELECT 1"), SESSION_LOST, "57P01",
		"terminating connection due to administrator command");
	assert_int_equal(client.notices, 0);
	assert_int_equal(run(&client, "SELECT 1")->outcome, SESSION_LOST);
	client_release(&client);
	client_release(&other);
}

static void a_busy_connection_that_is_killed_is_lost(void **state)
{
	struct client client;

	(void)state;
	connect_to_server(&client);
	/* The server then ends all others, too, and begins anew. */
	assert_outcome(run(&client,
			       "CREATE TEMP TABLE k(a text); COPY k FROM PROGRAM "
			       "'kill -9 $PPID; sleep 1'"),
		SESSION_LOST, "", "closed the connection");
	client_release(&client);
	connect_to_server(&client);
	assert_outcome(run(&client, "SELECT pg_terminate_backend(pg_backend_pid())"),
		SESSION_LOST, "57P01", "terminating connection");
	client_release(&client);
}

/* What runs ends with the connection beside it, which has the lock. */
static void the_connection_beside_is_watched(void **state)
{
	struct client client, lock, other;
	int64_t from_ms = clock_ms();

	(void)state;
	connect_to_server(&client);
	connect_to_server(&lock);
	connect_to_server(&other);
	client.use.beside = &lock.session;
	assert_string_equal(cell_of(&client, "SELECT 1"), "1");
	end_backend(&lock, &other);
	assert_outcome(run(&client, "SELECT pg_sleep(60)"), SESSION_LOST, "",
		"the connection that has the lock was lost");
	assert_true(clock_ms() - from_ms < 10000);
	client_release(&client);
	client_release(&lock);
	client_release(&other);
}

/* ---- servers that send anything ---- */

#define OK      "R\0\0\0\10\0\0\0\0"
#define READY   "Z\0\0\0\5I"
#define GREETED OK READY
#define ONE_INT "T\0\0\0\32\0\1a\0\0\0\0\0\0\0\0\0\0\27\0\4\377\377\377\377\0\0"
#define TEXT(...) \
	{ \
		__VA_ARGS__, sizeof(__VA_ARGS__) - 1 \
	}

struct bytes {
	const char *data;
	size_t size;
};

/* What one sends when it was asked; then it closes the connection. */
static const struct {
	const char *name;
	struct bytes first, second;
} faults[] = {
	{"closes", TEXT(""), TEXT("")},
	{"is no server", TEXT("HTTP/1.1 400 Bad Request\r\n\r\n"), TEXT("")},
	{"has a long error", TEXT("E\177\377\377\377SFATAL\0"), TEXT("")},
	{"has an empty error", TEXT("E\0\0\0\5\0"), TEXT("")},
	{"has an error without an end", TEXT("E\0\0\0\14SFATAL\0M"), TEXT("")},
	{"asks in an unknown way", TEXT("R\0\0\0\10\0\0\0\143"), TEXT("")},
	{"is never ready", TEXT(OK), TEXT("")},
	{"has a size below nothing", TEXT(OK "S\200\0\0\0"), TEXT("")},
	{"closes when asked", TEXT(GREETED), TEXT("")},
	{"sends nonsense when asked", TEXT(GREETED), TEXT("\1\2\3\4\5\6\7\10")},
	{"has rows before columns", TEXT(GREETED), TEXT("D\0\0\0\13\0\1\0\0\0\1x")},
	{"has more cells than columns", TEXT(GREETED),
		TEXT(ONE_INT "D\0\0\0\20\0\2\0\0\0\1x\0\0\0\1y" READY)},
	{"has a cell of a size below nothing", TEXT(GREETED),
		TEXT(ONE_INT "D\0\0\0\12\0\1\200\0\0\0" READY)},
	{"has a long row", TEXT(GREETED), TEXT(ONE_INT "D\177\377\377\377\0\1")},
	{"stops in a row", TEXT(GREETED), TEXT(ONE_INT "D\0\0\0\20\0\1\0\0")},
	{"has an error without words", TEXT(GREETED), TEXT("E\0\0\0\5\0" READY)},
	{"has a notice without words", TEXT(GREETED), TEXT("N\0\0\0\5\0")},
	{"copies in both ways", TEXT(GREETED), TEXT("W\0\0\0\7\0\0\0")},
};

/* Listens, and does to each client what `fault` says. Returns its process. */
static pid_t begin_fault(size_t fault, char ret_port[16])
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char data[4096];
	pid_t pid;

	assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
	assert_int_equal(listen(listener, 5), 0);
	(void)snprintf(ret_port, 16, "%d", ntohs(address.sin_port));
	pid = fork();
	if (pid != 0) {
		(void)close(listener);
		return pid;
	}
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (read(fd, data, sizeof data) > 0)
			(void)send(fd, faults[fault].first.data, faults[fault].first.size,
				MSG_NOSIGNAL);
		if (faults[fault].first.size && read(fd, data, sizeof data) > 0)
			(void)send(fd, faults[fault].second.data,
				faults[fault].second.size, MSG_NOSIGNAL);
		(void)shutdown(fd, SHUT_WR);
		while (read(fd, data, sizeof data) > 0)
			continue;
		(void)close(fd);
	}
}

static void no_server_is_believed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		char at[16];
		const char *const words[] = {"host", "127.0.0.1", "port", at, "user", "u",
			"dbname", "d", "sslmode", "disable", "connect_timeout", "2",
			NULL};
		pid_t pid = begin_fault(i, at);
		struct client client;
		int64_t from_ms = clock_ms();

		client_init(&client);
		(void)stop_narrow(&client.stop, 10000);
		if (connect_with(&client, words) < 0)
			fail_msg("one that %s: %s", faults[i].name, client.err.text);
		if (client.result.outcome == SESSION_DONE)
			(void)run(&client, "SELECT 1");
		if (client.result.outcome == SESSION_DONE || !client.result.message ||
			!*client.result.message || clock_ms() - from_ms > 8000)
			fail_msg("one that %s: %d, %s, in %lld ms", faults[i].name,
				(int)client.result.outcome, client.result.message,
				(long long)(clock_ms() - from_ms));
		client_release(&client);
		(void)kill(pid, SIGKILL);
		(void)waitpid(pid, NULL, 0);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_statements_have_the_rows_of_the_last),
		cmocka_unit_test(an_error_has_its_place_in_the_whole_text),
		cmocka_unit_test(values_are_texts_bytes_and_integers),
		cmocka_unit_test(notices_come_with_their_severity),
		cmocka_unit_test(copy_has_nothing_to_read_or_write),
		cmocka_unit_test(many_rows_come_and_too_many_are_refused),
		cmocka_unit_test(a_password_is_right_or_refused),
		cmocka_unit_test(what_another_try_does_not_mend_is_refused),
		cmocka_unit_test(a_host_that_does_not_answer_is_passed_over),
		cmocka_unit_test(what_is_said_while_connecting_is_a_notice),
		cmocka_unit_test(a_stop_cancels_what_runs),
		cmocka_unit_test(an_idle_connection_that_is_ended_says_why),
		cmocka_unit_test(a_busy_connection_that_is_killed_is_lost),
		cmocka_unit_test(the_connection_beside_is_watched),
		cmocka_unit_test(no_server_is_believed),
	};

	(void)argc;
	/* It executes itself as the network's process. */
	if (net_child_is_asked(argv))
		return network_main();
	return cmocka_run_group_tests_name(
		"net/session_child", tests, begin_server, end_server);
}
