/* SPDX-License-Identifier: MIT */
/*
 * One request of HTTP (RFC 9110, 9112) by libcurl, which is used nowhere else: for the
 * network's process alone (net/network.h), since it blocks for as long as the resolver
 * and the server like.
 *
 * TLS is verified. Redirects are followed only as far as is asked, never from https to
 * http, and to another host or port without the headers that were given. Nothing is
 * decoded: what a server compresses stays so.
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct proxies;
struct trust;

#define HTTP_TEXT_MAX 512
#define HTTP_AT_MAX   256

/* Is it in this build? */
extern const bool http_available;

struct http_request {
	const char *url;
	const char *const *headers; /* "Name: value" each: for the URL's own host alone */
	size_t headers_count;
	/* What verifies servers of https; NULL: nothing does. */
	const struct trust *trust;
	const struct proxies *proxies; /* by which it is asked; NULL: by none */
	bool insecure;                 /* TLS is not verified */
	int redirects;                 /* that are followed */
	int timeout_ms;                /* of each request, with its names; 0: none */
	uint64_t from;                 /* the first byte of the body that is wanted … */
	const char *validator;         /* … of what this ETag or date names, or NULL */
};

/* What a server says in front of a body. Texts are "" where it says nothing. */
struct http_head {
	long status;
	int64_t size;          /* of the body that follows; -1: unknown */
	int unended;           /* the end of that is the connection's, be it early */
	uint64_t from;         /* of a 206: its first byte */
	int64_t retry_after_s; /* 0: none */
	char validator[256];   /* a strong ETag or, without one, Last-Modified */
	char type[128];        /* Content-Type */
	char at[HTTP_AT_MAX];  /* where redirects led, for people, cut if need be */
	char proxy[32];        /* the variable of one that may have answered instead */
};

/* How it ended. */
enum http_outcome {
	HTTP_DONE,      /* the server's answer is complete, whatever its status */
	HTTP_TEMPORARY, /* time may mend it */
	HTTP_REFUSED,   /* it does not: a wrong certificate, a redirect too many, … */
	HTTP_STOPPED,   /* a function of `use` ended it */
};

struct http_end {
	enum http_outcome outcome;
	char text[HTTP_TEXT_MAX]; /* why; "": it is done */
};

/* Functions return 0 to go on, or -1. */
struct http_use {
	void (*line)(void *user); /* each line of any head; or NULL */
	int (*head)(void *user, const struct http_head *head); /* once, before the body */
	int (*body)(void *user, const void *data, size_t size);
	void *user;
	int reader; /* a pipe; where nobody reads it any more, the request ends */
};

/* Asks, and calls the functions with what comes. */
void http_get(const struct http_request *request, const struct http_use *use,
	struct http_end *ret);

/* The library and the version that we were built with, "curl 8.14.1", or NULL. */
const char *http_version(void);

#endif
