/* SPDX-License-Identifier: MIT */
/* Who the application is, before the first step. */
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/problems.h"
#include "plan/account.h"
#include "plan/bootstrap.h"
#include "proc/capabilities.h"
#include "proc/identity.h"
#include "step/owner.h"

/* Adds what is wrong with that key. Returns 0, or -1: it is not the configuration. */
static int add(struct bootstrap *bootstrap, const char *key, struct err *err)
{
	(void)settings_locate(&bootstrap->conf, key, err); /* always -1 */
	if (err->kind != ERR_CONFIG)
		return -1;
	problems_add_err(&bootstrap->problems, err);
	err_init(err);
	return 0;
}

/* Each that is wrong. Returns 0, or -1. */
static int add_groups(struct bootstrap *bootstrap, struct err *err)
{
	const struct list *groups = &bootstrap->settings.app.groups;
	gid_t gid;

	for (size_t i = 0; i < groups->count; i++)
		if (identity_find_gid(groups->items[i], &gid, err) < 0 &&
			add(bootstrap, "groups", err) < 0)
			return -1;
	return 0;
}

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
		return add(bootstrap, "groups", err) < 0 ? -1
							 : add_groups(bootstrap, err);
	if (geteuid() == 0 || capabilities_may_set_groups())
		*identity = changed;
	else /* said once: of a user or group, if one is written */
		log_message(bootstrap->ctx.log, identity->set ? LOG_DEBUG : LOG_INFO,
			"[app] groups: we are not root, may not change groups, and stay "
			"in ours");
	return 0;
}

/* What is wrong with the user, the group and the groups. Returns 0, or -1. */
static int add_identity(struct bootstrap *bootstrap, struct err *both, struct err *err)
{
	const struct app_settings *app = &bootstrap->settings.app;
	const char *user = app->user, *group = app->group.name;
	struct identity ignored;
	bool found = false;
	gid_t gid;

	if (*user && *group) {
		if (identity_find(user, "", &bootstrap->arena, &ignored, err) < 0) {
			found = true;
			if (add(bootstrap, "user", err) < 0)
				return -1;
		}
		if (identity_find_gid(group, &gid, err) < 0) {
			found = true;
			if (add(bootstrap, "group", err) < 0)
				return -1;
		}
	}
	if (!found && add(bootstrap, *user ? "user" : "group", both) < 0) {
		*err = *both;
		return -1;
	}
	return add_groups(bootstrap, err);
}

static int settle_identity(struct bootstrap *bootstrap, struct err *err)
{
	struct app_settings *app = &bootstrap->settings.app;
	struct identity identity;
	DECLARE_ERR(both);

	if (!*app->user && !*app->group.name && !app->groups.count)
		return 0;
	if (identity_find(
		    app->user, app->group.name, &bootstrap->arena, &identity, &both) < 0)
		return add_identity(bootstrap, &both, err);
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
	const struct app_settings *app = &bootstrap->settings.app;
	size_t before = bootstrap->problems.count;

	if (bootstrap->purpose == TO_CHECK || before)
		settle_rules(bootstrap);
	/* What could not be read has its error already. */
	if (bootstrap->ctx.tolerant || bootstrap->as_given || !app->user ||
		!app->group.name)
		return 0;
	if (settle_identity(bootstrap, err) < 0 ||
		(account_settle(bootstrap, err) < 0 &&
			add(bootstrap, "account", err) < 0))
		return -1;
	bootstrap->unsettled = bootstrap->problems.count - before;
	if (bootstrap->unsettled) { /* its name is no error of a step, and is not made */
		bootstrap->ctx.account = bootstrap->account.name;
		bootstrap->account.name = NULL;
	}
	return 0;
}
