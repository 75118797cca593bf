/* SPDX-License-Identifier: MIT */
/* Turning mode, owner and group keys into what base/fs gives an object. */
#include "step/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
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
	return outcome == FS_FIXED;
}

bool owner_can_become(const struct identity *identity)
{
	if (geteuid() == 0)
		return true;
	return identity->uid == geteuid() &&
		(!identity->group_set || identity->gid == getegid());
}

bool owner_may(const struct identity *identity, const struct stat *st, mode_t needed)
{
	bool in_group = identity->gid == st->st_gid;
	mode_t bits = st->st_mode;

	for (size_t i = 0; i < identity->groups_count; i++)
		in_group |= identity->groups[i] == st->st_gid;
	if (st->st_uid == identity->uid)
		bits >>= 6;
	else if (in_group)
		bits >>= 3;
	return (bits & needed) == needed;
}

int owner_access(const struct identity *identity, int dirfd, const char *name, int mode,
	struct err *err)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return err_sys(err, "fork");
	if (pid == 0)
		_exit(identity_become(identity, err) == 0 &&
					faccessat(dirfd, name, mode, AT_EACCESS) == 0
				? 0
				: 1);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_sys(err, "wait");
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool is_read_only(const char *path)
{
	struct statvfs fs;

	return statvfs(path, &fs) == 0 && (fs.f_flag & ST_RDONLY);
}

void owner_warn_open(const struct ctx *ctx, const char *what, const char *path,
	mode_t mode, mode_t wanted, const char *advice)
{
	if (!(mode & 077 & ~wanted) || is_read_only(path))
		return;
	log_warn(ctx->log,
		"the %s '%s' has mode %04o, which lets others at it; chmod %04o it%s",
		what, path, (unsigned)(mode & 07777), (unsigned)wanted, advice);
}

/* What is found at `path`, unless it is known: in `ret`. False where it is missing. */
static bool look_at(const struct ctx *ctx, const char *path, const struct stat *known,
	struct stat *ret)
{
	DECLARE_ERR(ignored);

	if (!known)
		return fs_lookup(&ctx->fs, path, FS_ANY, ret, &ignored) == 0;
	*ret = *known;
	return true;
}

/* Are we root, and the application is not to be? */
static bool is_for_another(const struct ctx *ctx)
{
	return geteuid() == 0 && ctx->app.set && ctx->app.uid != 0;
}

/* Returns whether it warned. */
static bool warn_unreadable(
	const struct ctx *ctx, const char *path, const struct stat *st)
{
	if (!is_for_another(ctx) || S_ISLNK(st->st_mode) ||
		owner_may(&ctx->app, st, S_ISDIR(st->st_mode) ? R_OK | X_OK : R_OK))
		return false;
	log_warn(ctx->log,
		"'%s' (%u:%u, %04o) cannot be %s by the application's user %u; write "
		"owner = %u into the step, or a wider `mode`",
		path, st->st_uid, st->st_gid, (unsigned)(st->st_mode & 07777),
		S_ISDIR(st->st_mode) ? "entered" : "read", ctx->app.uid, ctx->app.uid);
	return true;
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
		log_warn(ctx->log,
			"the secret '%s' is root's, but others can exchange it there; "
			"give it to the application's user, or use another directory",
			path);
	else
		log_warn(ctx->log,
			"the secret '%s' is root's, but user %u can exchange it there; "
			"write owner = %u into the step, or use another directory",
			path, entry.hold.uid, entry.hold.uid);
}

void owner_warn(
	const struct ctx *ctx, const char *path, const struct stat *st, bool secret)
{
	struct stat found;

	if (look_at(ctx, path, st, &found))
		(void)warn_unreadable(ctx, path, &found); /* it matters to directories */
	if (secret)
		warn_exchangeable(ctx, path);
}

/* Can the application write in the directory, as far as that can be known? */
static bool can_write(const struct ctx *ctx, const char *path, const struct stat *st)
{
	const int needed = R_OK | W_OK | X_OK;
	DECLARE_ERR(ignored);

	if (geteuid() != 0)
		return faccessat(AT_FDCWD, path, needed, AT_EACCESS) == 0 ||
			errno != EACCES || is_read_only(path);
	if (!is_for_another(ctx) || owner_may(&ctx->app, st, needed))
		return true;
	/* An access control list may allow more. */
	return is_read_only(path) ||
		owner_access(&ctx->app, AT_FDCWD, path, needed, &ignored) != 0;
}

bool owner_is_as_written(
	const struct ctx *ctx, const struct access *access, const char *path)
{
	uid_t uid = FS_INHERIT;
	gid_t gid = (gid_t)FS_INHERIT;
	struct stat st;
	DECLARE_ERR(ignored);

	if (!look_at(ctx, path, NULL, &st))
		return true;
	if (access->owner.set &&
		(find_owner(ctx, access->owner.name, access->group.name, &uid, &gid,
			 &ignored) < 0 ||
			uid != st.st_uid))
		return false;
	return !access->group.set ||
		(find_group(ctx, access->group.name, &gid, &ignored) == 0 &&
			gid == st.st_gid);
}

void owner_warn_unwritable(
	const struct ctx *ctx, const char *path, const struct stat *known)
{
	bool root = geteuid() == 0;
	uid_t uid = root ? ctx->app.uid : geteuid();
	struct stat st;

	if (!look_at(ctx, path, known, &st) || warn_unreadable(ctx, path, &st) ||
		can_write(ctx, path, &st))
		return;
	log_warn(ctx->log,
		"'%s' (%u:%u, %04o) cannot be written by %s %u; %s, or owner = %u if it "
		"is to stay so",
		path, st.st_uid, st.st_gid, (unsigned)(st.st_mode & 07777),
		root ? "the application's user" : "us, user", uid,
		root ? arena_printf(ctx->arena, "write owner = %u into the step", uid)
		     : "give it to this user (owner, group or fsGroup)",
		st.st_uid);
}
