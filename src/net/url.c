/* SPDX-License-Identifier: MIT */
/* URLs. */
#include "net/url.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "net/host.h"

#define URL_MAX 8000 /* what servers take (RFC 9110, 4.1) */

static int check_signs(const char *text, struct err *err)
{
	if (strlen(text) > URL_MAX)
		return err_config(err, "has more than the %d bytes that it can", URL_MAX);
	for (const char *at = text; *at; at++)
		if ((unsigned char)*at <= ' ' || *at == 0x7f)
			return err_config(err,
				"has white space or a control character; write it as "
				"%%20 and so on");
	return 0;
}

/* What a path ends with: a name that a file can have, else "". */
static const char *last_name(const char *path, size_t size, struct arena *arena)
{
	const char *slash = size ? memrchr(path, '/', size) : NULL;
	const char *name = slash ? slash + 1 : path;
	const char *plain = url_decode(name, (size_t)(path + size - name), arena);

	return plain && !strchr(plain, '/') ? plain : "";
}

/*
 * Is it a host, and not the begin of a password? In a path an '@' is usual, but not
 * behind what may be a user, as "u:p" and "token" may.
 */
static int check_host(const char *scheme, const char *text, size_t size,
	struct arena *arena, struct err *err)
{
	bool plain = memchr(text, '.', size) && !memchr(text, ':', size);
	struct address_host host;

	if (!(plain && text[size] == '/') && host_check_at(text + size, false, err) < 0)
		return -1;
	return host_split(scheme, text, size, arena, &host, err) < 0
		? -1
		: host_check_name(&host, err);
}

int url_parse(const char *text, struct arena *arena, struct url *ret, struct err *err)
{
	bool tls = strncasecmp(text, "https://", 8) == 0;
	const char *scheme = tls ? "https" : "http";
	const char *host = text + (tls ? 8 : 7);
	size_t size, path, query;
	const char *at;

	if (!tls && strncasecmp(text, "http://", 7) != 0)
		return err_config(err, "is no URL of http:// or https://");
	if (check_signs(text, err) < 0)
		return -1;
	size = strcspn(host, "/?#");
	at = memrchr(host, '@', size);
	*ret = (struct url){.text = text, .tls = tls, .secret = "", .query = ""};
	if (at) {
		ret->secret = arena_memdup(arena, host, (size_t)(at - host));
		size -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	if (strchr(ret->secret, '@'))
		return err_config(err,
			"has an '@' in its user or password, which is written as %%40");
	if (check_host(scheme, host, size, arena, err) < 0)
		return -1;
	path = strcspn(host + size, "?#");
	query = strcspn(host + size + path, "#");
	if (query > 1)
		ret->query = arena_memdup(arena, host + size + path + 1, query - 1);
	ret->shown = arena_printf(arena, "%s://%.*s", scheme, (int)(size + path), host);
	ret->name = last_name(host + size, path, arena);
	return 0;
}

static int hex(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c | 0x20) : NULL;

	return at ? (int)(at - digits) : -1;
}

const char *url_decode(const char *text, size_t size, struct arena *arena)
{
	CLEANUP_BUF struct buf plain = BUF_INIT;

	for (size_t i = 0; i < size; i++) {
		int code;

		if (text[i] != '%') {
			buf_putc(&plain, text[i]);
			continue;
		}
		if (i + 2 >= size || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0)
			return NULL;
		code = hex(text[i + 1]) * 16 + hex(text[i + 2]);
		if (code == 0)
			return NULL;
		buf_putc(&plain, (char)code);
		i += 2;
	}
	return arena_strdup(arena, plain.data);
}
