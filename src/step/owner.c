/* SPDX-License-Identifier: MIT */
/* Turning mode, owner and group keys into what base/fs gives an object. */
#include "step/owner.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "proc/identity.h"
#include "step/parents.h"
#include "step/step.h"

/*
 * Not root, nothing can be given away (OpenShift's arbitrary uid): a debug line, and
 * fine, but for what we cannot use, and are the owner of as it is written.
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

/* The same of a group. */
static int find_group(
	const struct ctx *ctx, const char *group, gid_t *ret, struct err *err)
{
	if (!ctx->account || !str_equal(group, ctx->account))
		return identity_find_gid(group, ret, err);
	*ret = ctx->app.gid;
	return 0;
}

/* As identity_find_owner(): the account of [app] has its numbers already. */
static int find_owner(const struct ctx *ctx, const char *owner, const char *group,
	uid_t *ret_uid, gid_t *ret_gid, struct err *err)
{
	if (!ctx->account || !str_equal(owner, ctx->account))
		return identity_find_owner(owner, group, ret_uid, ret_gid, err);
	if (*group && find_group(ctx, group, ret_gid, err) < 0)
		return -1;
	*ret_uid = ctx->app.uid;
	if (!*group)
		*ret_gid = ctx->app.gid;
	return 0;
}

static bool is_us(const struct ctx *ctx, const char *owner)
{
	uid_t uid = FS_INHERIT;
	gid_t gid;
	DECLARE_ERR(ignored); /* it has no entry here, where it is not looked for */

	return find_owner(ctx, owner, "", &uid, &gid, &ignored) == 0 && uid == geteuid();
}

int owner_attr(const struct step *step, struct ctx *ctx, const struct access *access,
	struct fs_attr *ret, struct err *err)
{
	const struct field_name *owner = &access->owner;
	const struct field_name *group = &access->group;
	struct fs_attr attr = {
		.mode = access->mode.mode,
		.fix_mode = access->mode.set,
		.uid = FS_INHERIT,
		.gid = (gid_t)FS_INHERIT,
	};

	if (ctx->asked.step != step)
		ctx->asked = (struct asked){.step = step,
			.owner = *owner->name || *group->name,
			.us = owner->set && geteuid() != 0 && is_us(ctx, owner->name)};
	if (ctx->app.set) {
		attr.uid = ctx->app.uid;
		attr.gid = ctx->app.gid;
	}
	if (*owner->name && !cannot_give(ctx, "owner", owner)) {
		if (find_owner(ctx, owner->name, group->name, &attr.uid, &attr.gid, err) <
			0)
			return step_locate_key(step, "owner", err);
		attr.fix_uid = owner->set;
	}
	if (*group->name && !cannot_give(ctx, "group", group)) {
		if (find_group(ctx, group->name, &attr.gid, err) < 0)
			return step_locate_key(step, "group", err);
		attr.fix_gid = group->set;
	}
	ctx->fs.owner = attr.uid;
	ctx->fs.owner_key = "owner";
	*ret = attr;
	return 0;
}

int owner_fix_file(
	struct ctx *ctx, const char *path, const struct fs_attr *attr, struct err *err)
{
	enum fs_outcome outcome;
	struct stat st;
	int rc = fs_lookup(&ctx->fs, path, FS_ANY, &st, err);

	if (rc != 0 || S_ISLNK(st.st_mode))
		return rc < 0 ? -1 : 0;
	if (fs_fix(&ctx->fs, path, S_IFREG, attr, &outcome, err) < 0)
		return -1;
	if (outcome == FS_FIXED)
		step_change(ctx, CHANGE_CHANGED);
	(void)owner_warn_kept(ctx, attr, path, NULL); /* whether or not */
	return outcome == FS_FIXED;
}

static bool is_read_only(const char *path)
{
	struct statvfs fs;

	return statvfs(path, &fs) == 0 && (fs.f_flag & ST_RDONLY);
}

/* With the step at work, and its place. */
static void say(const struct ctx *ctx, const char *message)
{
	const struct step *step = ctx->asked.step;
	struct log_event event = {.level = LOG_WARN, .message = message};

	if (step) {
		event.at = step->section->at;
		event.message = arena_printf(ctx->arena, "[%s] %s", step->id, message);
	}
	log_event(ctx->log, &event);
}

void owner_warn_open(const struct ctx *ctx, const char *what, const char *path,
	mode_t mode, mode_t wanted, const char *advice)
{
	if (!(mode & 077 & ~wanted) || is_read_only(path))
		return;
	say(ctx,
		arena_printf(ctx->arena,
			"the %s '%s' has mode %04o, which lets others at it; chmod %04o "
			"it%s",
			what, path, (unsigned)(mode & 07777), (unsigned)wanted, advice));
}

void owner_warn_open_source(const struct ctx *ctx, const char *what, const char *path)
{
	struct stat st;
	DECLARE_ERR(ignored); /* it was read */

	if (fs_lookup(&ctx->fs, path, FS_ANY, &st, &ignored) == 0 && !S_ISLNK(st.st_mode))
		owner_warn_open(ctx, what, path, st.st_mode, 0600, "");
}

/*
 * What is found at `path`, unless it is known, and in a plan, will be by then: in `ret`.
 * False where it is missing.
 */
static bool look_at(const struct ctx *ctx, const char *path, const struct stat *known,
	struct stat *ret)
{
	DECLARE_ERR(ignored);

	if (!known)
		return fs_lookup(&ctx->fs, path, FS_ANY, ret, &ignored) == 0;
	*ret = *known;
	parents_foresee(ctx, path, ret);
	return true;
}

/* `advice` says what to do where the object belongs to another user. */
static void warn_unusable(const struct ctx *ctx, const char *path, const struct stat *st,
	const char *use, const char *advice)
{
	bool root = geteuid() == 0;
	uid_t user = owner_user(ctx);
	const char *name = owner_name(ctx, user);

	say(ctx,
		arena_printf(ctx->arena, "'%s' (%u:%u, %04o) cannot be %s by %s %u%s; %s",
			path, st->st_uid, st->st_gid, (unsigned)(st->st_mode & 07777),
			use, root ? "the application's user" : "us, user", user,
			name ? arena_printf(ctx->arena, " (%s)", name) : "", advice));
}

/* Returns whether it warned. */
static bool warn_unreadable(
	const struct ctx *ctx, const char *path, const struct stat *st)
{
	bool directory = S_ISDIR(st->st_mode);
	mode_t needed = directory ? R_OK | X_OK : R_OK;
	mode_t all = needed << 6 | needed << 3 | needed;
	const char *advice = "write a wider `mode` into the step";
	uid_t user;

	/* Mostly everybody may. */
	if (S_ISLNK(st->st_mode) || (st->st_mode & all) == all ||
		owner_may_use(ctx, path, st, needed))
		return false;
	user = owner_user(ctx);
	if (geteuid() != 0 && st->st_uid != user)
		advice = "give it to this user (owner, group or fsGroup)";
	else if (st->st_uid != user)
		advice = arena_printf(ctx->arena, "%s, or a wider `mode`",
			owner_advice(ctx, user, "the step"));
	warn_unusable(ctx, path, st, directory ? "entered" : "read", advice);
	return true;
}

/* As root the cause comes first, what was not given away. Returns whether it warned. */
static bool warn_any(struct ctx *ctx, const struct fs_attr *attr, const char *path,
	const struct stat *st, bool made)
{
	struct fs_attr asked = *attr;

	/* What is new was to get all of it; of owners, if the step has written any. */
	asked.fix_mode |= made;
	asked.fix_uid |= made && ctx->asked.owner && attr->uid != FS_INHERIT;
	asked.fix_gid |= made && ctx->asked.owner && attr->gid != (gid_t)FS_INHERIT;
	if (!owner_may_be_kept(ctx, &asked, st))
		return warn_unreadable(ctx, path, st);
	if (geteuid() == 0 && owner_warn_kept(ctx, &asked, path, st))
		return true;
	return warn_unreadable(ctx, path, st) ||
		(geteuid() != 0 && owner_warn_kept(ctx, &asked, path, st));
}

static void warn_exchangeable(const struct ctx *ctx, const char *path)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	DECLARE_ERR(ignored); /* it was just made there */
	struct stat st;

	if (!ctx->fs.guarded || fs_walk(&ctx->fs, path, &entry, &ignored) != 0 ||
		entry.hold.by == FS_NOBODY)
		return;
	if (fstatat(entry.dirfd, entry.name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		st.st_uid != geteuid())
		return;
	if (entry.hold.by == FS_ANYONE)
		say(ctx,
			arena_printf(ctx->arena,
				"the secret '%s' is root's, but others can exchange it "
				"there; give it to the application's user, or use "
				"another directory",
				path));
	else
		say(ctx,
			arena_printf(ctx->arena,
				"the secret '%s' is root's, but user %u can exchange it "
				"there; write owner = %u into the step, or use another "
				"directory",
				path, entry.hold.uid, entry.hold.uid));
}

void owner_warn(struct ctx *ctx, const struct fs_attr *attr, const char *path,
	const struct stat *st, bool secret)
{
	struct stat found;

	if (look_at(ctx, path, st, &found))
		(void)warn_any(
			ctx, attr, path, &found, !st); /* it matters to directories */
	if (secret)
		warn_exchangeable(ctx, path);
}

/* Is it written to be root's, is it, and may its group not write there? */
static bool is_roots_alone(
	const struct ctx *ctx, const struct access *access, const struct stat *st)
{
	uid_t uid = FS_INHERIT;
	gid_t gid;
	DECLARE_ERR(ignored);

	return access->owner.set && st->st_uid == 0 && !(st->st_mode & S_IWGRP) &&
		find_owner(ctx, access->owner.name, "", &uid, &gid, &ignored) == 0 &&
		uid == 0;
}

/*
 * Whoever writes an owner or a group has decided who is to write there. Not as root that
 * user is us, unless it was to be root; and in its own directory the mode decides.
 */
static bool is_decided(
	const struct ctx *ctx, const struct access *access, const struct stat *st)
{
	if (st->st_uid == owner_user(ctx))
		return access->mode.set;
	if (geteuid() != 0)
		return is_roots_alone(ctx, access, st);
	return access->owner.set || access->group.set;
}

void owner_warn_unwritable(struct ctx *ctx, const struct access *access,
	const struct fs_attr *attr, const char *path, const struct stat *known)
{
	uid_t user = owner_user(ctx);
	struct stat st;
	const char *advice;

	if (!look_at(ctx, path, known, &st) || warn_any(ctx, attr, path, &st, !known) ||
		(st.st_uid == user && (st.st_mode & S_IRWXU) == S_IRWXU) ||
		is_decided(ctx, access, &st) ||
		owner_may_use(ctx, path, &st, R_OK | W_OK | X_OK) || is_read_only(path))
		return;
	if (st.st_uid == user)
		advice = arena_printf(ctx->arena,
			"write mode = %04o into the step, or mode = %04o if it is to "
			"stay so",
			(unsigned)((st.st_mode & 07777) | S_IRWXU),
			(unsigned)(st.st_mode & 07777));
	else if (geteuid() == 0)
		advice = arena_printf(ctx->arena, "%s, or owner = %u if it is to stay so",
			owner_advice(ctx, user, "the step"), st.st_uid);
	else
		advice = arena_printf(ctx->arena,
			"give it to this user (owner, group or fsGroup), or write "
			"writable_by = %u if it is to stay so",
			st.st_uid);
	warn_unusable(ctx, path, &st, "written", advice);
}

/* The mode in which each class that has r or w has x, too, and so has the owner. */
static mode_t open_mode(mode_t mode)
{
	for (int shift = 0; shift <= 6; shift += 3)
		if (mode >> shift & 06)
			mode |= 01U << shift;
	return mode & 0077 && !(mode & 0700) ? mode | 0700 : mode;
}

void owner_warn_closed(
	const struct step *step, const struct ctx *ctx, const struct access *access)
{
	mode_t mode = access->mode.mode;

	if (mode != open_mode(mode))
		log_warn_at(ctx->log, section_place(step->section, "mode"),
			"[%s] mode: with %04o who may read or write there, or the owner, "
			"cannot enter: write %04o",
			step->id, (unsigned)mode, (unsigned)open_mode(mode));
}
