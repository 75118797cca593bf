/* SPDX-License-Identifier: MIT */
/*
 * HOST[:PORT], of which the host may be an [IPv6]. No error quotes any of it: what looks
 * like a host may be the begin of a password.
 */
#ifndef NET_HOST_H
#define NET_HOST_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;

struct address_host {
	const char *name; /* a name or a number; of IPv6 without its brackets */
	const char *port; /* a number */
};

/*
 * Is the scheme not just one that is asked in its own language, misspelt? Anything may be
 * one. Returns 0, or -1 with ERR_CONFIG.
 */
int host_check_scheme(const char *scheme, struct err *err);

/* Is it "tcp", or one that has a usual port? */
bool host_knows_scheme(const char *scheme);

/* Is it an address of IPv6, with a port or without, whose brackets are missing? */
bool host_is_bare_ipv6(const char *text, size_t size);

/*
 * Splits the text; without a port it is the usual one of the scheme. Returns 0, or -1
 * with ERR_CONFIG, also where it names no port and none is known.
 */
int host_split(const char *scheme, const char *text, size_t size, struct arena *arena,
	struct address_host *ret, struct err *err);

/* Is its name one as getaddrinfo(3) takes it? Returns 0, or -1 with ERR_CONFIG. */
int host_check_name(const struct address_host *host, struct err *err);

/*
 * Can `rest`, behind the host, not be the end of a password in which a '/', '?' or '#' is
 * not encoded? Behind a path's '?' an '@' is no sign of that, unless `anywhere`. Returns
 * 0, or -1 with ERR_CONFIG.
 */
int host_check_at(const char *rest, bool anywhere, struct err *err);

#endif
