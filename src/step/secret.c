/* SPDX-License-Identifier: MIT */
/* The kind `secret`: the text of an age file, decrypted at each start. */
#include <string.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/secrets.h"
#include "base/str.h"
#include "step/clash.h"
#include "step/mounted.h"
#include "step/owner.h"
#include "step/parents.h"
#include "step/secret_env.h"
#include "step/secret_open.h"
#include "step/step.h"

static const struct field fields[] = {
	{"source", FIELD_READ_PATH, offsetof(struct secret_conf, source),
		.required = true, .help = "the age file that it is decrypted from",
		.example = "db_password.age"},
	{"identity", FIELD_READ_PATH, offsetof(struct secret_conf, identity),
		.required = true,
		.help = "the file with the identities to decrypt it with",
		.example = "/run/secrets/identity.txt"},
	{"path", FIELD_PATH, offsetof(struct secret_conf, path), .made = true,
		.help = "the file that it is written to"},
	ACCESS_FIELDS_OF(struct secret_conf, "0600", "path", "of the file"),
	{"env", FIELD_NAME, offsetof(struct secret_conf, env), .exported = true,
		.help = "the application's variable for it", .example = "DB_PASSWORD"},
	{0},
};

/* What shows without the identities, before anything is changed. */
static void judge_source(const struct step *step, struct ctx *ctx, const char *source,
	struct problems *problems)
{
	DECLARE_ERR(err);

	if (step_may_read(ctx, step->section, "source", source) &&
		secret_check(ctx, source, &err) < 0)
		problems_add(problems, section_get(step->section, "source")->at,
			"[%s] source: %s", step->id, err.text);
}

static void prepare(struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct secret_conf *conf = step->conf;
	bool source = str_equal(conf->path, conf->source);

	judge_source(step, ctx, conf->source, problems);
	if (source || str_equal(conf->path, conf->identity))
		problems_add(problems, section_get(step->section, "path")->at,
			"[%s] path: is that of `%s`, which would be overwritten",
			step->id, source ? "source" : "identity");
}

/* ---- the variable ---- */

#define WORD_MAX ((size_t)128 * 1024) /* the kernel's, of NAME=value and a NUL */

/* Of two secrets that differ no program may choose one. */
static int check_env(const struct secret_conf *conf, struct ctx *ctx,
	const struct buf *plain, struct err *err)
{
	CLEANUP_BUF struct buf given = BUF_INIT;
	CLEANUP_BUF struct buf text = BUF_INIT;
	int rc = secret_env_given(ctx, conf->env, &given, err);

	if (rc < 0 || (*conf->env && secret_text(conf, plain, &text, err) < 0))
		return -1;
	if (*conf->env && strlen(conf->env) + text.len + 2 > WORD_MAX)
		return err_fail(err,
			"'%s' holds more than a variable can, 128 KiB; write it to a "
			"file with `path`",
			conf->source);
	if (rc == 1 || str_equal(given.data, text.data))
		return 0;
	return err_fail(err,
		"the variable %s and '%s' hold different secrets; unset the variable, or "
		"leave the step out with when = !env:%s",
		conf->env, conf->source, conf->env);
}

/* ---- the file ---- */

enum content { MISSING, OTHER, SAME };

/* By whichever path: prepare() compares what is written alone. */
static int refuse_source(
	const struct secret_conf *conf, const struct stat *st, struct err *err)
{
	const char *const kept[] = {conf->source, conf->identity};
	struct stat other;

	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (stat(kept[i], &other) == 0 && other.st_dev == st->st_dev &&
			other.st_ino == st->st_ino)
			return err_fail(err,
				"'%s' is the same file as '%s', which would be "
				"overwritten; write another `path`",
				conf->path, kept[i]);
	return 0;
}

/* What is at `path`, and its `st`; -1 where that is no file of ours. */
static int look(const struct secret_conf *conf, const struct ctx *ctx,
	const struct buf *plain, struct fs_entry *ret_entry, struct stat *ret,
	struct err *err)
{
	CLEANUP_FD int fd = -1;
	int rc = fs_walk(&ctx->fs, conf->path, ret_entry, err);

	if (rc == 0)
		rc = fs_stat_entry(&ctx->fs, ret_entry, FS_OURS, conf->path, ret, err);
	if (rc != 0)
		return rc < 0 ? -1 : MISSING;
	if (!S_ISREG(ret->st_mode))
		return err_fail(err, "'%s' is a %s, not a file; move it away", conf->path,
			fs_type_name(ret->st_mode));
	if (refuse_source(conf, ret, err) < 0)
		return -1;
	/* One of another size need not be readable. */
	if ((uint64_t)ret->st_size != plain->len)
		return OTHER;
	rc = fs_open_entry(&ctx->fs, ret_entry, conf->path, &fd, ret, err);
	if (rc != 0)
		return rc < 0 ? -1 : MISSING;
	rc = fd_holds(fd, ret->st_size, plain->data, plain->len);
	if (rc < 0)
		return err_sys(err, "read '%s'", conf->path);
	return rc ? SAME : OTHER;
}

/* The same for who needs no more of it. */
static int look_again(const struct secret_conf *conf, const struct ctx *ctx,
	const struct buf *plain, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	struct stat st;

	return look(conf, ctx, plain, &entry, &st, err);
}

static int check_file(const struct secret_conf *conf, struct ctx *ctx,
	const struct fs_attr *attr, const struct buf *plain, struct buf *why,
	struct err *err)
{
	CLEANUP_BUF struct buf differs = BUF_INIT;
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	struct stat st;
	int state = look(conf, ctx, plain, &entry, &st, err);
	int rc;

	if (state < 0)
		return -1;
	if (state == MISSING) {
		step_change(ctx, CHANGE_MADE);
		buf_printf(why, "write the secret of '%s' to '%s' (%04o)", conf->source,
			conf->path, (unsigned)attr->mode);
		return parents_check_new(ctx, "create", conf->path, why, err);
	}
	if (state == OTHER) {
		step_change(ctx, CHANGE_CHANGED);
		buf_printf(why, "write '%s' anew: '%s' has another secret by now",
			conf->path, conf->source);
		return parents_check(ctx, "create", conf->path, err);
	}
	rc = mounted_check(ctx, &entry, conf->path, why, err);
	if (rc != IN_PLACE)
		return rc;
	if (!conf->access.mode.set)
		owner_warn_open(ctx, "secret", conf->path, st.st_mode, attr->mode,
			", or write `mode` into the step");
	if (fs_attr_differs(&st, attr, &differs)) {
		step_change(ctx, CHANGE_CHANGED);
		buf_printf(why, "fix '%s': %s", conf->path, differs.data);
		return parents_check_fix(ctx, conf->path, err);
	}
	owner_warn(ctx, attr, conf->path, &st, true);
	buf_printf(why, "'%s' holds the secret of '%s'", conf->path, conf->source);
	return IN_PLACE;
}

/* What is mounted keeps the mode that it had where another user owns it. */
static void warn_in_place(
	const struct secret_conf *conf, const struct ctx *ctx, const struct fs_attr *attr)
{
	struct stat st;
	DECLARE_ERR(ignored); /* it was written, whatever it is by now */

	mounted_warn(ctx, conf->path);
	if (fs_lookup(&ctx->fs, conf->path, FS_OURS, &st, &ignored) == 0)
		owner_warn_open(ctx, "secret", conf->path, st.st_mode, attr->mode, "");
}

/*
 * Writes it once. Returns 1, or 0 where another process made the file meanwhile. One that
 * is replaced gets mode and owner as a new one does, before the text where it is mounted:
 * what it had may have been given to it so that others can read the secret.
 */
static int write_file(const struct secret_conf *conf, struct ctx *ctx,
	const struct fs_attr *wanted, const struct buf *plain, bool replace,
	struct err *err)
{
	struct fs_attr attr = *wanted;
	enum fs_outcome outcome;

	attr.fix_mode = true;
	attr.fix_uid = attr.uid != FS_INHERIT;
	attr.fix_gid = attr.gid != (gid_t)FS_INHERIT;
	if (fs_write(&ctx->fs, conf->path, plain->data, plain->len, &attr, replace,
		    &outcome, err) < 0)
		return -1;
	if (outcome == FS_NOT_ATOMIC)
		warn_in_place(conf, ctx, &attr);
	return outcome != FS_THERE;
}

static int apply_file(const struct secret_conf *conf, struct ctx *ctx,
	const struct fs_attr *attr, const struct buf *plain, struct buf *did,
	struct err *err)
{
	int state, rc, finished;

	while ((state = look_again(conf, ctx, plain, err)) != SAME) {
		if (state < 0)
			return -1;
		rc = write_file(conf, ctx, attr, plain, state == OTHER, err);
		if (rc < 0)
			return -1;
		if (rc == 0)
			continue;
		step_change(ctx, state == OTHER ? CHANGE_CHANGED : CHANGE_MADE);
		owner_warn(ctx, attr, conf->path, NULL, true);
		buf_printf(did, "wrote the secret of '%s' to '%s'", conf->source,
			conf->path);
		return 1;
	}
	finished = mounted_finish(ctx, conf->path, did, err);
	if (finished < 0)
		return -1;
	rc = owner_fix_file(ctx, conf->path, attr, err);
	if (rc == 1) {
		buf_separate(did, "; ");
		buf_printf(did, "fixed mode and owner of '%s'", conf->path);
	}
	return rc == 0 ? finished : rc;
}

/* ---- the contract ---- */

static int open_all(const struct step *step, struct ctx *ctx, struct fs_attr *ret_attr,
	struct buf *ret, struct err *err)
{
	const struct secret_conf *conf = step->conf;

	if (owner_attr(step, ctx, &conf->access, ret_attr, err) < 0 ||
		secret_open(step, ctx, ret, err) < 0)
		return -1;
	return check_env(conf, ctx, ret, err);
}

static int check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	const struct secret_conf *conf = step->conf;
	CLEANUP_BUF struct buf plain = BUF_INIT;
	struct fs_attr attr;

	if (open_all(step, ctx, &attr, &plain, err) < 0)
		return -1;
	if (*conf->path)
		return check_file(conf, ctx, &attr, &plain, why, err);
	buf_printf(why, "'%s' can be decrypted", conf->source);
	return IN_PLACE;
}

static int apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	const struct secret_conf *conf = step->conf;
	CLEANUP_BUF struct buf plain = BUF_INIT;
	struct fs_attr attr;

	if (open_all(step, ctx, &attr, &plain, err) < 0)
		return -1;
	if (*conf->path)
		return apply_file(conf, ctx, &attr, &plain, did, err);
	buf_printf(did, "'%s' can be decrypted", conf->source);
	return 0;
}

static int value(
	const struct step *step, struct ctx *ctx, struct buf *ret, struct err *err)
{
	CLEANUP_BUF struct buf plain = BUF_INIT;
	struct fs_attr attr; /* whose the files may be */

	if (open_all(step, ctx, &attr, &plain, err) < 0)
		return -1;
	return secret_text(step->conf, &plain, ret, err);
}

static struct making making(const struct step *step)
{
	(void)step;
	return (struct making){.how = MAKING_ANEW, .type = S_IFREG, .alone = true};
}

const struct kind kind_secret = {
	.name = "secret",
	.summary = "a secret, decrypted at each start from a file of age(1)",
	.example = "[secret:db]\n"
		   "source = db_password.age\n"
		   "identity = /run/secrets/identity.txt\n"
		   "env = DB_PASSWORD\n",
	.order = 10,
	.size = sizeof(struct secret_conf),
	.fields = fields,
	.prepare = prepare,
	.check = check,
	.apply = apply,
	.value = value,
	.making = making,
};
