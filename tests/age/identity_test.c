/* SPDX-License-Identifier: MIT */
/* Identity files. */
#include "../unit.h"

#include "../age_file.h"
#include "age/age.h"
#include "base/buf.h"
#include "base/err.h"

static void reads_one_a_line(void **state)
{
	static const struct {
		const char *text;
		size_t count;
	} cases[] = {
		{AGE_IDENTITY, 1},
		{AGE_IDENTITY "\n", 1},
		{AGE_IDENTITY "\r\n" AGE_OTHER_IDENTITY "\r\n", 2},
		{"# created: then\n# public key: age1x\n\n" AGE_IDENTITY "\n\n#\n", 1},
		{AGE_IDENTITY "\n" AGE_IDENTITY "\n", 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_IDENTITIES struct age_identities identities = {0};
		DECLARE_ERR(err);

		if (age_identities_parse(
			    cases[i].text, strlen(cases[i].text), &identities, &err) < 0)
			fail_msg("%zu: %s", i, err.text);
		assert_int_equal(identities.count, cases[i].count);
		assert_memory_not_equal(identities.list[0].private,
			identities.list[0].public, KEY_PAIR_SIZE);
	}
}

static void says_what_is_none(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{"", "holds no identity"},
		{"# only a comment\n", "holds no identity"},
		{AGE_IDENTITY "0", "has in line 1 no identity (AGE-SECRET-KEY-1…), or"},
		{"#\n\n" AGE_IDENTITY " \n", "has in line 3 no identity"},
		{"AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX4"
		 "0Q2P2LM1",
			"or one that was changed"},
		{"age-secret-key-1egtzvffv20835nwyv6270lxyvk2vknx2mmdkwyklmgr48uawx4"
		 "0q2p2lm0",
			"has in line 1 no identity"},
		{"AGE-PLUGIN-YUBIKEY-1X", "the identity of a plugin"},
		{"AGE-SECRET-KEY-PQ-1X", "a post-quantum identity"},
		{"age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef",
			"a recipient, the public half"},
		{"-----BEGIN OPENSSH PRIVATE KEY-----\n", "the key of another program"},
		{"age-encryption.org/v1\n", "the beginning of an age file"},
		{AGE_TEXT_FILE, "the beginning of an age file"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_IDENTITIES struct age_identities identities = {0};
		DECLARE_ERR(err);

		assert_int_equal(age_identities_parse(cases[i].text,
					 strlen(cases[i].text), &identities, &err),
			-1);
		if (!strstr(err.text, cases[i].why))
			fail_msg("'%s' does not say '%s'", err.text, cases[i].why);
		assert_null(strstr(err.text, "EGTZVFFV"));
	}
}

static void there_is_a_limit(void **state)
{
	CLEANUP_IDENTITIES struct age_identities identities = {0};
	CLEANUP_BUF struct buf text = BUF_INIT;
	DECLARE_ERR(err);

	(void)state;
	for (int i = 0; i < 64; i++)
		buf_puts(&text, AGE_IDENTITY "\n");
	assert_int_equal(age_identities_parse(text.data, text.len, &identities, &err), 0);
	assert_int_equal(identities.count, 64);
	age_identities_release(&identities);
	assert_int_equal(identities.count, 0);
	buf_puts(&text, AGE_IDENTITY "\n");
	assert_int_equal(
		age_identities_parse(text.data, text.len, &identities, &err), -1);
	assert_non_null(strstr(err.text, "more than 64"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_one_a_line),
		cmocka_unit_test(says_what_is_none),
		cmocka_unit_test(there_is_a_limit),
	};

	return cmocka_run_group_tests_name("age/identity", tests, NULL, NULL);
}
