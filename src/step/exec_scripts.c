/* SPDX-License-Identifier: MIT */
/* The kind `exec`: the programs of a directory. */
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_error.h"
#include "base/fs_may_run.h"
#include "base/fs_scratch.h"
#include "base/listed.h"
#include "base/log.h"
#include "base/path.h"
#include "base/str.h"
#include "state/record.h"
#include "step/exec_work.h"
#include "step/parents.h"
#include "step/step.h"

#define NAMES_SHOWN 12

struct finder {
	const struct step *step;
	struct ctx *ctx;
	struct scripts *scripts;
	const struct list *executed; /* the words of what is executed itself */
	uid_t user;                  /* whom they run as */
};

/* ---- the directory ---- */

/* One that is missing is waited for, as is one that is listed; a program is no source. */
static bool is_directory(const struct ctx *ctx, const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0) {
		fs_note_path(&ctx->fs, path);
		if (stat(path, &st) < 0)
			return false;
	}
	return S_ISDIR(st.st_mode);
}

/*
 * Which directory is it? Returns 0 with `ret`, which is NULL where it is none, or -1
 * where `scripts` say that it must be one.
 */
static int find_directory(
	const struct step *step, struct ctx *ctx, const char **ret, struct err *err)
{
	const struct exec_conf *conf = step->conf;
	const char *path = NULL;
	struct stat st;

	*ret = NULL;
	if (!conf->command.count || !*conf->command.items[0] ||
		(!strchr(conf->command.items[0], '/') && !conf->scripts.count))
		return 0;
	if (exec_resolve(conf, ctx->arena, &path, err) < 0)
		return -1;
	if (is_directory(ctx, path)) {
		*ret = path;
		return 0;
	}
	if (!conf->scripts.count)
		return 0;
	if (stat(path, &st) < 0 && (errno == ENOENT || errno == ENOTDIR))
		return parents_missing(ctx, path, err);
	return err_fail(
		err, "'%s' is no directory, and `scripts` are the files of one", path);
}

/* ---- what is in it ---- */

static int by_name(const void *a, const void *b)
{
	const struct script *left = a, *right = b;

	return str_compare_natural(left->name, right->name);
}

static int list_names(struct finder *finder, struct err *err)
{
	struct scripts *scripts = finder->scripts;
	struct arena *arena = finder->ctx->arena;
	CLEANUP_DIR DIR *dir = fs_open_dir(&finder->ctx->fs, scripts->dir, err);
	const struct dirent *entry;

	if (!dir)
		return -1;
	while ((entry = fd_next(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		if (scripts->count == SCRIPTS_MAX)
			return err_fail(err, "'%s' has more than %d files", scripts->dir,
				SCRIPTS_MAX);
		scripts->list = arena_array_grow(
			arena, scripts->list, scripts->count, sizeof *scripts->list);
		scripts->list[scripts->count++] =
			(struct script){.name = arena_strdup(arena, entry->d_name),
				.path = path_join(arena, scripts->dir, entry->d_name)};
	}
	if (errno != 0)
		return err_sys(err, "read the directory '%s'", scripts->dir);
	if (scripts->count)
		qsort(scripts->list, scripts->count, sizeof *scripts->list, by_name);
	return 0;
}

static void leave_out(struct finder *finder, const struct script *script, const char *why)
{
	struct arena *arena = finder->ctx->arena;
	const char *text = arena_printf(arena, "%s (%s)", script->name, why);

	list_add(&finder->scripts->left_out, arena, text, strlen(text));
}

/* What editors and package managers leave beside a file. */
static bool is_leftover(const char *name)
{
	static const char *const endings[] = {"~", ".dpkg-old", ".dpkg-dist", ".dpkg-new",
		".rpmsave", ".rpmorig", ".rpmnew"};

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (str_ends(name, endings[i]))
			return true;
	return false;
}

/* How it is run, or NULL. */
static const struct list *words_for(
	const struct finder *finder, const char *name, const struct stat *st)
{
	const struct exec_conf *conf = finder->step->conf;

	for (size_t i = 0; i < conf->scripts.count; i++)
		if (fnmatch(conf->scripts.list[i].glob, name, 0) == 0)
			return &conf->scripts.list[i].argv;
	return st->st_mode & 0111 ? finder->executed : NULL;
}

/* As fs_may_run(); notes that it is refused. */
static int may_run(
	struct finder *finder, const char *path, struct stat *ret, struct err *err)
{
	int rc = fs_may_run(&finder->ctx->fs, path, finder->user, ret, err);

	finder->scripts->refused |= rc < 0;
	return rc;
}

/* Is it to be run? Returns 1, 0 where it is left out, or -1. */
static int judge(struct finder *finder, struct script *script, struct err *err)
{
	struct stat st;

	if (is_leftover(script->name)) {
		leave_out(finder, script, "a leftover");
		return 0;
	}
	if (stat(script->path, &st) < 0) {
		if (errno != ENOENT)
			return fs_raise_path(err, "look at", script->path);
		leave_out(finder, script, "a link that leads nowhere");
		return 0;
	}
	if (!S_ISREG(st.st_mode)) {
		leave_out(finder, script,
			arena_printf(
				finder->ctx->arena, "a %s", fs_type_name(st.st_mode)));
		return 0;
	}
	script->argv = words_for(finder, script->name, &st);
	if (!script->argv) {
		leave_out(finder, script, "not executable");
		return 0;
	}
	if (may_run(finder, script->path, &st, err) != 0)
		return err->kind ? -1 : err_fail(err, "'%s' was removed", script->path);
	return 1;
}

static int judge_all(struct finder *finder, struct err *err)
{
	struct scripts *scripts = finder->scripts;
	size_t count = 0;

	for (size_t i = 0; i < scripts->count; i++) {
		int rc = judge(finder, &scripts->list[i], err);

		if (rc < 0)
			return -1;
		if (rc > 0)
			scripts->list[count++] = scripts->list[i];
	}
	scripts->count = count;
	return 0;
}

/* The script, and what stands behind the directory in the command. */
static const struct list *executed_words(
	const struct exec_conf *conf, struct arena *arena)
{
	struct list *words = arena_alloc(arena, sizeof *words);

	list_add(words, arena, "{}", strlen("{}"));
	for (size_t i = 1; i < conf->command.count; i++)
		list_add(words, arena, conf->command.items[i],
			strlen(conf->command.items[i]));
	return words;
}

void exec_scripts_describe(const struct scripts *scripts, struct buf *ret)
{
	if (scripts->count)
		buf_printf(ret, "%zu script%s of '%s': ", scripts->count,
			scripts->count == 1 ? "" : "s", scripts->dir);
	else
		buf_printf(ret, "nothing of '%s'", scripts->dir);
	for (size_t i = 0; i < scripts->count; i++)
		listed_add(
			ret, i, scripts->count, NAMES_SHOWN, "%s", scripts->list[i].name);
	if (scripts->done)
		buf_printf(ret, "; done before: %zu", scripts->done);
	if (scripts->left_out.count)
		buf_puts(ret, "; left out: ");
	for (size_t i = 0; i < scripts->left_out.count; i++)
		listed_add(ret, i, scripts->left_out.count, NAMES_SHOWN, "%s",
			scripts->left_out.items[i]);
}

/* Each is done by itself: one that comes later is run by a later start. */
static int drop_done(struct finder *finder, struct err *err)
{
	struct scripts *scripts = finder->scripts;
	struct ctx *ctx = finder->ctx;
	struct record record;
	size_t count = 0;

	if (record_read(&record, ctx->state, finder->step->id, ctx->arena, err) < 0)
		return -1;
	for (size_t i = 0; i < scripts->count; i++)
		if (!record_get(
			    &record, done_script_key(scripts->list[i].name, ctx->arena)))
			scripts->list[count++] = scripts->list[i];
	scripts->done = scripts->count - count;
	scripts->count = count;
	return 0;
}

void exec_scripts_add(
	const struct script *script, struct arena *arena, struct done_more *ret)
{
	list_add(&ret->files, arena, script->path, strlen(script->path));
	list_add(&ret->words, arena, script->name, strlen(script->name));
	for (size_t i = 0; i < script->argv->count; i++)
		list_add(&ret->words, arena, script->argv->items[i],
			strlen(script->argv->items[i]));
}

static int raise_nothing(
	const struct exec_conf *conf, const struct scripts *scripts, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	exec_scripts_describe(scripts, &text);
	return err_fail(err, "there is nothing to run that could make '%s': %s",
		conf->creates, text.data);
}

int exec_scripts_find(
	const struct step *step, struct ctx *ctx, struct scripts *ret, struct err *err)
{
	const struct exec_conf *conf = step->conf;
	struct helper helper = {.user = &conf->user, .group = &conf->group};
	struct finder finder = {.step = step, .ctx = ctx, .scripts = ret};
	struct fs_scratch_user user;
	struct stat st;

	*ret = (struct scripts){0};
	if (find_directory(step, ctx, &ret->dir, err) < 0)
		return -1;
	if (!ret->dir)
		return 0;
	if (helper_scratch_user(&helper, step, ctx, &user, err) < 0)
		return -1;
	finder.user = user.uid;
	finder.executed = executed_words(conf, ctx->arena);
	if (may_run(&finder, ret->dir, &st, err) < 0 || list_names(&finder, err) < 0 ||
		judge_all(&finder, err) < 0)
		return -1;
	if (!ret->count && *conf->creates)
		return raise_nothing(conf, ret, err);
	return conf->done.once && !ctx->forced ? drop_done(&finder, err) : 0;
}

void exec_scripts_prepare(struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct exec_conf *conf = step->conf;
	CLEANUP_BUF struct buf ignored = BUF_INIT;
	struct scripts scripts;
	DECLARE_ERR(err);

	/* What `check` or `creates` says of it comes first. */
	if (!ctx->fs.guarded || conf->check.count ||
		(!ctx->tolerant && *conf->creates &&
			step_there(step, ctx, &ignored, &err) == IN_PLACE))
		return;
	err_init(&err);
	if (exec_scripts_find(step, ctx, &scripts, &err) == 0 || !scripts.refused ||
		steps_make(ctx->steps, scripts.dir) ||
		steps_give(ctx->steps, scripts.dir))
		return;
	if (ctx->tolerant) {
		err_append(&err, "; a start as root is refused");
		(void)step_locate_key(step, "command", &err); /* always -1 */
		log_err(ctx->log, LOG_WARN, &err);
		return;
	}
	err.kind = ERR_CONFIG;
	(void)step_locate_key(step, "command", &err); /* always -1 */
	problems_add_err(problems, &err);
}
