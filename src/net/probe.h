/* SPDX-License-Identifier: MIT */
/*
 * One attempt to reach a service, by a child of ours: looking a name up blocks for as
 * long as the resolver likes, and so a stop ends the child instead.
 *
 *	probe_begin()	makes the child, or finds out at once
 *	probe_end()	once probe->child.fd can be read: what came out
 *	probe_stop()	ends the child; may be called at any time
 */
#ifndef NET_PROBE_H
#define NET_PROBE_H

#include <stdbool.h>
#include <stddef.h>

#include "net/child.h"

struct address;
struct err;
struct fs;
struct proxies;
struct status_range;
struct stop;
struct trust;

#define PROBE_TEXT_MAX 512       /* as of HTTP */
#define PROBE_REACHED  "reached" /* what its child writes then */

struct probe {
	struct net_child child;    /* without one it is known already */
	char text[PROBE_TEXT_MAX]; /* why it is not reached; "": it is */
};

#define PROBE_INIT \
	{ \
		.child = NET_CHILD_INIT \
	}

/* What URLs of HTTP need besides. All zero does, but for TLS. */
struct probe_http {
	const struct status_range *expect; /* which statuses are readiness */
	size_t expect_count;               /* 0: 200-399 */
	const struct trust *trust;         /* that verifies the server; may be NULL */
	const struct proxies *proxies;     /* by which it is asked; may be NULL */
	bool insecure;                     /* TLS is not verified */
	int redirects;                     /* that are followed */
};

struct probe_how {
	int timeout_ms;      /* once names were looked up */
	int http_timeout_ms; /* the same of HTTP, from the beginning */
	struct probe_http http;
	const struct fs *fs; /* by whose rules files and sockets are found */
	struct stop *stop;
};

/*
 * Begins to reach the address: a socket and a file are asked at once, all else by a child
 * without rights (net/confine.h). A server whose first answer we know (net/greeting.h) is
 * reached once that says that it is ready. Returns 0, or -1: where no child can be made,
 * and as stop_poll().
 */
int probe_begin(struct probe *probe, const struct address *address,
	const struct probe_how *how, struct err *err);

/* Puts what came out, without control characters, into probe->text; reaps the child. */
void probe_end(struct probe *probe);

/* Ends an attempt that has not ended, with `why`. */
void probe_stop(struct probe *probe, const char *why);

#endif
