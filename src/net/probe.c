/* SPDX-License-Identifier: MIT */
/* One attempt to reach a service. */
#include "net/probe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "net/address.h"
#include "net/confine.h"
#include "net/dial.h"
#include "net/greeting.h"
#include "net/http.h"
#include "net/status.h"

struct asking {
	const struct address *address;
	const struct probe_how *how;
};

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
	CLEANUP_FD int fd = dial_socket(path);

	/* A queue that is full has a listener, and a datagram has no connection. */
	if (fd < 0 && errno != EAGAIN && errno != EPROTOTYPE)
		say(probe, strerror(errno));
}

/* ---- in the child; each function returns whether the service is reached ---- */

/* A file, which only the rights that are given up next may reach, is opened before. */
static bool reach_socket(const struct asking *asking, int to, pid_t parent, char *text)
{
	CLEANUP_FD int fd = dial_socket(asking->address->path);

	/* As the standard input it stays open, and nothing is read from that. */
	if (fd < 0 || dup2(fd, STDIN_FILENO) < 0) {
		(void)snprintf(text, PROBE_TEXT_MAX, "%s", strerror(errno)); /* fits */
		return false;
	}
	confine(to, parent);
	return dial_greeted(asking->address, STDIN_FILENO, asking->how->timeout_ms, text);
}

static int take_head(void *user, const struct http_head *head)
{
	*(long *)user = head->status;
	return -1; /* the body is of no interest */
}

static int take_body(void *user, const void *data, size_t size)
{
	(void)user;
	(void)data;
	(void)size;
	return -1;
}

static bool reach_url(const struct asking *asking, char *text)
{
	const struct probe_http *http = &asking->how->http;
	const struct http_request request = {
		.url = asking->address->url,
		.trust = http->trust,
		.insecure = http->insecure,
		.redirects = http->redirects,
		.timeout_ms = asking->how->http_timeout_ms,
	};
	long status = 0;
	const struct http_use use = {take_head, take_body, &status};
	struct http_end end;

	http_get(&request, &use, &end);
	if (!status)
		(void)snprintf(text, PROBE_TEXT_MAX, "%s", end.text); /* fits */
	else if (status_is_in(status, http->expect, http->expect_count))
		return true;
	else
		(void)snprintf(text, PROBE_TEXT_MAX, "the server answers with status %ld",
			status); /* fits */
	return false;
}

static bool reach(const struct asking *asking, int to, pid_t parent, char *text)
{
	if (asking->address->form == ADDRESS_UNIX)
		return reach_socket(asking, to, parent, text);
	confine(to, parent);
	if (asking->address->form == ADDRESS_HTTP)
		return reach_url(asking, text);
	return dial_hosts(asking->address, asking->how->timeout_ms, text);
}

static void run(const void *task, int to, pid_t parent)
{
	char text[PROBE_TEXT_MAX] = "";
	bool reached = reach(task, to, parent, text);

	/* A parent that does not read it any more has ended us. */
	if (!reached)
		(void)fd_write_all(to, text, strlen(text));
	_exit(reached ? 0 : 1);
}

/* ---- in the parent ---- */

int probe_begin(struct probe *probe, const struct address *address,
	const struct probe_how *how, struct err *err)
{
	const struct asking asking = {.address = address, .how = how};

	*probe = (struct probe)PROBE_INIT;
	switch (address->form) {
	case ADDRESS_FILE:
		ask_file(probe, address->path);
		return 0;
	case ADDRESS_UNIX:
		if (greeting_find(address->scheme))
			break;
		ask_socket(probe, address->path);
		return 0;
	case ADDRESS_TCP:
	case ADDRESS_HTTP:
		break;
	}
	if (net_child_begin(&probe->child, run, &asking) == 0)
		return 0;
	return err_sys(err, "make a process that waits for '%s'", address->shown);
}

/* It may have what a stranger sent. */
static void clean(char *text)
{
	for (size_t size = strlen(text); size > 0;) {
		uint32_t code;
		size_t length = str_character(text, size, &code);

		if (length == 0 || str_is_control(code)) {
			length = length ? length : 1;
			memset(text, '?', length);
		}
		text += length;
		size -= length;
	}
}

void probe_end(struct probe *probe)
{
	ssize_t size;

	if (!probe->child.pid)
		return;
	/* It writes once, and less than a pipe takes whole. */
	size = read(probe->child.fd, probe->text, sizeof probe->text - 1);
	probe->text[size > 0 ? size : 0] = '\0';
	clean(probe->text);
	if (net_child_reap(&probe->child) != 0 && !*probe->text)
		say(probe, "the process that asked has died");
}

void probe_stop(struct probe *probe, const char *why)
{
	if (!probe->child.pid)
		return;
	net_child_kill(&probe->child);
	say(probe, why);
}
