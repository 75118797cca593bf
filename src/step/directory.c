/* SPDX-License-Identifier: MIT */
/* The kind `directory`: directories with their parents, mode, owner and content. */
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fs_exclude.h"
#include "base/fs_keep.h"
#include "base/fs_tree.h"
#include "base/log.h"
#include "base/path.h"
#include "base/privilege.h"
#include "base/problems.h"
#include "step/clash.h"
#include "step/directory_source.h"
#include "step/directory_writer.h"
#include "step/items.h"
#include "step/needed.h"
#include "step/owner.h"
#include "step/parents.h"
#include "step/planned.h"
#include "step/step.h"

enum recursive { RECURSIVE_NO, RECURSIVE_MISMATCH, RECURSIVE_FULL };

struct directory_conf {
	struct list path;
	struct access access;
	int recursive;
	struct list exclude;
	const char *source;
	int merge; /* enum directory_merge */
	struct field_name writable_by;
};

/* What a shell would have expanded is no name that is meant. */
static int check_path(const char *text, struct err *err)
{
	if (!strpbrk(text, "*?"))
		return 0;
	return err_config(
		err, "'%s': there are no globs here; name each directory", text);
}

static const struct field fields[] = {
	/* Not `made`: nothing in them is. */
	{"path", FIELD_PATHS, offsetof(struct directory_conf, path), .required = true,
		.object = true, .check = check_path, .example = "data data/uploads",
		.help = "the directories; missing parents are made, too"},
	ACCESS_FIELDS(struct directory_conf, "0755",
		"of a new one; of an existing one, too, if it is written here"),
	{"recursive", FIELD_ENUM, offsetof(struct directory_conf, recursive), "no",
		.choices = (const char *const[]){"no", "mismatch", "full", NULL},
		.needs = "owner group",
		.help = "whether `owner` holds for all that is in it, too"},
	{"exclude", FIELD_LIST, offsetof(struct directory_conf, exclude), .globs = true,
		.check = fs_exclude_check, .example = ".snapshot cache/*",
		.needs = "source recursive=mismatch|full",
		.help = "globs of what `recursive` and `source` leave out: of names, or "
			"with a / of paths below the directory"},
	{"source", FIELD_READ_PATH, offsetof(struct directory_conf, source),
		.help = "a directory whose content is copied into each of them"},
	{"merge", FIELD_ENUM, offsetof(struct directory_conf, merge), "empty",
		.choices = (const char *const[]){"empty", "missing", "always", "mirror",
			NULL},
		.needs = "source",
		.help = "when: while the directory is empty; what is missing; all of it "
			"each time; or also removing what `source` does not have"},
	{"writable_by", FIELD_USER, offsetof(struct directory_conf, writable_by),
		.help = "a user who must be able to write there"},
	{0},
};

/* What a step asks for, and the directory at hand. */
struct work {
	const struct step *step;
	const struct directory_conf *conf;
	struct ctx *ctx;
	struct fs_attr attr;
	struct directory_source source;
	struct directory_writer writer;
	const char *path;
	struct stat st;
	bool missing;
	bool planned; /* is missing, and an earlier step makes it, with this `st` */
};

static int inspect(struct work *work, struct err *err)
{
	/* A user's word is taken; but what is in a directory of root's is trusted. */
	bool given = work->attr.fix_uid && !fs_is_trusted(&work->ctx->fs, work->attr.uid);
	enum fs_rule rule = given ? FS_ANY : FS_OURS;
	int rc = fs_lookup(&work->ctx->fs, work->path, rule, &work->st, err);

	if (rc < 0)
		return -1;
	work->missing = rc == 1;
	work->planned = rc == 1 && parents_directory(work->ctx, work->path, &work->st);
	if (work->missing || S_ISDIR(work->st.st_mode))
		return 0;
	return err_fail(err, "'%s' is a %s, not a directory; move it away", work->path,
		fs_type_name(work->st.st_mode));
}

static void warn_passed(const struct work *work, const struct fs_tree_noted *closed,
	const struct fs_tree_noted *kept)
{
	if (closed->count)
		log_warn(work->ctx->log,
			"[%s] recursive: passed over directories in '%s' that cannot be "
			"entered (%zu); the first is '%s'",
			work->step->id, work->path, closed->count, closed->first.data);
	if (kept->count)
		log_warn(work->ctx->log,
			"[%s] recursive: passed over what cannot be given away in '%s' "
			"(%zu); the first is '%s': %s",
			work->step->id, work->path, kept->count, kept->first.data,
			owner_why_kept());
}

static bool own_wrong(const struct work *work)
{
	const struct fs_attr *attr = &work->attr;

	return (attr->fix_uid && work->st.st_uid != attr->uid) ||
		(attr->fix_gid && work->st.st_gid != attr->gid);
}

/* Of all that is in it, as far as `recursive` asks, what belongs to another user. */
static int find_foreign(
	const struct work *work, enum fs_tree_use use, size_t *ret, struct err *err)
{
	const struct fs_attr *attr = &work->attr;
	struct fs_tree_noted closed = {.first = BUF_INIT};
	struct fs_tree_noted kept = {.first = BUF_INIT};
	const struct fs_tree_noted none = {0}; /* that was said before */
	bool root = work->conf->recursive != RECURSIVE_NO && geteuid() == 0;
	const struct fs_tree tree = {
		.uid = root && attr->fix_uid ? attr->uid : FS_INHERIT,
		.gid = root && attr->fix_gid ? attr->gid : (gid_t)FS_INHERIT,
		.use = use,
		.exclude = work->conf->exclude.items,
		.stop = work->ctx->stop,
		.closed = &closed,
		.kept = &kept,
	};
	int rc;

	*ret = 0;
	if (work->conf->recursive == RECURSIVE_NO || work->missing ||
		(work->conf->recursive == RECURSIVE_MISMATCH && !own_wrong(work)))
		return 0;
	rc = fs_tree_owner(&work->ctx->fs, work->path, &tree, ret, err);
	/* Once: what a search finds ends it, and then it is said when that is given. */
	if (rc == 0 && (use == FS_TREE_COUNT || (use == FS_TREE_FIND) == (*ret == 0)))
		warn_passed(work, &closed, &kept);
	/* What a search took for what can be given, and was not. */
	else if (rc == 0 && use == FS_TREE_GIVE && privileged_to_give())
		warn_passed(work, &none, &kept);
	buf_release(&closed.first);
	buf_release(&kept.first);
	return rc;
}

static void warn(const struct work *work, const struct stat *st)
{
	if (*work->conf->writable_by.name)
		owner_warn(work->ctx, &work->attr, work->path, st, false);
	else
		owner_warn_unwritable(
			work->ctx, &work->conf->access, &work->attr, work->path, st);
}

/*
 * Will the user be able to write there, with the mode and owner that it is to have? And
 * in a plan, the application?
 */
static int check_to_be_writable(const struct work *work, struct err *err)
{
	const struct fs_attr *attr = &work->attr;
	struct stat st = work->st;

	if (work->missing && !parents_directory(work->ctx, work->path, &st)) {
		if (attr->uid == FS_INHERIT) /* of the directory above */
			return 0;
		st = (struct stat){.st_mode = S_IFDIR | attr->mode,
			.st_uid = privileged_to_give() ? attr->uid : geteuid(),
			.st_gid = privileged_to_give() ? attr->gid : getegid()};
	}
	if (!work->missing && attr->fix_mode)
		st.st_mode = S_IFDIR | attr->mode;
	if (!work->missing && attr->fix_uid && privileged_to_give())
		st.st_uid = attr->uid;
	if (work->ctx->planning)
		warn(work, &st);
	return directory_writer_would(&work->writer, work->path, &st, err);
}

/* The directory itself, and whose all is that is in it. */
static int check_own(const struct work *work, struct buf *why, struct err *err)
{
	CLEANUP_BUF struct buf differs = BUF_INIT;
	size_t foreign;

	/* A plan says how many; else the first shows that all are to be looked at. */
	if (find_foreign(work, work->ctx->planning ? FS_TREE_COUNT : FS_TREE_FIND,
		    &foreign, err) < 0)
		return -1;
	if (work->missing && !work->planned) {
		buf_printf(why, "create the directory '%s' (%04o)", work->path,
			(unsigned)work->attr.mode);
		if (parents_check_new(
			    work->ctx, "create the directory", work->path, why, err) < 0)
			return -1;
	} else if (fs_attr_differs(&work->st, &work->attr, &differs)) {
		buf_printf(why, "fix '%s': %s", work->path, differs.data);
		if (!work->planned && parents_check_fix(work->ctx, work->path, err) < 0)
			return -1;
	} else if (foreign && work->ctx->planning) {
		buf_printf(why, "change the owner of %zu object%s in '%s'", foreign,
			foreign == 1 ? "" : "s", work->path);
	} else if (foreign) {
		buf_printf(why, "change the owner of what is in '%s'", work->path);
	}
	step_change(work->ctx,
		work->missing && !work->planned ? CHANGE_MADE : CHANGE_CHANGED);
	return why->len ? TO_DO : IN_PLACE;
}

/* What it changes for the steps behind it. */
static void note(const struct work *work)
{
	bool deep = work->conf->recursive != RECURSIVE_NO && geteuid() == 0;
	const struct made made = {
		.path = work->path,
		.attr = &work->attr,
		.fixes = work->missing && !work->planned ? NULL : work->step->id,
		.deep = deep &&
			(work->conf->recursive == RECURSIVE_FULL || own_wrong(work)),
		.exclude = work->conf->exclude.items,
	};

	parents_note_directory(work->ctx, &made);
}

static int check(void *user, size_t i, struct buf *why, struct err *err)
{
	struct work *work = user;
	int own, source;

	work->path = work->conf->path.items[i];
	if (inspect(work, err) < 0)
		return -1;
	own = check_own(work, why, err);
	source = own < 0 ? -1
			 : directory_source_check(work->ctx, &work->source, work->path,
				   work->missing, why, err);
	if (source < 0)
		return -1;
	if (own == TO_DO || source == TO_DO) {
		note(work);
		own = check_to_be_writable(work, err) < 0 ? -1 : TO_DO;
	}
	if (own != IN_PLACE || source == UNKNOWABLE)
		return own < 0 || source != UNKNOWABLE ? own : UNKNOWABLE;
	if (work->planned && !why->len)
		buf_printf(why, "an earlier step makes '%s'", work->path);
	if (work->planned)
		return IN_PLACE;
	warn(work, &work->st);
	return directory_writer_may(&work->writer, work->path, err) < 0 ? -1 : IN_PLACE;
}

/* What was made is flushed once for all that are in one directory. */
static int make(const struct work *work, size_t i, enum fs_outcome *ret, struct err *err)
{
	if (fs_make_dir(&work->ctx->fs, work->path, &work->attr, ret, err) < 0)
		return -1;
	return i + 1 == work->conf->path.count ? fs_flush(&work->ctx->fs, err) : 0;
}

static int apply(void *user, size_t i, struct buf *did, struct err *err)
{
	struct work *work = user;
	enum fs_outcome outcome;
	size_t changed;

	work->path = work->conf->path.items[i];
	/* What is in it first: after a kill the directory itself still shows that. */
	if (inspect(work, err) < 0 ||
		find_foreign(work, FS_TREE_GIVE, &changed, err) < 0 ||
		make(work, i, &outcome, err) < 0)
		return -1;
	step_change(work->ctx, outcome == FS_MADE ? CHANGE_MADE : CHANGE_CHANGED);
	if (outcome != FS_THERE || changed)
		buf_printf(did, "%s '%s'", outcome == FS_MADE ? "created" : "fixed",
			work->path);
	if (changed)
		buf_printf(did, " (owner of %zu object%s changed)", changed,
			changed == 1 ? "" : "s");
	if (directory_source_apply(work->ctx, &work->source, work->path, did, err) < 0 ||
		directory_writer_may(&work->writer, work->path, err) < 0)
		return -1;
	if (outcome != FS_MADE && did->len && inspect(work, err) < 0)
		return -1;
	if (outcome == FS_MADE || (did->len && !work->missing))
		warn(work, outcome == FS_MADE ? NULL : &work->st);
	else
		(void)owner_warn_kept(work->ctx, &work->attr, work->path, NULL);
	return did->len > 0;
}

static int begin(const struct step *step, struct ctx *ctx, void *to, size_t *ret_count,
	struct err *err)
{
	const struct directory_conf *conf = step->conf;
	struct work *work = to;

	*work = (struct work){.step = step, .conf = conf, .ctx = ctx};
	work->source = (struct directory_source){
		.step = step,
		.from = conf->source,
		.merge = (enum directory_merge)conf->merge,
		.exclude = conf->exclude.items,
		.attr = &work->attr,
	};
	work->writer = (struct directory_writer){
		.step = step, .ctx = ctx, .user = conf->writable_by.name};
	*ret_count = conf->path.count;
	fs_flush_later(&ctx->fs);
	return owner_attr(step, ctx, &conf->access, &work->attr, err);
}

/* ---- its keys ---- */

static void decided(struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct directory_conf *conf = step->draft;

	if (conf->merge == DIRECTORY_MIRROR)
		directory_source_decided(
			step, ctx, &conf->path, conf->exclude.items, problems);
}

static void prepare(struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct directory_conf *conf = step->conf;

	owner_warn_closed(step, ctx, &conf->access);
	directory_source_judge(step, &conf->path, &conf->exclude, conf->source, problems);
}

static bool fills(const struct section *section)
{
	return section_get(section, "source");
}

static struct making making(const struct step *step)
{
	const struct directory_conf *conf = step->conf;

	return (struct making){
		.how = MAKING_DIR,
		.type = S_IFDIR,
		.filled = *conf->source,
		.from = conf->source,
		.exclude = conf->exclude.items,
		.if_empty = *conf->source && conf->merge == DIRECTORY_EMPTY,
		.access = &conf->access,
	};
}

static const struct items items = {
	.singular = "directory",
	.plural = "directories",
	.size = sizeof(struct work),
	.begin = begin,
	.check = check,
	.apply = apply,
};

const struct kind kind_directory = {
	.name = "directory",
	.elsewhere = "dir mkdir",
	.summary = "directories with their parents, mode and owner",
	.example = "[directory:data]\n"
		   "path = data data/uploads\n"
		   "mode = 0750\n",
	.order = 5,
	.shares = true,
	.size = sizeof(struct directory_conf),
	.fields = fields,
	.prepare = prepare,
	.decided = decided,
	.items = &items,
	.check = items_check,
	.apply = items_apply,
	.fills = fills,
	.making = making,
};
