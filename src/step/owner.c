/* SPDX-License-Identifier: MIT */
/* Turning mode, owner and group keys into what base/fs gives an object. */
#include "step/owner.h"

#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "proc/identity.h"
#include "step/step.h"

/*
 * Not root, nothing can be given away (OpenShift's arbitrary uid): a debug line, and
 * fine.
 */
static bool cannot_give(
	const struct ctx *ctx, const char *what, const struct field_name *name)
{
	if (geteuid() == 0)
		return false;
	if (name->set)
		log_debug(ctx->log, "%s '%s' is left as it is: we are not root", what,
			name->name);
	return true;
}

int owner_attr(struct ctx *ctx, const struct field_mode *mode,
	const struct field_name *owner, const struct field_name *group,
	struct fs_attr *ret, struct err *err)
{
	struct fs_attr attr = {
		.mode = mode->mode,
		.fix_mode = mode->set,
		.uid = FS_INHERIT,
		.gid = (gid_t)FS_INHERIT,
	};

	if (ctx->app.set) {
		attr.uid = ctx->app.uid;
		attr.gid = ctx->app.gid;
	}
	if (*owner->name && !cannot_give(ctx, "owner", owner)) {
		if (identity_find_owner(
			    owner->name, group->name, &attr.uid, &attr.gid, err) < 0)
			return -1;
		attr.fix_uid = owner->set;
	}
	if (*group->name && !cannot_give(ctx, "group", group)) {
		if (identity_find_gid(group->name, &attr.gid, err) < 0)
			return -1;
		attr.fix_gid = group->set;
	}
	ctx->fs.owner = attr.uid;
	*ret = attr;
	return 0;
}

bool owner_can_become(const struct identity *identity)
{
	if (geteuid() == 0)
		return true;
	return identity->uid == geteuid() &&
		(!identity->group_set || identity->gid == getegid());
}

static bool in_group(const struct identity *identity, gid_t gid)
{
	bool found = identity->gid == gid;

	for (size_t i = 0; i < identity->groups_count; i++)
		found = found || identity->groups[i] == gid;
	return found;
}

void owner_warn(const struct ctx *ctx, const char *path, const struct fs_attr *attr)
{
	DECLARE_ERR(err);
	struct stat st;
	bool usable;

	if (geteuid() != 0 || !ctx->app.set || ctx->app.uid == 0)
		return;
	if (fs_lookup(&ctx->fs, path, &st, &err) != 0)
		return;
	usable = st.st_uid == ctx->app.uid       ? st.st_mode & S_IRUSR
		: in_group(&ctx->app, st.st_gid) ? st.st_mode & S_IRGRP
						 : st.st_mode & S_IROTH;
	if (!usable)
		log_warn(ctx->log,
			"'%s' (%u:%u, %04o) cannot be read by the application's user %u; "
			"give the step that owner, or leave `owner` out",
			path, st.st_uid, st.st_gid, (unsigned)attr->mode, ctx->app.uid);
}
