/* SPDX-License-Identifier: MIT */
/*
 * Where the certificates of the authorities are that sign those of servers: distributions
 * have them in different places.
 */
#ifndef NET_TRUST_H
#define NET_TRUST_H

#include <stdbool.h>

#include "base/buf.h"

struct env;
struct err;
struct fs;

/* Either, both, or neither: then no server of https can be verified. */
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
 * say, in both where both are set, else in the usual places. Files are read as FS_OURS.
 * Returns 0; 1 where a file that is named is missing, whose path ret->path is; or -1,
 * also where one holds none.
 */
int trust_find(const struct fs *fs, const char *file, const struct env *env,
	struct trust *ret, struct err *err);

/* Are there none at all? Appends where they were looked for, as a reason; `key` first. */
bool trust_is_missing(const struct trust *trust, const char *key, struct buf *ret);

void trust_release(struct trust *trust);

#endif
