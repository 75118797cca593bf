/* SPDX-License-Identifier: MIT */
/* Statuses of HTTP: which are wanted ("200", "301-308", "2xx"), and which pass. */
#ifndef NET_STATUS_H
#define NET_STATUS_H

#include <stdbool.h>
#include <stddef.h>

struct err;

struct status_range {
	long from;
	long to; /* the last one in it */
};

/* Parses one of these words. Returns 0, or -1 with ERR_CONFIG. */
int status_parse(const char *text, struct status_range *ret, struct err *err);

/* Is it in one of `count` ranges? Without any: in 200-399, as Kubernetes has it. */
bool status_is_in(long status, const struct status_range *ranges, size_t count);

/* Is it one that time may mend? 408, 429, 500, 502, 503 and 504. */
bool status_is_temporary(long status);

#endif
