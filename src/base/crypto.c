/* SPDX-License-Identifier: MIT */
/* Random bytes, digests and encodings, by libsodium. */
#include "base/crypto.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/version.h"

_Static_assert(DIGEST_SIZE == crypto_generichash_BYTES, "BLAKE2b-256");
_Static_assert(SHA256_SIZE == crypto_hash_sha256_BYTES, "SHA-256");
_Static_assert(KEY_SIZE == crypto_aead_chacha20poly1305_ietf_KEYBYTES, "a key");
_Static_assert(NONCE_SIZE == crypto_aead_chacha20poly1305_ietf_NPUBBYTES, "a nonce");
_Static_assert(SEAL_SIZE == crypto_aead_chacha20poly1305_ietf_ABYTES, "a tag");
_Static_assert(KEY_PAIR_SIZE == crypto_sign_SEEDBYTES, "the private half of Ed25519");
_Static_assert(KEY_PAIR_SIZE == crypto_sign_PUBLICKEYBYTES, "its public half");
_Static_assert(KEY_PAIR_SIZE == crypto_scalarmult_BYTES, "each half of X25519");

static int variant(enum encoding encoding)
{
	if (encoding == ENCODING_BASE64URL)
		return sodium_base64_VARIANT_URLSAFE_NO_PADDING;
	return encoding == ENCODING_BASE64 ? sodium_base64_VARIANT_ORIGINAL
					   : sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
}

void crypto_random(void *data, size_t size)
{
	/* randombytes uses getrandom(2) and aborts where the kernel has no randomness. */
	randombytes_buf(data, size);
}

uint32_t crypto_random_below(uint32_t bound)
{
	return randombytes_uniform(bound); /* tries again, rather than to favour any */
}

void crypto_encode(enum encoding encoding, const void *data, size_t size, struct buf *ret)
{
	size_t room;

	switch (encoding) {
	case ENCODING_RAW:
		buf_add(ret, data, size);
		return;
	case ENCODING_HEX:
		buf_reserve(ret, size * 2 + 1);
		sodium_bin2hex(ret->data + ret->len, size * 2 + 1, data, size);
		break;
	case ENCODING_BASE64:
	case ENCODING_BASE64URL:
	case ENCODING_BASE64_UNPADDED:
		room = sodium_base64_encoded_len(size, variant(encoding));
		buf_reserve(ret, room);
		sodium_bin2base64(
			ret->data + ret->len, room, data, size, variant(encoding));
		break;
	}
	ret->len += strlen(ret->data + ret->len);
}

/* The library's base64 takes some bytes that are not ASCII for '/'. */
static bool is_ascii(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)text[i] > 0x7f)
			return false;
	return true;
}

bool crypto_decode(enum encoding encoding, const char *text, size_t size, struct buf *ret)
{
	unsigned char *to;
	size_t length = 0;
	const char *end = NULL;
	int rc;

	if (encoding == ENCODING_RAW) {
		buf_add(ret, text, size);
		return true;
	}
	if (!is_ascii(text, size))
		return false;
	buf_reserve(ret, size + 1);
	to = (unsigned char *)ret->data + ret->len;
	if (encoding == ENCODING_HEX)
		rc = sodium_hex2bin(to, size + 1, text, size, NULL, &length, &end);
	else
		rc = sodium_base642bin(
			to, size + 1, text, size, NULL, &length, &end, variant(encoding));
	if (rc != 0 || end != text + size) {
		mem_wipe(to, size + 1);
		return false;
	}
	ret->len += length;
	ret->data[ret->len] = '\0';
	return true;
}

/* These functions fail for invalid sizes only, and the sizes are constants. */

void crypto_digest(const void *data, size_t size, unsigned char ret[DIGEST_SIZE])
{
	(void)crypto_generichash(ret, DIGEST_SIZE, data, size, NULL, 0);
}

_Static_assert(sizeof((struct digest *)0)->state >= sizeof(crypto_generichash_state),
	"a digest has room for the library's state");

static crypto_generichash_state *state_of(struct digest *digest)
{
	return (crypto_generichash_state *)(void *)digest->state;
}

void crypto_digest_begin(struct digest *digest)
{
	(void)crypto_generichash_init(state_of(digest), NULL, 0, DIGEST_SIZE);
}

void crypto_digest_add(struct digest *digest, const void *data, size_t size)
{
	(void)crypto_generichash_update(state_of(digest), data, size);
}

void crypto_digest_end(struct digest *digest, unsigned char ret[DIGEST_SIZE])
{
	(void)crypto_generichash_final(state_of(digest), ret, DIGEST_SIZE);
}

_Static_assert(
	sizeof((struct crypto_sha *)0)->state >= sizeof(crypto_hash_sha256_state) &&
		sizeof((struct crypto_sha *)0)->state >= sizeof(crypto_hash_sha512_state),
	"SHA-2 has room for the library's state");

static crypto_hash_sha256_state *sha256_of(struct crypto_sha *sha)
{
	return (crypto_hash_sha256_state *)(void *)sha->state;
}

static crypto_hash_sha512_state *sha512_of(struct crypto_sha *sha)
{
	return (crypto_hash_sha512_state *)(void *)sha->state;
}

/* SHA-384 is SHA-512 with other initial values, cut (FIPS 180-4, 5.3.4 and 6.5). */
void crypto_sha_begin(struct crypto_sha *sha, enum sha which)
{
	static const uint64_t initial[8] = {0xcbbb9d5dc1059ed8, 0x629a292a367cd507,
		0x9159015a3070dd17, 0x152fecd8f70e5939, 0x67332667ffc00b31,
		0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4};

	sha->sha = which;
	if (which == SHA_256) {
		(void)crypto_hash_sha256_init(sha256_of(sha));
		return;
	}
	(void)crypto_hash_sha512_init(sha512_of(sha));
	memcpy(sha512_of(sha)->state, initial, sizeof initial);
}

void crypto_sha_add(struct crypto_sha *sha, const void *data, size_t size)
{
	if (sha->sha == SHA_256)
		(void)crypto_hash_sha256_update(sha256_of(sha), data, size);
	else
		(void)crypto_hash_sha512_update(sha512_of(sha), data, size);
}

size_t crypto_sha_end(struct crypto_sha *sha, unsigned char ret[SHA384_SIZE])
{
	unsigned char digest[crypto_hash_sha512_BYTES];
	size_t size = sha->sha == SHA_256 ? SHA256_SIZE : SHA384_SIZE;

	if (sha->sha == SHA_256)
		(void)crypto_hash_sha256_final(sha256_of(sha), digest);
	else
		(void)crypto_hash_sha512_final(sha512_of(sha), digest);
	memcpy(ret, digest, size);
	return size;
}

void crypto_fingerprint(const void *data, size_t size, char ret[FINGERPRINT_MAX])
{
	static const unsigned char context[] = PROGRAM " key fingerprint v1";
	unsigned char digest[DIGEST_SIZE];
	char hex[17];

	(void)crypto_generichash(
		digest, sizeof digest, data, size, context, sizeof context - 1);
	sodium_bin2hex(hex, sizeof hex, digest, 8);
	(void)snprintf(ret, FINGERPRINT_MAX, "gw:%s", hex); /* 19 bytes of 24 */
}

bool crypto_ed25519_verify(const unsigned char public[KEY_PAIR_SIZE], const void *data,
	size_t size, const unsigned char signature[SIGNATURE_SIZE])
{
	return crypto_sign_verify_detached(signature, data, size, public) == 0;
}

void crypto_ed25519_public(
	const unsigned char seed[KEY_PAIR_SIZE], unsigned char ret[KEY_PAIR_SIZE])
{
	unsigned char private[crypto_sign_SECRETKEYBYTES];

	(void)crypto_sign_seed_keypair(ret, private, seed); /* always 0 */
	mem_wipe(private, sizeof private);
}

void crypto_x25519_public(
	const unsigned char private[KEY_PAIR_SIZE], unsigned char ret[KEY_PAIR_SIZE])
{
	(void)crypto_scalarmult_base(ret, private); /* always 0 */
}

void crypto_x25519_clamp(unsigned char private[KEY_PAIR_SIZE])
{
	private[0] &= 0xf8;
	private[31] = (private[31] & 0x7f) | 0x40;
}

bool crypto_x25519_shared(const unsigned char private[KEY_PAIR_SIZE],
	const unsigned char public[KEY_PAIR_SIZE], unsigned char ret[KEY_PAIR_SIZE])
{
	return crypto_scalarmult(ret, private, public) == 0;
}

void crypto_hmac_sha256(const void *key, size_t key_size, const void *data, size_t size,
	unsigned char ret[SHA256_SIZE])
{
	crypto_auth_hmacsha256_state state;

	(void)crypto_auth_hmacsha256_init(&state, key, key_size);
	(void)crypto_auth_hmacsha256_update(&state, data, size);
	(void)crypto_auth_hmacsha256_final(&state, ret);
	mem_wipe(&state, sizeof state);
}

/* The library has HKDF since 1.0.19; Debian's older one has HMAC. */
void crypto_hkdf_sha256(const void *from, size_t from_size, const void *salt,
	size_t salt_size, const char *info, unsigned char ret[SHA256_SIZE])
{
	CLEANUP_BUF struct buf block = BUF_INIT;
	unsigned char extracted[SHA256_SIZE];

	crypto_hmac_sha256(salt, salt_size, from, from_size, extracted);
	buf_puts(&block, info);
	buf_putc(&block, 1); /* the first block, and the only one */
	crypto_hmac_sha256(extracted, sizeof extracted, block.data, block.len, ret);
	mem_wipe(extracted, sizeof extracted);
}

bool crypto_open(const unsigned char key[KEY_SIZE], const unsigned char nonce[NONCE_SIZE],
	const void *data, size_t size, struct buf *ret)
{
	unsigned long long length = 0;
	unsigned char *to;

	if (size < SEAL_SIZE)
		return false;
	buf_reserve(ret, size - SEAL_SIZE);
	to = (unsigned char *)ret->data + ret->len;
	if (crypto_aead_chacha20poly1305_ietf_decrypt(
		    to, &length, NULL, data, size, NULL, 0, nonce, key) != 0) {
		ret->data[ret->len] = '\0';
		return false;
	}
	ret->len += (size_t)length;
	ret->data[ret->len] = '\0';
	return true;
}

bool crypto_equal(const void *a, const void *b, size_t size)
{
	return sodium_memcmp(a, b, size) == 0;
}

const char *crypto_version(void)
{
	return "libsodium " SODIUM_VERSION_STRING;
}
