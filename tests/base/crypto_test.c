/* SPDX-License-Identifier: MIT */
/* Encodings, digests and fingerprints, by published vectors. */
#include "../unit.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "base/str.h"

static void encodes_and_decodes(void **state)
{
	static const struct {
		enum encoding encoding;
		const char *bytes, *text;
	} cases[] = {
		/* RFC 4648, section 10 */
		{ENCODING_HEX, "", ""},
		{ENCODING_HEX, "foobar", "666f6f626172"},
		{ENCODING_BASE64, "", ""},
		{ENCODING_BASE64, "f", "Zg=="},
		{ENCODING_BASE64, "fo", "Zm8="},
		{ENCODING_BASE64, "foo", "Zm9v"},
		{ENCODING_BASE64, "foobar", "Zm9vYmFy"},
		{ENCODING_BASE64, "\xfb\xff\xfe", "+//+"},
		{ENCODING_BASE64URL, "f", "Zg"},
		{ENCODING_BASE64URL, "fo", "Zm8"},
		{ENCODING_BASE64URL, "foobar", "Zm9vYmFy"},
		{ENCODING_BASE64URL, "\xfb\xff\xfe", "-__-"},
		{ENCODING_RAW, "any\n", "any\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf text = BUF_INIT;
		CLEANUP_BUF struct buf bytes = BUF_INIT;

		buf_puts(&text, "<");
		crypto_encode(
			cases[i].encoding, cases[i].bytes, strlen(cases[i].bytes), &text);
		assert_string_equal(text.data + 1, cases[i].text);
		assert_int_equal(text.len, 1 + strlen(cases[i].text));
		buf_puts(&bytes, ">");
		assert_true(crypto_decode(
			cases[i].encoding, cases[i].text, strlen(cases[i].text), &bytes));
		assert_string_equal(bytes.data + 1, cases[i].bytes);
		assert_int_equal(bytes.len, 1 + strlen(cases[i].bytes));
	}
}

static void decodes_strictly(void **state)
{
	static const struct {
		enum encoding encoding;
		const char *text;
	} cases[] = {
		{ENCODING_HEX, "6"},
		{ENCODING_HEX, "6g"},
		{ENCODING_HEX, "66 6f"},
		{ENCODING_HEX, "66\n"},
		{ENCODING_HEX, "0x66"},
		{ENCODING_BASE64, "Zg"},
		{ENCODING_BASE64, "Zg="},
		{ENCODING_BASE64, "Zg==="},
		{ENCODING_BASE64, "Zg==\n"},
		{ENCODING_BASE64, " Zg=="},
		{ENCODING_BASE64, "Zh=="},
		{ENCODING_BASE64, "-__-"},
		{ENCODING_BASE64, "Z"},
		{ENCODING_BASE64URL, "Zg=="},
		{ENCODING_BASE64URL, "+//+"},
		{ENCODING_BASE64URL, "Zh"},
		{ENCODING_BASE64URL, "Zm8 "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf bytes = BUF_INIT;

		buf_puts(&bytes, "as it was");
		if (crypto_decode(cases[i].encoding, cases[i].text, strlen(cases[i].text),
			    &bytes))
			fail_msg("'%s' was taken", cases[i].text);
		assert_string_equal(bytes.data, "as it was");
		assert_int_equal(bytes.len, 9);
	}
	{
		CLEANUP_BUF struct buf bytes = BUF_INIT;

		assert_true(crypto_decode(ENCODING_HEX, "AbCd", 4, &bytes));
		assert_memory_equal(bytes.data, "\xab\xcd", 3);
		assert_false(crypto_decode(ENCODING_HEX, "66\0", 3, &bytes));
	}
}

/* libsodium took 0xcd and others for '/'. */
static void no_byte_above_ascii_stands_for_a_character(void **state)
{
	CLEANUP_BUF struct buf bytes = BUF_INIT;
	char text[] = "Zm9v";

	(void)state;
	for (int c = 0x80; c <= 0xff; c++)
		for (size_t at = 0; at < 4; at++) {
			char before = text[at];

			text[at] = (char)c;
			for (int e = ENCODING_HEX; e <= ENCODING_BASE64_UNPADDED; e++)
				if (e != ENCODING_RAW &&
					crypto_decode((enum encoding)e, text, 4, &bytes))
					fail_msg("%#x at %zu, encoding %d", c, at, e);
			text[at] = before;
		}
	assert_int_equal(bytes.len, 0);
}

static void digests_a_text(void **state)
{
	/* BLAKE2b-256 of "abc" and of nothing */
	static const char abc[] =
		"bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319";
	static const char none[] =
		"0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8";
	unsigned char whole[DIGEST_SIZE];
	CLEANUP_BUF struct buf text = BUF_INIT;

	(void)state;
	crypto_digest("abc", 3, whole);
	crypto_encode(ENCODING_HEX, whole, sizeof whole, &text);
	assert_string_equal(text.data, abc);
	buf_truncate(&text, 0);
	crypto_digest("", 0, whole);
	crypto_encode(ENCODING_HEX, whole, sizeof whole, &text);
	assert_string_equal(text.data, none);
}

/* FIPS 180-4, the examples: one block, and two of SHA-384. */
static void digests_what_comes_in_parts(void **state)
{
	unsigned char whole[DIGEST_SIZE], parts[DIGEST_SIZE];
	struct digest digest;
	char text[1000];

	(void)state;
	memset(text, 'x', sizeof text);
	crypto_digest(text, sizeof text, whole);
	crypto_digest_begin(&digest);
	crypto_digest_add(&digest, text, 1);
	crypto_digest_add(&digest, text, 0);
	crypto_digest_add(&digest, text + 1, 700);
	crypto_digest_add(&digest, text + 701, 299);
	crypto_digest_end(&digest, parts);
	assert_memory_equal(parts, whole, DIGEST_SIZE);
	crypto_digest("", 0, whole);
	crypto_digest_begin(&digest);
	crypto_digest_end(&digest, parts);
	assert_memory_equal(parts, whole, DIGEST_SIZE);
}

static void digests_as_sha2(void **state)
{
	static const char two_blocks[] =
		"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
		"hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu";
	static const struct {
		const char *text, *sha384;
	} cases[] = {
		{"abc",
			"cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"
			"1a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"},
		{two_blocks,
			"09330c33f71147e83d192fc782cd1b4753111b173b3b05d2"
			"2fa08086e3b0f712fcc7c71a557e2db966c3e9fa91746039"},
	};
	unsigned char digest[SHA384_SIZE];
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct crypto_sha sha;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		buf_truncate(&text, 0);
		crypto_sha_begin(&sha, SHA_384);
		crypto_sha_add(&sha, cases[i].text, 2);
		crypto_sha_add(&sha, cases[i].text + 2, strlen(cases[i].text) - 2);
		crypto_encode(ENCODING_HEX, digest, crypto_sha_end(&sha, digest), &text);
		assert_string_equal(text.data, cases[i].sha384);
	}
	buf_truncate(&text, 0);
	crypto_sha_begin(&sha, SHA_256);
	crypto_sha_add(&sha, "a", 1);
	crypto_sha_add(&sha, "bc", 2);
	crypto_encode(ENCODING_HEX, digest, crypto_sha_end(&sha, digest), &text);
	assert_string_equal(text.data,
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void fingerprints_differ_between_keys(void **state)
{
	char one[FINGERPRINT_MAX], other[FINGERPRINT_MAX], again[FINGERPRINT_MAX];

	(void)state;
	crypto_fingerprint("one", 3, one);
	crypto_fingerprint("one", 3, again);
	crypto_fingerprint("other", 5, other);
	assert_int_equal(strlen(one), 19);
	assert_true(str_starts(one, "gw:"));
	assert_string_equal(one, again);
	assert_string_not_equal(one, other);
	assert_true(crypto_equal("ab", "ab", 2));
	assert_false(crypto_equal("ab", "ac", 2));
	assert_true(crypto_equal("ab", "ac", 1));
	assert_true(str_starts(crypto_version(), "libsodium "));
}

static void is_random(void **state)
{
	unsigned char one[32] = {0}, other[32] = {0};

	(void)state;
	crypto_random(one, sizeof one);
	crypto_random(other, sizeof other);
	assert_memory_not_equal(one, other, sizeof one);
}

static void random_numbers_stay_below_their_bound(void **state)
{
	bool seen[62] = {false};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uint32_t number = crypto_random_below(62);

		assert_true(number < 62);
		seen[number] = true;
	}
	for (size_t i = 0; i < sizeof seen; i++)
		assert_true(seen[i]);
	assert_int_equal(crypto_random_below(1), 0);
}

/* Compares the public half that `derive` makes of a private one, both in hex. */
static void derives(void (*derive)(const unsigned char *, unsigned char *),
	const char *private, const char *public)
{
	CLEANUP_BUF struct buf bytes = BUF_INIT;
	CLEANUP_BUF struct buf text = BUF_INIT;
	unsigned char half[KEY_PAIR_SIZE];

	assert_true(crypto_decode(ENCODING_HEX, private, strlen(private), &bytes));
	assert_int_equal(bytes.len, KEY_PAIR_SIZE);
	derive((const unsigned char *)bytes.data, half);
	crypto_encode(ENCODING_HEX, half, sizeof half, &text);
	assert_string_equal(text.data, public);
}

static void derives_public_halves(void **state)
{
	(void)state;
	/* RFC 8032, section 7.1, tests 1 and 2 */
	derives(crypto_ed25519_public,
		"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
		"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
	derives(crypto_ed25519_public,
		"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
		"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
	/* RFC 7748, section 6.1, Bob */
	derives(crypto_x25519_public,
		"5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
		"de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
}

static void hex_is(const unsigned char *bytes, size_t size, const char *hex)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	crypto_encode(ENCODING_HEX, bytes, size, &text);
	assert_string_equal(text.data, hex);
}

/* RFC 7748, section 6.1: Bob's private half, and Alice's public one. */
static void both_sides_of_x25519_share_a_secret(void **state)
{
	static const char private[] =
		"5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
	static const char public[] =
		"8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
	static const unsigned char none[KEY_PAIR_SIZE];
	CLEANUP_BUF struct buf own = BUF_INIT;
	CLEANUP_BUF struct buf other = BUF_INIT;
	unsigned char shared[KEY_PAIR_SIZE];

	(void)state;
	assert_true(crypto_decode(ENCODING_HEX, private, 64, &own));
	assert_true(crypto_decode(ENCODING_HEX, public, 64, &other));
	assert_true(crypto_x25519_shared((const unsigned char *)own.data,
		(const unsigned char *)other.data, shared));
	hex_is(shared, sizeof shared,
		"4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
	assert_false(crypto_x25519_shared((const unsigned char *)own.data, none, shared));
}

static void derives_keys(void **state)
{
	static const char info[] = "\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9";
	unsigned char from[22], salt[13], key[SHA256_SIZE];

	(void)state;
	/* RFC 4231, case 2 */
	crypto_hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28, key);
	hex_is(key, sizeof key,
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	/* RFC 5869, cases 1 and 3 */
	memset(from, 0x0b, sizeof from);
	for (size_t i = 0; i < sizeof salt; i++)
		salt[i] = (unsigned char)i;
	crypto_hkdf_sha256(from, sizeof from, salt, sizeof salt, info, key);
	hex_is(key, sizeof key,
		"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
	crypto_hkdf_sha256(from, sizeof from, "", 0, "", key);
	hex_is(key, sizeof key,
		"8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

static void clamping_changes_no_public_half(void **state)
{
	unsigned char private[KEY_PAIR_SIZE], before[KEY_PAIR_SIZE], after[KEY_PAIR_SIZE];

	(void)state;
	memset(private, 0xff, sizeof private);
	crypto_x25519_public(private, before);
	crypto_x25519_clamp(private);
	crypto_x25519_public(private, after);
	assert_memory_equal(before, after, sizeof before);
	assert_int_equal(private[0], 0xf8);
	assert_int_equal(private[31], 0x7f);
	memset(private, 0, sizeof private);
	crypto_x25519_clamp(private);
	assert_int_equal(private[31], 0x40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encodes_and_decodes),
		cmocka_unit_test(decodes_strictly),
		cmocka_unit_test(no_byte_above_ascii_stands_for_a_character),
		cmocka_unit_test(digests_a_text),
		cmocka_unit_test(digests_what_comes_in_parts),
		cmocka_unit_test(digests_as_sha2),
		cmocka_unit_test(fingerprints_differ_between_keys),
		cmocka_unit_test(is_random),
		cmocka_unit_test(random_numbers_stay_below_their_bound),
		cmocka_unit_test(derives_public_halves),
		cmocka_unit_test(both_sides_of_x25519_share_a_secret),
		cmocka_unit_test(derives_keys),
		cmocka_unit_test(clamping_changes_no_public_half),
	};

	return cmocka_run_group_tests_name("base/crypto", tests, NULL, NULL);
}
