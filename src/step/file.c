/* SPDX-License-Identifier: MIT */
/* The kind `file`: files from a template, a source, or given content. */
#include <string.h>

#include "base/err.h"
#include "base/fs_scratch.h"
#include "base/log.h"
#include "base/str.h"
#include "step/file_text.h"
#include "step/helper.h"
#include "step/items.h"
#include "step/owner.h"
#include "step/parents.h"
#include "step/step.h"

/* A name that no ${…} can have would be expanded nowhere. */
static int check_var(const char *text, struct err *err)
{
	if (strpbrk(text, "*?[") || str_is_name(text, strlen(text)))
		return 0;
	return err_config(err, "'%s' is not the name of a variable, nor a glob", text);
}

static const struct field fields[] = {
	{"path", FIELD_PATH, offsetof(struct file_conf, path), .required = true,
		.made = true,
		.help = "the file, or the directory if `template` or `source` is one"},
	{"template", FIELD_READ_PATH, offsetof(struct file_conf, template),
		.help = "a file in which `${…}` is expanded, or a directory of such"},
	{"source", FIELD_READ_PATH, offsetof(struct file_conf, source),
		.help = "a file that is copied as it is, or a directory of such"},
	{"content", FIELD_TEXT, offsetof(struct file_conf, content), .allow = "vars",
		.help = "the text itself, in which `${…}` is expanded"},
	ACCESS_FIELDS(struct file_conf, "0644",
		"of a new one (0600 with a secret in it); of an existing one, too, "
		"if it is written here"),
	{"policy", FIELD_ENUM, offsetof(struct file_conf, policy), "create",
		.choices = (const char *const[]){"create", "manage", NULL},
		.help = "`create` leaves an existing file alone; `manage` rewrites it"},
	{"escape", FIELD_ENUM, offsetof(struct file_conf, escape),
		.choices = escape_names,
		.help = "the format to make values safe for (default: by the ending)"},
	{"vars", FIELD_GLOBS, offsetof(struct file_conf, vars), .check = check_var,
		.help = "names and globs of the only variables that are expanded",
		.example = "SERVER_NAME NGINX_*"},
	{"validate", FIELD_COMMAND, offsetof(struct file_conf, validate),
		.help = "a command that must accept each new text, named `{file}`",
		.example = "nginx -t -c {file}"},
	{0},
};

static void validate_section(const struct section *section, struct problems *problems)
{
	static const char *const from[] = {"template", "source", "content"};
	const struct setting *policy = section_get(section, "policy");
	const struct setting *first = NULL;

	for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
		const struct setting *text = section_get(section, from[i]);

		if (text && first)
			problems_add(problems, text->at,
				"[%s] %s: there is `%s` already; a file has one text",
				section->id, text->key, first->key);
		if (text && !first)
			first = text;
	}
	if (!first && policy && strcmp(policy->value->flat, "manage") == 0)
		problems_add(problems, policy->at,
			"[%s] policy: manage without template, source or content would "
			"empty the file every time",
			section->id);
}

/* ---- a file ---- */

/* What a step asks for, and the file at hand. */
struct work {
	const struct step *step;
	struct ctx *ctx;
	const struct file_conf *conf;
	struct file_items files;
	struct fs_attr attr;
	const struct file_item *item;
	bool unknown; /* the text is not known before its keys are made */
	bool secret;  /* a key, secret or file went into the text */
	bool quiet;   /* what is odd in the template was reported by the check */
};

static struct work work_on(const struct work *step, size_t i)
{
	struct work work = *step;

	work.item = &work.files.list[i];
	return work;
}

static int make_text(struct work *work, struct buf *ret, struct err *err)
{
	struct expand_result result;

	if (file_text(work->step, work->item, work->ctx, !work->quiet, ret, &result,
		    err) < 0)
		return -1;
	work->unknown = result.placeholder;
	work->secret = result.secret;
	if (work->secret && !section_get(work->step->section, "mode"))
		work->attr.mode = 0600;
	return 0;
}

/* Does the file hold this text? Returns 1, 0 or -1. */
static int holds(const struct work *work, const struct buf *text, struct err *err)
{
	CLEANUP_BUF struct buf now = BUF_INIT;
	int rc = fs_read(
		&work->ctx->fs, work->item->path, FS_TARGET, FILE_TEXT_MAX, &now, err);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	return now.len == text->len && memcmp(now.data, text->data, now.len) == 0;
}

/* An existing file under `create` is the user's; only that the texts differ is said. */
static int look_only(struct work *work, struct buf *why)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	DECLARE_ERR(ignored); /* what cannot be read does not matter here */
	bool has_text = *work->item->from || work->conf->content;

	if (has_text && make_text(work, &text, &ignored) == 0 && !work->unknown &&
		holds(work, &text, &ignored) == 0)
		buf_printf(why,
			"'%s' is left as it is (policy = create); a new one would have "
			"another text",
			work->item->path);
	return IN_PLACE;
}

static int check_text(struct work *work, struct buf *why, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	int rc;

	if (work->conf->policy == POLICY_CREATE)
		return look_only(work, why);
	if (make_text(work, &text, err) < 0)
		return -1;
	if (work->unknown) {
		buf_printf(why,
			"whether '%s' changes is not known before its keys are made",
			work->item->path);
		return UNKNOWABLE;
	}
	rc = holds(work, &text, err);
	if (rc < 0)
		return -1;
	if (rc == 1)
		return IN_PLACE;
	if (file_check_json(work->step, work->item, &text, err) < 0)
		return -1;
	buf_printf(why, "write '%s' anew: its text differs (%zu bytes)", work->item->path,
		text.len);
	return TO_DO;
}

static int check_missing(struct work *work, struct buf *why, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	if (make_text(work, &text, err) < 0 ||
		file_check_json(work->step, work->item, &text, err) < 0)
		return -1;
	buf_printf(why, "create '%s' (%04o%s)", work->item->path,
		(unsigned)work->attr.mode, text.len ? "" : ", empty");
	parents_name(work->ctx, work->item->path, why);
	return TO_DO;
}

static int must_be_file(const struct work *work, const struct stat *st, struct err *err)
{
	if (S_ISREG(st->st_mode))
		return 0;
	return err_fail(err, "'%s' is a %s, not a file; move it away", work->item->path,
		fs_type_name(st->st_mode));
}

static int check(void *user, size_t i, struct buf *why, struct err *err)
{
	CLEANUP_BUF struct buf differs = BUF_INIT;
	struct work work = work_on(user, i);
	struct stat st;
	int found;
	int rc = fs_lookup(&work.ctx->fs, work.item->path, FS_OURS, &st, err);

	if (rc == 1)
		return check_missing(&work, why, err);
	if (rc < 0 || must_be_file(&work, &st, err) < 0)
		return -1;
	found = check_text(&work, why, err);
	if (found == IN_PLACE && fs_attr_differs(&st, &work.attr, &differs)) {
		buf_separate(why, "; ");
		buf_printf(why, "fix '%s': %s", work.item->path, differs.data);
		return TO_DO;
	}
	if (found == IN_PLACE)
		owner_warn(work.ctx, work.item->path, &st, work.secret);
	return found;
}

/* Keeps what the configuration did not write down as the file has it. */
static void keep_attributes(struct work *work, const struct stat *st)
{
	/* Set-id bits were the former owner's to give, for the former text. */
	if (!work->attr.fix_mode)
		work->attr.mode = st->st_mode & 01777;
	if (!work->attr.fix_uid)
		work->attr.uid = st->st_uid;
	if (!work->attr.fix_gid)
		work->attr.gid = st->st_gid;
}

/* Those of an item from the step's own `path` down: of a directory of templates. */
static int make_directories(const struct work *work, struct err *err)
{
	const char *path = work->item->path;
	const char *slash = path + strlen(work->conf->path);
	struct fs_attr attr = {
		.mode = 0755, .uid = work->attr.uid, .gid = work->attr.gid};
	enum fs_outcome outcome;
	int rc = 0;

	for (; rc == 0 && *slash == '/'; slash += strcspn(slash, "/")) {
		rc = fs_make_dir(&work->ctx->fs,
			arena_memdup(work->ctx->arena, path, (size_t)(slash - path)),
			&attr, &outcome, err);
		slash++;
	}
	return rc;
}

/* The command sees a copy, which its user alone can exchange. */
static int validate(const struct work *work, const struct buf *text, struct err *err)
{
	CLEANUP_HELPER_RESULT struct helper_result result = HELPER_RESULT_INIT;
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	struct fs_scratch_user user = {.use = FS_SCRATCH_LOOK};
	struct helper helper = {.argv = &work->conf->validate, .aside = scratch.path};
	const char *path = work->item->path;

	if (!helper.argv->count)
		return 0;
	if (helper_scratch_user(&helper, work->ctx, &user, err) < 0 ||
		fs_scratch_open(&work->ctx->fs, &scratch, path, &user, err) < 0 ||
		fs_scratch_fill(&scratch, text->data, text->len, &work->attr, err) < 0)
		return -1;
	if (helper_run(&helper, work->step, work->ctx, &result, err) < 0)
		return err_prefix(err, "validate");
	if (result.status == 0)
		return 0;
	(void)helper_failed(&result, err); /* always -1 */
	return err_prefix(err, "validate: the new text of '%s' was refused", path);
}

static int publish(const struct work *work, const struct buf *text, bool replace,
	enum fs_outcome *ret, struct err *err)
{
	CLEANUP_STAGE struct fs_stage stage = FS_STAGE_INIT;

	if (file_check_json(work->step, work->item, text, err) < 0 ||
		make_directories(work, err) < 0 || validate(work, text, err) < 0 ||
		fs_stage_open(
			&work->ctx->fs, &stage, work->item->path, &work->attr, err) < 0 ||
		fs_stage_write(&stage, text->data, text->len, err) < 0)
		return -1;
	return fs_stage_publish(&stage, replace, ret, err);
}

/*
 * Returns 1, or 0 where nothing was to be replaced and another process has made the file
 * meanwhile, or -1.
 */
static int write_file(struct work *work, bool replace, struct buf *did, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	enum fs_outcome outcome;
	struct stat st;
	int missing;

	work->quiet = true;
	if (make_text(work, &text, err) < 0)
		return -1;
	missing = replace ? fs_lookup(&work->ctx->fs, work->item->path, FS_OURS, &st, err)
			  : 1;
	if (missing < 0)
		return -1;
	if (!missing)
		keep_attributes(work, &st);
	if (publish(work, &text, replace, &outcome, err) < 0)
		return -1;
	if (outcome == FS_THERE)
		return 0;
	if (outcome == FS_NOT_ATOMIC)
		log_warn(work->ctx->log,
			"'%s' is mounted and was written in place, which is not atomic",
			work->item->path);
	if (work->secret && !work->attr.fix_mode && (work->attr.mode & 077))
		log_warn(work->ctx->log,
			"'%s' now holds a secret, and its mode is %04o, as it was; write "
			"`mode` into the step to change that",
			work->item->path, (unsigned)work->attr.mode);
	owner_warn(work->ctx, work->item->path, NULL, work->secret);
	buf_printf(did, "%s '%s' (%zu bytes)", missing ? "created" : "wrote",
		work->item->path, text.len);
	return 1;
}

/* Must the text be written? -1 where that is not known. */
enum must { MUST_NOT, MUST_CREATE, MUST_REPLACE };

static int must_write(struct work *work, struct err *err)
{
	CLEANUP_BUF struct buf why = BUF_INIT;
	struct stat st;
	int found = fs_lookup(&work->ctx->fs, work->item->path, FS_OURS, &st, err);

	if (found != 0)
		return found < 0 ? -1 : MUST_CREATE;
	if (must_be_file(work, &st, err) < 0) /* --force: there was no check */
		return -1;
	if (work->conf->policy == POLICY_CREATE)
		return MUST_NOT;
	found = check_text(work, &why, err);
	if (found < 0)
		return -1;
	return found == IN_PLACE ? MUST_NOT : MUST_REPLACE;
}

static int apply(void *user, size_t i, struct buf *did, struct err *err)
{
	struct work work = work_on(user, i);
	enum fs_outcome outcome;
	int rc;

	/* What another process made meanwhile is treated as what existed before. */
	while ((rc = must_write(&work, err)) > 0) {
		rc = write_file(&work, rc == MUST_REPLACE, did, err);
		if (rc != 0)
			return rc;
	}
	if (rc < 0)
		return -1;
	if (fs_fix(&work.ctx->fs, work.item->path, S_IFREG, &work.attr, &outcome, err) <
		0)
		return -1;
	if (outcome != FS_FIXED)
		return 0;
	owner_warn(work.ctx, work.item->path, NULL, false);
	buf_printf(did, "fixed mode and owner of '%s'", work.item->path);
	return 1;
}

static int begin(const struct step *step, struct ctx *ctx, void *to, size_t *ret_count,
	struct err *err)
{
	struct work *work = to;

	*work = (struct work){.step = step, .ctx = ctx, .conf = step->conf};
	if (file_items(step, ctx, &work->files, err) < 0)
		return -1;
	*ret_count = work->files.count;
	return owner_attr(step, ctx, &work->conf->access, &work->attr, err);
}

static const struct items items = {
	.singular = "file",
	.plural = "files",
	.size = sizeof(struct work),
	.begin = begin,
	.check = check,
	.apply = apply,
};

const struct kind kind_file = {
	.name = "file",
	.summary = "a file from a template, a source or given content",
	.example = "[file:settings]\n"
		   "path = settings.json\n"
		   "content =\n"
		   "  {\"port\": ${PORT:-8080}, \"title\": \"${TITLE:-Notes}\"}\n"
		   "policy = manage\n",
	.order = 15,
	.size = sizeof(struct file_conf),
	.fields = fields,
	.validate = validate_section,
	.prepare = file_prepare,
	.items = &items,
	.check = items_check,
	.apply = items_apply,
};
