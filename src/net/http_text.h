/* SPDX-License-Identifier: MIT */
/* Reading what HTTP has as text. */
#ifndef NET_HTTP_TEXT_H
#define NET_HTTP_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "net/http.h"

/*
 * The first byte of what a Content-Range says is sent ("bytes 100-199/200": RFC 9110,
 * 14.4), or UINT64_MAX.
 */
uint64_t http_range_begin(const char *text);

/* Is it a URL of https? */
bool http_is_tls(const char *url);

/*
 * "the server answers with status 404": with the redirects that led to it, and with a
 * proxy that may be who answers.
 */
void http_explain_status(const struct http_head *head, char ret[HTTP_TEXT_MAX]);

#endif
