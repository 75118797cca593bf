/* SPDX-License-Identifier: MIT */
/* A URL of HTTP or HTTPS (RFC 3986, RFC 9110), as far as we need to know it. */
#ifndef NET_URL_H
#define NET_URL_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;

struct url {
	const char *text;   /* as it was given */
	const char *shown;  /* for people: without user, password and query */
	const char *name;   /* what its path ends with, without %XX; or "" */
	const char *secret; /* user and password, or a query: "" where there is none */
	const char *query;
	bool tls;
};

/*
 * Parses it, into the arena. Returns 0, or -1 with ERR_CONFIG, whose text quotes nothing
 * of it, since anything in it may be a secret.
 */
int url_parse(const char *text, struct arena *arena, struct url *ret, struct err *err);

/* Text without its %XX (RFC 3986, 2.1), or NULL where one is wrong or stands for NUL. */
const char *url_decode(const char *text, size_t size, struct arena *arena);

#endif
