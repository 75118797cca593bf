/* SPDX-License-Identifier: MIT */
/* What a plan has made so far: missing directories, and what steps make. */
#include "step/parents.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fs_check.h"
#include "base/fs_exclude.h"
#include "base/path.h"
#include "base/str.h"
#include "step/clash.h"
#include "step/planned.h"
#include "step/step.h"

static bool is_object(void *user, const struct made *made)
{
	(void)user;
	return !made->content;
}

bool parents_is_planned(const struct ctx *ctx, const char *path)
{
	const struct made *made = ctx->planned ? planned_at(ctx->planned, path) : NULL;

	while (made && !is_object(NULL, made))
		made = made->same;
	return made;
}

bool parents_planned_above(const struct ctx *ctx, const char *path)
{
	return ctx->planned &&
		planned_above(ctx->planned, path_dir(ctx->arena, path), is_object, NULL);
}

size_t parents_noted(const struct ctx *ctx)
{
	return ctx->planned ? ctx->planned->count : 0;
}

static void note(struct ctx *ctx, const struct made *made)
{
	if (!ctx->planned) {
		ctx->planned = arena_alloc(ctx->arena, sizeof *ctx->planned);
		ctx->planned->arena = ctx->arena;
	}
	planned_add(ctx->planned, made);
}

void parents_note(struct ctx *ctx, const char *path, const char *by)
{
	if (ctx->planning && !parents_is_planned(ctx, path))
		note(ctx, &(struct made){.path = path, .by = by, .command = by});
}

void parents_note_file(struct ctx *ctx, const char *path, const char *by)
{
	if (ctx->planning && !parents_is_planned(ctx, path))
		note(ctx,
			&(struct made){
				.path = path, .by = by, .command = true, .beside = true});
}

void parents_note_directory(struct ctx *ctx, const struct made *made)
{
	if (ctx->planning && (made->fixes || !parents_is_planned(ctx, made->path)))
		note(ctx, made);
}

void parents_note_command(struct ctx *ctx, const char *by)
{
	if (ctx->planning)
		note(ctx, &(struct made){.by = by, .command = true});
}

void parents_note_made(struct ctx *ctx, const struct step *step, bool perhaps)
{
	const void *conf = step->conf ? step->conf : step->draft;
	struct making making = {0};
	const char *path;

	for (size_t i = 0; (path = step_made(step, conf, i, ctx->arena)); i++)
		if (*path && !parents_is_planned(ctx, path))
			note(ctx,
				&(struct made){.path = path,
					.by = step->id,
					.perhaps = perhaps});
	if (!step->kind->shares || !section_get(step->section, "source"))
		return;
	if (step->conf)
		making = step->kind->making(step);
	for (size_t i = 0; (path = step_path(step, conf, i)); i++)
		note(ctx,
			&(struct made){.path = path,
				.content = true,
				.from = making.filled ? making.from : NULL,
				.exclude = making.exclude});
}

static bool has_maker(void *user, const struct made *made)
{
	(void)user;
	return made->by;
}

/* May a step make this path, or what is below another one that it makes? */
static bool may_be_made(const struct ctx *ctx, const char *path)
{
	return ctx->planned->any || planned_above(ctx->planned, path, has_maker, NULL) ||
		planned_beside(ctx->planned, path);
}

/* What is made below a path that another step than `directory` makes is not known. */
enum condition_answer parents_exist(
	const struct ctx *ctx, const char *path, bool *ret_directory)
{
	const struct made *made = ctx->planned ? planned_at(ctx->planned, path) : NULL;
	enum condition_answer answer = CONDITION_NO;

	*ret_directory = false;
	for (; made; made = made->same) {
		if (made->content)
			continue;
		answer = CONDITION_UNKNOWN;
		if (made->command || made->perhaps)
			continue;
		*ret_directory = !made->by;
		return CONDITION_YES;
	}
	return ctx->planned && may_be_made(ctx, path) ? CONDITION_UNKNOWN : answer;
}

enum condition_answer parents_fill(const struct ctx *ctx, const char *path)
{
	const struct made *in = ctx->planned ? planned_inside(ctx->planned, path) : NULL;

	if (in && !in->command && !in->perhaps)
		return CONDITION_YES;
	return in || (ctx->planned && may_be_made(ctx, path)) ? CONDITION_UNKNOWN
							      : CONDITION_NO;
}

enum condition_answer parents_put_in(const struct ctx *ctx, const char *path,
	const char *const *exclude, const char **ret, const char **ret_by)
{
	const struct made *in = ctx->planned ? planned_inside(ctx->planned, path) : NULL;
	const struct made *made;

	/* It is one of them, and perhaps one that is excluded. */
	if (in && exclude && *exclude)
		for (in = NULL, made = ctx->planned->last; made; made = made->before)
			if (made->path && !made->content &&
				!str_equal(made->path, path) &&
				path_is_below(made->path, path) &&
				!fs_is_left_out(exclude, made->path + strlen(path)) &&
				(!in || in->command || in->perhaps))
				in = made;
	if (!in)
		return CONDITION_NO;
	*ret = in->path;
	*ret_by = in->by;
	return in->command || in->perhaps ? CONDITION_UNKNOWN : CONDITION_YES;
}

static bool take_first(void *user, const struct made *made)
{
	const struct made **first = user;

	if (made->by && (!*first || made->number < (*first)->number))
		*first = made;
	return false;
}

const char *parents_maker(const struct ctx *ctx, const char *path)
{
	const struct made *first = ctx->planned ? ctx->planned->any : NULL;

	if (ctx->planned)
		(void)planned_above(ctx->planned, path, take_first, &first);
	if (ctx->planned && !first)
		first = planned_beside(ctx->planned, path);
	return first ? first->by : NULL;
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
static bool may_hold(const struct made *made, const char *top, const char *path)
{
	return made->by || made->content ? path_is_below(path, top)
					 : str_equal(path, top);
}

bool parents_may_make_named(const struct ctx *ctx, const char *path)
{
	const char *real = ctx->planned ? real_path(ctx, path) : NULL;
	struct made *made = ctx->planned ? ctx->planned->last : NULL;

	if (made && planned_beside(ctx->planned, path))
		return true;
	for (; made; made = made->before) {
		if (!made->path)
			continue;
		if (!real)
			return true;
		if (!made->real)
			made->real = real_path(ctx, made->path);
		if (!made->real || may_hold(made, made->real, real) ||
			may_hold(made, made->path, path))
			return true;
	}
	return false;
}

const char *parents_command(const struct ctx *ctx)
{
	return ctx->planned && ctx->planned->any ? ctx->planned->any->by : NULL;
}

bool parents_may_make(const struct ctx *ctx, const char *path)
{
	return parents_command(ctx) || parents_may_make_named(ctx, path);
}

int parents_missing(struct ctx *ctx, const char *path, struct err *err)
{
	ctx->known_after = parents_maker(ctx, path);
	return err_fail(err, "'%s' is missing", path);
}

static bool take_command(void *user, const struct made *made)
{
	const struct made **last = user;

	if (made->command && (!*last || made->number > (*last)->number))
		*last = made;
	return false;
}

/* The last command that makes this path, or something above it. */
static const struct made *command_for(const struct ctx *ctx, const char *path)
{
	const struct made *last = NULL;

	if (ctx->planned)
		(void)planned_above(ctx->planned, path, take_command, &last);
	return last;
}

/* What an earlier step makes of this path, that another one cannot be judged before. */
static const struct made *made_at(
	const struct ctx *ctx, const char *path, const struct making *ours)
{
	const struct made *made = ctx->planned ? planned_at(ctx->planned, path) : NULL;
	bool directory = ours->type == S_IFDIR;

	while (made && (made->content ? !ours->if_empty : directory && !made->by))
		made = made->same;
	return made;
}

/* Of what a ".." leads to, where the directory before it is missing. */
static bool way_unknown(const struct ctx *ctx, const char *path, struct buf *why)
{
	const char *missing;
	const char *to = fs_path_once_made(ctx->arena, path, &missing);
	const struct made *made =
		ctx->planned && missing ? planned_at(ctx->planned, missing) : NULL;
	struct stat st;

	if (made && made->by)
		buf_printf(why, "not known before %s has made '%s'", made->by, missing);
	else if (missing && lstat(to, &st) == 0)
		buf_printf(why,
			"not known before '%s' is made, on the way to '%s', which exists",
			missing, to);
	else
		return false;
	return true;
}

/* What is copied to a path that is missing, by an earlier step. */
static bool take_copied(void *user, const struct made *made)
{
	const char **path = user;
	char there[PATH_MAX];
	struct stat st;
	int size;

	if (!made->from || str_equal(made->path, *path) ||
		!path_is_below(*path, made->path) ||
		fs_is_left_out(made->exclude, *path + strlen(made->path)))
		return false;
	size = snprintf(
		there, sizeof there, "%s/%s", made->from, *path + strlen(made->path));
	if (size < 0 || (size_t)size >= sizeof there || lstat(there, &st) < 0)
		return false;
	*path = made->from;
	return true;
}

static bool copied(const struct ctx *ctx, const char *path, struct buf *why)
{
	const char *from = path;
	struct stat st;

	if (!ctx->planned || lstat(path, &st) == 0 ||
		!planned_above(ctx->planned, path, take_copied, &from))
		return false;
	buf_printf(why, "not known before '%s' is copied from '%s'", path, from);
	return true;
}

bool parents_unknown(const struct step *step, const struct ctx *ctx, struct buf *why)
{
	struct making ours = {0};
	const char *path;

	if (!ctx->planning || !step->kind->making)
		return false;
	ours = step->kind->making(step);
	for (size_t i = 0; (path = step_path(step, step->conf, i)); i++) {
		const struct made *made = *path ? command_for(ctx, path) : NULL;

		if (!made && *path &&
			(way_unknown(ctx, path, why) || copied(ctx, path, why)))
			return true;
		/* Of a directory of files each file says it. */
		if (!made && *path && !(ours.type == S_IFDIR && step->kind->inside))
			made = made_at(ctx, path, &ours);
		if (!made)
			continue;
		buf_printf(why, "not known before %s has made '%s'",
			made->by ? made->by : "an earlier step", made->path);
		return true;
	}
	return false;
}
