/* SPDX-License-Identifier: MIT */
/* What a plan has made so far: missing directories, and what steps make. */
#include "step/parents.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fs_check.h"
#include "base/path.h"
#include "base/str.h"
#include "step/step.h"

/* A list in the arena. */
struct planned {
	const char *path; /* NULL: a command may make any */
	const char *by;   /* the step that makes it; NULL: a directory */
	bool command;     /* … by a command, which nobody knows */
	bool perhaps;     /* whether it makes it is not known */
	bool content;     /* it is only what is copied into the directory at `path` */
	struct planned *next;
};

static bool is_planned(const struct ctx *ctx, const char *path)
{
	for (const struct planned *made = ctx->planned; made; made = made->next)
		if (made->path && !made->content && str_equal(made->path, path))
			return true;
	return false;
}

bool parents_planned_above(const struct ctx *ctx, const char *path)
{
	while (!str_equal(path, "/")) {
		path = path_dir(ctx->arena, path);
		if (is_planned(ctx, path))
			return true;
	}
	return false;
}

static void note(struct ctx *ctx, const struct planned *planned)
{
	struct planned *made = arena_memdup(ctx->arena, planned, sizeof *planned);

	made->next = ctx->planned;
	ctx->planned = made;
}

void parents_note(struct ctx *ctx, const char *path, const char *by)
{
	if (ctx->planning && !is_planned(ctx, path))
		note(ctx, &(struct planned){.path = path, .by = by, .command = by});
}

void parents_note_command(struct ctx *ctx, const char *by)
{
	if (ctx->planning)
		note(ctx, &(struct planned){.by = by, .command = true});
}

void parents_note_made(struct ctx *ctx, const struct step *step, bool perhaps)
{
	const void *conf = step->conf ? step->conf : step->draft;
	const char *path;

	for (size_t i = 0; (path = step_made(step, conf, i)); i++)
		if (*path && !is_planned(ctx, path))
			note(ctx,
				&(struct planned){.path = path,
					.by = step->id,
					.perhaps = perhaps});
	if (step->kind->type != S_IFDIR || !section_get(step->section, "source"))
		return;
	for (size_t i = 0; (path = step_path(step, conf, i)); i++)
		note(ctx, &(struct planned){.path = path, .content = true});
}

/* What is made below a path that another step than `directory` makes is not known. */
enum condition_answer parents_exist(
	const struct ctx *ctx, const char *path, bool *ret_directory)
{
	enum condition_answer answer = CONDITION_NO;

	*ret_directory = false;
	for (const struct planned *made = ctx->planned; made; made = made->next) {
		bool same = made->path && !made->content && str_equal(made->path, path);

		if (same && !made->command && !made->perhaps) {
			*ret_directory = !made->by;
			return CONDITION_YES;
		}
		if (!made->path || same || (made->by && path_is_below(path, made->path)))
			answer = CONDITION_UNKNOWN;
	}
	return answer;
}

enum condition_answer parents_fill(const struct ctx *ctx, const char *path)
{
	enum condition_answer answer = CONDITION_NO;

	for (const struct planned *made = ctx->planned; made; made = made->next) {
		bool same = made->path && str_equal(made->path, path);
		bool in = made->path && !made->content && !same &&
			path_is_below(made->path, path);

		if (in && !made->command && !made->perhaps)
			return CONDITION_YES;
		if (!made->path || in || (made->by && path_is_below(path, made->path)))
			answer = CONDITION_UNKNOWN;
	}
	return answer;
}

const char *parents_maker(const struct ctx *ctx, const char *path)
{
	const char *by = NULL;

	for (const struct planned *made = ctx->planned; made; made = made->next)
		if (made->by && (!made->path || path_is_below(path, made->path)))
			by = made->by;
	return by;
}

/* With the links of what exists followed; NULL where one leads to what does not. */
static const char *real_path(const struct ctx *ctx, const char *path)
{
	const char *above = path;
	char real[PATH_MAX];
	struct stat st;

	while (!realpath(above, real)) {
		if (str_equal(above, "/") ||
			(lstat(above, &st) == 0 && S_ISLNK(st.st_mode)))
			return NULL;
		above = path_dir(ctx->arena, above);
	}
	return arena_printf(ctx->arena, "%s%s", real, path + strlen(above));
}

/* Of a directory alone, only what is copied into it. */
static bool may_hold(const struct planned *made, const char *top, const char *path)
{
	return made->by || made->content ? path_is_below(path, top)
					 : str_equal(path, top);
}

bool parents_may_make(const struct ctx *ctx, const char *path)
{
	const char *real = ctx->planned ? real_path(ctx, path) : NULL;

	for (const struct planned *made = ctx->planned; made; made = made->next) {
		const char *other = made->path ? real_path(ctx, made->path) : NULL;

		if (!real || !other || may_hold(made, other, real) ||
			may_hold(made, made->path, path))
			return true;
	}
	return false;
}

int parents_missing(struct ctx *ctx, const char *path, struct err *err)
{
	ctx->awaited = parents_maker(ctx, path);
	return err_fail(err, "'%s' is missing", path);
}

/* The first command that makes this path, or something above it. */
static const struct planned *command_for(const struct ctx *ctx, const char *path)
{
	for (const struct planned *made = ctx->planned; made; made = made->next)
		if (made->command && made->path && path_is_below(path, made->path))
			return made;
	return NULL;
}

bool parents_unknown(const struct step *step, const struct ctx *ctx, struct buf *why)
{
	const char *path;

	for (size_t i = 0; (path = step_made(step, step->conf, i)); i++) {
		const struct planned *made = *path ? command_for(ctx, path) : NULL;

		if (!made)
			continue;
		buf_printf(
			why, "not known before %s has made '%s'", made->by, made->path);
		return true;
	}
	return false;
}

/* From the top down, as they are made. */
static size_t name_above(struct ctx *ctx, const char *path, size_t named, struct buf *why)
{
	const char *directory = path_dir(ctx->arena, path);
	struct stat st;

	if (str_equal(directory, path) || is_planned(ctx, directory) ||
		stat(directory, &st) == 0)
		return named;
	named = name_above(ctx, directory, named, why);
	buf_printf(why, "%s'%s'", named ? ", " : ", and on the way ", directory);
	parents_note(ctx, directory, NULL);
	return named + 1;
}

void parents_name(struct ctx *ctx, const char *path, struct buf *why)
{
	if (ctx->planning)
		(void)name_above(ctx, path, 0, why); /* their number matters inside */
}

/* ---- what would fail ---- */

/* The directory that it is in, or the first one above that exists. */
static const char *directory_above(const struct ctx *ctx, const char *path)
{
	const char *directory = path_dir(ctx->arena, path);
	struct stat st;

	while (!str_equal(directory, "/") && stat(directory, &st) < 0)
		directory = path_dir(ctx->arena, directory);
	return directory;
}

/* Does an earlier step give this directory another mode or owner, or may it? */
static bool may_change(const struct ctx *ctx, const char *directory)
{
	for (const struct planned *made = ctx->planned; made; made = made->next)
		if (!made->path || path_is_below(directory, made->path))
			return true;
	return false;
}

bool parents_may_change(const struct ctx *ctx, const char *path)
{
	return may_change(ctx, path) || may_change(ctx, directory_above(ctx, path));
}

int parents_check(
	const struct ctx *ctx, const char *what, const char *path, struct err *err)
{
	DECLARE_ERR(would);

	if (!ctx->planning || fs_check_make(&ctx->fs, what, path, &would) == 0 ||
		may_change(ctx, directory_above(ctx, path)))
		return TO_DO;
	*err = would;
	return -1;
}

int parents_check_fix(const struct ctx *ctx, const char *path, struct err *err)
{
	DECLARE_ERR(would);

	if (!ctx->planning || fs_check_fix(&ctx->fs, path, &would) == 0 ||
		may_change(ctx, path))
		return TO_DO;
	*err = would;
	return -1;
}

int parents_check_new(struct ctx *ctx, const char *what, const char *path,
	struct buf *why, struct err *err)
{
	if (parents_check(ctx, what, path, err) < 0)
		return -1;
	parents_name(ctx, path, why);
	return TO_DO;
}
