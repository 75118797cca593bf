/* SPDX-License-Identifier: MIT */
/*
 * Connections to the hosts of an address, or to its socket, side by side: until one of
 * them is made and, where the server is of a kind that we know (net/greeting.h), says
 * that it is ready. For the network's process alone (net/network.h), but for
 * dial_socket(): a resolver blocks.
 */
#ifndef NET_DIAL_H
#define NET_DIAL_H

#include <stdbool.h>

#include "net/probe.h"

struct address;

/*
 * Looks the names up, one after the other, tries the first 32 addresses, and gives up
 * `timeout_ms` after that. Returns whether one is ready, else with the reasons in `ret`.
 */
bool dial_hosts(const struct address *address, int timeout_ms, char ret[PROBE_TEXT_MAX]);

/*
 * Begins a connection to a socket of the file system. Returns it, or -1 with errno:
 * EAGAIN where the queue of its listener is full.
 */
int dial_socket(const char *path);

/* The same as dial_hosts() for the server of such a connection, which it closes. */
bool dial_greeted(
	const struct address *address, int fd, int timeout_ms, char ret[PROBE_TEXT_MAX]);

#endif
