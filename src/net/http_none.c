/* SPDX-License-Identifier: MIT */
/* In place of libcurl in a build without it: nothing of it is called there. */
#include <stdlib.h>

#include "net/http.h"

const bool http_available = false;

void http_get(const struct http_request *request, const struct http_use *use,
	struct http_end *ret)
{
	(void)request;
	(void)use;
	(void)ret;
	abort();
}

const char *http_version(void)
{
	return NULL;
}
