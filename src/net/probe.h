/* SPDX-License-Identifier: MIT */
/*
 * One attempt to reach a service, by a child of ours: looking a name up blocks for as
 * long as the resolver likes, and so a stop ends the child instead.
 *
 *	probe_begin()	makes the child, or finds out at once
 *	probe_end()	once probe->fd can be read: what came out
 *	probe_stop()	ends the child; may be called at any time
 */
#ifndef NET_PROBE_H
#define NET_PROBE_H

#include <sys/types.h>

#include "net/address.h"

#define PROBE_TEXT_MAX 512

struct probe {
	pid_t pid;                 /* 0: there is no child */
	int fd;                    /* of a pipe from it; -1: it is known already */
	char text[PROBE_TEXT_MAX]; /* why it is not reached; "": it is */
};

#define PROBE_INIT \
	{ \
		.fd = -1 \
	}

/*
 * Begins to reach the address: a socket and a file are asked at once, a host by a child,
 * which gives up `timeout_ms` after its names were looked up. That is done one name after
 * the other; the first 32 addresses are tried side by side. Returns 0, or -1 where no
 * child can be made.
 */
int probe_begin(struct probe *probe, const struct address *address, int timeout_ms,
	struct err *err);

/* Puts what came out into probe->text, and reaps the child. */
void probe_end(struct probe *probe);

/* Ends an attempt that has not ended, with `why`. */
void probe_stop(struct probe *probe, const char *why);

#endif
