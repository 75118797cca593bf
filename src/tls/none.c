/* SPDX-License-Identifier: MIT */
/* In place of OpenSSL in a build without it: nothing of it is called there. */
#include <stdlib.h>

#include "tls/digest.h"
#include "tls/tls.h"

const bool tls_available = false;

void tls_begin(void)
{
}

const char *tls_version(void)
{
	return NULL;
}

const char *tls_digest_name(enum tls_digest which)
{
	static const char *const names[TLS_DIGESTS] = {"sha256", "sha512", "blake2b"};

	return names[which];
}

size_t tls_digest_size(enum tls_digest which)
{
	return which == TLS_SHA256 ? 32 : 64;
}

void tls_hash_begin(struct tls_hash *hash, enum tls_digest which)
{
	(void)hash;
	(void)which;
	abort();
}

void tls_hash_add(struct tls_hash *hash, const void *data, size_t size)
{
	(void)hash;
	(void)data;
	(void)size;
	abort();
}

void tls_hash_end(struct tls_hash *hash, unsigned char ret[TLS_DIGEST_MAX])
{
	(void)hash;
	(void)ret;
	abort();
}

void tls_hash_release(struct tls_hash *hash)
{
	(void)hash;
}
