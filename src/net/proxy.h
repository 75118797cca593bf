/* SPDX-License-Identifier: MIT */
/* Proxies, as the variables of curl(1) name them. */
#ifndef NET_PROXY_H
#define NET_PROXY_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct task;

/* The variables: those of proxies, then those of the hosts that are asked without one. */
enum proxy_variable {
	PROXY_HTTP,
	PROXY_HTTPS,
	PROXY_HTTPS_UPPER, /* HTTP_PROXY: clients of a CGI set it */
	PROXY_ALL,
	PROXY_ALL_UPPER,
	PROXY_NONE,
	PROXY_NONE_UPPER,
	PROXY_VARIABLES,
};

struct proxies {
	const char *values[PROXY_VARIABLES]; /* "", NULL: unset */
};

const char *proxy_name(enum proxy_variable variable);

/* One of them. */
struct proxy {
	const char *name;  /* of its variable */
	const char *value; /* "": there is none */
};

/* The one that counts for URLs of http or https. `proxies` may be NULL. */
struct proxy proxies_find(const struct proxies *proxies, bool https);

/* The hosts that are asked without a proxy, or "". */
const char *proxies_none(const struct proxies *proxies);

/*
 * Is there none, or is it [SCHEME://][USER[:PASSWORD]@]HOST[:PORT][/]? Else puts why not
 * into `ret_why`, without its value. libcurl passes over a proxy whose password has a
 * %0a, and quotes a wrong one whole.
 */
bool proxy_check(const struct proxy *proxy, char *ret_why, size_t size);

/* Does it hand on connections, and know nothing of what goes through them? */
bool proxy_is_socks(const struct proxy *proxy);

/* Is it what a text of libcurl is about, as "Failed to connect to HOST port PORT"? */
bool proxy_is_in(const struct proxy *proxy, const char *error);

/* To the network's process and there (net/task.h); may be NULL. */
void proxies_add(struct buf *task, const struct proxies *proxies);
void proxies_take(struct task *task, struct proxies *ret);

#endif
