/* SPDX-License-Identifier: MIT */
/* Taking secrets out of text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/secrets.h"

static void redacts(const struct secrets *secrets, const char *text, const char *expected)
{
	CLEANUP_BUF struct buf buf = BUF_INIT;

	buf_puts(&buf, text);
	secrets_redact(secrets, &buf, 0);
	assert_string_equal(buf.data, expected);
	assert_int_equal(buf.len, strlen(expected));
}

static void takes_every_secret_out(void **state)
{
	struct secrets secrets = SECRETS_INIT;

	(void)state;
	redacts(&secrets, "nothing known", "nothing known");
	secrets_add(&secrets, "secret");
	secrets_add(&secrets, "secret");
	secrets_add(&secrets, "secret-and-more");
	secrets_add(&secrets, "another one");
	assert_int_equal(secrets.count, 3);
	redacts(&secrets, "secret", "***");
	redacts(&secrets, "a secret, secretsecret.", "a ***, ******.");
	redacts(&secrets, "secret-and-more", "***"); /* the longest first */
	redacts(&secrets, "another one and secre", "*** and secre");
	redacts(&secrets, "", "");
	secrets_release(&secrets);
	redacts(&secrets, "secret", "secret");
}

static void passes_short_ones_over(void **state)
{
	struct secrets secrets = SECRETS_INIT;

	(void)state;
	secrets_add(&secrets, "");
	secrets_add(&secrets, "12345");
	redacts(&secrets, "12345", "12345");
	secrets_add(&secrets, "123456");
	redacts(&secrets, "1234567", "***7");
	secrets_release(&secrets);
}

static void leaves_what_stands_before(void **state)
{
	struct secrets secrets = SECRETS_INIT;
	CLEANUP_BUF struct buf buf = BUF_INIT;

	(void)state;
	secrets_add(&secrets, "secret");
	buf_add(&buf, "secret a\0secret", 15);
	secrets_redact(&secrets, &buf, 6);
	assert_int_equal(buf.len, 12);
	assert_memory_equal(buf.data, "secret a\0***", 13);
	secrets_release(&secrets);
}

/* What a helper prints is heard a line at a time. */
static void knows_each_line_of_a_long_secret(void **state)
{
	struct secrets secrets = SECRETS_INIT;

	(void)state;
	secrets_add(&secrets,
		"-----BEGIN KEY-----\n0123456789abcdef\nshort\n\nlast line of it ");
	redacts(&secrets, "it is 0123456789abcdef.", "it is ***.");
	redacts(&secrets, "last line of it ", "***");
	redacts(&secrets, "short", "short");
	redacts(&secrets,
		"-----BEGIN KEY-----\n0123456789abcdef\nshort\n\nlast line of it ",
		"***");
	secrets_release(&secrets);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_every_secret_out),
		cmocka_unit_test(passes_short_ones_over),
		cmocka_unit_test(leaves_what_stands_before),
		cmocka_unit_test(knows_each_line_of_a_long_secret),
	};

	return cmocka_run_group_tests_name("base/secrets", tests, NULL, NULL);
}
