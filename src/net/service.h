/* SPDX-License-Identifier: MIT */
/*
 * Waiting for services, side by side: each is asked at once, and again in an interval
 * until it is reached. A name that does not resolve is a reason to go on, as is every
 * other failure: what time cannot mend is an error of address_parse().
 */
#ifndef NET_SERVICE_H
#define NET_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address;
struct buf;
struct err;
struct fs;
struct probe_http;
struct stop;

#define SERVICES_MAX 64 /* at once */

struct service_wait {
	struct stop *stop;   /* whose deadline ends it */
	const struct fs *fs; /* by whose rules files and sockets are found */
	int64_t interval_ms; /* from the begin of one attempt to that of the next */
	const struct probe_http *http; /* for URLs of it; NULL: as all zero */
	bool once;          /* each is asked once: one that is not reached is an error */
	int64_t give_up_ms; /* of an attempt whose resolver hangs; 0: as usual */
	/* Called after 0.5 s, then each `again_ms`, with what is missing; may be NULL. */
	void (*missing)(void *user, const char *text);
	int64_t again_ms; /* 0: it is called once */
	void *user;
};

/*
 * Waits until all `count` addresses, at most SERVICES_MAX, are reached. Returns 0 with a
 * line of what was reached and when in `did`, or -1 as stop_check(): past the deadline
 * with what is missing, how often it was asked, and what came out last.
 */
int service_wait(const struct address *const *addresses, size_t count,
	const struct service_wait *how, struct buf *did, struct err *err);

#endif
