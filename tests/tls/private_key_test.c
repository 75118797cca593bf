/* SPDX-License-Identifier: MIT */
/* Private keys: what is printed is read again. */
#include "../child.h"

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

/* Its passphrase is "passphrase". */
static const char encrypted[] =
	"-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
	"MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAihpNfrSnXHHwICCAAw\n"
	"DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEKpNn+XSv/vNZLEmx4IRZ4kEQELq\n"
	"QtlsVkDsU2lxBVPiVidcnGS8+6vr1FqX9zd6Td7SkpNs7f//BgW39MjNcvB/IR0m\n"
	"yGYlenEZnqZ2ci6De6Y=\n"
	"-----END ENCRYPTED PRIVATE KEY-----\n";

/* Without a terminal it would be read from stdin, where the right one is. */
static int parse_encrypted(void)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	int answers[2];

	REQUIRE(setsid() > 0 && pipe(answers) == 0);
	REQUIRE(write(answers[1], "passphrase\n", 11) == 11 && close(answers[1]) == 0);
	REQUIRE(dup2(answers[0], STDIN_FILENO) == STDIN_FILENO);
	buf_puts(&text, encrypted);
	REQUIRE(private_key_parse(&text) == NULL);
	REQUIRE(getchar() == 'p');
	return 0;
}

static void nobody_is_asked_for_a_passphrase(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	(void)state;
	assert_null(private_key_parse(&text));
	assert_int_equal(in_child(parse_encrypted), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_is_read_as_it_was_printed),
		cmocka_unit_test(nobody_is_asked_for_a_passphrase),
	};

	return cmocka_run_group_tests_name("tls/private_key", tests, NULL, NULL);
}
