/* SPDX-License-Identifier: MIT */
/* In place of OpenSSL in a build without it: nothing of it is called there. */
#include <stdlib.h>

#include "tls/certificate.h"
#include "tls/digest.h"
#include "tls/private_key.h"
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

/* ---- certificates ---- */

void private_key_release(struct evp_pkey_st **key)
{
	(void)key;
}

struct evp_pkey_st *private_key_make(enum private_key_type type)
{
	(void)type;
	abort();
}

struct evp_pkey_st *private_key_parse(const struct buf *pem)
{
	(void)pem;
	abort();
}

bool private_key_is(const struct evp_pkey_st *key, enum private_key_type type)
{
	(void)key;
	(void)type;
	abort();
}

void private_key_print(const struct evp_pkey_st *key, struct buf *ret)
{
	(void)key;
	(void)ret;
	abort();
}

void certificate_release(struct x509_st **cert)
{
	(void)cert;
}

struct x509_st *certificate_make(const struct certificate_spec *spec,
	struct evp_pkey_st *key, struct x509_st *issuer, struct evp_pkey_st *issuer_key,
	struct err *err)
{
	(void)spec;
	(void)key;
	(void)issuer;
	(void)issuer_key;
	(void)err;
	abort();
}

const char *certificate_is_lax(struct x509_st *cert, struct x509_st *issuer)
{
	(void)cert;
	(void)issuer;
	return NULL;
}

struct x509_st *certificate_parse(const struct buf *pem)
{
	(void)pem;
	abort();
}

void certificate_print(struct x509_st *cert, struct buf *ret)
{
	(void)cert;
	(void)ret;
	abort();
}

enum certificate_maker certificate_maker(const struct x509_st *cert)
{
	(void)cert;
	abort();
}

int64_t certificate_from(const struct x509_st *cert)
{
	(void)cert;
	abort();
}

int64_t certificate_until(const struct x509_st *cert)
{
	(void)cert;
	abort();
}

bool certificate_fits(const struct x509_st *cert, const struct evp_pkey_st *key)
{
	(void)cert;
	(void)key;
	abort();
}

bool certificate_signed_by(struct x509_st *cert, struct x509_st *issuer)
{
	(void)cert;
	(void)issuer;
	abort();
}

bool certificate_is_authority(struct x509_st *cert)
{
	(void)cert;
	abort();
}

void certificate_names(const struct x509_st *cert, struct buf *ret)
{
	(void)cert;
	(void)ret;
	abort();
}
