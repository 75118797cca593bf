/* SPDX-License-Identifier: MIT */
/* Private keys: what is printed is read again. */
#include "../unit.h"
#include "tls/private_key.h"
#include "base/buf.h"

static void a_key_is_read_as_it_was_printed(void **state)
{
	(void)state;
	for (int type = PRIVATE_KEY_P256; type <= PRIVATE_KEY_ED25519; type++) {
		CLEANUP_PRIVATE_KEY struct evp_pkey_st *made =
			private_key_make((enum private_key_type)type);
		CLEANUP_PRIVATE_KEY struct evp_pkey_st *read = NULL;
		CLEANUP_BUF struct buf text = BUF_INIT;
		CLEANUP_BUF struct buf again = BUF_INIT;

		private_key_print(made, &text);
		read = private_key_parse(&text);
		assert_non_null(read);
		private_key_print(read, &again);
		assert_string_equal(text.data, again.data);
		assert_true(private_key_is(read, (enum private_key_type)type));
		assert_false(private_key_is(read, (enum private_key_type) !type));
	}
}

static void nobody_is_asked_for_a_passphrase(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	(void)state;
	buf_puts(&text,
		"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAAA\n"
		"-----END ENCRYPTED PRIVATE KEY-----\n");
	assert_null(private_key_parse(&text));
	buf_truncate(&text, 0);
	assert_null(private_key_parse(&text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_is_read_as_it_was_printed),
		cmocka_unit_test(nobody_is_asked_for_a_passphrase),
	};

	return cmocka_run_group_tests_name("tls/private_key", tests, NULL, NULL);
}
