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

/* The keys `mode`, `owner` and `group` of a kind: its struct has them as `access`. */
struct access {
	struct field_mode mode;
	struct field_name owner;
	struct field_name group;
};

#define ACCESS_FIELD(conf, key, key_type, default_value, text) \
	{ \
		.name = #key, .type = (key_type), .offset = offsetof(conf, access.key), \
		.def = (default_value), .help = (text) \
	}

/* Their rows in the table of fields whose struct is `conf`. */
#define ACCESS_FIELDS(conf, default_mode, mode_help) \
	ACCESS_FIELD(conf, mode, FIELD_MODE, default_mode, mode_help), \
		ACCESS_FIELD(conf, owner, FIELD_USER, NULL, \
			"the user it belongs to (default: the application's)"), \
		ACCESS_FIELD(conf, group, FIELD_GROUP, NULL, "the group it belongs to")

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

/* Does the mode of `st` allow that user `needed` (4 read, 2 write, 1 execute)? */
bool owner_may(const struct identity *identity, const struct stat *st, mode_t needed);

/*
 * May that user access(2) `name` in `dirfd` in `mode`? A child becomes the user and asks
 * the kernel, which knows of more than the mode; to become another user would cost this
 * process its death signal. Returns 1, 0, or -1 where no child could be made.
 */
int owner_access(const struct identity *identity, int dirfd, const char *name, int mode,
	struct err *err);

/*
 * Warns where the mode of the secret file `path` lets others at it: more than `wanted`
 * does. `what` it is, for the message, and what else would settle it, or "". Not for a
 * mount that is read-only, as those of Kubernetes and Docker, which cannot do better.
 */
void owner_warn_open(const struct ctx *ctx, const char *what, const char *path,
	mode_t mode, mode_t wanted, const char *advice);

/*
 * As root, warns where the application's user cannot read the file `path`, or enter the
 * directory; and where a `secret` of root's lies in a directory in which another user can
 * exchange it. To be called for what was found in place, and for what was made. `st` may
 * be NULL, and is then looked up.
 */
void owner_warn(
	const struct ctx *ctx, const char *path, const struct stat *st, bool secret);

/* Does what is at `path` belong to the owner and the group that are written? */
bool owner_is_as_written(
	const struct ctx *ctx, const struct access *access, const char *path);

/*
 * The same for a directory that the application is to write in: also where its user, who
 * may be us, cannot. Not for a mount that is read-only.
 */
void owner_warn_unwritable(
	const struct ctx *ctx, const char *path, const struct stat *known);

#endif
