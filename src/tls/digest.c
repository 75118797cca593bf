/* SPDX-License-Identifier: MIT */
/* Digests by OpenSSL. */
#include "tls/digest.h"

#include <openssl/evp.h>

#include "base/mem.h"
#include "tls/tls.h"

static const struct {
	const char *name;
	size_t size;
	const EVP_MD *(*find)(void);
} digests[TLS_DIGESTS] = {
	[TLS_SHA256] = {"sha256", 32, EVP_sha256},
	[TLS_SHA512] = {"sha512", 64, EVP_sha512},
	[TLS_BLAKE2B] = {"blake2b", 64, EVP_blake2b512},
};

const char *tls_digest_name(enum tls_digest which)
{
	return digests[which].name;
}

size_t tls_digest_size(enum tls_digest which)
{
	return digests[which].size;
}

void tls_hash_begin(struct tls_hash *hash, enum tls_digest which)
{
	tls_begin();
	hash->context = EVP_MD_CTX_new();
	/* Neither fails but for memory. */
	if (!hash->context ||
		!EVP_DigestInit_ex(hash->context, digests[which].find(), NULL))
		mem_exhausted();
}

void tls_hash_add(struct tls_hash *hash, const void *data, size_t size)
{
	if (!EVP_DigestUpdate(hash->context, data, size))
		mem_exhausted();
}

void tls_hash_end(struct tls_hash *hash, unsigned char ret[TLS_DIGEST_MAX])
{
	if (!EVP_DigestFinal_ex(hash->context, ret, NULL))
		mem_exhausted();
	tls_hash_release(hash);
}

void tls_hash_release(struct tls_hash *hash)
{
	EVP_MD_CTX_free(hash->context);
	hash->context = NULL;
}
