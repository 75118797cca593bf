/* SPDX-License-Identifier: MIT */
/* The key `writable_by` of the kind `directory`. */
#include "step/directory_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/err.h"
#include "step/owner.h"
#include "step/step.h"

static int raise_unwritable(const struct directory_writer *writer, const char *path,
	const struct identity *identity, const struct stat *st, struct err *err)
{
	return err_fail(err,
		"'%s' belongs to %u:%u with mode %04o, and user %u (%s) cannot write "
		"there; give it to that user (owner, group or fsGroup)",
		path, st->st_uid, st->st_gid, (unsigned)(st->st_mode & 07777),
		identity->uid, writer->user);
}

/* Returns 1 with the user, 0 where nobody is asked about, or -1. */
static int find_user(
	const struct directory_writer *writer, struct identity *ret, struct err *err)
{
	if (!*writer->user)
		return 0;
	if (identity_find(writer->user, "", writer->ctx->arena, ret, err) < 0)
		return step_locate_key(writer->step, "writable_by", err);
	/* Only root can ask as another user. */
	return geteuid() == 0 || ret->uid == geteuid();
}

int directory_writer_may(
	const struct directory_writer *writer, const char *path, struct err *err)
{
	struct identity identity;
	struct stat st;
	int rc = find_user(writer, &identity, err);

	if (rc <= 0)
		return rc;
	rc = owner_access(&identity, AT_FDCWD, path, W_OK | X_OK, writer->ctx->stop, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (fs_lookup(&writer->ctx->fs, path, FS_ANY, &st, err) != 0)
		return -1;
	return raise_unwritable(writer, path, &identity, &st, err);
}

int directory_writer_would(const struct directory_writer *writer, const char *path,
	const struct stat *st, struct err *err)
{
	struct identity identity;
	int rc = find_user(writer, &identity, err);

	if (rc <= 0)
		return rc;
	if (identity.uid == 0 || (st->st_mode & 0030) == 0030 ||
		owner_may(&identity, st, 03))
		return 0;
	return raise_unwritable(writer, path, &identity, st, err);
}
