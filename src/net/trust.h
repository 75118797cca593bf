/* SPDX-License-Identifier: MIT */
/*
 * Where the certificates of the authorities are that sign those of servers: distributions
 * have them in different places.
 */
#ifndef NET_TRUST_H
#define NET_TRUST_H

#include <stdbool.h>

#include "base/buf.h"

struct err;

/* One of both, or neither: then no server of https can be verified. */
struct trust {
	struct buf pem;        /* the text of a file of certificates; buf_release() */
	const char *path;      /* of that file, or NULL */
	const char *directory; /* of such, by the hash of their names; or NULL */
};

#define TRUST_INIT \
	{ \
		.pem = BUF_INIT \
	}

/*
 * Finds them: in `file` where that is not "", else where SSL_CERT_FILE and SSL_CERT_DIR
 * say (NULL or "": unset), else in the usual places. A file that is named and cannot be
 * read is an error. Returns 0, or -1.
 */
int trust_find(const char *file, const char *cert_file, const char *cert_dir,
	struct trust *ret, struct err *err);

/* Are there none at all? Appends where they were looked for, as a reason. */
bool trust_is_missing(const struct trust *trust, struct buf *ret);

void trust_release(struct trust *trust);

#endif
