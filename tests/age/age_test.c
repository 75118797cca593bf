/* SPDX-License-Identifier: MIT */
/* Age files: which open, and that nothing of a damaged one does. */
#include "../unit.h"

#include "../age_file.h"
#include "../shown.h"
#include "age/age.h"
#include "age/armor.h"
#include "base/buf.h"
#include "base/err.h"

static int identities_of(const char *text, struct age_identities *ret)
{
	DECLARE_ERR(err);

	return age_identities_parse(text, strlen(text), ret, &err);
}

/* Decrypts behind "<", which stays whatever happens. */
static int decrypt(const char *file, size_t size, const char *identity,
	struct buf *ret_plain, struct err *err)
{
	CLEANUP_IDENTITIES struct age_identities identities = {0};
	int rc;

	assert_int_equal(identities_of(identity, &identities), 0);
	err_init(err);
	buf_truncate(ret_plain, 0);
	buf_puts(ret_plain, "<");
	rc = age_decrypt(file, size, &identities, ret_plain, err);
	assert_int_equal(ret_plain->data[0], '<');
	if (rc < 0)
		assert_int_equal(ret_plain->len, 1);
	assert_int_equal(rc < 0, err->kind != ERR_NONE);
	return rc;
}

static void opens_for_each_identity(void **state)
{
	static const struct {
		const char *file, *identity;
	} cases[] = {
		{AGE_TEXT_FILE, AGE_IDENTITY},
		{AGE_BOTH_FILE, AGE_IDENTITY},
		{AGE_BOTH_FILE, AGE_OTHER_IDENTITY},
		{AGE_OTHER_FILE, AGE_OTHER_IDENTITY},
		{AGE_OTHER_FILE, AGE_IDENTITY "\n" AGE_OTHER_IDENTITY},
		{" \r\n\n" AGE_TEXT_FILE "\n\t", AGE_IDENTITY},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf plain = BUF_INIT;
		struct err err;

		if (decrypt(cases[i].file, strlen(cases[i].file), cases[i].identity,
			    &plain, &err) < 0)
			fail_msg("%zu: %s", i, shown(&err));
		assert_string_equal(plain.data, "<" AGE_TEXT);
	}
}

/* 64 characters, as many as a line may have. */
#define ROW "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static void says_why_it_does_not_open(void **state)
{
	static const struct {
		const char *file, *why;
	} cases[] = {
		{"", "is empty"},
		{"a secret", "is no age file"},
		{"age-encryption.org/v2\n", "is of another version"},
		{"age-encryption.org/v10\n", "is of another version"},
		{"age-encryption.org/v1\r\n", "its lines end in CR"},
		{"age-encryption.org/v1\n--- x\n", "it has no recipient"},
		{"age-encryption.org/v1\n-> X\n" ROW "AAAA\n--- x\n",
			"a stanza has no end"},
		{"age-encryption.org/v1\n-> X\n" ROW "\n--- x\n", "a stanza has no end"},
		{AGE_OTHER_FILE,
			"is encrypted for 1 recipient, and for none of the identities "
			"(1)"},
		{AGE_SSH_FILE, "is encrypted for SSH keys"},
		{AGE_PASSPHRASE_FILE, "is encrypted with a passphrase"},
		{AGE_ARMOR_BEGIN "\n", "was truncated: its armour has no last line"},
		{AGE_TEXT_FILE "more", "there is more behind its last line"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf plain = BUF_INIT;
		struct err err;

		assert_int_equal(decrypt(cases[i].file, strlen(cases[i].file),
					 AGE_IDENTITY, &plain, &err),
			-1);
		if (!strstr(err.text, cases[i].why))
			fail_msg("'%s' does not say '%s'", err.text, cases[i].why);
	}
}

static void a_check_needs_no_identity(void **state)
{
	static const struct {
		const char *file, *why; /* NULL: nothing */
	} cases[] = {
		{AGE_TEXT_FILE, NULL},
		{AGE_OTHER_FILE, NULL},
		{AGE_SSH_FILE, "for SSH keys"},
		{AGE_PASSPHRASE_FILE, "with a passphrase"},
		{"text", "is no age file"},
		{AGE_ARMOR_BEGIN "\n", "was truncated"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		DECLARE_ERR(err);
		int rc = age_check(cases[i].file, strlen(cases[i].file), &err);

		assert_int_equal(rc, cases[i].why ? -1 : 0);
		if (cases[i].why && !strstr(err.text, cases[i].why))
			fail_msg("'%s' does not say '%s'", err.text, cases[i].why);
	}
}

static void bytes_of(const char *armoured, struct buf *ret)
{
	DECLARE_ERR(err);

	assert_int_equal(armor_decode(armoured, strlen(armoured), ret, &err), 0);
}

static void every_cut_is_refused(void **state)
{
	CLEANUP_BUF struct buf file = BUF_INIT;
	CLEANUP_BUF struct buf plain = BUF_INIT;
	struct err err;

	(void)state;
	bytes_of(AGE_TEXT_FILE, &file);
	assert_int_equal(decrypt(file.data, file.len, AGE_IDENTITY, &plain, &err), 0);
	for (size_t size = 1; size < file.len; size++) {
		assert_int_equal(
			decrypt(file.data, size, AGE_IDENTITY, &plain, &err), -1);
		if (!strstr(err.text, "was truncated"))
			fail_msg("%zu of %zu bytes: %s", size, file.len, err.text);
	}
	buf_puts(&file, "x");
	assert_int_equal(decrypt(file.data, file.len, AGE_IDENTITY, &plain, &err), -1);
}

static void every_cut_of_armour_is_refused(void **state)
{
	static const char file[] = AGE_TEXT_FILE;
	CLEANUP_BUF struct buf plain = BUF_INIT, bytes = BUF_INIT;
	struct err err;

	(void)state;
	/* The last newline may be missing. */
	for (size_t size = 0; size < sizeof file - 2; size++) {
		assert_int_equal(decrypt(file, size, AGE_IDENTITY, &plain, &err), -1);
		assert_int_equal(armor_decode(file, size, &bytes, &err), -1);
		assert_int_equal(bytes.len, 0);
	}
	assert_int_equal(decrypt(file, sizeof file - 2, AGE_IDENTITY, &plain, &err), 0);
}

static void every_flipped_bit_is_refused(void **state)
{
	CLEANUP_BUF struct buf file = BUF_INIT;
	CLEANUP_BUF struct buf plain = BUF_INIT;
	struct err err;

	(void)state;
	bytes_of(AGE_TEXT_FILE, &file);
	for (size_t i = 0; i < file.len * 8; i++) {
		char bit = (char)(1 << i % 8);

		file.data[i / 8] = (char)(file.data[i / 8] ^ bit);
		if (decrypt(file.data, file.len, AGE_IDENTITY, &plain, &err) == 0)
			fail_msg("bit %zu of byte %zu makes no difference", i % 8, i / 8);
		file.data[i / 8] = (char)(file.data[i / 8] ^ bit);
	}
	assert_int_equal(decrypt(file.data, file.len, AGE_IDENTITY, &plain, &err), 0);
}

static void every_flipped_bit_of_armour_is_refused(void **state)
{
	char file[] = AGE_TEXT_FILE;
	CLEANUP_BUF struct buf plain = BUF_INIT;
	struct err err;

	(void)state;
	/* Any white space may follow. */
	for (size_t i = 0; i < (sizeof file - 2) * 8; i++) {
		char bit = (char)(1 << i % 8);

		file[i / 8] = (char)(file[i / 8] ^ bit);
		if (decrypt(file, sizeof file - 1, AGE_IDENTITY, &plain, &err) == 0)
			fail_msg("bit %zu of byte %zu makes no difference", i % 8, i / 8);
		file[i / 8] = (char)(file[i / 8] ^ bit);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_for_each_identity),
		cmocka_unit_test(says_why_it_does_not_open),
		cmocka_unit_test(a_check_needs_no_identity),
		cmocka_unit_test(every_cut_is_refused),
		cmocka_unit_test(every_cut_of_armour_is_refused),
		cmocka_unit_test(every_flipped_bit_is_refused),
		cmocka_unit_test(every_flipped_bit_of_armour_is_refused),
	};

	return cmocka_run_group_tests_name("age/age", tests, NULL, NULL);
}
