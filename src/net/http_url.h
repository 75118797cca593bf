/* SPDX-License-Identifier: MIT */
/* URLs as libcurl takes them apart: for its process alone, as net/http.h. */
#ifndef NET_HTTP_URL_H
#define NET_HTTP_URL_H

#include <stdbool.h>
#include <stddef.h>

struct http_end;

/*
 * The URL that the Location of an answer of `url` leads to, for free(3); or NULL. At the
 * same server it has the same user, where it names none.
 */
char *http_url_resolve(const char *url, const char *location);

/* Have both the same scheme, host and port? Not where either is no URL. */
bool http_url_same_origin(const char *one, const char *other);

/* The URL for people, without user, password and query; "" where it is none. */
void http_url_show(const char *url, char *ret, size_t size);

/* Of a request that has failed: that who was asked last is at the URL. */
void http_url_explain(const char *url, struct http_end *end);

#endif
