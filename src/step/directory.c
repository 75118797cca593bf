/* SPDX-License-Identifier: MIT */
/* The kind `directory`: directories with their parents, mode and owner. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fs_tree.h"
#include "step/kinds.h"
#include "step/owner.h"
#include "step/parents.h"

enum recursive { RECURSIVE_NO, RECURSIVE_MISMATCH, RECURSIVE_FULL };

struct directory_conf {
	struct list path;
	struct field_mode mode;
	struct field_name owner;
	struct field_name group;
	int recursive;
	struct field_name writable_by;
};

static const struct field fields[] = {
	{"path", FIELD_PATHS, offsetof(struct directory_conf, path), .required = true,
		.help = "the directories; missing parents are made"},
	{"mode", FIELD_MODE, offsetof(struct directory_conf, mode), "0755",
		.help = "of a new one; written here, also put right on an existing one"},
	{"owner", FIELD_USER, offsetof(struct directory_conf, owner),
		.help = "user that it belongs to (default: the application's)"},
	{"group", FIELD_GROUP, offsetof(struct directory_conf, group),
		.help = "group that it belongs to"},
	{"recursive", FIELD_ENUM, offsetof(struct directory_conf, recursive), "no",
		.choices = (const char *const[]){"no", "mismatch", "full", NULL},
		.help = "owner of all that is in it: never, when the directory's own is "
			"wrong, or always"},
	{"writable_by", FIELD_USER, offsetof(struct directory_conf, writable_by),
		.help = "user who must be able to write there; the kernel is asked"},
	{0},
};

/* What is found of one path; several paths are told in one line. */
struct one {
	const struct directory_conf *conf;
	struct ctx *ctx;
	const char *path;
	struct fs_attr attr;
	struct stat st;
	bool missing;
	struct buf *why;
};

static int look(struct one *one, struct err *err)
{
	/* Whose it is matters only where that is not what is put right. */
	int rc = one->attr.fix_uid
		? fs_lookup(&one->ctx->fs, one->path, &one->st, err)
		: fs_lookup_ours(&one->ctx->fs, one->path, &one->st, err);

	if (rc < 0)
		return -1;
	one->missing = rc == 1;
	if (one->missing || S_ISDIR(one->st.st_mode))
		return 0;
	return err_fail(err, "'%s' is a %s, not a directory; move it away", one->path,
		fs_type_name(one->st.st_mode));
}

/* How many objects in it belong to somebody else, as far as `recursive` asks. */
static int count_foreign(const struct one *one, bool change, size_t *ret, struct err *err)
{
	const struct fs_attr *attr = &one->attr;
	bool own_wrong = (attr->fix_uid && one->st.st_uid != attr->uid) ||
		(attr->fix_gid && one->st.st_gid != attr->gid);

	*ret = 0;
	if (one->conf->recursive == RECURSIVE_NO || geteuid() != 0 || one->missing)
		return 0;
	if (one->conf->recursive == RECURSIVE_MISMATCH && !own_wrong)
		return 0;
	return fs_tree_owner(&one->ctx->fs, one->path,
		attr->fix_uid ? attr->uid : FS_INHERIT,
		attr->fix_gid ? attr->gid : (gid_t)FS_INHERIT, change, ret, err);
}

static int check_one(struct one *one, struct err *err)
{
	CLEANUP_BUF struct buf differs = BUF_INIT;
	size_t foreign;

	if (look(one, err) < 0 || count_foreign(one, false, &foreign, err) < 0)
		return -1;
	if (one->missing) {
		buf_separate(one->why, "; ");
		buf_printf(one->why, "create the directory '%s' (%04o)", one->path,
			(unsigned)one->attr.mode);
		parents_tell(one->ctx, one->path, one->why);
		parents_made(one->ctx, one->path);
		return TO_DO;
	}
	if (fs_attr_differs(&one->st, &one->attr, &differs)) {
		buf_separate(one->why, "; ");
		buf_printf(one->why, "fix '%s': %s", one->path, differs.data);
		parents_made(one->ctx, one->path);
		parents_made(one->ctx, one->path);
		return TO_DO;
	}
	if (foreign) {
		buf_separate(one->why, "; ");
		buf_printf(one->why, "change the owner of %zu objects in '%s'", foreign,
			one->path);
		parents_made(one->ctx, one->path);
		return TO_DO;
	}
	owner_warn(one->ctx, one->path, &one->st);
	return IN_PLACE;
}

/* In a child: becomes that user and asks whether it may write and search. */
static int ask_as(const struct identity *identity, const char *path)
{
	DECLARE_ERR(err);

	if (identity_become(identity, &err) < 0)
		return 2;
	return faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS) == 0 ? 0 : 1;
}

static int check_writable(const struct one *one, struct err *err)
{
	const char *user = one->conf->writable_by.name;
	struct identity identity;
	struct stat st;
	int status;
	pid_t pid;

	if (!*user)
		return 0;
	if (identity_find(user, "", one->ctx->arena, &identity, err) < 0)
		return err_prefix(err, "writable_by");
	if (geteuid() != 0 && identity.uid != geteuid())
		return 0; /* only root can ask on somebody's behalf */
	pid = fork();
	if (pid < 0)
		return err_sys(err, "fork");
	if (pid == 0)
		_exit(ask_as(&identity, one->path));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_sys(err, "wait");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (fs_lookup(&one->ctx->fs, one->path, &st, err) != 0)
		return -1;
	return err_fail(err,
		"'%s' belongs to %u:%u with mode %04o, and user %u (%s) cannot write "
		"there; give it to that user (owner, group or fsGroup)",
		one->path, st.st_uid, st.st_gid, (unsigned)(st.st_mode & 07777),
		identity.uid, user);
}

static int begin(
	const struct step *step, struct ctx *ctx, struct one *one, struct err *err)
{
	one->conf = step->conf;
	one->ctx = ctx;
	return owner_attr(ctx, &one->conf->mode, &one->conf->owner, &one->conf->group,
		&one->attr, err);
}

static int check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	struct one one = {.why = why};
	int found = IN_PLACE;

	if (begin(step, ctx, &one, err) < 0)
		return -1;
	for (size_t i = 0; i < one.conf->path.count; i++) {
		int rc;

		one.path = one.conf->path.items[i];
		rc = check_one(&one, err);
		if (rc < 0)
			return -1;
		if (rc == TO_DO)
			found = TO_DO;
		else if (check_writable(&one, err) < 0)
			return -1;
	}
	if (found == IN_PLACE)
		buf_printf(why, "%zu director%s in place", one.conf->path.count,
			one.conf->path.count == 1 ? "y" : "ies");
	return found;
}

static int apply_one(struct one *one, struct err *err)
{
	enum fs_outcome outcome;
	size_t changed;

	/* What is in it first: should we be killed, the directory itself still tells. */
	if (look(one, err) < 0 || count_foreign(one, true, &changed, err) < 0)
		return -1;
	if (fs_make_dir(&one->ctx->fs, one->path, &one->attr, &outcome, err) < 0)
		return -1;
	if (check_writable(one, err) < 0)
		return -1;
	if (outcome == FS_THERE && !changed)
		return 0;
	owner_warn(one->ctx, one->path, NULL);
	buf_separate(one->why, "; ");
	buf_printf(
		one->why, "%s '%s'", outcome == FS_MADE ? "created" : "fixed", one->path);
	if (changed)
		buf_printf(one->why, " (owner of %zu objects changed)", changed);
	return 1;
}

static int apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	struct one one = {.why = did};
	int changed = 0;

	if (begin(step, ctx, &one, err) < 0)
		return -1;
	for (size_t i = 0; i < one.conf->path.count; i++) {
		int rc;

		one.path = one.conf->path.items[i];
		rc = apply_one(&one, err);
		if (rc < 0)
			return -1;
		changed |= rc;
	}
	if (!changed)
		buf_puts(did, "already there");
	return changed;
}

const struct kind kind_directory = {
	.name = "directory",
	.summary = "directories with their parents, mode and owner",
	.example = "[directory:data]\n"
		   "path = data data/uploads\n"
		   "mode = 0750\n",
	.order = 5,
	.size = sizeof(struct directory_conf),
	.fields = fields,
	.check = check,
	.apply = apply,
};
