/* SPDX-License-Identifier: MIT */
/* Digests, by the vectors of FIPS 180-4 and RFC 7693 for "abc". */
#include <string.h>

#include "../unit.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "tls/digest.h"
#include "tls/tls.h"

static void known_digests_come_out(void **state)
{
	static const char *const wanted[TLS_DIGESTS] = {
		[TLS_SHA256] = "ba7816bf8f01cfea414140de5dae2223"
			       "b00361a396177a9cb410ff61f20015ad",
		[TLS_SHA512] = "ddaf35a193617abacc417349ae204131"
			       "12e6fa4e89a97ea20a9eeee64b55d39a"
			       "2192992a274fc1a836ba3c23a3feebbd"
			       "454d4423643ce80e2a9ac94fa54ca49f",
		[TLS_BLAKE2B] = "ba80a53f981c4d0d6a2797b69f12f6e9"
				"4c212f14685ac4b74b12bb6fdbffa2d1"
				"7d87c5392aab792dc252d5de4533cc95"
				"18d38aa8dbf1925ab92386edd4009923",
	};

	(void)state;
	if (!tls_available)
		skip();
	for (int i = 0; i < TLS_DIGESTS; i++) {
		CLEANUP_BUF struct buf hex = BUF_INIT;
		unsigned char digest[TLS_DIGEST_MAX];
		struct tls_hash hash;

		tls_hash_begin(&hash, (enum tls_digest)i);
		tls_hash_add(&hash, "a", 1);
		tls_hash_add(&hash, "", 0);
		tls_hash_add(&hash, "bc", 2);
		tls_hash_end(&hash, digest);
		crypto_encode(
			ENCODING_HEX, digest, tls_digest_size((enum tls_digest)i), &hex);
		assert_string_equal(hex.data, wanted[i]);
		assert_int_equal(hex.len, strlen(wanted[i]));
		tls_hash_begin(&hash, (enum tls_digest)i);
		tls_hash_release(&hash);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_digests_come_out),
	};

	return cmocka_run_group_tests_name("tls/digest", tests, NULL, NULL);
}
