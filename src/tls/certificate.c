/* SPDX-License-Identifier: MIT */
/* Certificates, by OpenSSL: what one says. */
#include "tls/certificate.h"

#include <arpa/inet.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "tls/certificate_mark.h"
#include "tls/tls.h"

void certificate_release(struct x509_st **cert)
{
	X509_free(*cert);
	*cert = NULL;
}

struct x509_st *certificate_parse(const struct buf *pem)
{
	BIO *bio;
	X509 *cert;

	tls_begin();
	bio = pem->len < INT_MAX ? BIO_new_mem_buf(pem->data, (int)pem->len) : NULL;
	if (!bio)
		mem_exhausted();
	cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	BIO_free(bio);
	ERR_clear_error();
	return cert;
}

void certificate_print(struct x509_st *cert, struct buf *ret)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long size;

	if (!bio || !PEM_write_bio_X509(bio, cert))
		mem_exhausted();
	size = BIO_get_mem_data(bio, &text);
	buf_add(ret, text, (size_t)size);
	BIO_free(bio);
}

static bool holds(const ASN1_STRING *string, const char *text)
{
	size_t size = strlen(text);

	return (size_t)ASN1_STRING_length(string) == size &&
		memcmp(ASN1_STRING_get0_data(string), text, size) == 0;
}

enum certificate_maker certificate_maker(const struct x509_st *cert)
{
	ASN1_IA5STRING *comment =
		X509_get_ext_d2i(cert, NID_netscape_comment, NULL, NULL);
	enum certificate_maker maker = CERTIFICATE_FOREIGN;

	if (comment && holds(comment, CERTIFICATE_MARK))
		maker = CERTIFICATE_OURS;
	else if (comment && holds(comment, CERTIFICATE_MARK_KEY_KEPT))
		maker = CERTIFICATE_KEY_KEPT;
	ASN1_IA5STRING_free(comment);
	return maker;
}

static int64_t seconds(const ASN1_TIME *time)
{
	struct tm tm;

	return ASN1_TIME_to_tm(time, &tm) ? timegm(&tm) : 0;
}

int64_t certificate_from(const struct x509_st *cert)
{
	return seconds(X509_get0_notBefore(cert));
}

int64_t certificate_until(const struct x509_st *cert)
{
	return seconds(X509_get0_notAfter(cert));
}

bool certificate_fits(const struct x509_st *cert, const struct evp_pkey_st *key)
{
	const EVP_PKEY *of_cert = X509_get0_pubkey(cert);

	return of_cert && EVP_PKEY_eq(of_cert, key) == 1;
}

bool certificate_signed_by(struct x509_st *cert, struct x509_st *issuer)
{
	EVP_PKEY *key = X509_get0_pubkey(issuer);
	bool same = X509_NAME_cmp(X509_get_issuer_name(cert),
			    X509_get_subject_name(issuer)) == 0;
	bool signed_by = same && key && X509_verify(cert, key) == 1;

	ERR_clear_error();
	return signed_by;
}

bool certificate_is_authority(struct x509_st *cert)
{
	return X509_check_ca(cert) == 1;
}

/* Anything else would not be one line, or not one name, of what is printed. */
static bool is_dns_name(const unsigned char *data, int size)
{
	for (int i = 0; i < size; i++)
		if (!str_is_alnum((char)data[i]) && !memchr("._*-", data[i], 4))
			return false;
	return size > 0;
}

static void print_name(const GENERAL_NAME *name, struct buf *ret)
{
	char room[INET6_ADDRSTRLEN];
	int type;
	const ASN1_STRING *value = GENERAL_NAME_get0_value(name, &type);
	const unsigned char *data;
	int size;

	if (type == GEN_DNS || type == GEN_IPADD) {
		data = ASN1_STRING_get0_data(value);
		size = ASN1_STRING_length(value);
		if (type == GEN_DNS && is_dns_name(data, size)) {
			buf_puts(ret, "DNS:");
			buf_add(ret, data, (size_t)size);
			buf_putc(ret, '\n');
			return;
		}
		if (type == GEN_IPADD && (size == 4 || size == 16) &&
			inet_ntop(size == 4 ? AF_INET : AF_INET6, data, room,
				sizeof room)) {
			buf_printf(ret, "IP:%s\n", room);
			return;
		}
	}
	buf_puts(ret, "other:\n");
}

void certificate_names(const struct x509_st *cert, struct buf *ret)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++)
		print_name(sk_GENERAL_NAME_value(names, i), ret);
	GENERAL_NAMES_free(names);
}
