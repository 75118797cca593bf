/* SPDX-License-Identifier: MIT */
/* Waiting for services on loopback, in files and on sockets. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../directory.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/stop.h"
#include "net/address.h"
#include "net/child.h"
#include "net/network.h"
#include "net/service.h"

/* What was said while something was missing, and what is done then. */
struct heard {
	struct buf text;
	int count;
	int last; /* behind this it ends */
};

static struct arena arena;
static struct stop stop;
static const struct fs fs = FS_INIT;

static int teardown(void **state)
{
	arena_release(&arena);
	return directory_teardown(state);
}

static const struct address *of(const char *text)
{
	struct address *address = arena_alloc(&arena, sizeof *address);
	DECLARE_ERR(err);

	if (address_parse(text, &arena, address, &err) < 0)
		fail_msg("%s: %s", text, err.text);
	return address;
}

/* A socket of loopback with a port of its own, in `ret_port`, which does not listen. */
static int bind_port(int family, char ret_port[8])
{
	struct sockaddr_in v4 = {
		.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct sockaddr_in6 v6 = {
		.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct sockaddr *any =
		family == AF_INET ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6;
	socklen_t size = family == AF_INET ? sizeof v4 : sizeof v6;
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, any, size) < 0 || getsockname(fd, any, &size) < 0)
		SKIP("no such loopback here");
	(void)snprintf(
		ret_port, 8, "%u", ntohs(family == AF_INET ? v4.sin_port : v6.sin6_port));
	return fd;
}

static int wait_for(const struct address *const *list, size_t count, int64_t timeout_ms,
	int64_t interval_ms, struct buf *did, struct err *err)
{
	struct service_wait how = {.stop = &stop, .fs = &fs, .interval_ms = interval_ms};

	stop = (struct stop)STOP_INIT;
	(void)stop_narrow(&stop, timeout_ms);
	return service_wait(list, count, &how, did, err);
}

static void each_form_is_reached_at_once(void **state)
{
	CLEANUP_BUF struct buf did = BUF_INIT;
	CLEANUP_BUF struct buf text = BUF_INIT;
	char port[8];
	CLEANUP_FD int tcp = bind_port(AF_INET, port);
	CLEANUP_FD int local = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	const struct address *list[4];
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(listen(tcp, 1), 0);
	(void)snprintf(name.sun_path, sizeof name.sun_path, "%s", in("socket"));
	assert_int_equal(bind(local, (struct sockaddr *)&name, sizeof name), 0);
	assert_int_equal(listen(local, 1), 0);
	list[0] = of(arena_printf(&arena, "tcp://127.0.0.1:%s", port));
	list[1] = of(arena_printf(&arena, "amqp://u:secret@localhost:%s/x", port));
	list[2] = of(arena_printf(&arena, "unix://%s", in("socket")));
	list[3] = of(arena_printf(&arena, "file://%s", in("socket")));
	if (wait_for(list, 4, 60000, 60000, &did, &err) < 0)
		fail_msg("%s", err.text);
	buf_printf(&text,
		"tcp://127.0.0.1:%s answers, amqp://localhost:%s answers, "
		"unix://%s answers, file://%s is there",
		port, port, in("socket"), in("socket"));
	assert_string_equal(did.data, text.data);
}

static void of_several_hosts_one_is_enough(void **state)
{
	CLEANUP_BUF struct buf did = BUF_INIT;
	char open_port[8], closed_port[8];
	CLEANUP_FD int open = bind_port(AF_INET, open_port);
	CLEANUP_FD int closed = bind_port(AF_INET, closed_port);
	const struct address *address;
	DECLARE_ERR(err);

	(void)state;
	assert_true(closed >= 0); /* it keeps the port */
	assert_int_equal(listen(open, 1), 0);
	address = of(arena_printf(
		&arena, "tcp://127.0.0.1:%s,127.0.0.1:%s", closed_port, open_port));
	assert_int_equal(wait_for(&address, 1, 60000, 60000, &did, &err), 0);
}

static void ipv6_is_reached(void **state)
{
	CLEANUP_BUF struct buf did = BUF_INIT;
	char port[8];
	CLEANUP_FD int fd = bind_port(AF_INET6, port);
	const struct address *address;
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(listen(fd, 1), 0);
	address = of(arena_printf(&arena, "tcp://[::1]:%s", port));
	assert_int_equal(wait_for(&address, 1, 60000, 60000, &did, &err), 0);
}

/* All of them are named, with what came out; a password is not. */
static void what_is_missing_is_named(void **state)
{
	CLEANUP_BUF struct buf did = BUF_INIT;
	char port[8];
	CLEANUP_FD int fd = bind_port(AF_INET, port);
	CLEANUP_FD int local = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	const struct address *list[4];
	DECLARE_ERR(err);

	(void)state;
	assert_true(fd >= 0); /* it keeps the port */
	(void)snprintf(name.sun_path, sizeof name.sun_path, "%s", in("socket"));
	assert_int_equal(bind(local, (struct sockaddr *)&name, sizeof name), 0);
	list[0] = of(arena_printf(&arena, "mysql://u:sesame@127.0.0.1:%s", port));
	list[1] = of(arena_printf(&arena, "unix://%s", in("socket")));
	list[2] = of(arena_printf(&arena, "file://%s", in("missing")));
	list[3] = of("tcp://no-such-host.invalid:1");
	assert_int_equal(wait_for(list, 4, 300, 50, &did, &err), -1);
	assert_int_equal(err.kind, ERR_FAILED);
	assert_non_null(strstr(err.text, "it took longer than its timeout of 300ms: "));
	assert_non_null(strstr(err.text, "last: 127.0.0.1: Connection refused)"));
	assert_non_null(strstr(err.text, "socket (asked "));
	assert_non_null(strstr(err.text, "last: Connection refused)"));
	assert_non_null(strstr(err.text, "last: No such file or directory)"));
	assert_non_null(strstr(err.text, "no-such-host.invalid: "));
	assert_null(strstr(err.text, "sesame"));
	assert_int_equal(did.len, 0);
}

static void what_comes_later_is_reached(void **state)
{
	CLEANUP_BUF struct buf did = BUF_INIT;
	const struct address *address = of(arena_printf(&arena, "file://%s", in("late")));
	pid_t pid = fork();
	DECLARE_ERR(err);

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)usleep(200000);
		_exit(open(in("late"), O_CREAT | O_WRONLY | O_CLOEXEC, 0600) < 0);
	}
	assert_int_equal(wait_for(&address, 1, 60000, 20, &did, &err), 0);
	assert_non_null(strstr(did.data, "is there, after "));
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* A stop ends the wait, and the process that asks with it. */
static void a_stop_ends_the_wait(void **state)
{
	CLEANUP_BUF struct buf did = BUF_INIT;
	const struct address *address = of("tcp://127.0.0.1:1");
	struct service_wait how = {.stop = &stop, .fs = &fs, .interval_ms = 20};
	DECLARE_ERR(err);

	(void)state;
	stop = (struct stop)STOP_INIT;
	stop.signal = SIGTERM; /* as if it had come */
	assert_int_equal(service_wait(&address, 1, &how, &did, &err), -1);
	assert_int_equal(err.kind, ERR_INTERRUPTED);
	assert_string_equal(err.text, "interrupted by SIGTERM");
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void hear(void *user, const char *text)
{
	struct heard *heard = user;

	buf_printf(&heard->text, "%s\n", text);
	if (++heard->count == heard->last)
		stop.signal = SIGTERM;
}

static void what_is_missing_is_said_after_half_a_second(void **state)
{
	CLEANUP_BUF struct buf did = BUF_INIT;
	struct heard heard = {.text = BUF_INIT, .last = 1};
	const struct address *address = of("file:///nowhere/at/all");
	struct service_wait how = {.stop = &stop,
		.fs = &fs,
		.interval_ms = 4000,
		.missing = hear,
		.user = &heard};
	DECLARE_ERR(err);

	(void)state;
	stop = (struct stop)STOP_INIT;
	assert_int_equal(service_wait(&address, 1, &how, &did, &err), -1);
	assert_int_equal(heard.count, 1);
	assert_string_equal(heard.text.data,
		"file:///nowhere/at/all (asked 1 time, last: No such file or "
		"directory)\n");
	buf_release(&heard.text);
}

/* It accepts, and says nothing: a server's first answer is waited for. */
static const struct address *silent(int fd, const char *port)
{
	assert_int_equal(listen(fd, 8), 0);
	return of(arena_printf(&arena, "mysql://127.0.0.1:%s", port));
}

/* The library's poll() may be an inline function: it uses nothing that is static. */
unsigned polls;

int poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	const struct timespec wait = {timeout_ms / 1000, timeout_ms % 1000 * 1000000L};

	polls++;
	return ppoll(fds, count, timeout_ms < 0 ? NULL : &wait, NULL);
}

/* As `plan --online` asks: no line is due then, and a process waits and does not spin. */
static void who_hears_nothing_waits_without_work(void **state)
{
	CLEANUP_BUF struct buf did = BUF_INIT;
	char port[8];
	CLEANUP_FD int fd = bind_port(AF_INET, port);
	const struct address *address = silent(fd, port);
	struct service_wait how = {
		.stop = &stop, .fs = &fs, .interval_ms = 60000, .once = true};
	DECLARE_ERR(err);

	(void)state;
	stop = (struct stop)STOP_INIT;
	(void)stop_narrow(&stop, 700);
	polls = 0;
	assert_int_equal(service_wait(&address, 1, &how, &did, &err), -1);
	assert_non_null(strstr(err.text, "(asked 1 time, no answer yet)"));
	assert_in_range(polls, 1, 20);
}

static void stop_at_no_answer(void *user, const char *text)
{
	struct heard *heard = user;

	heard->count++;
	if (strstr(text, "last: no answer)"))
		stop.signal = SIGTERM;
}

/* A resolver may hang for longer than any attempt: it is asked anew. */
static void an_attempt_that_hangs_is_given_up(void **state)
{
	CLEANUP_BUF struct buf did = BUF_INIT;
	struct heard heard = {.text = BUF_INIT};
	char port[8];
	CLEANUP_FD int fd = bind_port(AF_INET, port);
	const struct address *address = silent(fd, port);
	struct service_wait how = {.stop = &stop,
		.fs = &fs,
		.interval_ms = 20,
		.give_up_ms = 20,
		.missing = stop_at_no_answer,
		.again_ms = 10,
		.user = &heard};
	DECLARE_ERR(err);

	(void)state;
	stop = (struct stop)STOP_INIT;
	(void)stop_narrow(&stop, 20000);
	assert_int_equal(service_wait(&address, 1, &how, &did, &err), -1);
	assert_int_equal(err.kind, ERR_INTERRUPTED);
}

static void what_is_missing_is_said_as_it_is_then(void **state)
{
	CLEANUP_BUF struct buf did = BUF_INIT;
	struct heard heard = {.text = BUF_INIT, .last = 3};
	const struct address *address = of("file:///nowhere/at/all");
	struct service_wait how = {.stop = &stop,
		.fs = &fs,
		.interval_ms = 10,
		.missing = hear,
		.again_ms = 50,
		.user = &heard};
	char *rest, *first, *second;
	DECLARE_ERR(err);

	(void)state;
	stop = (struct stop)STOP_INIT;
	assert_int_equal(service_wait(&address, 1, &how, &did, &err), -1);
	assert_int_equal(heard.count, 3);
	first = strtok_r(heard.text.data, "\n", &rest);
	second = strtok_r(NULL, "\n", &rest);
	assert_string_not_equal(first, second);
	assert_string_not_equal(second, strtok_r(NULL, "\n", &rest));
	buf_release(&heard.text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, directory_setup, teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(each_form_is_reached_at_once),
		TEST(of_several_hosts_one_is_enough),
		TEST(ipv6_is_reached),
		TEST(what_is_missing_is_named),
		TEST(what_comes_later_is_reached),
		TEST(a_stop_ends_the_wait),
		TEST(what_is_missing_is_said_after_half_a_second),
		TEST(what_is_missing_is_said_as_it_is_then),
		TEST(who_hears_nothing_waits_without_work),
		TEST(an_attempt_that_hangs_is_given_up),
	};

	(void)argc;
	/* It executes itself as the network's process. */
	if (net_child_is_asked(argv))
		return network_main();
	return cmocka_run_group_tests_name("net/service", tests, NULL, NULL);
}
