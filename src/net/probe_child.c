/* SPDX-License-Identifier: MIT */
/* One attempt to reach a service, in the network's process. */
#include "net/probe_child.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "net/address.h"
#include "net/dial.h"
#include "net/http.h"
#include "net/http_text.h"
#include "net/network.h"
#include "net/probe.h"
#include "net/proxy.h"
#include "net/status.h"
#include "net/task.h"
#include "net/trust.h"

static int take_head(void *user, const struct http_head *head)
{
	memcpy(user, head, sizeof *head);
	return -1; /* the body is of no interest */
}

static int take_body(void *user, const void *data, size_t size)
{
	(void)user;
	(void)data;
	(void)size;
	return -1;
}

/* These functions return whether the service is reached. */
static bool reach_url(
	const struct address *address, const struct probe_how *how, int to, char *text)
{
	const struct probe_http *http = &how->http;
	const struct http_request request = {
		.url = address->url,
		.trust = http->trust,
		.proxies = http->proxies,
		.insecure = http->insecure,
		.redirects = http->redirects,
		.timeout_ms = how->http_timeout_ms,
	};
	struct http_head head = {.status = 0};
	const struct http_use use = {
		.head = take_head, .body = take_body, .user = &head, .reader = to};
	struct http_end end;

	http_get(&request, &use, &end);
	if (!head.status)
		(void)snprintf(text, PROBE_TEXT_MAX, "%s", end.text); /* fits */
	else if (status_is_in(head.status, http->expect, http->expect_count))
		return true;
	else
		http_explain_status(&head, text);
	return false;
}

static bool reach(const char *url, struct arena *arena, const struct probe_how *how,
	int to, char *text)
{
	struct address address;
	DECLARE_ERR(err);

	if (address_parse(url, arena, &address, &err) < 0) {
		(void)snprintf(text, PROBE_TEXT_MAX, "%.*s", PROBE_TEXT_MAX - 1,
			err.text); /* cut if need be */
		return false;
	}
	switch (address.form) {
	case ADDRESS_HTTP:
		return reach_url(&address, how, to, text);
	case ADDRESS_UNIX:
		return dial_greeted(&address, NETWORK_SOCKET, how->timeout_ms, text);
	default:
		return dial_hosts(&address, how->timeout_ms, text);
	}
}

static const struct status_range *take_ranges(
	struct task *task, struct arena *arena, size_t *ret_count)
{
	size_t count = task_count(task);
	struct status_range *ranges = arena_alloc(arena, (count + 1) * sizeof *ranges);

	for (size_t i = 0; i < count; i++) {
		ranges[i].from = (long)task_number(task);
		ranges[i].to = (long)task_number(task);
	}
	*ret_count = count;
	return ranges;
}

int probe_child(struct task *task, int to)
{
	struct probe_how how = {0};
	struct arena arena = {0};
	bool reached;
	struct proxies proxies;
	struct trust trust;
	char text[PROBE_TEXT_MAX] = "";
	const char *url = task_text(task);

	if (!url)
		return 1;
	how.timeout_ms = (int)task_number(task);
	how.http_timeout_ms = (int)task_number(task);
	how.http.expect = take_ranges(task, &arena, &how.http.expect_count);
	how.http.insecure = task_number(task) != 0;
	how.http.redirects = (int)task_number(task);
	task_trust(task, &trust);
	how.http.trust = &trust;
	proxies_take(task, &proxies);
	how.http.proxies = &proxies;
	reached = reach(url, &arena, &how, to, text);
	if (reached)
		(void)snprintf(text, sizeof text, PROBE_REACHED); /* fits */
	/* A parent that does not read it any more has ended us. */
	(void)fd_write_all(to, text, strlen(text));
	arena_release(&arena);
	return reached ? 0 : 1;
}
