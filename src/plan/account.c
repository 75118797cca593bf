/* SPDX-License-Identifier: MIT */
/* [app] account. */
#include "plan/account.h"

#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "plan/bootstrap.h"

int account_settle(struct bootstrap *bootstrap, struct err *err)
{
	struct ctx *ctx = &bootstrap->ctx;
	struct account *account = &bootstrap->account;
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
	const struct account *account = &bootstrap->account;

	log_info(bootstrap->ctx.log,
		"[app] account: '%s' %s user %u and group %u in /etc/passwd and "
		"/etc/group",
		account->name, what, (unsigned)account->uid, (unsigned)account->gid);
}

/* The name of a number, or of a name: "" for none, NULL where that is not known. */
static const char *name_of(struct bootstrap *bootstrap, const char *user)
{
	struct identity identity;
	DECLARE_ERR(ignored); /* what is wrong there has been said */

	return identity_find(user, "", &bootstrap->arena, &identity, &ignored) < 0
		? NULL
		: identity.name;
}

/*
 * Of several entries with a number the first one is its name for whoever asks. A plan
 * does not know which one that will be where the entry exists with another number.
 */
static void warn_of_other(struct bootstrap *bootstrap, const char *name, bool planned)
{
	const struct account *account = &bootstrap->account;

	/* That of root is never another's. */
	if (account->uid && name && *name && !str_equal(name, account->name) &&
		!(planned && name_of(bootstrap, account->name)))
		log_warn(bootstrap->ctx.log,
			"[app] account: user %u is '%s' in /etc/passwd, which comes "
			"before '%s': programs see that name; remove its line, or run as "
			"another number",
			(unsigned)account->uid, name, account->name);
}

int account_lay(struct bootstrap *bootstrap, struct err *err)
{
	struct ctx *ctx = &bootstrap->ctx;
	const char *uid, *name;
	DECLARE_ERR(why);
	int rc;

	if (!bootstrap->account.name)
		return 0;
	rc = ctx->planning
		? account_differs(&ctx->fs, &bootstrap->account, &why)
		: account_make(&ctx->fs, &bootstrap->account, ctx->stop, ctx->log, &why);
	uid = arena_printf(&bootstrap->arena, "%u", (unsigned)bootstrap->account.uid);
	name = name_of(bootstrap, uid);
	if (rc == 0 || rc == 1)
		warn_of_other(bootstrap, name, ctx->planning && rc == 1);
	if (rc == 0 && bootstrap->account.uid == 0)
		log_info(ctx->log,
			"[app] account: '%s' %s: user 0 keeps its names and its home",
			bootstrap->account.name,
			ctx->planning ? "would not be made" : "is not made");
	if (rc == 1)
		report(bootstrap, ctx->planning ? "would be" : "is now");
	if (rc == 2) {
		const struct log_event event = {
			.level = name && !*name ? LOG_INFO : LOG_DEBUG,
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
