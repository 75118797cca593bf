/* SPDX-License-Identifier: MIT */
/* Bech32, by the vectors of BIP 173. */
#include "../unit.h"

#include "age/bech32.h"
#include "base/buf.h"

static bool decode(const char *prefix, const char *text, struct buf *ret)
{
	return bech32_decode(prefix, text, strlen(text), ret);
}

static void decodes(void **state)
{
	static const char bytes[] =
		"\x00\x44\x32\x14\xc7\x42\x54\xb6\x35\xcf\x84\x65\x3a\x56\xd7\xc6\x75\xbe"
		"\x77\xdf";
	CLEANUP_BUF struct buf ret = BUF_INIT;

	(void)state;
	assert_true(decode("A", "A12UEL5L", &ret));
	assert_true(decode("a", "a12uel5l", &ret));
	assert_int_equal(ret.len, 0);
	buf_puts(&ret, "<");
	assert_true(
		decode("abcdef", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", &ret));
	assert_int_equal(ret.len, sizeof bytes);
	assert_memory_equal(ret.data + 1, bytes, sizeof bytes - 1);
}

static void refuses(void **state)
{
	static const struct {
		const char *prefix, *text;
	} cases[] = {
		{"a", ""},
		{"a", "a1"},
		{"a", "a12uel5"},
		{"a", "A12UEL5L"},
		{"A", "a12uel5l"},
		{"a", "a12UEL5L"},
		{"a", "b12uel5l"},
		{"a", "a12uel5m"},
		{"a", "a02uel5l"},
		{"A", "A1G7SGD8"}, /* the checksum of the prefix in upper case */
		{"abcdef", "abcdef1Qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"},
		{"abcdef", "abcdef1bpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"},
		{"abcdef", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqx "},
		{"x", "x1b4n0q5v"},
		{"li", "li1dgmt3"},
	};
	CLEANUP_BUF struct buf ret = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (decode(cases[i].prefix, cases[i].text, &ret) || ret.len)
			fail_msg("%s", cases[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes),
		cmocka_unit_test(refuses),
	};

	return cmocka_run_group_tests_name("age/bech32", tests, NULL, NULL);
}
