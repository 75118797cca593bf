/* SPDX-License-Identifier: MIT */
/*
 * Random bytes, digests and encodings, by libsodium, which is used nowhere else.
 * BLAKE2b: RFC 7693; base64 and base64url: RFC 4648; SHA-2: FIPS 180-4; HMAC and HKDF:
 * RFC 2104 and 5869; Ed25519: RFC 8032; X25519: RFC 7748; ChaCha20-Poly1305: RFC 8439.
 */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

#define DIGEST_SIZE     32
#define SHA256_SIZE     32
#define SHA384_SIZE     48
#define FINGERPRINT_MAX 24
#define KEY_PAIR_SIZE   32 /* of each half of a pair */
#define SIGNATURE_SIZE  64
#define KEY_SIZE        32 /* these three: of ChaCha20-Poly1305 */
#define NONCE_SIZE      12
#define SEAL_SIZE       16

enum encoding {
	ENCODING_HEX,
	ENCODING_BASE64,
	ENCODING_BASE64URL,
	ENCODING_RAW,
	ENCODING_BASE64_UNPADDED, /* not for keys: of file formats */
};

/* Fills `data` from the kernel's generator; where there is none the process aborts. */
void crypto_random(void *data, size_t size);

/* A number below `bound`, which is not 0; each is as likely. */
uint32_t crypto_random_below(uint32_t bound);

/* Appends the encoded bytes; base64url without padding, hex in lower case. */
void crypto_encode(
	enum encoding encoding, const void *data, size_t size, struct buf *ret);

/*
 * Decodes the whole of `text` strictly (no white space, the right padding) and appends
 * it. Returns false and appends nothing where it is not in that encoding.
 */
bool crypto_decode(
	enum encoding encoding, const char *text, size_t size, struct buf *ret);

/* BLAKE2b-256. */
void crypto_digest(const void *data, size_t size, unsigned char ret[DIGEST_SIZE]);

/* The same of what comes in parts: begin, add any number of times, end. */
struct digest {
	_Alignas(64) unsigned char state[384];
};

void crypto_digest_begin(struct digest *digest);
void crypto_digest_add(struct digest *digest, const void *data, size_t size);
void crypto_digest_end(struct digest *digest, unsigned char ret[DIGEST_SIZE]);

/* SHA-2 likewise, for what other programs have recorded; our own digest is BLAKE2b. */
enum sha { SHA_256, SHA_384 };
struct crypto_sha {
	enum sha sha;
	_Alignas(8) unsigned char state[208];
};

void crypto_sha_begin(struct crypto_sha *sha, enum sha which);
void crypto_sha_add(struct crypto_sha *sha, const void *data, size_t size);

/* Sets SHA256_SIZE or SHA384_SIZE bytes, and returns how many. */
size_t crypto_sha_end(struct crypto_sha *sha, unsigned char ret[SHA384_SIZE]);

/*
 * A short name for a secret that does not help to guess it, for messages: the first 8
 * bytes of BLAKE2b under a context of our own, as "gw:0123456789abcdef". For random keys
 * only: a password could be searched for.
 */
void crypto_fingerprint(const void *data, size_t size, char ret[FINGERPRINT_MAX]);

/* The public half of a private key; of Ed25519 that is the seed. */
void crypto_ed25519_public(
	const unsigned char seed[KEY_PAIR_SIZE], unsigned char ret[KEY_PAIR_SIZE]);
void crypto_x25519_public(
	const unsigned char private[KEY_PAIR_SIZE], unsigned char ret[KEY_PAIR_SIZE]);

/* Is it the signature of these bytes by that key's private half? */
bool crypto_ed25519_verify(const unsigned char public[KEY_PAIR_SIZE], const void *data,
	size_t size, const unsigned char signature[SIGNATURE_SIZE]);

/*
 * Sets the bits of a new private key that X25519 takes as set anyway, as WireGuard's
 * tools do.
 */
void crypto_x25519_clamp(unsigned char private[KEY_PAIR_SIZE]);

/*
 * What both sides of X25519 share. Returns false where the other half is none that a
 * private one could have, and the result would be all zero.
 */
bool crypto_x25519_shared(const unsigned char private[KEY_PAIR_SIZE],
	const unsigned char public[KEY_PAIR_SIZE], unsigned char ret[KEY_PAIR_SIZE]);

/* HMAC-SHA-256. */
void crypto_hmac_sha256(const void *key, size_t key_size, const void *data, size_t size,
	unsigned char ret[SHA256_SIZE]);

/* HKDF-SHA-256: one key of 32 bytes, for the use that `info` names. */
void crypto_hkdf_sha256(const void *from, size_t from_size, const void *salt,
	size_t salt_size, const char *info, unsigned char ret[SHA256_SIZE]);

/*
 * ChaCha20-Poly1305: decrypts `size` bytes, the last SEAL_SIZE of which are the tag, and
 * appends the text. Returns false and appends nothing where they were not sealed with
 * this key and nonce.
 */
bool crypto_open(const unsigned char key[KEY_SIZE], const unsigned char nonce[NONCE_SIZE],
	const void *data, size_t size, struct buf *ret);

/* Are these the same bytes? Takes the same time whatever they are. */
bool crypto_equal(const void *a, const void *b, size_t size);

/* The library and its version, "libsodium 1.0.18": for --version. */
const char *crypto_version(void);

#endif
