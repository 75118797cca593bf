/* SPDX-License-Identifier: MIT */
/*
 * The first answer of a server, which says whether it is ready rather than that its port
 * is open: what pg_isready(1) and `redis-cli ping` ask for, without their libraries.
 *
 *	PostgreSQL	the answer to a StartupMessage ("Message Formats" in its manual,
 *			protocol 3.0)
 *	MySQL, MariaDB	the handshake that the server begins with, or an error
 *			("Protocol::HandshakeV10", "ERR_Packet" in its manual)
 *	Redis		the answer to PING (the specification of RESP), behind AUTH
 *			where the address has a password: without it a server that
 *			wants one does not say that it is loading its data
 *
 * Whether the user may log in is not asked: a server that refuses is ready.
 */
#ifndef NET_GREETING_H
#define NET_GREETING_H

#include <stddef.h>

struct address;

#define GREETING_QUESTION_MAX 4096
#define GREETING_ANSWER_MAX   1024 /* what is read of one */
#define GREETING_TEXT_MAX     256

enum greeting_verdict {
	GREETING_READY,
	GREETING_NOT_YET, /* the reason is known */
	GREETING_MORE,    /* more of the answer must be read, if there can be more */
};

struct greeting {
	const char *scheme;
	const char *server; /* whose it is, for people */
	/* Puts what is sent into `ret` and returns its size; NULL: the server begins. */
	size_t (*ask)(const struct address *address, char ret[GREETING_QUESTION_MAX]);
	/*
	 * Of the first `size` bytes that came, which may be anything. The reason is the
	 * server's own text as it is: not to be shown before it is cleaned.
	 */
	enum greeting_verdict (*judge)(const struct address *address,
		const unsigned char *data, size_t size, char why[GREETING_TEXT_MAX]);
};

/*
 * "It does not answer as `server` does, but as …" where the answer shows that:
 * GREETING_NOT_YET, with that in `why`.
 */
enum greeting_verdict greeting_refuse(char why[GREETING_TEXT_MAX], const char *server,
	const unsigned char *data, size_t size);

/* That of the scheme of an address, or NULL where there is none. */
const struct greeting *greeting_find(const char *scheme);

#endif
