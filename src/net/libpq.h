/* SPDX-License-Identifier: MIT */
/* Hosts and ports in a URL of PostgreSQL, as its client library reads them. */
#ifndef NET_LIBPQ_H
#define NET_LIBPQ_H

struct arena;

/*
 * Of "//authority rest", HOST[:PORT],… as `authority` has them: where `rest` has words
 * `host` or `port` behind its '?', these replace the hosts or the ports; one port is for
 * all. In the arena, or `authority` itself.
 */
const char *libpq_hosts(const char *authority, const char *rest, struct arena *arena);

#endif
