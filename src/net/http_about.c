/* SPDX-License-Identifier: MIT */
/* What is known of libcurl in a program that is not linked with it, too. */
#include <curl/curlver.h>

#include "net/http.h"

const bool http_available = true;

const char *http_version(void)
{
	return "curl " LIBCURL_VERSION;
}
