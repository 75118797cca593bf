/* SPDX-License-Identifier: MIT */
/* Connections to the hosts of an address. */
#include "net/dial.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/str.h"
#include "net/address.h"
#include "net/greeting.h"

#define TRIES_MAX 32 /* of addresses at once */

struct line {
	struct sockaddr_storage to;
	socklen_t to_size; /* 0: a socket of the file system */
	bool connected;
	unsigned char answer[GREETING_ANSWER_MAX];
	size_t size;
};

struct attempt {
	const struct address *address;
	const struct greeting *greeting; /* NULL: an open port is enough */
	struct pollfd fds[TRIES_MAX];    /* fd -1: it has failed */
	struct line lines[TRIES_MAX];
	nfds_t count;
	nfds_t open;
	char *text; /* PROBE_TEXT_MAX: why none is ready */
	size_t length;
};

/* ---- why not ---- */

/* "HOST: why", once, behind those before. */
static void add_why(struct attempt *attempt, const char *host, const char *why)
{
	char text[PROBE_TEXT_MAX];
	size_t room = PROBE_TEXT_MAX - attempt->length;
	int size = snprintf(text, sizeof text, "%s%s%s", host, *host ? ": " : "", why);

	if (size < 0 || (size_t)size + strlen(", ") >= room ||
		strstr(attempt->text, text))
		return;
	attempt->length += (size_t)snprintf(attempt->text + attempt->length, room, "%s%s",
		attempt->length ? ", " : "", text);
}

/* Why the connection `i` is of no use. Returns false. */
static bool fail(struct attempt *attempt, nfds_t i, const char *why)
{
	const struct line *line = &attempt->lines[i];
	char host[NI_MAXHOST] = "";

	if (line->to_size &&
		getnameinfo((const struct sockaddr *)&line->to, line->to_size, host,
			sizeof host, NULL, 0, NI_NUMERICHOST) != 0)
		(void)snprintf(host, sizeof host, "its address"); /* fits */
	add_why(attempt, host, why);
	close_fd(&attempt->fds[i].fd); /* and no poll looks at it any more */
	attempt->open--;
	return false;
}

/* ---- one connection; these functions return whether its server is ready ---- */

/* Reads what there is of the first answer. */
static bool listen_to(struct attempt *attempt, nfds_t i)
{
	const struct greeting *greeting = attempt->greeting;
	struct line *line = &attempt->lines[i];
	size_t room = sizeof line->answer - line->size;
	char why[PROBE_TEXT_MAX];
	ssize_t size = recv(attempt->fds[i].fd, line->answer + line->size, room, 0);

	if (size < 0 && errno == EAGAIN)
		return false;
	if (size < 0)
		return fail(attempt, i, strerror(errno));
	line->size += (size_t)size;
	if (line->size == 0)
		return fail(attempt, i, "it ends the connection without an answer");
	switch (greeting->judge(attempt->address, line->answer, line->size, why)) {
	case GREETING_READY:
		return true;
	case GREETING_NOT_YET:
		return fail(attempt, i, why);
	case GREETING_MORE:
		break;
	}
	if (size > 0 && line->size < sizeof line->answer)
		return false;
	/* The same at any time. */
	(void)greeting_refuse(why, greeting->server, line->answer, line->size);
	return fail(attempt, i, why);
}

/* The connection is made. */
static bool begin_greeting(struct attempt *attempt, nfds_t i)
{
	char question[GREETING_QUESTION_MAX];
	size_t size;

	attempt->lines[i].connected = true;
	if (!attempt->greeting)
		return true;
	attempt->fds[i].events = POLLIN;
	if (!attempt->greeting->ask)
		return false;
	size = attempt->greeting->ask(attempt->address, question);
	/* The buffer of a new connection takes it whole. */
	if (send(attempt->fds[i].fd, question, size, MSG_NOSIGNAL) == (ssize_t)size)
		return false;
	return fail(attempt, i, strerror(errno));
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

/* The connection is made, or has failed. */
static bool end_connecting(struct attempt *attempt, nfds_t i)
{
	int fd = attempt->fds[i].fd;
	int code = 0;
	socklen_t size = sizeof code;

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &size) < 0)
		code = errno;
	if (code == 0 && is_ourselves(fd))
		code = ECONNREFUSED;
	return code ? fail(attempt, i, strerror(code)) : begin_greeting(attempt, i);
}

static bool go_on(struct attempt *attempt, nfds_t i)
{
	return attempt->lines[i].connected ? listen_to(attempt, i)
					   : end_connecting(attempt, i);
}

static bool connect_to(struct attempt *attempt, const struct addrinfo *info)
{
	nfds_t i = attempt->count++;
	struct pollfd *to = &attempt->fds[i];
	struct line *line = &attempt->lines[i];

	memcpy(&line->to, info->ai_addr, info->ai_addrlen);
	line->to_size = info->ai_addrlen;
	attempt->open++;
	to->events = POLLOUT;
	to->fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (to->fd >= 0 && connect(to->fd, info->ai_addr, info->ai_addrlen) == 0)
		return end_connecting(attempt, i);
	if (to->fd >= 0 && errno == EINPROGRESS)
		return false;
	return fail(attempt, i, strerror(errno));
}

/* ---- all of them ---- */

/* All addresses of a host are tried side by side. */
static bool connect_host(struct attempt *attempt, const struct address_host *host)
{
	const struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
	struct addrinfo *list = NULL;
	int rc = getaddrinfo(host->name, host->port, &hints, &list);
	bool ready = false;

	if (rc != 0) {
		add_why(attempt, host->name,
			rc == EAI_SYSTEM ? strerror(errno) : gai_strerror(rc));
		return false;
	}
	for (const struct addrinfo *info = list;
		!ready && info && attempt->count < TRIES_MAX; info = info->ai_next)
		ready = connect_to(attempt, info);
	freeaddrinfo(list);
	return ready;
}

/* The time of connection `i` is up. */
static void fail_late(struct attempt *attempt, nfds_t i)
{
	const struct greeting *greeting = attempt->greeting;
	bool connected = attempt->lines[i].connected;
	bool waits = connected && !greeting->ask;
	char why[PROBE_TEXT_MAX];

	(void)snprintf(why, sizeof why, "%s%s%s%s", /* fits */
		connected ? "it accepts the connection and says nothing"
			  : strerror(ETIMEDOUT),
		waits ? ", where " : "", waits ? greeting->server : "",
		waits ? " is the first to speak" : "");
	(void)fail(attempt, i, why); /* always false */
}

/* Waits until one is ready, all have failed, or the time is up. */
static bool await(struct attempt *attempt, int timeout_ms)
{
	int64_t until_ms = clock_ms() + timeout_ms;

	while (attempt->open && clock_ms() < until_ms) {
		/* Signals are blocked: a failure is one of memory, and ends the wait. */
		if (poll(attempt->fds, attempt->count, clock_wait(until_ms)) < 0)
			break;
		for (nfds_t i = 0; i < attempt->count; i++)
			if (attempt->fds[i].fd >= 0 && attempt->fds[i].revents &&
				go_on(attempt, i))
				return true;
	}
	for (nfds_t i = 0; i < attempt->count; i++)
		if (attempt->fds[i].fd >= 0)
			fail_late(attempt, i);
	return false;
}

static void begin(struct attempt *attempt, const struct address *address, char *text)
{
	memset(attempt, 0, sizeof *attempt);
	attempt->address = address;
	attempt->greeting = greeting_find(address->scheme);
	attempt->text = text;
	*text = '\0';
}

bool dial_hosts(const struct address *address, int timeout_ms, char ret[PROBE_TEXT_MAX])
{
	struct attempt attempt;

	begin(&attempt, address, ret);
	for (size_t i = 0; i < address->hosts_count; i++)
		if (connect_host(&attempt, &address->hosts[i]))
			return true;
	/* However long the resolver took: that is no time of the connections. */
	if (await(&attempt, timeout_ms))
		return true;
	if (!attempt.length)
		add_why(&attempt, "its name", "no address");
	return false;
}

int dial_socket(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	CLEANUP_FD int fd =
		socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	memcpy(address.sun_path, path, strlen(path)); /* as address_parse() measured */
	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) < 0)
		return -1;
	return steal_fd(&fd);
}

bool dial_greeted(
	const struct address *address, int fd, int timeout_ms, char ret[PROBE_TEXT_MAX])
{
	struct attempt attempt;

	begin(&attempt, address, ret);
	attempt.count = attempt.open = 1;
	attempt.fds[0].fd = fd;
	return begin_greeting(&attempt, 0) || await(&attempt, timeout_ms);
}
