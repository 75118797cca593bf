/* SPDX-License-Identifier: MIT */
/*
 * Certificates of X.509 (RFC 5280), for servers and clients of TLS and for the private CA
 * that signs them. A comment in each that is made here marks it as ours.
 */
#ifndef TLS_CERTIFICATE_H
#define TLS_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct err;
struct evp_pkey_st;
struct x509_st;

#define CERTIFICATE_SUBJECT_MAX 64 /* bytes (RFC 5280, ub-common-name) */

struct certificate_spec {
	const char *subject;      /* its common name: UTF-8, not empty */
	const char *const *names; /* "DNS:example.org", "IP:::1" */
	size_t names_count;
	int64_t from, until; /* seconds since the epoch */
	bool authority;      /* of a CA that signs no further CA */
	bool key_kept;       /* its key existed before, and is not ours */
};

/* Whose is it? Of one that is ours, the key may be another's. */
enum certificate_maker { CERTIFICATE_FOREIGN, CERTIFICATE_OURS, CERTIFICATE_KEY_KEPT };

#define CLEANUP_CERTIFICATE __attribute__((cleanup(certificate_release)))

/* Releases it, and sets it to NULL; does nothing for NULL. */
void certificate_release(struct x509_st **cert);

/*
 * Makes one for `key`, signed by the issuer with its key; both NULL: by itself. Returns
 * NULL with an error where that cannot be done, or where no client would accept it that
 * trusts the issuer.
 */
struct x509_st *certificate_make(const struct certificate_spec *spec,
	struct evp_pkey_st *key, struct x509_st *issuer, struct evp_pkey_st *issuer_key,
	struct err *err);

/*
 * Why clients would not accept it that trust the issuer (itself, if it signed itself) and
 * hold to RFC 5280 in all, as Python 3.13 does; NULL: they would.
 */
const char *certificate_is_lax(struct x509_st *cert, struct x509_st *issuer);

/* Reads the first one in the text; NULL where there is none. */
struct x509_st *certificate_parse(const struct buf *pem);

/* Appends it as PEM. */
void certificate_print(struct x509_st *cert, struct buf *ret);

enum certificate_maker certificate_maker(const struct x509_st *cert);

/* Seconds since the epoch between which it is valid. */
int64_t certificate_from(const struct x509_st *cert);
int64_t certificate_until(const struct x509_st *cert);

/* Is it the certificate of this key? */
bool certificate_fits(const struct x509_st *cert, const struct evp_pkey_st *key);

/* Was it signed by that one, which may be itself? */
bool certificate_signed_by(struct x509_st *cert, struct x509_st *issuer);

/* May it sign others? */
bool certificate_is_authority(struct x509_st *cert);

/* Appends its names as in the spec, with a newline behind each; others are "other:". */
void certificate_names(const struct x509_st *cert, struct buf *ret);

#endif
