/* SPDX-License-Identifier: MIT */
/* What may be a secret in a URL. */
#include "step/url_secrets.h"

#include <string.h>

#include "base/mem.h"
#include "base/secrets.h"
#include "net/url.h"

static void add(const char *text, struct secrets *secrets)
{
	struct arena arena = {0};
	const char *plain = url_decode(text, strlen(text), &arena);

	secrets_add(secrets, text);
	if (plain)
		secrets_add(secrets, plain);
	arena_release(&arena);
}

void url_secrets_add(const char *login, const char *query, struct secrets *secrets)
{
	const char *colon = login ? strchr(login, ':') : NULL;

	if (login)
		add(login, secrets);
	if (colon)
		add(colon + 1, secrets);
	if (query)
		add(query, secrets);
}
