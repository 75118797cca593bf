/* SPDX-License-Identifier: MIT */
/* Certificates, by OpenSSL: making one. */
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "tls/certificate.h"
#include "tls/certificate_mark.h"
#include "tls/tls.h"

#define SERIAL_SIZE 20           /* RFC 5280: at most */
#define KEY_ID_SIZE 20           /* RFC 7093: of SHA-256 */
#define UNTIL_MAX   253402300799 /* the end of 9999: no later time can be written */

static void need(bool success)
{
	if (!success)
		mem_exhausted();
}

/* Makes no number below 0 or of another size. */
static void set_serial(X509 *cert)
{
	unsigned char bytes[SERIAL_SIZE];
	BIGNUM *number;

	crypto_random(bytes, sizeof bytes);
	bytes[0] = (unsigned char)((bytes[0] & 0x3f) | 0x40);
	number = BN_bin2bn(bytes, sizeof bytes, NULL);
	need(number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert)));
	BN_free(number);
}

static void add(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	need(extension && X509_add_ext(cert, extension, -1));
	X509_EXTENSION_free(extension);
}

static GENERAL_NAME *make_name(const char *text)
{
	GENERAL_NAME *name = GENERAL_NAME_new();
	bool ip = str_starts(text, "IP:");
	ASN1_STRING *value = ip ? ASN1_OCTET_STRING_new() : ASN1_IA5STRING_new();
	unsigned char address[16];

	need(name && value);
	text = strchr(text, ':') + 1;
	if (!ip)
		need(ASN1_STRING_set(value, text, -1));
	else if (inet_pton(AF_INET, text, address) == 1)
		need(ASN1_STRING_set(value, address, 4));
	else if (inet_pton(AF_INET6, text, address) == 1)
		need(ASN1_STRING_set(value, address, 16));
	GENERAL_NAME_set0_value(name, ip ? GEN_IPADD : GEN_DNS, value);
	return name;
}

static void add_names(X509 *cert, const struct certificate_spec *spec)
{
	GENERAL_NAMES *names = GENERAL_NAMES_new();

	need(names);
	for (size_t i = 0; i < spec->names_count; i++)
		need(sk_GENERAL_NAME_push(names, make_name(spec->names[i])));
	need(X509_add1_ext_i2d(cert, NID_subject_alt_name, names, 0, 0) == 1);
	GENERAL_NAMES_free(names);
}

static void add_key_ids(X509 *cert, X509 *issuer)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	ASN1_OCTET_STRING *own = ASN1_OCTET_STRING_new();
	AUTHORITY_KEYID *authority = AUTHORITY_KEYID_new();
	const ASN1_OCTET_STRING *of_issuer = own;

	need(own && authority && X509_pubkey_digest(cert, EVP_sha256(), digest, NULL) &&
		ASN1_OCTET_STRING_set(own, digest, KEY_ID_SIZE) &&
		X509_add1_ext_i2d(cert, NID_subject_key_identifier, own, 0, 0) == 1);
	if (issuer)
		of_issuer = X509_get0_subject_key_id(issuer);
	if (of_issuer) {
		authority->keyid = ASN1_OCTET_STRING_dup(of_issuer);
		need(authority->keyid &&
			X509_add1_ext_i2d(cert, NID_authority_key_identifier, authority,
				0, 0) == 1);
	}
	AUTHORITY_KEYID_free(authority);
	ASN1_OCTET_STRING_free(own);
}

static void add_extensions(X509 *cert, const struct certificate_spec *spec, X509 *issuer)
{
	add_key_ids(cert, issuer);
	if (spec->authority) {
		add(cert, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
		add(cert, NID_key_usage, "critical,keyCertSign,cRLSign");
	} else {
		add(cert, NID_basic_constraints, "critical,CA:FALSE");
		add(cert, NID_key_usage, "critical,digitalSignature");
		add(cert, NID_ext_key_usage, "serverAuth,clientAuth");
		add_names(cert, spec);
	}
	add(cert, NID_netscape_comment,
		spec->key_kept ? CERTIFICATE_MARK_KEY_KEPT : CERTIFICATE_MARK);
}

/* Why a client that trusts the issuer does not accept it; NULL: it does. */
static const char *refusal(X509 *cert, X509 *issuer, unsigned long flags)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	const char *reason = NULL;

	need(store && context && X509_STORE_add_cert(store, issuer) &&
		X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN | flags) &&
		X509_STORE_CTX_init(context, store, cert, NULL));
	if (X509_verify_cert(context) != 1)
		reason = X509_verify_cert_error_string(X509_STORE_CTX_get_error(context));
	X509_STORE_CTX_free(context);
	X509_STORE_free(store);
	ERR_clear_error();
	return reason;
}

const char *certificate_is_lax(struct x509_st *cert, struct x509_st *issuer)
{
	return refusal(cert, issuer, X509_V_FLAG_X509_STRICT);
}

static int verify(X509 *cert, X509 *issuer, struct err *err)
{
	const char *reason = "its issuer has no name";

	/* RFC 5280, 4.1.2.4: only some clients mind. */
	if (X509_NAME_entry_count(X509_get_issuer_name(cert)) != 0)
		reason = refusal(cert, issuer, 0);
	return reason ? err_fail(err, "clients would not accept it: %s", reason) : 0;
}

struct x509_st *certificate_make(const struct certificate_spec *spec,
	struct evp_pkey_st *key, struct x509_st *issuer, struct evp_pkey_st *issuer_key,
	struct err *err)
{
	X509 *cert;
	X509_NAME *subject;
	EVP_PKEY *signer = issuer ? issuer_key : key;
	bool eddsa = EVP_PKEY_is_a(signer, "ED25519") || EVP_PKEY_is_a(signer, "ED448");

	if (spec->until > UNTIL_MAX) {
		(void)err_fail(
			err, "it would end after the year 9999: is the clock right?");
		return NULL;
	}
	tls_begin();
	cert = X509_new();
	subject = X509_NAME_new();
	need(cert && subject && X509_set_version(cert, X509_VERSION_3));
	set_serial(cert);
	need(X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8,
		     (const unsigned char *)spec->subject, -1, -1, 0) &&
		X509_set_subject_name(cert, subject) &&
		X509_set_issuer_name(
			cert, issuer ? X509_get_subject_name(issuer) : subject) &&
		ASN1_TIME_set(X509_getm_notBefore(cert), spec->from) &&
		ASN1_TIME_set(X509_getm_notAfter(cert), spec->until) &&
		X509_set_pubkey(cert, key));
	X509_NAME_free(subject);
	add_extensions(cert, spec, issuer);
	if (!X509_sign(cert, signer, eddsa ? NULL : EVP_sha256())) {
		(void)err_fail(err, "sign a certificate: %s",
			ERR_reason_error_string(ERR_peek_last_error()));
		ERR_clear_error();
		certificate_release(&cert);
	} else if (verify(cert, issuer ? issuer : cert, err) < 0) {
		certificate_release(&cert);
	}
	return cert;
}
