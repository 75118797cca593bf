/* SPDX-License-Identifier: MIT */
/* One attempt to reach a service. */
#include "net/probe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/fs_find.h"
#include "base/str.h"
#include "net/address.h"
#include "net/dial.h"
#include "net/greeting.h"
#include "net/proxy.h"
#include "net/status.h"
#include "net/task.h"

/* ---- sockets and files ---- */

static void say(struct probe *probe, const char *why)
{
	(void)snprintf(probe->text, sizeof probe->text, "%s", why); /* cut if need be */
}

/* These functions return 0, or -1 with the reason and errno in `err`. */
static int find(const char *path, enum fs_find use, const struct probe_how *how, int *ret,
	struct err *err)
{
	int rc = fs_find(how->fs, path, use, ret, err);

	return rc == 1 ? err_code(err, ENOENT, "%s", strerror(ENOENT)) : rc;
}

/* As root what was found is connected to, whatever the path names by now. */
static int dial(const char *path, const struct probe_how *how, int *ret, struct err *err)
{
	CLEANUP_FD int found = -1;
	char name[32];

	if (find(path, FS_FIND_CONNECT, how, &found, err) < 0)
		return -1;
	(void)snprintf(name, sizeof name, "/proc/self/fd/%d", found); /* fits */
	*ret = dial_socket(how->fs->guarded ? name : path);
	if (*ret >= 0)
		return 0;
	if (errno == ENOENT && how->fs->guarded)
		return err_fail(err, "root connects to it by /proc, which is missing");
	return err_code(err, errno, "%s", strerror(errno));
}

static void ask_file(struct probe *probe, const char *path, const struct probe_how *how)
{
	CLEANUP_FD int fd = -1;
	DECLARE_ERR(err);

	if (find(path, FS_FIND_EXISTS, how, &fd, &err) < 0)
		say(probe, err.text);
}

static void ask_socket(struct probe *probe, const char *path, const struct probe_how *how)
{
	CLEANUP_FD int fd = -1;
	DECLARE_ERR(err);

	/* A queue that is full has a listener, and a datagram has no connection. */
	if (dial(path, how, &fd, &err) < 0 && err.code != EAGAIN &&
		err.code != EPROTOTYPE)
		say(probe, err.text);
}

/* ---- all others ---- */

static void write_task(
	const struct address *address, const struct probe_how *how, struct buf *ret)
{
	const struct probe_http *http = &how->http;

	task_open(ret, TASK_PROBE);
	task_add_text(ret, address->text);
	task_add_number(ret, how->timeout_ms);
	task_add_number(ret, how->http_timeout_ms);
	task_add_number(ret, (int64_t)http->expect_count);
	for (size_t i = 0; i < http->expect_count; i++) {
		task_add_number(ret, http->expect[i].from);
		task_add_number(ret, http->expect[i].to);
	}
	task_add_number(ret, http->insecure);
	task_add_number(ret, http->redirects);
	task_add_trust(ret, http->trust);
	proxies_add(ret, http->proxies);
}

static int ask_child(struct probe *probe, const struct address *address, int socket,
	const struct probe_how *how, struct err *err)
{
	CLEANUP_BUF struct buf task = BUF_INIT;

	write_task(address, how, &task);
	return net_child_begin(&probe->child, &task, socket, how->stop, err);
}

/* A file that its child has no rights to: it gets the connection. */
static int ask_server(struct probe *probe, const struct address *address,
	const struct probe_how *how, struct err *err)
{
	CLEANUP_FD int fd = -1;
	DECLARE_ERR(why);

	if (dial(address->path, how, &fd, &why) < 0) {
		say(probe, why.text);
		return 0;
	}
	return ask_child(probe, address, fd, how, err);
}

int probe_begin(struct probe *probe, const struct address *address,
	const struct probe_how *how, struct err *err)
{
	*probe = (struct probe)PROBE_INIT;
	switch (address->form) {
	case ADDRESS_FILE:
		ask_file(probe, address->path, how);
		return 0;
	case ADDRESS_UNIX:
		if (greeting_find(address->scheme))
			return ask_server(probe, address, how, err);
		ask_socket(probe, address->path, how);
		return 0;
	case ADDRESS_TCP:
	case ADDRESS_HTTP:
		break;
	}
	return ask_child(probe, address, -1, how, err);
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
	if (net_child_reap(&probe->child) == 0 && str_equal(probe->text, PROBE_REACHED))
		*probe->text = '\0';
	else if (!*probe->text)
		say(probe, "the process that asked has ended without an answer");
}

void probe_stop(struct probe *probe, const char *why)
{
	if (!probe->child.pid)
		return;
	net_child_kill(&probe->child);
	say(probe, why);
}
