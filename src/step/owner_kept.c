/* SPDX-License-Identifier: MIT */
/* What keeps another owner or group than its step writes. */
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/privilege.h"
#include "base/str.h"
#include "proc/identity.h"
#include "step/owner.h"
#include "step/step.h"

const char *owner_why_kept(void)
{
	return privileged_to_give()
		? "its file system does not allow it; mount it so that it is theirs"
		: "root lacks CAP_CHOWN; give the container that capability";
}

const char *owner_name(const struct ctx *ctx, uid_t uid)
{
	const struct identity *app = &ctx->app;

	return app->set && app->uid == uid && app->name && *app->name ? app->name : NULL;
}

const char *owner_advice(const struct ctx *ctx, uid_t uid, const char *where)
{
	const char *name = owner_name(ctx, uid);

	return arena_printf(ctx->arena, "%swrite owner = %s into %s",
		privileged_to_give() ? "" : "give the container CAP_CHOWN and ",
		name ? name : arena_printf(ctx->arena, "%u", uid), where);
}

/* Has the user who is to be its owner less access than that one has? */
static bool user_lacks(struct ctx *ctx, uid_t uid, const struct stat *st)
{
	struct identity identity = {.uid = uid};
	DECLARE_ERR(ignored); /* then without its groups */

	(void)identity_find(
		arena_printf(ctx->arena, "%u", uid), "", ctx->arena, &identity, &ignored);
	return !owner_may(&identity, st, st->st_mode >> 6 & 07);
}

/* Has its group other rights than all others, who are its new one, too? */
static bool group_lacks(const struct stat *st)
{
	return (st->st_mode >> 3 & 07) != (st->st_mode & 07);
}

/* `what` is wrong with it; `has` is what would be written for what it is. */
static void warn(struct ctx *ctx, const char *key, const char *path,
	const struct stat *st, const char *what, const char *has)
{
	const struct step *step = ctx->asked.step;
	const struct log_event event = {
		.level = ctx->asked.said ? LOG_DEBUG : LOG_WARN,
		.at = section_place(step->section, key),
		.message = arena_printf(ctx->arena,
			"[%s] %s: '%s' (%u:%u, %04o) cannot be %s, or write %s = %s if "
			"it is to stay so",
			step->id, key, path, st->st_uid, st->st_gid,
			(unsigned)(st->st_mode & 07777), what, key, has),
	};

	log_event(ctx->log, &event);
	ctx->asked.said = true;
}

static const char *number(struct ctx *ctx, unsigned id)
{
	return arena_printf(ctx->arena, "%u", id);
}

static void warn_not_given(struct ctx *ctx, const char *key, const char *path,
	const struct stat *st, unsigned wanted, unsigned has)
{
	const char *what = arena_printf(ctx->arena, "given to %s %u: %s",
		str_equal(key, "owner") ? "user" : key, wanted, owner_why_kept());

	warn(ctx, key, path, st, what, number(ctx, has));
}

/* The mode that is written lets others at it less, and could not be set in silence. */
static bool warn_not_closed(struct ctx *ctx, const struct fs_attr *attr, const char *path,
	const struct stat *st)
{
	if (!attr->fix_mode || !(st->st_mode & 077 & ~attr->mode) ||
		(st->st_uid != geteuid() && !privileged_to_set_modes()))
		return false;
	warn(ctx, "mode", path, st,
		"closed to others: its file system has no modes; mount it with one that "
		"closes it",
		arena_printf(ctx->arena, "%04o", (unsigned)(st->st_mode & 0777)));
	return true;
}

/*
 * Not as root: we are to be its owner, are not, and cannot write to it as that one can.
 * Of a directory owner_warn_unwritable() says it.
 */
static bool warn_not_ours(struct ctx *ctx, const char *path, const struct stat *st)
{
	if (!ctx->asked.us || S_ISDIR(st->st_mode) || st->st_uid == geteuid() ||
		!(st->st_mode & S_IWUSR) || owner_may_use(ctx, path, st, W_OK))
		return false;
	warn(ctx, "owner", path, st,
		arena_printf(ctx->arena,
			"written by us, user %u; give it to this user (owner, group or "
			"fsGroup)",
			geteuid()),
		number(ctx, st->st_uid));
	return true;
}

bool owner_may_be_kept(
	const struct ctx *ctx, const struct fs_attr *attr, const struct stat *known)
{
	if (!ctx->asked.step)
		return false;
	if (!known)
		return attr->fix_mode || attr->fix_uid || attr->fix_gid || ctx->asked.us;
	return (attr->fix_mode && (known->st_mode & 077 & ~attr->mode)) ||
		(attr->fix_uid && known->st_uid != attr->uid) ||
		(attr->fix_gid && known->st_gid != attr->gid) || ctx->asked.us;
}

bool owner_warn_kept(struct ctx *ctx, const struct fs_attr *attr, const char *path,
	const struct stat *known)
{
	struct stat st;
	DECLARE_ERR(ignored); /* it was just there */

	if (!owner_may_be_kept(ctx, attr, known) ||
		(!known && fs_lookup(&ctx->fs, path, FS_ANY, &st, &ignored) != 0))
		return false;
	if (known)
		st = *known;
	if (S_ISLNK(st.st_mode))
		return false;
	if (geteuid() != 0)
		return warn_not_closed(ctx, attr, path, &st) ||
			warn_not_ours(ctx, path, &st);
	/* What another user could do with it was not to be, however open it is. */
	if (attr->fix_uid && st.st_uid != attr->uid &&
		(st.st_uid != 0 || user_lacks(ctx, attr->uid, &st)))
		warn_not_given(ctx, "owner", path, &st, attr->uid, st.st_uid);
	else if (attr->fix_gid && st.st_gid != attr->gid && group_lacks(&st))
		warn_not_given(ctx, "group", path, &st, attr->gid, st.st_gid);
	else
		return warn_not_closed(ctx, attr, path, &st);
	return true;
}
