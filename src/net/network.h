/* SPDX-License-Identifier: MIT */
/*
 * The process that speaks with the network: resolver, TLS, HTTP, and whatever else reads
 * what strangers send. It is executed (net/child.h), so that it has nothing of what its
 * parent has in memory, secrets above all; and it gives up its rights (net/confine.h).
 *
 * The release executes itself for it. A build with shared libraries has a second program
 * beside the first, since each start would otherwise load those of curl, and take five
 * times as long.
 */
#ifndef NET_NETWORK_H
#define NET_NETWORK_H

#include "base/version.h"

struct buf;
struct err;

#define NETWORK_PROGRAM PROGRAM "-network"
#define NETWORK_SOCKET  3 /* where a socket is that it gets from its parent */

/*
 * All that it does: reads a task (net/task.h) from its standard input, and writes what
 * comes out to its standard output. Returns the exit status, with which it must end.
 */
int network_main(void);

/*
 * Appends the path of the second program, or nothing where this one does it. Returns 0,
 * or -1 where it is not known where this one lies.
 */
int network_path(struct buf *ret, struct err *err);

#endif
