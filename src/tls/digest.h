/* SPDX-License-Identifier: MIT */
/*
 * Digests of what is large, by OpenSSL: its SHA-2 uses the processor's instructions, and
 * takes a third of the time that libsodium's does (base/crypto.h, for all else).
 * SHA-2: FIPS 180-4; BLAKE2b: RFC 7693, of 512 bits, as b2sum(1) has it.
 *
 *	tls_hash_begin(&hash, TLS_SHA256)
 *	tls_hash_add()		any number of times
 *	tls_hash_end()
 */
#ifndef TLS_DIGEST_H
#define TLS_DIGEST_H

#include <stddef.h>

enum tls_digest { TLS_SHA256, TLS_SHA512, TLS_BLAKE2B, TLS_DIGESTS };

#define TLS_DIGEST_MAX 64 /* bytes of the longest */

struct tls_hash {
	void *context;
};

/* What it is called, as sha256sum(1) and its kin are, and how many bytes it has. */
const char *tls_digest_name(enum tls_digest which);
size_t tls_digest_size(enum tls_digest which);

/* Without memory the process ends, as in base/mem.h. */
void tls_hash_begin(struct tls_hash *hash, enum tls_digest which);
void tls_hash_add(struct tls_hash *hash, const void *data, size_t size);

/* Sets tls_digest_size() bytes; the hash is released. */
void tls_hash_end(struct tls_hash *hash, unsigned char ret[TLS_DIGEST_MAX]);

/* Releases one that was begun and not ended. */
void tls_hash_release(struct tls_hash *hash);

#endif
