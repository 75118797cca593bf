/* SPDX-License-Identifier: MIT */
/* What an error of libcurl and OpenSSL means, and what to look at. */
#ifndef NET_HTTP_HINT_H
#define NET_HTTP_HINT_H

#include <stdbool.h>

#include "net/http.h"

struct proxy;
struct trust;

/* Does it say that the other side has cut the connection? */
bool http_is_cut(const char *error);

/* Each text is cut if need be. */

/*
 * The text of the error, what to do, and the proxy that it is about. Where no authority
 * is known, also the directories of `trust` that cannot be entered; it may be NULL.
 */
void http_explain(const char *error, const struct proxy *proxy, const struct trust *trust,
	char ret[HTTP_TEXT_MAX]);

/* The same of an error about the certificates in that file. */
void http_explain_file(const char *error, const char *path, char ret[HTTP_TEXT_MAX]);

/* That a header of the server has more than `max` bytes. */
void http_explain_header(int max, char ret[HTTP_TEXT_MAX]);

/*
 * That the server leads on to `next`, which is not followed: beyond `most` redirects, or,
 * with -1, since it is no https.
 */
void http_explain_next(const char *next, int most, char ret[HTTP_TEXT_MAX]);

/* Puts in front of the text where redirects have led. */
void http_explain_led(const char *at, char text[HTTP_TEXT_MAX]);

#endif
