/* SPDX-License-Identifier: MIT */
/* The kind `file`: files from a template, a source, or given content. */
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "step/helper.h"
#include "step/file_publish.h"
#include "step/file_text.h"
#include "step/kinds.h"
#include "step/owner.h"
#include "step/parents.h"

static const struct field fields[] = {
	{"path", FIELD_PATH, offsetof(struct file_conf, path), .required = true,
		.made = true, .help = "the file, or the directory for one of templates"},
	{"template", FIELD_READ_PATH, offsetof(struct file_conf, template),
		.help = "a file whose ${…} are expanded, or a directory of such"},
	{"source", FIELD_READ_PATH, offsetof(struct file_conf, source),
		.help = "a file that is copied as it is, or a directory of such"},
	{"content", FIELD_TEXT, offsetof(struct file_conf, content),
		.help = "the template itself; none of the three: an empty placeholder"},
	{"mode", FIELD_MODE, offsetof(struct file_conf, mode), "0644",
		.help = "of a new one (0600 where a key, secret or file went into the "
			"text); written here, also put right on an existing one"},
	{"owner", FIELD_USER, offsetof(struct file_conf, owner),
		.help = "user that it belongs to (default: the application's)"},
	{"group", FIELD_GROUP, offsetof(struct file_conf, group),
		.help = "group that it belongs to"},
	{"policy", FIELD_ENUM, offsetof(struct file_conf, policy), "create",
		.choices = (const char *const[]){"create", "manage", NULL},
		.help = "create leaves an existing file alone for ever; manage makes it "
			"so every time"},
	{"escape", FIELD_ENUM, offsetof(struct file_conf, escape), "none",
		.choices = escape_names,
		.help = "makes values safe inside the quotes of this format (default: "
			"from the ending of the path)"},
	{"vars", FIELD_NAMES, offsetof(struct file_conf, vars),
		.help = "the only names that may stand in the template",
		.example = "SERVER_NAME PORT"},
	{"validate", FIELD_COMMAND, offsetof(struct file_conf, validate),
		.help = "a command that must accept the new text, {file}, before it is "
			"published",
		.example = "nginx -t -c {file}"},
	{0},
};

/* With `vars`, what else looks like a reference is the text's own. */
static void check_content(const struct section *section, struct problems *problems)
{
	const struct setting *content = section_get(section, "content");
	struct arena arena = ARENA_INIT;

	if (content && !section_get(section, "vars"))
		expand_check(content->value->text, kind_words(&arena),
			content->value->text_at,
			arena_printf(&arena, "[%s] content: ", section->id), problems);
	arena_release(&arena);
}

static void validate_section(const struct section *section, struct problems *problems)
{
	static const char *const from[] = {"template", "source", "content"};
	const struct setting *policy = section_get(section, "policy");
	const struct setting *first = NULL;

	for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
		const struct setting *one = section_get(section, from[i]);

		if (one && first)
			problems_add(problems, one->at,
				"[%s] %s: there is `%s` already; a file has one text",
				section->id, one->key, first->key);
		if (one && !first)
			first = one;
	}
	if (!first && policy && strcmp(policy->value->flat, "manage") == 0)
		problems_add(problems, policy->at,
			"[%s] policy: manage without template, source or content would "
			"empty the file every time",
			section->id);
	check_content(section, problems);
}

static void prepare(struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct file_conf *conf = step->conf;

	helper_prepare(step->section, "validate", &conf->validate, problems);
	file_prepare(step, ctx, problems);
}

/* ---- one file ---- */

struct one {
	const struct step *step;
	struct ctx *ctx;
	const struct file_conf *conf;
	const struct file_item *item;
	struct fs_attr attr;
	bool unknown; /* the text is not known before its keys are made */
	bool secret;  /* a key, secret or file went into the text */
	bool quiet;   /* what is odd in the template was told by the check */
};

/* All files of a step, and what they are to be: names are looked up once for all. */
static int begin(const struct step *step, struct ctx *ctx, struct file_items *ret_items,
	struct fs_attr *ret_attr, struct err *err)
{
	const struct file_conf *conf = step->conf;

	if (file_items(step, ctx, ret_items, err) < 0)
		return -1;
	return owner_attr(ctx, &conf->mode, &conf->owner, &conf->group, ret_attr, err);
}

static int make_text(struct one *one, struct buf *ret, struct err *err)
{
	struct file_traits traits = {0};

	if (file_text(one->step, one->item, one->ctx, !one->quiet, ret, &traits, err) < 0)
		return -1;
	one->unknown = traits.unknown;
	one->secret = traits.secret;
	if (one->secret && !section_get(one->step->section, "mode"))
		one->attr.mode = 0600;
	return 0;
}

/* Does the file hold this text? 0 no · 1 yes · -1. */
static int holds(const struct one *one, const struct buf *text, struct err *err)
{
	CLEANUP_BUF struct buf now = BUF_INIT;
	int rc = fs_read_target(
		&one->ctx->fs, one->item->path, FILE_TEXT_MAX, &now, NULL, err);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	return now.len == text->len && memcmp(now.data, text->data, now.len) == 0;
}

/* An existing file under `create` is the user's; only that the texts differ is told. */
static int look_only(struct one *one, struct buf *why)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	DECLARE_ERR(ignored); /* what cannot be told does not matter here */
	bool has_text = *one->item->from || one->conf->content;

	if (has_text && make_text(one, &text, &ignored) == 0 && !one->unknown &&
		holds(one, &text, &ignored) == 0) {
		buf_separate(why, "; ");
		buf_printf(why,
			"'%s' is left as it is (policy = create); a new one would have "
			"another text",
			one->item->path);
	}
	return IN_PLACE;
}

static int check_text(struct one *one, struct buf *why, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	int rc;

	if (one->conf->policy == POLICY_CREATE)
		return look_only(one, why);
	if (make_text(one, &text, err) < 0)
		return -1;
	if (one->unknown) {
		buf_separate(why, "; ");
		buf_printf(why,
			"cannot tell whether '%s' changes before its keys are made",
			one->item->path);
		return UNKNOWABLE;
	}
	rc = holds(one, &text, err);
	if (rc < 0)
		return -1;
	if (rc == 1)
		return IN_PLACE;
	buf_separate(why, "; ");
	buf_printf(why, "write '%s' anew: its text differs (%zu bytes)", one->item->path,
		text.len);
	return TO_DO;
}

static int check_missing(struct one *one, struct buf *why, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	if (make_text(one, &text, err) < 0)
		return -1;
	buf_separate(why, "; ");
	buf_printf(why, "create '%s' (%04o%s)", one->item->path, (unsigned)one->attr.mode,
		text.len ? "" : ", empty");
	parents_tell(one->ctx, one->item->path, why);
	return TO_DO;
}

static int must_be_file(const struct one *one, const struct stat *st, struct err *err)
{
	if (S_ISREG(st->st_mode))
		return 0;
	return err_fail(err, "'%s' is a %s, not a file; move it away", one->item->path,
		fs_type_name(st->st_mode));
}

static int check_one(struct one *one, struct buf *why, struct err *err)
{
	CLEANUP_BUF struct buf differs = BUF_INIT;
	struct stat st;
	int found;
	int rc = fs_lookup_ours(&one->ctx->fs, one->item->path, &st, err);

	if (rc == 1)
		return check_missing(one, why, err);
	if (rc < 0 || must_be_file(one, &st, err) < 0)
		return -1;
	found = check_text(one, why, err);
	if (found == IN_PLACE && fs_attr_differs(&st, &one->attr, &differs)) {
		buf_separate(why, "; ");
		buf_printf(why, "fix '%s': %s", one->item->path, differs.data);
		return TO_DO;
	}
	if (found == IN_PLACE)
		owner_warn(one->ctx, one->item->path, &st);
	if (found == IN_PLACE && one->secret)
		owner_warn_secret(one->ctx, one->item->path);
	return found;
}

/* Keeps what the configuration did not write down as the file has it. */
static void keep_attributes(struct one *one, const struct stat *st)
{
	/* Set-id bits were the former owner's to give, for the former text. */
	if (!one->attr.fix_mode)
		one->attr.mode = st->st_mode & 01777;
	if (!one->attr.fix_uid)
		one->attr.uid = st->st_uid;
	if (!one->attr.fix_gid)
		one->attr.gid = st->st_gid;
}

/* 1 written · 0 there is none to replace, and another process made one first · -1. */
static int write_one(struct one *one, bool replace, struct buf *did, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	enum fs_outcome outcome;
	struct stat st;
	int missing;

	one->quiet = true;
	if (make_text(one, &text, err) < 0)
		return -1;
	missing = replace ? fs_lookup_ours(&one->ctx->fs, one->item->path, &st, err) : 1;
	if (missing < 0)
		return -1;
	if (!missing)
		keep_attributes(one, &st);
	if (file_publish(one->step, one->item, one->ctx, &one->attr, &text, replace,
		    &outcome, err) < 0)
		return -1;
	if (outcome == FS_THERE)
		return 0;
	if (outcome == FS_NOT_ATOMIC)
		log_warn(one->ctx->log,
			"'%s' is mounted and was written in place, which is not atomic",
			one->item->path);
	if (one->secret && !one->attr.fix_mode && (one->attr.mode & 077))
		log_warn(one->ctx->log,
			"'%s' now holds a secret, and its mode is %04o, as it was; write "
			"`mode` into the step to change that",
			one->item->path, (unsigned)one->attr.mode);
	owner_warn(one->ctx, one->item->path, NULL);
	if (one->secret)
		owner_warn_secret(one->ctx, one->item->path);
	buf_separate(did, "; ");
	buf_printf(did, "%s '%s' (%zu bytes)", missing ? "created" : "wrote",
		one->item->path, text.len);
	return 1;
}

/* Must the text be written? -1 cannot tell. */
enum must { MUST_NOT, MUST_CREATE, MUST_REPLACE };

static int must_write(struct one *one, struct err *err)
{
	CLEANUP_BUF struct buf why = BUF_INIT;
	struct stat st;
	int found = fs_lookup_ours(&one->ctx->fs, one->item->path, &st, err);

	if (found != 0)
		return found < 0 ? -1 : MUST_CREATE;
	if (must_be_file(one, &st, err) < 0) /* --force: nobody checked */
		return -1;
	if (one->conf->policy == POLICY_CREATE)
		return MUST_NOT;
	found = check_text(one, &why, err);
	if (found < 0)
		return -1;
	return found == IN_PLACE ? MUST_NOT : MUST_REPLACE;
}

static int apply_one(struct one *one, struct buf *did, struct err *err)
{
	enum fs_outcome outcome;
	int rc;

	/* What another process made meanwhile is looked at like what was there. */
	while ((rc = must_write(one, err)) > 0) {
		rc = write_one(one, rc == MUST_REPLACE, did, err);
		if (rc != 0)
			return rc;
	}
	if (rc < 0)
		return -1;
	if (fs_fix(&one->ctx->fs, one->item->path, S_IFREG, &one->attr, &outcome, err) <
		0)
		return -1;
	if (outcome != FS_FIXED)
		return 0;
	owner_warn(one->ctx, one->item->path, NULL);
	buf_separate(did, "; ");
	buf_printf(did, "fixed mode and owner of '%s'", one->item->path);
	return 1;
}

/* ---- the contract ---- */

static int check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	struct file_items items;
	struct fs_attr attr;
	int found = IN_PLACE;

	if (begin(step, ctx, &items, &attr, err) < 0)
		return -1;
	for (size_t i = 0; i < items.count; i++) {
		struct one one = {step, ctx, step->conf, &items.list[i], .attr = attr};
		int rc = check_one(&one, why, err);

		if (rc < 0)
			return -1;
		if (rc == TO_DO || (rc == UNKNOWABLE && found == IN_PLACE))
			found = rc;
	}
	if (!why->len)
		buf_printf(why, "%zu file%s in place", items.count,
			items.count == 1 ? "" : "s");
	return found;
}

static int apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	struct file_items items;
	struct fs_attr attr;
	int changed = 0;

	if (begin(step, ctx, &items, &attr, err) < 0)
		return -1;
	for (size_t i = 0; i < items.count; i++) {
		struct one one = {step, ctx, step->conf, &items.list[i], .attr = attr};
		int rc = apply_one(&one, did, err);

		if (rc < 0)
			return -1;
		changed |= rc;
	}
	if (!changed)
		buf_puts(did, "already there");
	return changed;
}

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
	.prepare = prepare,
	.check = check,
	.apply = apply,
};
