/* SPDX-License-Identifier: MIT */
/* Checksums, by published vectors and those of other implementations. */
#include "../unit.h"
#include "base/checksum.h"

/* The check value of CRC-32/ISO-HDLC, and the same in pieces. */
static void crc32(void **state)
{
	uint32_t crc = checksum_crc32(0, "1234", 4);

	(void)state;
	assert_int_equal(checksum_crc32(0, "123456789", 9), 0xcbf43926);
	assert_int_equal(checksum_crc32(crc, "56789", 5), 0xcbf43926);
	assert_int_equal(checksum_crc32(0, "", 0), 0);
}

/*
 * Of the bytes 0, 1, 2, … as Rust's DefaultHasher and Python 3.11's hash(), both of which
 * are SipHash-1-3, have them with the key 0.
 */
static void siphash_1_3(void **state)
{
	static const uint64_t expected[] = {0xd1fba762150c532c, 0x68a914128e01e473,
		0x010bac45c41e3669, 0x4d4c9a4a8ef6e0ad, 0x7cc43f98813e4dbd,
		0x5abe2169dff36275, 0xe3c25f87624f1cdb, 0x2f098ab0c751325a,
		0xead411e67ebe2eea, 0x75927f9d95124362, 0xaf9f77a65ab51a1d,
		0xfe64ce8b6617fcff, 0xa6baf4fb0f9fe1c2, 0xa0cf3211850f8e0d,
		0x7f86049379fbfe67, 0xf30eb725bb91c9ea, 0x8972188433a5c5b7};
	unsigned char bytes[sizeof expected / sizeof *expected];

	(void)state;
	for (size_t i = 0; i < sizeof bytes; i++) {
		struct siphash hash;

		bytes[i] = (unsigned char)i;
		siphash_begin(&hash);
		siphash_add(&hash, bytes, i / 3);
		siphash_add(&hash, bytes + i / 3, i - i / 3);
		assert_true(siphash_end(&hash) == expected[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crc32),
		cmocka_unit_test(siphash_1_3),
	};

	return cmocka_run_group_tests_name("base/checksum", tests, NULL, NULL);
}
