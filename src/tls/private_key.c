/* SPDX-License-Identifier: MIT */
/* Private keys, by OpenSSL. */
#include "tls/private_key.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "tls/tls.h"

void private_key_release(struct evp_pkey_st **key)
{
	EVP_PKEY_free(*key);
	*key = NULL;
}

struct evp_pkey_st *private_key_make(enum private_key_type type)
{
	EVP_PKEY *key;

	tls_begin();
	key = type == PRIVATE_KEY_P256 ? EVP_EC_gen("P-256")
				       : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	if (!key)
		mem_exhausted();
	return key;
}

/* Nobody is asked for a passphrase. */
static int no_passphrase(char *room, int size, int writing, void *user)
{
	(void)room;
	(void)size;
	(void)writing;
	(void)user;
	return -1;
}

struct evp_pkey_st *private_key_parse(const struct buf *pem)
{
	BIO *bio;
	EVP_PKEY *key;

	tls_begin();
	bio = pem->len < INT_MAX ? BIO_new_mem_buf(pem->data, (int)pem->len) : NULL;
	if (!bio)
		mem_exhausted();
	key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	ERR_clear_error();
	return key;
}

bool private_key_is(const struct evp_pkey_st *key, enum private_key_type type)
{
	char group[32] = "";

	if (type == PRIVATE_KEY_ED25519)
		return EVP_PKEY_is_a(key, "ED25519");
	return EVP_PKEY_is_a(key, "EC") &&
		EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1 &&
		(str_equal(group, "prime256v1") || str_equal(group, "P-256"));
}

void private_key_print(const struct evp_pkey_st *key, struct buf *ret)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long size;

	if (!bio || !PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL))
		mem_exhausted();
	size = BIO_get_mem_data(bio, &text);
	buf_add(ret, text, (size_t)size);
	BIO_free(bio); /* wipes it */
}
