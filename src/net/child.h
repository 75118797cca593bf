/* SPDX-License-Identifier: MIT */
/*
 * A child of ours that speaks with the network (net/network.h), and a pipe from it: what
 * it does may block, and a stop or a deadline ends it at any moment.
 */
#ifndef NET_CHILD_H
#define NET_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct buf;
struct err;
struct stop;

struct net_child {
	pid_t pid; /* 0: there is none */
	int fd;    /* the end of the pipe that is read; -1: there is none */
};

#define NET_CHILD_INIT \
	{ \
		.fd = -1 \
	}

/* Was this process executed as such a child? Then network_main() is all that it does. */
bool net_child_is_asked(char **argv);

/*
 * Makes it, in a child that is NET_CHILD_INIT, with a task (net/task.h) and a socket, or
 * -1, for NETWORK_SOCKET. Of the environment it gets what resolvers and the loader need,
 * and nothing by which OpenSSL would write or load a file. It is only forked where this
 * program does it itself (network_path()) and cannot be executed, as without /proc. Waits
 * until another program is executed, and until the task is read, for a few seconds each.
 * Returns 0, or -1 without a child, also where another program cannot be executed, with
 * the errno of that, and as stop_poll() does.
 */
int net_child_begin(struct net_child *child, const struct buf *task, int socket,
	struct stop *stop, struct err *err);

/*
 * Sends it all; who does not take it has died, and that shows. Returns 0, or -1: where
 * nothing of it is taken for `patience_ms`, as a process does that any other of its user
 * has stopped (-1: that lasts as long as it may), and as stop_poll() does.
 */
int net_child_send(int to, const struct buf *data, int64_t patience_ms, struct stop *stop,
	struct err *err);

/*
 * Waits for its end, which must be near, and passes over what it still writes; ends it
 * where that lasts over a few seconds. Returns the status that waitpid(2) gives; there
 * must be one.
 */
int net_child_reap(struct net_child *child);

/* Ends it at once, where there is one. */
void net_child_kill(struct net_child *child);

#endif
