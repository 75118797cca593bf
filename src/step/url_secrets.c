/* SPDX-License-Identifier: MIT */
/* What may be a secret in a URL. */
#include "step/url_secrets.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/secrets.h"
#include "net/address.h"
#include "net/url.h"

void url_secrets_add_text(const char *text, struct secrets *secrets)
{
	struct arena arena = {0};
	const char *plain;

	if (!text)
		return;
	secrets_add(secrets, text);
	plain = url_decode(text, strlen(text), &arena);
	if (plain)
		secrets_add(secrets, plain);
	arena_release(&arena);
}

/* Is it an address, and no more: without user, path and query? */
static bool is_address(const char *value)
{
	static const char host[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789-._:[],";
	const char *mark = strstr(value, "://");
	struct arena arena = {0};
	struct address address;
	bool is = mark && !mark[3 + strspn(mark + 3, host)];
	DECLARE_ERR(ignored);

	is = is && address_parse(value, &arena, &address, &ignored) == 0;
	arena_release(&arena);
	return is;
}

void url_secrets_add_value(const char *value, struct secrets *secrets)
{
	if (!is_address(value))
		secrets_add(secrets, value);
}

void url_secrets_add(const struct url *url, struct secrets *secrets)
{
	const char *colon = strchr(url->secret, ':');

	url_secrets_add_text(url->secret, secrets);
	url_secrets_add_text(colon ? colon + 1 : NULL, secrets);
	url_secrets_add_text(url->query, secrets);
}
