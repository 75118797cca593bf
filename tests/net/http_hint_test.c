/* SPDX-License-Identifier: MIT */
/* What the errors of libcurl and OpenSSL say. */
#include "net/http_hint.h"

#include "../unit.h"

static void what_came_and_is_wrong_is_no_early_end(void **state)
{
	static const char *const cut[] = {
		"error:0A000126:SSL routines::unexpected eof while reading, errno 0",
		"OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to 127.0.0.1:443 ",
		"Proxy CONNECT aborted",
	};
	static const char *const wrong[] = {
		"Illegal or missing hexadecimal sequence in chunked-encoding",
		"error:0A00010B:SSL routines::wrong version number",
		"error:0A00042E:SSL routines::tlsv1 alert protocol version",
		"error:0A00045C:SSL routines::tlsv13 alert certificate required, errno 0",
		"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof cut / sizeof *cut; i++)
		assert_true(http_is_cut(cut[i]));
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(http_is_cut(wrong[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_came_and_is_wrong_is_no_early_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
