/* SPDX-License-Identifier: MIT */
/*
 * Whose the things are that a step makes: its `owner`/`group`, else [app] user/group,
 * else the owner of the directory that they go into. On what exists already, only what
 * the step itself writes is put right.
 */
#ifndef STEP_OWNER_H
#define STEP_OWNER_H

#include "base/fs.h"
#include "conf/field.h"

struct ctx;
struct err;
struct identity;
struct step;
struct stop;

/* The keys `mode`, `owner` and `group` of a kind: its struct has them as `access`. */
struct access {
	struct field_mode mode;
	struct field_name owner;
	struct field_name group;
};

#define ACCESS_FIELD(conf, key, key_type, default_value, needed, others, text) \
	{ \
		.name = #key, .type = (key_type), .offset = offsetof(conf, access.key), \
		.def = (default_value), .needs = (needed), .help = (text), \
		.elsewhere = (others) \
	}

/*
 * Their rows in the table of fields whose struct is `conf`. `owner` says whose the files
 * may be that are read, too; mode and group need the key `needed`, or NULL.
 */
#define ACCESS_FIELDS_OF(conf, default_mode, needed, mode_help) \
	ACCESS_FIELD(conf, mode, FIELD_MODE, default_mode, needed, \
		"permissions perms perm chmod", mode_help), \
		ACCESS_FIELD(conf, owner, FIELD_USER, NULL, NULL, "user uid chown", \
			"the user it belongs to (default: the application's)"), \
		ACCESS_FIELD(conf, group, FIELD_GROUP, NULL, needed, "gid chgrp", \
			"the group it belongs to")
#define ACCESS_FIELDS(conf, default_mode, mode_help) \
	ACCESS_FIELDS_OF(conf, default_mode, NULL, mode_help)

/*
 * What base/fs is to give an object, and whose its files may be (ctx->fs: owner). Returns
 * 0, or -1 where there is no such user or group.
 */
int owner_attr(const struct step *step, struct ctx *ctx, const struct access *access,
	struct fs_attr *ret, struct err *err);

/*
 * Puts mode and owner of the file at `path` right, as far as `attr` fixes them; what a
 * link leads to, and what is missing, is left. Returns 1 where it changed something, else
 * 0, or -1.
 */
int owner_fix_file(
	struct ctx *ctx, const char *path, const struct fs_attr *attr, struct err *err);

/*
 * Can this process run something as that user and group? Root can; another only where it
 * is both already. Who cannot stays who it is, which is no error (OpenShift's arbitrary
 * uid).
 */
bool owner_can_become(const struct identity *identity);

/* Who is to use what the steps make: the application. Not root, it runs as we do. */
uid_t owner_user(const struct ctx *ctx);

/*
 * May the application's user, who not as root is us, read, write or execute (R_OK, W_OK,
 * X_OK) what is at `path`, with that `st`? True where it cannot be known.
 */
bool owner_may_use(
	const struct ctx *ctx, const char *path, const struct stat *st, mode_t needed);

/* Does the mode of `st` allow that user `needed` (4 read, 2 write, 1 execute)? */
bool owner_may(const struct identity *identity, const struct stat *st, mode_t needed);

/*
 * May that user access(2) `name` in `dirfd` in `mode`? A child becomes the user and asks
 * the kernel, which knows of more than the mode; to become another user would cost this
 * process its death signal. Returns 1, 0, or -1: where no child could be made, where it
 * does not answer for a few seconds, since any process of the user may stop or kill it,
 * and as stop_poll() does.
 */
int owner_access(const struct identity *identity, int dirfd, const char *name, int mode,
	struct stop *stop, struct err *err);

/*
 * Warns where the mode of the secret file `path` lets others at it: more than `wanted`
 * does. `what` it is, for the message, and what else would settle it, or "". Not for a
 * mount that is read-only, as those of Kubernetes and Docker, which cannot do better.
 */
void owner_warn_open(const struct ctx *ctx, const char *what, const char *path,
	mode_t mode, mode_t wanted, const char *advice);

/* The same of what a step reads and never makes, as 0600; a link is not looked at. */
void owner_warn_open_source(const struct ctx *ctx, const char *what, const char *path);

/*
 * Warns where the application's user, who not as root is us, cannot read the file `path`,
 * or enter the directory; and as root, where a `secret` of root's lies in a directory in
 * which another user can exchange it. To be called for what was found in place, and for
 * what was made or changed. `st` is NULL for what was just made, which was to get all of
 * `attr`, and is then looked up. owner_warn_kept() comes first.
 */
void owner_warn(struct ctx *ctx, const struct fs_attr *attr, const char *path,
	const struct stat *st, bool secret);

/*
 * As owner_warn(), for a directory that the application is to write in: also where its
 * user cannot, unless `access` shows that it is meant. Not for a mount that is read-only.
 */
void owner_warn_unwritable(struct ctx *ctx, const struct access *access,
	const struct fs_attr *attr, const char *path, const struct stat *known);

/*
 * Warns, once for a step, where the object `known`, in place or just made, has another
 * owner or group than the step writes, since it could not be given to them, and the
 * rights that these would have are not theirs all the same; or is open to others, and its
 * file system did not close it. Not as root this is about us
 * alone: what was to be another user's is ours, and fine. `known` may be NULL. Returns
 * whether it is so.
 */
bool owner_warn_kept(struct ctx *ctx, const struct fs_attr *attr, const char *path,
	const struct stat *known);

/* May it be so? This costs nothing, and is asked of each object. */
bool owner_may_be_kept(
	const struct ctx *ctx, const struct fs_attr *attr, const struct stat *known);

/* Why it could not, with what to do. */
const char *owner_why_kept(void);

/* The name of the application's user, where it has that number and one, or NULL. */
const char *owner_name(const struct ctx *ctx, uid_t uid);

/* "write owner = 1000 into the step" (`where`), with what else that takes here. */
const char *owner_advice(const struct ctx *ctx, uid_t uid, const char *where);

/*
 * Warns where the `mode` of a directory lets a class read or write, but not enter it, or
 * gives its owner nothing and others something.
 */
void owner_warn_closed(
	const struct step *step, const struct ctx *ctx, const struct access *access);

#endif
