/* SPDX-License-Identifier: MIT */
/* Beginning with OpenSSL. */
#include "tls/tls.h"

#include <openssl/crypto.h>
#include <openssl/err.h>

const bool tls_available = true;

void tls_begin(void)
{
	/* The first call decides: libcurl's own would load the configuration. */
	(void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
}

const char *tls_version(void)
{
	return "OpenSSL " OPENSSL_VERSION_STR;
}
