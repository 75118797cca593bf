/* SPDX-License-Identifier: MIT */
/* Decrypting: armour, header, file key, payload. */
#include "age/age.h"

#include <errno.h>
#include <string.h>

#include "age/armor.h"
#include "age/header.h"
#include "age/payload.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

/* ---- the file key ---- */

/* Whom else the file is for, where none of its recipients is one that can be tried. */
static int raise_others(const struct age_header *header, struct err *err)
{
	if (header->passphrase)
		return err_fail(err,
			"is encrypted with a passphrase, which nobody can type here; "
			"encrypt it for an identity (age -r RECIPIENT)");
	if (header->ssh)
		return err_fail(err,
			"is encrypted for SSH keys, which are not supported; encrypt it "
			"for an identity of age-keygen(1)");
	return err_fail(err,
		"is encrypted for recipients of the type '%s', which is not supported; "
		"encrypt it for an identity of age-keygen(1)",
		header->other);
}

/*
 * Returns 1 with the file key where the recipient is the identity, else 0, or -1 where
 * the share is none.
 */
static int unseal(const struct age_recipient *recipient,
	const struct age_identity *identity, struct buf *ret, struct err *err)
{
	static const unsigned char nonce[NONCE_SIZE];
	unsigned char salt[2 * KEY_PAIR_SIZE], shared[KEY_PAIR_SIZE], key[KEY_SIZE];
	bool opened;

	if (!crypto_x25519_shared(identity->private, recipient->share, shared))
		return err_fail(err,
			"has a malformed header, and was changed or damaged: "
			"the share of a recipient is none");
	memcpy(salt, recipient->share, KEY_PAIR_SIZE);
	memcpy(salt + KEY_PAIR_SIZE, identity->public, KEY_PAIR_SIZE);
	crypto_hkdf_sha256(shared, sizeof shared, salt, sizeof salt,
		"age-encryption.org/v1/X25519", key);
	opened =
		crypto_open(key, nonce, recipient->sealed, sizeof recipient->sealed, ret);
	mem_wipe(shared, sizeof shared);
	mem_wipe(key, sizeof key);
	return opened;
}

static int find_key(const struct age_header *header,
	const struct age_identities *identities, struct buf *ret, struct err *err)
{
	if (!header->count)
		return raise_others(header, err);
	for (size_t i = 0; i < header->count; i++)
		for (size_t j = 0; j < identities->count; j++) {
			int rc = unseal(
				&header->recipients[i], &identities->list[j], ret, err);

			if (rc != 0)
				return rc < 0 ? -1 : 0;
		}
	return err_code(err, ENOKEY,
		"is encrypted for %zu recipient%s, and for none of the identities (%zu)",
		header->count, header->count == 1 ? "" : "s", identities->count);
}

/* ---- the file ---- */

static int check_mac(const struct age_header *header, const char *file,
	const struct buf *key, struct err *err)
{
	unsigned char mac_key[SHA256_SIZE], mac[SHA256_SIZE];
	bool equal;

	crypto_hkdf_sha256(key->data, key->len, "", 0, "header", mac_key);
	crypto_hmac_sha256(mac_key, sizeof mac_key, file, header->authentic, mac);
	equal = crypto_equal(mac, header->mac, sizeof mac);
	mem_wipe(mac_key, sizeof mac_key);
	mem_wipe(mac, sizeof mac);
	return equal ? 0 : err_fail(err, "was changed: its header is not authentic");
}

static int decrypt(const char *file, size_t size, const struct age_header *header,
	const struct age_identities *identities, struct buf *ret, struct err *err)
{
	CLEANUP_BUF struct buf key = BUF_INIT;

	if (find_key(header, identities, &key, err) < 0 ||
		check_mac(header, file, &key, err) < 0)
		return -1;
	return payload_open((const unsigned char *)key.data, file + header->size,
		size - header->size, ret, err);
}

/* The file without its armour, if it has any: `ret` is then what it is in. */
static int take_off(struct buf *ret, const char **file, size_t *size, struct err *err)
{
	if (!armor_begins(*file, *size))
		return 0;
	if (armor_decode(*file, *size, ret, err) < 0)
		return -1;
	*file = ret->data;
	*size = ret->len;
	return 0;
}

int age_check(const char *file, size_t size, struct err *err)
{
	CLEANUP_BUF struct buf bytes = BUF_INIT;
	struct age_header header = {0};
	int rc = take_off(&bytes, &file, &size, err);

	if (rc == 0)
		rc = header_parse(file, size, &header, err);
	if (rc == 0 && !header.count)
		rc = raise_others(&header, err);
	header_release(&header);
	return rc;
}

int age_decrypt(const char *file, size_t size, const struct age_identities *identities,
	struct buf *ret, struct err *err)
{
	CLEANUP_BUF struct buf bytes = BUF_INIT;
	struct age_header header = {0};
	int rc = take_off(&bytes, &file, &size, err);

	if (rc == 0)
		rc = header_parse(file, size, &header, err);
	if (rc == 0)
		rc = decrypt(file, size, &header, identities, ret, err);
	header_release(&header);
	return rc;
}
