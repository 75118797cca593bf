/* SPDX-License-Identifier: MIT */
/* A struct stop that a test can ask to stop, as the parent does. */
#ifndef TESTS_STOP_REQUEST_H
#define TESTS_STOP_REQUEST_H

#include <fcntl.h>
#include <unistd.h>

#include "base/stop.h"

struct stop_request {
	atomic_int asked;
	int ends[2];
};

/* Returns 0, or -1. */
static inline int stop_request_open(struct stop_request *ret, struct stop *stop)
{
	ret->asked = 0;
	*stop = (struct stop)STOP_INIT;
	if (pipe2(ret->ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return -1;
	stop->asked = &ret->asked;
	stop->fd = ret->ends[0];
	return 0;
}

static inline void stop_request_ask(struct stop_request *request, int signal)
{
	stop_ask(&request->asked, request->ends[1], signal);
}

static inline void stop_request_close(struct stop_request *request)
{
	(void)close(request->ends[0]);
	(void)close(request->ends[1]);
}

#endif
