/* SPDX-License-Identifier: MIT */
/* What may be a secret in a URL. */
#include "step/url_secrets.h"

#include <string.h>

#include "base/mem.h"
#include "base/secrets.h"
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

void url_secrets_add(const struct url *url, struct secrets *secrets)
{
	const char *colon = strchr(url->secret, ':');

	url_secrets_add_text(url->secret, secrets);
	url_secrets_add_text(colon ? colon + 1 : NULL, secrets);
	url_secrets_add_text(url->query, secrets);
}
