/* SPDX-License-Identifier: MIT */
/* Who the application is, before the first step. */
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "plan/account.h"
#include "plan/bootstrap.h"
#include "proc/capabilities.h"
#include "proc/identity.h"
#include "step/owner.h"

/*
 * Not root, and no right to change groups: those that we have stay, as an owner does who
 * is not us. Root who may not is an error, in identity_become().
 */
static int settle_groups(
	struct bootstrap *bootstrap, struct identity *identity, struct err *err)
{
	const struct list *groups = &bootstrap->settings.app.groups;
	struct identity changed = *identity;

	if (!groups->count)
		return 0;
	if (identity_set_groups(
		    &changed, groups->items, groups->count, &bootstrap->arena, err) < 0)
		return settings_locate(&bootstrap->conf, "groups", err);
	if (geteuid() == 0 || capabilities_may_set_groups())
		*identity = changed;
	else /* said once: of a user or group, if one is written */
		log_message(bootstrap->ctx.log, identity->set ? LOG_DEBUG : LOG_INFO,
			"[app] groups: we are not root, may not change groups, and stay "
			"in ours");
	return 0;
}

static int settle_identity(struct bootstrap *bootstrap, struct err *err)
{
	struct app_settings *app = &bootstrap->settings.app;
	struct identity identity;

	if (!*app->user && !*app->group.name && !app->groups.count)
		return 0;
	if (identity_find(app->user, app->group.name, &bootstrap->arena, &identity, err) <
		0)
		return settings_locate(
			&bootstrap->conf, *app->user ? "user" : "group", err);
	if (settle_groups(bootstrap, &identity, err) < 0)
		return -1;
	if (!identity.set) /* nothing but groups was written */
		return 0;
	if (!owner_can_become(&identity)) {
		log_info(bootstrap->ctx.log,
			"[app] %s '%s': we are not root and stay %u:%u",
			*app->user ? "user" : "group",
			*app->user ? app->user : app->group.name, geteuid(), getegid());
		return 0;
	}
	app->launch.identity = bootstrap->ctx.app = identity;
	bootstrap->ctx.fs.app = identity.uid;
	bootstrap->ctx.fs.app_group = identity.gid;
	return 0;
}

/*
 * For `check`, and for what else is said where something is wrong: whose texts are no
 * stranger's, where the user of [app] is known.
 */
static void settle_rules(struct bootstrap *bootstrap)
{
	const struct app_settings *app = &bootstrap->settings.app;
	struct fs *fs = &bootstrap->ctx.fs;
	DECLARE_ERR(ignored); /* a start may be made elsewhere */

	if (app->user && *app->user && app->group.name)
		(void)identity_find_owner(
			app->user, app->group.name, &fs->app, &fs->app_group, &ignored);
}

int bootstrap_settle(struct bootstrap *bootstrap, struct err *err)
{
	if (bootstrap->purpose == TO_CHECK || bootstrap->problems.count)
		settle_rules(bootstrap);
	if (bootstrap->ctx.tolerant || bootstrap->problems.count || bootstrap->as_given)
		return 0;
	return settle_identity(bootstrap, err) < 0 ? -1 : account_settle(bootstrap, err);
}
