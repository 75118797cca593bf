/* SPDX-License-Identifier: MIT */
/*
 * A request of HTTP by a child of ours, which has no rights (net/confine.h) and hands on
 * what it gets. Resolver, TLS and HTTP are its business alone: a stop or a deadline ends
 * it at any moment.
 */
#ifndef NET_TRANSFER_H
#define NET_TRANSFER_H

#include <stdint.h>

#include "net/http.h"

struct err;
struct stop;

/* Functions return 0 to go on, 1 to end the transfer, or -1. */
struct transfer_use {
	int (*head)(void *user, const struct http_head *head, struct err *err);
	int (*body)(void *user, const void *data, size_t size, struct err *err);
	void *user;
	struct stop *stop;
	/* Without a line of a head or a byte of the body; then it is HTTP_TEMPORARY. */
	int64_t idle_ms;
};

/*
 * Makes the request, and calls the functions with what comes. Returns 0 with how it ended
 * in `ret` (HTTP_STOPPED where a function returned 1), or -1: as a function did, as
 * stop_check() does, or where no child can be made.
 */
int transfer_run(const struct http_request *request, const struct transfer_use *use,
	struct http_end *ret, struct err *err);

#endif
