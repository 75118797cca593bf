/* SPDX-License-Identifier: MIT */
/* The child of net/session.h. */
#ifndef NET_SESSION_CHILD_H
#define NET_SESSION_CHILD_H

struct task;

/*
 * Holds the connection of a task, and does what comes through NETWORK_SOCKET
 * (net/session_frame.h), until the parent closes that. Returns the exit status.
 */
int session_child(struct task *task);

#endif
