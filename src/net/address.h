/* SPDX-License-Identifier: MIT */
/*
 * The address of a service, as a URL (RFC 3986) that applications are given, too:
 *
 *	tcp://HOST:PORT			something listens on the port
 *	unix:///PATH			something listens on the socket
 *	file:///PATH			the file, or whatever is of that name, exists
 *	http://, https://HOST…		the server answers (net/url.h)
 *	SCHEME://[USER@]HOST[:PORT]…	as tcp; that of a known scheme may be left out,
 *					and net/greeting.h knows more of some
 *
 * Several hosts, with commas between them, are one service, which any of them gives. Of
 * "a+b" and "jdbc:a" the scheme is a; what stands behind the port is the application's.
 * `postgres:` knows the directory of a socket as its host, and `host` and `port` as words
 * behind a '?', too, as libpq does.
 */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "net/host.h"

struct arena;
struct err;

enum address_form { ADDRESS_TCP, ADDRESS_UNIX, ADDRESS_FILE, ADDRESS_HTTP };

/* In the arena. */
struct address {
	enum address_form form;
	const char *text; /* as it was given */
	const char *scheme;
	const char *shown;    /* for people: without user, password and what is behind */
	const char *path;     /* of a socket or a file */
	const char *url;      /* of HTTP: all of it */
	bool tls;             /* of HTTP */
	const char *user;     /* of a database, or NULL */
	const char *password; /* behind a user's ':', as it is meant, or NULL */
	const char *database; /* or NULL */
	struct address_host *hosts;
	size_t hosts_count;
	const char *secret; /* the password or token as it is written, or NULL */
	const char *plain;  /* the same without its %XX, or NULL */
	const char *query;  /* of HTTP, which may be one, too; or NULL */
};

/* Is it meant to be one, rather than a word of another kind? */
bool address_is(const char *text);

/*
 * What may be meant by a word that is none: "tcp://db:5432" by "db:5432", "tcp:/db:5432"
 * and "//db:5432"; "unix:///x" by "unix:/x"; "tcp://[::1]:PORT", where the
 * port is still to be written, by "::1". In the arena; NULL where nothing is near, or
 * that would be refused.
 */
const char *address_suggest(const char *text, struct arena *arena);

/* In HOST:NUMBER, the number that is no port; else NULL. */
const char *address_wrong_port(const char *text);

/*
 * Parses it. Returns 0, or -1 with ERR_CONFIG, whose text quotes nothing that may be a
 * secret; `ret` then has what may be one (`secret`, `plain`, `query`), and nothing else.
 */
int address_parse(
	const char *text, struct arena *arena, struct address *ret, struct err *err);

#endif
