/* SPDX-License-Identifier: MIT */
/* The proxies through which a step asks servers. */
#include "step/proxied.h"

#include <string.h>

#include "base/buf.h"
#include "net/proxy.h"
#include "step/from_file.h"
#include "step/step.h"
#include "step/url_secrets.h"

/* Of a wrong one, too: an error may quote it. */
static void add_secrets(const char *value, struct ctx *ctx)
{
	const char *scheme = strstr(value, "://");
	const char *user = scheme ? scheme + 3 : value;
	const char *at = strrchr(user, '@');
	const char *text, *colon;

	if (!at)
		return;
	text = arena_memdup(ctx->arena, user, (size_t)(at - user));
	colon = strchr(text, ':');
	url_secrets_add_text(text, ctx->secrets);
	url_secrets_add_text(colon ? colon + 1 : NULL, ctx->secrets);
}

int proxied_find(struct ctx *ctx, struct proxies *ret, struct err *err)
{
	for (enum proxy_variable i = 0; i < PROXY_VARIABLES; i++) {
		CLEANUP_BUF struct buf value = BUF_INIT;
		int rc = from_file_variable(ctx, proxy_name(i), &value, err);

		if (rc < 0)
			return -1;
		ret->values[i] = rc == 0 ? arena_strdup(ctx->arena, value.data) : "";
		add_secrets(ret->values[i], ctx);
	}
	return 0;
}
