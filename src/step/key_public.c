/* SPDX-License-Identifier: MIT */
/* Deriving, comparing and publishing public halves. */
#include "step/key_public.h"

#include <string.h>

#include "base/crypto.h"
#include "base/err.h"
#include "step/owner.h"
#include "step/parents.h"
#include "step/step.h"

#define PUBLIC_FILE_MAX ((size_t)4096)

/* It is public whatever `mode` says of the private half. */
static struct fs_attr attr_of(const struct fs_attr *private)
{
	struct fs_attr attr = *private;

	attr.mode = 0644;
	attr.fix_mode = false;
	return attr;
}

/* With validate = no the private half may be anything, which has no other half. */
static int derive(const struct key_conf *conf, const struct buf *key, struct buf *ret,
	struct err *err)
{
	CLEANUP_BUF struct buf private = BUF_INIT;

	if (key_form_check(conf, key, "the private key", &private, err) < 0)
		return err_append(
			err, "; its public half '%s' cannot be made", conf->public);
	key_form_public(conf, &private, ret);
	return 0;
}

/* Returns 0 where the file holds the public half, 1 where it is missing, or -1. */
static int compare(const struct key_conf *conf, const struct ctx *ctx,
	const struct buf *public, struct err *err)
{
	CLEANUP_BUF struct buf found = BUF_INIT;
	int rc = fs_read(&ctx->fs, conf->public, FS_OURS, PUBLIC_FILE_MAX, &found, err);

	if (rc == 1) {
		struct stat st;

		/* Anything by now is a link to nothing, or was made this moment. */
		rc = fs_lookup(&ctx->fs, conf->public, FS_ANY, &st, err);
		if (rc != 0)
			return rc;
		return err_set(err, S_ISLNK(st.st_mode) ? ERR_FAILED : ERR_TEMPORARY,
			"'%s' is %s", conf->public,
			S_ISLNK(st.st_mode) ? "a link to nothing; remove it"
					    : "being made by another process");
	}
	if (rc < 0)
		return -1;
	if (!key_form_is_raw(conf))
		step_drop_newline(&found);
	if (found.len == public->len &&
		memcmp(found.data, public->data, public->len) == 0)
		return 0;
	return err_fail(err,
		"'%s' is not the public half of the key '%s'; both are left as they are: "
		"restore the key that belongs to it, or remove '%s' to have it made",
		conf->public, conf->path, conf->public);
}

/* Mode and owner of the one that is there, but of what a link leads to. */
static int differs(const struct key_conf *conf, struct ctx *ctx,
	const struct fs_attr *attr, struct buf *why, struct err *err)
{
	CLEANUP_BUF struct buf what = BUF_INIT;
	struct stat st;

	if (fs_lookup(&ctx->fs, conf->public, FS_ANY, &st, err) < 0)
		return -1;
	if (S_ISLNK(st.st_mode))
		return IN_PLACE;
	if (!fs_attr_differs(&st, attr, &what)) {
		(void)owner_warn_kept(ctx, attr, conf->public, &st);
		return IN_PLACE;
	}
	step_change(ctx, CHANGE_CHANGED);
	buf_separate(why, "; ");
	buf_printf(why, "fix '%s': %s", conf->public, what.data);
	return parents_check_fix(ctx, conf->public, err);
}

int key_public_check(const struct key_conf *conf, struct ctx *ctx,
	const struct fs_attr *attr, const struct buf *key, struct buf *why,
	struct err *err)
{
	CLEANUP_BUF struct buf public = BUF_INIT;
	struct fs_attr own = attr_of(attr);
	int rc;

	if (!*conf->public)
		return IN_PLACE;
	if (derive(conf, key, &public, err) < 0)
		return -1;
	rc = compare(conf, ctx, &public, err);
	if (rc == 0)
		return differs(conf, ctx, &own, why, err);
	if (rc == 1) {
		step_change(ctx, CHANGE_MADE);
		buf_separate(why, "; ");
		buf_printf(why, "make its public half '%s'", conf->public);
		rc = parents_check(ctx, "create", conf->public, err);
	}
	return rc;
}

int key_public_apply(const struct key_conf *conf, struct ctx *ctx,
	const struct fs_attr *attr, const struct buf *key, struct buf *did,
	struct err *err)
{
	CLEANUP_BUF struct buf public = BUF_INIT;
	struct fs_attr own = attr_of(attr);
	enum fs_outcome outcome;
	int rc;

	if (!*conf->public)
		return 0;
	if (derive(conf, key, &public, err) < 0)
		return -1;
	rc = compare(conf, ctx, &public, err);
	if (rc == 1) {
		if (fs_write(&ctx->fs, conf->public, public.data, public.len, &own, false,
			    &outcome, err) < 0)
			return -1;
		if (outcome == FS_MADE) {
			step_change(ctx, CHANGE_MADE);
			buf_separate(did, "; ");
			buf_printf(did, "made its public half '%s'", conf->public);
			return 1;
		}
		/* Made by another process meanwhile: it must be the same one. */
		rc = compare(conf, ctx, &public, err);
	}
	return rc == 0 ? owner_fix_file(ctx, conf->public, &own, err) : rc;
}
