/* SPDX-License-Identifier: MIT */
/* What to look at after an error of libcurl and OpenSSL. */
#include "net/http_hint.h"

#include <stddef.h>
#include <string.h>

#define PRIVATE \
	"; the certificate of a private authority is named by `ca_file`, or by " \
	"SSL_CERT_FILE"
#define PLAIN  "; does the port speak http://?"
#define SECURE "; does the port speak https://?"

static const struct {
	const char *words; /* of the error, in some version of both */
	const char *hint;
} hints[] = {
	{"unable to get local issuer", PRIVATE},
	{"unable to get issuer", PRIVATE},
	{"self-signed certificate", PRIVATE},
	{"self signed certificate", PRIVATE},
	{"wrong version number", PLAIN},
	{"packet length too long", PLAIN},
	{"HTTP/0.9", SECURE},
};

const char *http_hint(const char *error)
{
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		if (strstr(error, hints[i].words))
			return hints[i].hint;
	return "";
}
