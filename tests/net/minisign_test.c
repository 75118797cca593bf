/* SPDX-License-Identifier: MIT */
/* Signatures that minisign(1) has made of "a text\n". */
#include <stdio.h>
#include <string.h>

#include "../unit.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "net/minisign.h"

#define KEY "RWRoeTpUhXxDdnySpzPanePn3BeLY1Fz8l2DRVlDv2YVjfzO4qOPc7ts"
#define OF_HASH \
	"untrusted comment: signature from minisign secret key\n" \
	"RURoeTpUhXxDdl8t1CAVwRIWMhmMX+JNU3E4gD1jLqVvGxPf5YJld96DKjLH" \
	"wm7UjZY0hrhdlYDicZUy" \
	"YAQYlbOUkC5vZJp9Zg8=\n" \
	"trusted comment: timestamp:1700000000\tfile:f\tversion:1.2\n" \
	"djj+dEFL21FUxwnU3EFOmE37ClWsTXxNjr9wiwvUQ9CxjJQOW4LMaWWSl6nq" \
	"dIAAs513QLlC5dJ+jhBX" \
	"b+FkDQ==\n"
#define OF_FILE \
	"untrusted comment: signature from minisign secret key\n" \
	"RWRoeTpUhXxDdgnUuQpg1+E2E7IecJ21RKUqBIXLIZR7FVj044QUuLH4OqNe" \
	"r72lKgjl715H2F8XoiO6" \
	"e6f4z+unKyIRkNbyywU=\n" \
	"trusted comment: legacy 1 file:f\n" \
	"FGNdJG0StN9UmNKJNe2eYPM9PILB6+Wew2vQtFKfn5eY2E47r28QPWD6mPkq" \
	"Vq8BsBeUELOD/rIqry8i" \
	"OwfWAA==\n"
#define HASH \
	"5350e882bca2838010aebd28baf9d9fc09266951f1079fbb6e2a5ff39abc" \
	"e0d3483fe40ae75cdc5f" \
	"0cfa0de177d6c2920553df066ac2464bc2baa912e94a9c34"

static struct minisign_key key_of(const char *text)
{
	struct minisign_key key;
	DECLARE_ERR(err);

	assert_int_equal(minisign_key_parse(text, &key, &err), 0);
	return key;
}

static int parse(const char *text, size_t size, struct minisign *ret, struct err *err)
{
	const struct minisign_key key = key_of(KEY);

	err_init(err);
	return minisign_parse(text, size, &key, ret, err);
}

static void a_signature_of_the_hash_is_verified(void **state)
{
	const struct minisign_key key = key_of(KEY);
	CLEANUP_BUF struct buf hash = BUF_INIT;
	struct minisign signature;
	struct err err;

	(void)state;
	assert_true(crypto_decode(ENCODING_HEX, HASH, strlen(HASH), &hash));
	assert_int_equal(parse(OF_HASH, strlen(OF_HASH), &signature, &err), 0);
	assert_false(signature.legacy);
	assert_true(minisign_verify(&signature, &key, hash.data, hash.len));
	hash.data[0] ^= 1;
	assert_false(minisign_verify(&signature, &key, hash.data, hash.len));
}

static void a_signature_of_the_file_is_verified(void **state)
{
	const struct minisign_key key = key_of(KEY);
	struct minisign signature;
	struct err err;

	(void)state;
	assert_int_equal(parse(OF_FILE, strlen(OF_FILE), &signature, &err), 0);
	assert_true(signature.legacy);
	assert_true(minisign_verify(&signature, &key, "a text\n", 7));
	assert_false(minisign_verify(&signature, &key, "a text", 6));
}

static void lines_that_are_missing_are_counted(void **state)
{
	struct minisign signature;
	struct err err;

	(void)state;
	assert_int_equal(parse("untrusted comment:\n", 19, &signature, &err), -1);
	assert_string_equal(err.text, "is no signature of minisign: it has 1 line");
	assert_int_equal(parse("a\nb\n", 4, &signature, &err), -1);
	assert_string_equal(err.text, "is no signature of minisign: it has 2 lines");
}

/* Divided by tabs, or where there is none by blanks. */
static void words_of_the_comment_are_found(void **state)
{
	struct minisign signature;
	struct err err;
	char word[16];

	(void)state;
	assert_int_equal(parse(OF_HASH, strlen(OF_HASH), &signature, &err), 0);
	assert_int_equal(minisign_word(&signature, "version", word, sizeof word), 0);
	assert_string_equal(word, "1.2");
	assert_int_equal(minisign_word(&signature, "versio", word, sizeof word), 1);
	assert_int_equal(minisign_word(&signature, "timestamp", word, 10), 1);
	assert_int_equal(parse(OF_FILE, strlen(OF_FILE), &signature, &err), 0);
	assert_int_equal(minisign_word(&signature, "file", word, sizeof word), 0);
	assert_string_equal(word, "f");
	(void)snprintf(signature.comment, sizeof signature.comment, "file:a b\tversion:");
	assert_int_equal(minisign_word(&signature, "file", word, sizeof word), 0);
	assert_string_equal(word, "a b");
	assert_int_equal(minisign_word(&signature, "version", word, sizeof word), 0);
	assert_string_equal(word, "");
}

static void what_is_no_signature_is_refused(void **state)
{
	static const char text[] = OF_HASH;
	struct minisign signature;
	struct err err;

	(void)state;
	/* Cut anywhere but at its last newline. */
	for (size_t size = 0; size < strlen(text) - 1; size++)
		assert_int_equal(parse(text, size, &signature, &err), -1);
	assert_int_equal(parse(text, strlen(text) - 1, &signature, &err), 0);
}

/* The untrusted comment may say anything. */
static void every_changed_byte_is_refused(void **state)
{
	const struct minisign_key key = key_of(KEY);
	CLEANUP_BUF struct buf hash = BUF_INIT;
	struct minisign signature;
	struct err err;
	char text[] = OF_HASH;
	size_t first = (size_t)(strchr(text, '\n') + 1 - text);

	(void)state;
	assert_true(crypto_decode(ENCODING_HEX, HASH, strlen(HASH), &hash));
	for (size_t i = first; i < strlen(OF_HASH) - 1; i++) {
		text[i] ^= 1;
		if (parse(text, strlen(OF_HASH), &signature, &err) == 0 &&
			minisign_verify(&signature, &key, hash.data, hash.len))
			fail_msg("byte %zu was changed, and not seen", i);
		text[i] ^= 1;
	}
}

static void keys_that_are_none_are_refused(void **state)
{
	static const char *const texts[] = {"", "RW", (KEY "A"), ("x" KEY),
		"AWRoeTpUhXxDdnySpzPanePn3BeLY1Fz8l2DRVlDv2YVjfzO4qOPc7ts"};
	struct minisign_key key;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		DECLARE_ERR(err);

		assert_int_equal(minisign_key_parse(texts[i], &key, &err), -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signature_of_the_hash_is_verified),
		cmocka_unit_test(a_signature_of_the_file_is_verified),
		cmocka_unit_test(lines_that_are_missing_are_counted),
		cmocka_unit_test(words_of_the_comment_are_found),
		cmocka_unit_test(what_is_no_signature_is_refused),
		cmocka_unit_test(every_changed_byte_is_refused),
		cmocka_unit_test(keys_that_are_none_are_refused),
	};

	return cmocka_run_group_tests_name("net/minisign", tests, NULL, NULL);
}
