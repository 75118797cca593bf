/* SPDX-License-Identifier: MIT */
/*
 * Private keys of certificates: P-256 (FIPS 186) and Ed25519 (RFC 8032), as PEM of PKCS
 * #8 (RFC 5958, 7468). private_key_release() wipes one.
 */
#ifndef TLS_PRIVATE_KEY_H
#define TLS_PRIVATE_KEY_H

#include <stdbool.h>

struct buf;
struct evp_pkey_st;

enum private_key_type { PRIVATE_KEY_P256, PRIVATE_KEY_ED25519 };

#define CLEANUP_PRIVATE_KEY __attribute__((cleanup(private_key_release)))

/* Releases it, and sets it to NULL; does nothing for NULL. */
void private_key_release(struct evp_pkey_st **key);

/* A new one. Without memory, or random bytes, the process ends, as in base/mem.h. */
struct evp_pkey_st *private_key_make(enum private_key_type type);

/* Reads the first one in the text; NULL where there is none without a passphrase. */
struct evp_pkey_st *private_key_parse(const struct buf *pem);

bool private_key_is(const struct evp_pkey_st *key, enum private_key_type type);

/* Appends it as PEM. */
void private_key_print(const struct evp_pkey_st *key, struct buf *ret);

#endif
