/* SPDX-License-Identifier: MIT */
/*
 * A child of ours that speaks with the network, and a pipe from it: what it does may
 * block, and a stop or a deadline ends it at any moment.
 */
#ifndef NET_CHILD_H
#define NET_CHILD_H

#include <sys/types.h>

struct net_child {
	pid_t pid; /* 0: there is none */
	int fd;    /* the end of the pipe that is read; -1: there is none */
};

#define NET_CHILD_INIT \
	{ \
		.fd = -1 \
	}

/*
 * What a child does: it writes to `to`, calls confine() as soon as it can, and ends with
 * _exit(2).
 */
typedef void net_child_task(const void *task, int to, pid_t parent);

/* Makes it, in a child that is NET_CHILD_INIT. Returns 0, or -1 with errno. */
int net_child_begin(struct net_child *child, net_child_task *run, const void *task);

/* Waits for its end, and returns the status that waitpid(2) gives; there must be one. */
int net_child_reap(struct net_child *child);

/* Ends it at once, where there is one. */
void net_child_kill(struct net_child *child);

#endif
