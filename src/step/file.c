/* SPDX-License-Identifier: MIT */
/* The kind `file`: files from a template, a source, or given content. */
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/document.h"
#include "conf/env_key.h"
#include "step/clash.h"
#include "step/file_text.h"
#include "step/file_work.h"
#include "step/items.h"
#include "step/step.h"

#define EMPTY_SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/* A name that no ${…} can have would be expanded nowhere. */
static int check_var(const char *text, struct err *err)
{
	if (strpbrk(text, "*?[") || str_is_name(text, strlen(text)))
		return 0;
	return err_config(err, "'%s' is not the name of a variable, nor a glob", text);
}

/* The keys of texts in which ${…} is expanded. */
#define TEXTS "template content set"

static const struct field fields[] = {
	{"path", FIELD_PATH, offsetof(struct file_conf, path), .required = true,
		.made = true,
		.help = "the file, or the directory if `template` or `source` is one"},
	{"template", FIELD_READ_PATH, offsetof(struct file_conf, template),
		.help = "a file in which `${…}` is expanded, or a directory of such"},
	{"source", FIELD_READ_PATH, offsetof(struct file_conf, source),
		.help = "a file that is copied as it is, or a directory of such"},
	{"suffix", FIELD_STRING, offsetof(struct file_conf, suffix),
		.check = file_check_suffix, .example = ".template", .needs = "template",
		.help = "of a directory of templates: only these files, without it"},
	{"content", FIELD_TEXT, offsetof(struct file_conf, content), .allow = "vars",
		.help = "the text itself, in which `${…}` is expanded"},
	ACCESS_FIELDS(struct file_conf, "0644",
		"of a new one (0600 with a secret in it; of a `source` or `template`, "
		"no more for group and others than that has); of an existing one, "
		"too, if it is written here"),
	{"policy", FIELD_ENUM, offsetof(struct file_conf, policy), "create",
		.choices =
			(const char *const[]){"create", "manage", "track", "edit", NULL},
		.help = "`create` leaves an existing file alone; `manage` rewrites it; "
			"`track` does until somebody edits it, and needs `state`; "
			"`edit` makes none"},
	{"prune", FIELD_BOOL, offsetof(struct file_conf, prune), "no",
		.needs = "template source",
		.help = "of a directory: whether what it made and has no template for "
			"any more is removed; needs `state`"},
	{"escape", FIELD_ENUM, offsetof(struct file_conf, escape),
		.choices = escape_names, .needs = TEXTS,
		.help = "the format to make values safe for (default: by the ending)"},
	{"vars", FIELD_GLOBS, offsetof(struct file_conf, vars), .check = check_var,
		.needs = TEXTS,
		.help = "names and globs of the only variables that are expanded",
		.example = "SERVER_NAME NGINX_*"},
	{"missing", FIELD_ENUM, offsetof(struct file_conf, missing), "error",
		.choices = (const char *const[]){"error", "keep", "empty", NULL},
		.needs = TEXTS,
		.help = "what `${NAME}` is in a text where NAME is not set: an error, "
			"left as it is, or nothing"},
	{"set", FIELD_TEXT, offsetof(struct file_conf, set), .allow = "vars",
		.example = "{\"port\": 8080}",
		.help = "keys that are set, in the file's own format, in each text and "
			"in an existing file; all else stays"},
	{"unset", FIELD_LIST, offsetof(struct file_conf, unset),
		.help = "keys that are removed in the same way",
		.example = "server.debug"},
	{"match", FIELD_LINES, offsetof(struct file_conf, match),
		.help = "of lines: what a line of `set` and the line that it replaces "
			"both begin with",
		.example = "maxmemory"},
	{"from_env", FIELD_LINES, offsetof(struct file_conf, from_env),
		.check = env_key_check,
		.help = "keys that variables set in the same way: how their names become "
			"keys; `!NAME` leaves out",
		.example = "KAFKA_{key} lower _=."},
	{"format", FIELD_ENUM, offsetof(struct file_conf, format),
		.choices = document_formats,
		.help = "what each text, and an existing file, must be (default: json "
			"for what is rendered to a path with that ending)"},
	{"must_have", FIELD_LIST, offsetof(struct file_conf, must_have),
		.help = "keys that each text, and an existing file, must have",
		.example = "server.port database.url"},
	{"sha256", FIELD_STRING, offsetof(struct file_conf, sha256),
		.check = file_check_sha256, .example = EMPTY_SHA256,
		.help = "the digest that a new text must have"},
	{"validate", FIELD_COMMAND, offsetof(struct file_conf, validate),
		.help = "a command that must accept each new text, named `{file}`, or "
			"the new directory, `{dir}`",
		.example = "nginx -t -c {file}"},
	{0},
};

/* Does a line of the text begin so? */
static bool has_line(const char *text, const char *begin)
{
	for (; text && *text; text = strchr(text, '\n')) {
		text += strspn(text, " \t\n");
		if (str_starts(text, begin))
			return true;
	}
	return false;
}

static void validate_beginnings(const struct section *section, const struct value *match,
	const char *set, struct problems *problems)
{
	size_t size;

	for (const char *at = match->flat; *at; at += size + (at[size] == '\n')) {
		CLEANUP_BUF struct buf begin = BUF_INIT;

		size = strcspn(at, "\n");
		buf_add(&begin, at, size);
		if (!has_line(set, begin.data))
			problems_add(problems, match->at,
				"[%s] match: no line of `set` begins with '%s'%s",
				section->id, begin.data,
				strchr(begin.data, ' ') ? "; one beginning a line" : "");
	}
}

static void validate_match(const struct section *section, struct problems *problems)
{
	const struct setting *match = section_get(section, "match");
	const struct setting *set = section_get(section, "set");
	const struct setting *format = section_get(section, "format");
	bool lines = format && strcasecmp(format->value->flat, "lines") == 0;

	if (!match)
		return;
	if (!set || !lines)
		problems_add(problems, match->at,
			"[%s] match: is for the lines of `set`: write these, and "
			"`format = lines`",
			section->id);
	for (const struct value *link = match->value; set && link; link = link->next)
		validate_beginnings(section, link, set->value->text, problems);
}

static void validate_edit(const struct section *section, const struct setting *policy,
	const struct setting *text, struct problems *problems)
{
	if (text)
		problems_add(problems, text->at,
			"[%s] %s: policy = edit changes keys of an existing file, and "
			"gives it no other text",
			section->id, text->key);
	if (!section_get(section, "set") && !section_get(section, "unset") &&
		!section_get(section, "from_env"))
		problems_add(problems, policy->at,
			"[%s] policy: edit needs `set`, `unset` or `from_env`",
			section->id);
}

/* Whatever it is given otherwise, a command would look at what is there already. */
static void validate_command(
	const struct section *section, bool from_directory, struct problems *problems)
{
	const struct setting *validate = section_get(section, "validate");
	bool file = section_has_text(section, "validate", "{file}");
	bool dir = file_validates_dir(section);

	if (section_has_text(section, "validate", "{dir}/.."))
		problems_add(problems, validate->at,
			"[%s] validate: {dir}/.. is not where the new directory will be, "
			"and has nothing new: name each file in {dir}, or make the "
			"directory above by this step, too",
			section->id);
	if (!validate || (file != dir && (!dir || from_directory)))
		return;
	if (file && dir)
		problems_add(problems, validate->at,
			"[%s] validate: it is for each new text, {file}, or for the "
			"directory, {dir}, not for both",
			section->id);
	else if (dir)
		problems_add(problems, validate->at,
			"[%s] validate: {dir} is for a directory of a `template` or "
			"`source`; the new text of a file is {file}",
			section->id);
	else
		problems_add(problems, validate->at,
			"[%s] validate: the command finds what is new by {file} or {dir} "
			"alone, and would judge what is there already; write {file} for "
			"each new text, or {dir} for the new directory, as in `nginx -t "
			"-c {file}`",
			section->id);
}

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
	validate_command(section,
		section_get(section, "template") || section_get(section, "source"),
		problems);
	validate_match(section, problems);
	if (policy && strcasecmp(policy->value->flat, "edit") == 0)
		validate_edit(section, policy, first, problems);
	if (!first && policy &&
		(strcasecmp(policy->value->flat, "manage") == 0 ||
			strcasecmp(policy->value->flat, "track") == 0))
		problems_add(problems, policy->at,
			"[%s] policy: %s without template, source or content would "
			"empty the file every time",
			section->id, policy->value->flat);
}

static const char *remembers(const void *conf)
{
	const struct file_conf *file = conf;

	return file->policy == POLICY_TRACK ? "policy" : file->prune ? "prune" : NULL;
}

/* At each file that it makes. */
static struct making at_files(const struct file_conf *conf)
{
	static const enum making_how how[] = {
		[POLICY_CREATE] = MAKING_NEW,
		[POLICY_MANAGE] = MAKING_ANEW,
		[POLICY_TRACK] = MAKING_ANEW,
		[POLICY_EDIT] = MAKING_EDITS,
	};

	return (struct making){
		.how = how[conf->policy], .type = S_IFREG, .access = &conf->access};
}

static const char *made_from(const struct file_conf *conf)
{
	return *conf->template ? conf->template : conf->source;
}

/* What is missing may be a directory. */
static struct making making(const struct step *step)
{
	const struct file_conf *conf = step->conf;
	const char *from = made_from(conf);
	struct stat st;

	if (!*from) {
		struct making ret = at_files(conf);

		if (ret.how == MAKING_NEW && !conf->content)
			ret.how = MAKING_EMPTY;
		return ret;
	}
	if (stat(from, &st) < 0)
		return (struct making){0};
	if (S_ISREG(st.st_mode))
		return at_files(conf);
	return (struct making){.how = MAKING_DIR, .type = S_IFDIR, .filled = true};
}

static struct making inside(const struct step *step, struct ctx *ctx, struct list *files)
{
	const struct file_conf *conf = step->conf;
	const char *from = made_from(conf),
		   *key = *conf->template ? "template" : "source";
	struct file_items found = {0}, *items = step->prepared ? step->prepared : &found;
	DECLARE_ERR(ignored); /* at the step's turn */

	if (items == &found && step_may_read(ctx, step->section, key, from))
		(void)file_items(step, ctx, &found, &ignored); /* else it has none */
	for (size_t i = 0; i < items->count; i++)
		if (items->list[i].type == FILE_TEXT)
			list_add(files, ctx->arena, items->list[i].path,
				strlen(items->list[i].path));
	return at_files(conf);
}

/* What may change is accepted as a whole, or not at all. */
static int apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	if (file_validates_dir(step->section) && file_validate_dir(step, ctx, err) < 0)
		return -1;
	return items_apply(step, ctx, did, err);
}

static const struct items items = {
	.singular = "file",
	.plural = "files",
	.size = sizeof(struct file_work),
	.begin = file_begin,
	.check = file_check,
	.apply = file_apply,
	.end = file_end,
};

static void reads(const struct step *step, struct ctx *ctx)
{
	struct file_items ignored;
	DECLARE_ERR(later); /* the directory may be missing, as its files may */

	(void)file_items(step, ctx, &ignored, &later);
}

const struct kind kind_file = {
	.name = "file",
	.elsewhere = "template config",
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
	.prepare_draft = file_prepare_draft,
	.items = &items,
	.check = items_check,
	.apply = apply,
	.remembers = remembers,
	.making = making,
	.inside = inside,
	.reads = reads,
};
