/* SPDX-License-Identifier: MIT */
/* Reading what HTTP has as text. */
#ifndef NET_HTTP_TEXT_H
#define NET_HTTP_TEXT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The first byte of what a Content-Range says is sent ("bytes 100-199/200": RFC 9110,
 * 14.4), or UINT64_MAX.
 */
uint64_t http_range_begin(const char *text);

/* Is it a URL of https? */
bool http_is_tls(const char *url);

#endif
