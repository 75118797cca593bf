/* SPDX-License-Identifier: MIT */
/* The child of net/probe.h: whether a service is reached, and else why not. */
#ifndef NET_PROBE_CHILD_H
#define NET_PROBE_CHILD_H

struct task;

/*
 * Makes the attempt of a task; a socket of the file system is at NETWORK_SOCKET. Writes
 * PROBE_REACHED or why the service is not reached, and returns the exit status: 0 where
 * it is.
 */
int probe_child(struct task *task, int to);

#endif
