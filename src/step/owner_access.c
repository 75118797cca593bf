/* SPDX-License-Identifier: MIT */
/* Whether a user may use an object: by its mode, and by the kernel's word. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "proc/ask.h"
#include "proc/identity.h"
#include "step/owner.h"
#include "step/step.h"

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

struct access_question {
	const struct identity *identity;
	int dirfd;
	const char *name;
	int mode;
};

enum { MAY, MAY_NOT, NOT_ASKED };

static void ask_access(void *user, void *answer)
{
	const struct access_question *question = user;
	int *ret = answer;
	DECLARE_ERR(ignored);

	if (identity_become(question->identity, &ignored) < 0)
		*ret = NOT_ASKED;
	else
		*ret = faccessat(question->dirfd, question->name, question->mode,
			       AT_EACCESS) == 0
			? MAY
			: MAY_NOT;
}

int owner_access(const struct identity *identity, int dirfd, const char *name, int mode,
	struct stop *stop, struct err *err)
{
	struct access_question question = {identity, dirfd, name, mode};
	struct ask ask = {ask_access, &question, sizeof(int), identity->uid,
		"make a process that asks as the user"};
	int answer;
	int rc = ask_process(&ask, &answer, stop, err);

	if (rc < 0)
		return -1;
	if (rc == 0 || answer == NOT_ASKED)
		return err_fail(err,
			"ask as user %u whether it may access '%s': the process that "
			"asks %s",
			identity->uid, name,
			rc == 0 ? "was stopped or killed, as by another one of that user"
				: "could not become that user");
	return answer == MAY;
}

uid_t owner_user(const struct ctx *ctx)
{
	uid_t us = geteuid(); /* once: it is asked of each object */

	return us == 0 && ctx->app.set ? ctx->app.uid : us;
}

/* Of what a plan will have changed by then the kernel knows nothing. */
static bool is_foreseen(const struct ctx *ctx, const char *path, const struct stat *st)
{
	struct stat now;

	return ctx->planning &&
		(lstat(path, &now) < 0 || now.st_uid != st->st_uid ||
			now.st_gid != st->st_gid || now.st_mode != st->st_mode);
}

bool owner_may_use(
	const struct ctx *ctx, const char *path, const struct stat *st, mode_t needed)
{
	const int mode = (int)needed;
	DECLARE_ERR(ignored);

	if (st->st_uid == owner_user(ctx) && (st->st_mode >> 6 & needed) == needed)
		return true;
	if (geteuid() != 0)
		return faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0 ||
			errno != EACCES;
	/* An access control list may allow more than the mode does. */
	return owner_user(ctx) == 0 || owner_may(&ctx->app, st, needed) ||
		(!is_foreseen(ctx, path, st) &&
			owner_access(&ctx->app, AT_FDCWD, path, mode, ctx->stop,
				&ignored) != 0);
}
