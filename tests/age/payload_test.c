/* SPDX-License-Identifier: MIT */
/* Payloads of several chunks: nothing of one that is damaged is left. */
#include <sodium.h>

#include "../unit.h"
#include "age/payload.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"

#define NONCE 16
#define CHUNK ((size_t)64 * 1024)

static const unsigned char file_key[AGE_FILE_KEY_SIZE] = "0123456789abcde";

/* Appends the chunk with that number, sealed as age does it. */
static void add_chunk(struct buf *payload, size_t size, unsigned char chunk, bool last)
{
	unsigned char nonce[NONCE_SIZE] = {0}, key[KEY_SIZE];
	unsigned char *text = test_calloc(size + 1, 1);
	unsigned char *sealed = test_calloc(size + SEAL_SIZE, 1);

	nonce[NONCE_SIZE - 2] = chunk;
	nonce[NONCE_SIZE - 1] = last;
	crypto_hkdf_sha256(
		file_key, sizeof file_key, payload->data, NONCE, "payload", key);
	crypto_aead_chacha20poly1305_ietf_encrypt(
		sealed, NULL, text, size, NULL, 0, NULL, nonce, key);
	buf_add(payload, (const char *)sealed, size + SEAL_SIZE);
	test_free(sealed);
	test_free(text);
}

/* Opens it behind "<", which stays whatever happens. */
static int opened(const struct buf *payload, size_t size, size_t *ret, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	int rc;

	err_init(err);
	buf_puts(&text, "<");
	rc = payload_open(file_key, payload->data, size, &text, err);
	assert_int_equal(text.data[0], '<');
	assert_int_equal(text.data[text.len], '\0');
	*ret = text.len - 1;
	return rc;
}

static void nothing_is_left_of_chunks_before_one_that_is_damaged(void **state)
{
	CLEANUP_BUF struct buf payload = BUF_INIT;
	size_t first = NONCE + CHUNK + SEAL_SIZE, length;
	struct err err;

	(void)state;
	buf_add(&payload, "a nonce of age's", NONCE);
	add_chunk(&payload, CHUNK, 0, false);
	add_chunk(&payload, 5, 1, true);
	assert_int_equal(opened(&payload, payload.len, &length, &err), 0);
	assert_int_equal(length, CHUNK + 5);

	assert_int_equal(opened(&payload, payload.len - 1, &length, &err), -1);
	assert_string_equal(err.text,
		"was truncated or changed: its last 20 bytes do not belong to the rest");
	assert_int_equal(length, 0);
	assert_int_equal(opened(&payload, first, &length, &err), -1);
	assert_string_equal(err.text, "was truncated: its last chunk is missing");
	assert_int_equal(length, 0);
	assert_int_equal(opened(&payload, first + 3, &length, &err), -1);
	assert_string_equal(err.text, "was truncated: it ends within the tag of a chunk");
	assert_int_equal(length, 0);
}

static void nothing_is_left_before_a_last_chunk_that_is_empty(void **state)
{
	CLEANUP_BUF struct buf payload = BUF_INIT;
	struct err err;
	size_t length;

	(void)state;
	buf_add(&payload, "a nonce of age's", NONCE);
	add_chunk(&payload, CHUNK, 0, false);
	add_chunk(&payload, 0, 1, true);
	assert_int_equal(opened(&payload, payload.len, &length, &err), -1);
	assert_string_equal(err.text, "is malformed: its last chunk is empty");
	assert_int_equal(length, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_left_of_chunks_before_one_that_is_damaged),
		cmocka_unit_test(nothing_is_left_before_a_last_chunk_that_is_empty),
	};

	return cmocka_run_group_tests_name("age/payload", tests, NULL, NULL);
}
