/* SPDX-License-Identifier: MIT */
/* One attempt to reach a service. */
#include "net/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"

#define TRIES_MAX 32 /* of addresses at once */

/* ---- sockets and files ---- */

static void say(struct probe *probe, const char *why)
{
	(void)snprintf(probe->text, sizeof probe->text, "%s", why); /* cut if need be */
}

static void ask_file(struct probe *probe, const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		say(probe, strerror(errno));
}

static void ask_socket(struct probe *probe, const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	CLEANUP_FD int fd =
		socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	memcpy(address.sun_path, path, strlen(path)); /* as address_parse() measured */
	/* A queue that is full has a listener, and a datagram has no connection. */
	if (fd < 0 ||
		(connect(fd, (const struct sockaddr *)&address, sizeof address) < 0 &&
			errno != EAGAIN && errno != EPROTOTYPE))
		say(probe, strerror(errno));
}

/* ---- hosts, in the child ---- */

struct attempt {
	struct pollfd fds[TRIES_MAX]; /* fd -1: it has failed */
	struct sockaddr_storage to[TRIES_MAX];
	socklen_t sizes[TRIES_MAX];
	nfds_t count;
	nfds_t open;
	char text[PROBE_TEXT_MAX]; /* why none is reached */
	size_t length;
};

/* "HOST: why", once, behind those before. */
static void add_why(struct attempt *attempt, const char *host, const char *why)
{
	char text[PROBE_TEXT_MAX];
	size_t room = sizeof attempt->text - attempt->length;
	int size = snprintf(text, sizeof text, "%s: %s", host, why);

	if (size < 0 || (size_t)size + strlen(", ") >= room ||
		strstr(attempt->text, text))
		return;
	attempt->length += (size_t)snprintf(attempt->text + attempt->length, room, "%s%s",
		attempt->length ? ", " : "", text);
}

/* Why the connection `i` was not made. */
static void fail(struct attempt *attempt, nfds_t i, int code)
{
	char host[NI_MAXHOST];
	int rc = getnameinfo((const struct sockaddr *)&attempt->to[i], attempt->sizes[i],
		host, sizeof host, NULL, 0, NI_NUMERICHOST);

	add_why(attempt, rc == 0 ? host : "its address", strerror(code));
	close_fd(&attempt->fds[i].fd); /* and no poll looks at it any more */
}

/*
 * On one machine a port of ours may be the one that is asked for; then we reach ourselves
 * (RFC 9293, 3.5: simultaneous open).
 */
static bool is_ourselves(int fd)
{
	struct sockaddr_storage here, there;
	socklen_t here_size = sizeof here, there_size = sizeof there;

	memset(&here, 0, sizeof here);
	memset(&there, 0, sizeof there);
	return getsockname(fd, (struct sockaddr *)&here, &here_size) == 0 &&
		getpeername(fd, (struct sockaddr *)&there, &there_size) == 0 &&
		here_size == there_size && memcmp(&here, &there, here_size) == 0;
}

/* Is the connection `i` made by now? */
static bool is_reached(struct attempt *attempt, nfds_t i)
{
	int fd = attempt->fds[i].fd;
	int code = 0;
	socklen_t size = sizeof code;

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &size) < 0)
		code = errno;
	if (code == 0 && is_ourselves(fd))
		code = ECONNREFUSED;
	if (code == 0)
		return true;
	fail(attempt, i, code);
	attempt->open--;
	return false;
}

/* Begins a connection. Returns whether it is made at once. */
static bool connect_to(struct attempt *attempt, const struct addrinfo *info)
{
	nfds_t i = attempt->count++;
	struct pollfd *to = &attempt->fds[i];

	memcpy(&attempt->to[i], info->ai_addr, info->ai_addrlen);
	attempt->sizes[i] = info->ai_addrlen;
	to->events = POLLOUT;
	to->fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (to->fd >= 0 && connect(to->fd, info->ai_addr, info->ai_addrlen) == 0) {
		attempt->open++;
		return is_reached(attempt, i);
	}
	if (to->fd >= 0 && errno == EINPROGRESS)
		attempt->open++;
	else
		fail(attempt, i, errno);
	return false;
}

/* All addresses of a host are tried side by side. */
static bool connect_host(struct attempt *attempt, const struct address_host *host)
{
	const struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
	struct addrinfo *list = NULL;
	int rc = getaddrinfo(host->name, host->port, &hints, &list);
	bool reached = false;

	if (rc != 0) {
		add_why(attempt, host->name,
			rc == EAI_SYSTEM ? strerror(errno) : gai_strerror(rc));
		return false;
	}
	for (const struct addrinfo *info = list;
		!reached && info && attempt->count < TRIES_MAX; info = info->ai_next)
		reached = connect_to(attempt, info);
	freeaddrinfo(list);
	return reached;
}

static bool reach(struct attempt *attempt, const struct address *address, int timeout_ms)
{
	int64_t until_ms;

	for (size_t i = 0; i < address->hosts_count; i++)
		if (connect_host(attempt, &address->hosts[i]))
			return true;
	/* However long the resolver took: that is no time of the connections. */
	until_ms = clock_ms() + timeout_ms;
	while (attempt->open && clock_ms() < until_ms) {
		/* Signals are blocked: a failure is one of memory, and ends the wait. */
		if (poll(attempt->fds, attempt->count, clock_wait(until_ms)) < 0)
			break;
		for (nfds_t i = 0; i < attempt->count; i++)
			if (attempt->fds[i].fd >= 0 && attempt->fds[i].revents &&
				is_reached(attempt, i))
				return true;
	}
	for (nfds_t i = 0; i < attempt->count; i++)
		if (attempt->fds[i].fd >= 0)
			fail(attempt, i, ETIMEDOUT);
	return false;
}

static _Noreturn void run_child(
	const struct address *address, int timeout_ms, int to, pid_t parent)
{
	struct attempt attempt = {.length = 0};
	bool reached;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* cannot fail with a valid signal */
	if (getppid() != parent)
		_exit(1);
	reached = reach(&attempt, address, timeout_ms);
	if (!reached && !attempt.length)
		add_why(&attempt, "its name", "no address");
	/* A parent that does not read it any more has ended us. */
	if (!reached)
		(void)fd_write_all(to, attempt.text, attempt.length);
	_exit(reached ? 0 : 1);
}

/* ---- in the parent ---- */

static int begin_child(struct probe *probe, const struct address *address, int timeout_ms,
	struct err *err)
{
	CLEANUP_FD int from = -1;
	CLEANUP_FD int to = -1;
	pid_t parent = getpid();
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_sys(err, "make a pipe");
	from = fds[0];
	to = fds[1];
	probe->pid = fork();
	if (probe->pid == 0)
		run_child(address, timeout_ms, to, parent);
	if (probe->pid < 0) {
		probe->pid = 0;
		return err_sys(err, "make a process that waits for '%s'", address->shown);
	}
	probe->fd = steal_fd(&from);
	return 0;
}

int probe_begin(struct probe *probe, const struct address *address, int timeout_ms,
	struct err *err)
{
	*probe = (struct probe)PROBE_INIT;
	switch (address->form) {
	case ADDRESS_FILE:
		ask_file(probe, address->path);
		return 0;
	case ADDRESS_UNIX:
		ask_socket(probe, address->path);
		return 0;
	case ADDRESS_TCP:
		break;
	}
	return begin_child(probe, address, timeout_ms, err);
}

/* It has ended, or is about to. */
static int reap(struct probe *probe)
{
	int status = 0;

	while (waitpid(probe->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	probe->pid = 0;
	close_fd(&probe->fd);
	return status;
}

void probe_end(struct probe *probe)
{
	ssize_t size;

	if (!probe->pid)
		return;
	/* It writes once, and less than a pipe takes whole. */
	size = read(probe->fd, probe->text, sizeof probe->text - 1);
	probe->text[size > 0 ? size : 0] = '\0';
	if (reap(probe) != 0 && !*probe->text)
		say(probe, "the process that asked has died");
}

void probe_stop(struct probe *probe, const char *why)
{
	if (!probe->pid)
		return;
	(void)kill(probe->pid, SIGKILL); /* it is ours, and not reaped */
	(void)reap(probe);               /* its status is this signal */
	say(probe, why);
}
