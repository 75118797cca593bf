/* SPDX-License-Identifier: MIT */
/* What an error of libcurl and OpenSSL means, and what to look at. */
#include "net/http_hint.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/str.h"
#include "net/proxy.h"
#include "net/trust.h"

#define PRIVATE \
	"; the certificate of a private authority is named by `ca_file`, or by " \
	"SSL_CERT_FILE"
#define PLAIN  "; does the port speak http://?"
#define SECURE "; does the port speak https://?"

#define AFTER " after "

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

bool http_is_cut(const char *error)
{
	return strstr(error, "unexpected eof") || strstr(error, "SSL_ERROR_SYSCALL") ||
		strstr(error, "CONNECT aborted");
}

static const char *find_hint(const char *error)
{
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		if (strstr(error, hints[i].words))
			return hints[i].hint;
	return "";
}

/* OpenSSL passes over such a directory in silence. */
static void add_directory(const char *path, size_t size, char ret[HTTP_TEXT_MAX])
{
	size_t used = strlen(ret);
	CLEANUP_FD int fd = -1;
	char inside[PATH_MAX];

	if (!size || size + sizeof "/." > sizeof inside)
		return;
	(void)snprintf(inside, sizeof inside, "%.*s/.", (int)size, path); /* measured */
	fd = open(inside, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		(void)snprintf(ret + used, HTTP_TEXT_MAX - used,
			"; the directory '%.*s' cannot be entered by user %u: %s",
			(int)size, path, (unsigned)geteuid(), strerror(errno));
}

/* The directories are a list, as in SSL_CERT_DIR. */
static void add_directories(const struct trust *trust, char ret[HTTP_TEXT_MAX])
{
	const char *at = trust && trust->directory ? trust->directory : "";

	while (*at) {
		size_t size = strcspn(at, ":");

		add_directory(at, size, ret);
		at += size;
		at += *at == ':';
	}
}

/* How long is "after 12 ms", which is another one each time, and says nothing? */
static size_t time_size(const char *text)
{
	size_t size = strlen(AFTER) + strspn(text + strlen(AFTER), "0123456789");

	return str_starts(text + size, " ms") ? size + strlen(" ms") : 0;
}

void http_explain(const char *error, const struct proxy *proxy, const struct trust *trust,
	char ret[HTTP_TEXT_MAX])
{
	const char *hint = find_hint(error);
	bool proxied = proxy_is_in(proxy, error);
	const char *after = strstr(error, AFTER);
	const char *rest = after ? after + time_size(after) : "";
	size_t size = after ? (size_t)(after - error) : strlen(error);

	(void)snprintf(ret, HTTP_TEXT_MAX, "%.*s%s%s%s%s%s", (int)size, error, rest, hint,
		proxied ? " (the proxy of " : "", proxied ? proxy->name : "",
		proxied ? ")" : "");
	if (str_equal(hint, PRIVATE))
		add_directories(trust, ret);
}

void http_explain_file(const char *error, const char *path, char ret[HTTP_TEXT_MAX])
{
	(void)snprintf(ret, HTTP_TEXT_MAX, "the certificates in '%s' cannot be used: %s",
		path, error);
}

void http_explain_header(int max, char ret[HTTP_TEXT_MAX])
{
	(void)snprintf(ret, HTTP_TEXT_MAX,
		"a header of the server is longer than %d bytes", max);
}

void http_explain_next(const char *next, int most, char ret[HTTP_TEXT_MAX])
{
	if (most < 0)
		(void)snprintf(ret, HTTP_TEXT_MAX,
			"the server redirects from https to %s, which is not followed",
			next);
	else
		(void)snprintf(ret, HTTP_TEXT_MAX,
			"the server redirects to %s, beyond the %d that `redirects` "
			"allows",
			next, most);
}

void http_explain_led(const char *at, char text[HTTP_TEXT_MAX])
{
	char after[HTTP_TEXT_MAX / 2];

	(void)snprintf(after, sizeof after, "%s", text);
	(void)snprintf(text, HTTP_TEXT_MAX, "redirected to %s: %s", at, after);
}
