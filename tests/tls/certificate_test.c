/* SPDX-License-Identifier: MIT */
/* Certificates and their keys: what is made is what is read. */
#include "../unit.h"
#include "tls/certificate.h"
#include "base/buf.h"
#include "base/err.h"
#include "tls/private_key.h"

#define YEAR_2060 2840140800

static struct x509_st *make(
	struct evp_pkey_st *key, struct x509_st *issuer, struct evp_pkey_st *issuer_key)
{
	static const char *const names[] = {"DNS:*.a.example", "IP:192.0.2.1", "IP:::1"};
	struct certificate_spec spec = {
		.subject = "a",
		.names = names,
		.names_count = 3,
		.from = 1700000000,
		.until = YEAR_2060,
		.authority = issuer == NULL,
		.key_kept = issuer != NULL,
	};
	DECLARE_ERR(err);
	struct x509_st *cert = certificate_make(&spec, key, issuer, issuer_key, &err);

	assert_non_null(cert);
	return cert;
}

static void a_certificate_says_what_it_was_made_with(void **state)
{
	CLEANUP_PRIVATE_KEY struct evp_pkey_st *key =
		private_key_make(PRIVATE_KEY_ED25519);
	CLEANUP_PRIVATE_KEY struct evp_pkey_st *other =
		private_key_make(PRIVATE_KEY_P256);
	CLEANUP_CERTIFICATE struct x509_st *ca = make(key, NULL, NULL);
	CLEANUP_CERTIFICATE struct x509_st *made = make(other, ca, key);
	CLEANUP_CERTIFICATE struct x509_st *cert = NULL;
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf names = BUF_INIT;

	(void)state;
	certificate_print(made, &text);
	cert = certificate_parse(&text);
	assert_non_null(cert);
	certificate_names(cert, &names);
	assert_string_equal(names.data, "DNS:*.a.example\nIP:192.0.2.1\nIP:::1\n");
	assert_int_equal(certificate_from(cert), 1700000000);
	assert_int_equal(certificate_until(cert), YEAR_2060);
	assert_int_equal(certificate_maker(cert), CERTIFICATE_KEY_KEPT);
	assert_int_equal(certificate_maker(ca), CERTIFICATE_OURS);
	assert_true(certificate_fits(cert, other));
	assert_false(certificate_fits(cert, key));
	assert_true(certificate_signed_by(cert, ca));
	assert_true(certificate_signed_by(ca, ca));
	assert_false(certificate_signed_by(cert, cert));
	assert_true(certificate_is_authority(ca));
	assert_false(certificate_is_authority(cert));
}

/* After 9999 there is no form for it: it would be made, and read by nobody. */
static void an_end_that_cannot_be_written_is_an_error(void **state)
{
	CLEANUP_PRIVATE_KEY struct evp_pkey_st *key = private_key_make(PRIVATE_KEY_P256);
	struct certificate_spec spec = {
		.subject = "a", .from = 1700000000, .until = 253402300799};
	CLEANUP_CERTIFICATE struct x509_st *cert = NULL;
	DECLARE_ERR(err);

	(void)state;
	cert = certificate_make(&spec, key, NULL, NULL, &err);
	assert_non_null(cert);
	assert_int_equal(certificate_until(cert), spec.until);
	spec.until++;
	assert_null(certificate_make(&spec, key, NULL, NULL, &err));
	assert_non_null(strstr(err.text, "after the year 9999"));
}

static void what_is_no_certificate_is_none(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	(void)state;
	assert_null(certificate_parse(&text));
	buf_puts(&text, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
	assert_null(certificate_parse(&text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_certificate_says_what_it_was_made_with),
		cmocka_unit_test(an_end_that_cannot_be_written_is_an_error),
		cmocka_unit_test(what_is_no_certificate_is_none),
	};

	return cmocka_run_group_tests_name("tls/certificate", tests, NULL, NULL);
}
