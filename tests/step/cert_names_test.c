/* SPDX-License-Identifier: MIT */
/* Names of certificates. */
#include <stdio.h>
#include <string.h>

#include "../unit.h"
#include "base/err.h"
#include "step/cert_names.h"

#define LABEL_63 "a23456789-b23456789-c23456789-d23456789-e23456789-f23456789-g23"

static void names_are_written_as_a_certificate_has_them(void **state)
{
	static const char *const cases[][2] = {
		{"localhost", "DNS:localhost"},
		{"App.Example.ORG", "DNS:app.example.org"},
		{"DNS:a.example", "DNS:a.example"},
		{"*.a.example", "DNS:*.a.example"},
		{"a_b.example", "DNS:a_b.example"},
		{"_dmarc.example", "DNS:_dmarc.example"},
		{"xn--bcher-kva.example", "DNS:xn--bcher-kva.example"},
		{"1password.example", "DNS:1password.example"},
		{"10.example", "DNS:10.example"},
		{"v2", "DNS:v2"},
		{LABEL_63 ".b", "DNS:" LABEL_63 ".b"},
		{"192.0.2.1", "IP:192.0.2.1"},
		{"IP:192.0.2.1", "IP:192.0.2.1"},
		{"2001:DB8:0:0::1", "IP:2001:db8::1"},
		{"IP:::1", "IP:::1"},
		{"::ffff:192.0.2.1", "IP:::ffff:192.0.2.1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char name[CERT_NAME_MAX];
		DECLARE_ERR(err);

		if (cert_name(cases[i][0], name, &err) < 0)
			fail_msg("%s: %s", cases[i][0], err.text);
		assert_string_equal(name, cases[i][1]);
		assert_int_equal(cert_name_check(cases[i][0], &err), 0);
	}
}

static void what_is_no_name_is_an_error_that_quotes_it(void **state)
{
	static const char *const texts[] = {"", "*", "*.", "**.a", "a.*.b", "*a.b", ".a",
		"a.", "a..b", "-a.b", "a-.b", "a b", "a/b", "a\nb",
		"b\xc3\xbc"
		"cher.example",
		LABEL_63 "4.b", "10.0.0.300", "10.0.0", "1", "a.1", "192.0.2.1/24",
		"192.0.2.1:80", "[::1]", "::1%eth0", "2001:db8",
		"DNS:", "IP:", "IP:a.example", "DNS:::1", "dns:a", "email:a@b",
		"https://a.example"};
	char name[CERT_NAME_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char quoted[128];
		DECLARE_ERR(err);

		if (cert_name(texts[i], name, &err) == 0)
			fail_msg("%s: %s", texts[i], name);
		assert_int_equal(err.kind, ERR_CONFIG);
		(void)snprintf(quoted, sizeof quoted, "'%s' is no host name", texts[i]);
		assert_non_null(strstr(err.text, quoted));
		assert_int_equal(cert_name_check(texts[i], &err), -1);
	}
}

static void a_name_has_up_to_253_bytes(void **state)
{
	char text[260], name[CERT_NAME_MAX];
	DECLARE_ERR(err);

	(void)state;
	for (size_t i = 0; i < sizeof text - 1; i++)
		text[i] = i % 50 == 49 ? '.' : 'a';
	text[253] = '\0';
	assert_int_equal(cert_name(text, name, &err), 0);
	assert_int_equal(strlen(name), 4 + 253);
	text[253] = 'a';
	text[254] = '\0';
	assert_int_equal(cert_name(text, name, &err), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_written_as_a_certificate_has_them),
		cmocka_unit_test(what_is_no_name_is_an_error_that_quotes_it),
		cmocka_unit_test(a_name_has_up_to_253_bytes),
	};

	return cmocka_run_group_tests_name("step/cert_names", tests, NULL, NULL);
}
