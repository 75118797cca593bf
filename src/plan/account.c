/* SPDX-License-Identifier: MIT */
/* [app] account. */
#include "plan/account.h"

#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "plan/bootstrap.h"

int account_settle(struct bootstrap *bootstrap, struct err *err)
{
	struct ctx *ctx = &bootstrap->ctx;
	struct account_entry *account = &bootstrap->account;
	struct launch *launch = &bootstrap->settings.app.launch;
	const char *text = bootstrap->settings.app.account;

	if (!text || !*text)
		return 0;
	if (account_parse(text, &bootstrap->arena, account, err) < 0)
		return -1;
	account->uid = identity_user(&ctx->app);
	account->gid = ctx->app.set ? ctx->app.gid : getegid();
	if (!ctx->app.set)
		return 0;
	if (identity_set_account(
		    &ctx->app, account->name, account->home, &bootstrap->arena, err) < 0)
		return -1;
	launch->identity = ctx->app;
	ctx->account = account->name;
	return 0;
}

static void report(const struct bootstrap *bootstrap, const char *what)
{
	const struct account_entry *account = &bootstrap->account;

	log_info(bootstrap->ctx.log,
		"[app] account: '%s' %s user %u and group %u in /etc/passwd and "
		"/etc/group",
		account->name, what, (unsigned)account->uid, (unsigned)account->gid);
}

/* Has the application's number a name all the same? */
static bool has_name(struct bootstrap *bootstrap)
{
	const char *uid =
		arena_printf(&bootstrap->arena, "%u", (unsigned)bootstrap->account.uid);
	struct identity identity;
	DECLARE_ERR(ignored); /* what is wrong there has been said */

	return identity_find(uid, "", &bootstrap->arena, &identity, &ignored) < 0 ||
		*identity.name;
}

int account_lay(struct bootstrap *bootstrap, struct err *err)
{
	struct ctx *ctx = &bootstrap->ctx;
	DECLARE_ERR(why);
	int rc;

	if (!bootstrap->account.name)
		return 0;
	rc = ctx->planning
		? account_differs(&ctx->fs, &bootstrap->account, &why)
		: account_make(&ctx->fs, &bootstrap->account, ctx->stop, ctx->log, &why);
	if (rc == 1)
		report(bootstrap, ctx->planning ? "would be" : "is now");
	if (rc == 2) {
		const struct log_event event = {
			.level = has_name(bootstrap) ? LOG_DEBUG : LOG_INFO,
			.message = arena_printf(&bootstrap->arena,
				"[app] account: '%s' %s: %s", bootstrap->account.name,
				ctx->planning ? "would not be made" : "is not made",
				why.text),
		};

		log_event(ctx->log, &event);
	}
	if (rc >= 0)
		return 0;
	*err = why;
	return settings_locate(&bootstrap->conf, "account", err);
}
