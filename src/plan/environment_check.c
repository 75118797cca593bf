/* SPDX-License-Identifier: MIT */
/* What is wrong with env_file and env_from_file, before the first step. */
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "plan/bootstrap.h"
#include "plan/env_given.h"
#include "plan/environment.h"
#include "step/from_file.h"

/* ---- env_file ---- */

/* Is the file that no step makes as it should be? Returns 0, or -1. */
static int check_file(struct bootstrap *bootstrap, const char *path, struct err *err)
{
	CLEANUP_ENV struct env env = {0};

	if (steps_make(&bootstrap->plan.steps, read_path_name(path)) ||
		env_given_read(bootstrap, path, NULL, &env, err) == 0)
		return 0;
	return settings_locate(&bootstrap->conf, "env_file", err);
}

/* Adds what is wrong in them to the problems, and where they cannot be `read`, that. */
static void check_files(struct bootstrap *bootstrap, bool read)
{
	const struct list *files = &bootstrap->settings.app.env_file;

	for (size_t i = 0; i < files->count; i++) {
		DECLARE_ERR(err);

		if (check_file(bootstrap, files->items[i], &err) < 0 &&
			(read || err.kind == ERR_CONFIG))
			problems_add_err(&bootstrap->problems, &err);
	}
}

/* ---- env_from_file ---- */

/* Where both a value and its file are set, it is not known which is meant. */
static void check_from_file(struct bootstrap *bootstrap)
{
	const struct ctx *ctx = &bootstrap->ctx;

	for (size_t i = 0; i < ctx->from_file_count; i++) {
		const struct from_file *from = &ctx->from_file[i];
		DECLARE_ERR(err);

		if (from->glob && !from->wrong && !ctx->tolerant)
			log_info(ctx->log,
				"env_from_file: %s is what the file in %s holds",
				from->name, from->holder);
		if (from_file_check(from, &bootstrap->env, &err) == 0)
			continue;
		(void)settings_locate(&bootstrap->conf, "env_from_file", &err); /* -1 */
		problems_add_err(&bootstrap->problems, &err);
	}
}

/* Is what it is to be read from, which no step makes, to be had? Returns 0, or -1. */
static int check_unread(
	const struct bootstrap *bootstrap, const struct from_file *from, struct err *err)
{
	const char *path = from_file_path(from, &bootstrap->env);
	DECLARE_ERR(both);

	if (!from->wrong || !path || steps_make(&bootstrap->plan.steps, path) ||
		from_file_check(from, &bootstrap->env, &both) < 0)
		return 0;
	(void)err_fail(err, "%s", from->wrong); /* always -1 */
	return settings_locate(&bootstrap->conf, "env_from_file", err);
}

static void check_all_unread(struct bootstrap *bootstrap)
{
	const struct ctx *ctx = &bootstrap->ctx;

	for (size_t i = 0; i < ctx->from_file_count; i++) {
		DECLARE_ERR(err);

		if (check_unread(bootstrap, &ctx->from_file[i], &err) < 0)
			problems_add_err(&bootstrap->problems, &err);
	}
}

/* Does the error come from a file that could not be read? */
static bool is_unread(struct bootstrap *bootstrap, const struct problem *problem)
{
	const struct ctx *ctx = &bootstrap->ctx;

	for (size_t i = 0; i < ctx->from_file_count; i++) {
		const struct from_file *from = &ctx->from_file[i];
		DECLARE_ERR(both);

		if (from->wrong && strstr(problem->text, from->wrong) &&
			from_file_check(from, &bootstrap->env, &both) == 0)
			return true;
	}
	return false;
}

bool environment_may_come(struct bootstrap *bootstrap)
{
	const struct problems *problems = &bootstrap->problems;

	for (size_t i = 0; i < problems->count; i++)
		if (!is_unread(bootstrap, &problems->list[i]))
			return false;
	return !problems->left_out;
}

/* ---- both ---- */

void environment_check(struct bootstrap *bootstrap)
{
	check_from_file(bootstrap);
	if (bootstrap->purpose == TO_CHECK)
		env_given_check(bootstrap);
	else
		env_given_note(bootstrap);
}

void environment_check_files(struct bootstrap *bootstrap, size_t before)
{
	if (bootstrap->ctx.tolerant)
		return;
	check_files(bootstrap, false);
	if (bootstrap->problems.count == before)
		return;
	check_files(bootstrap, true);
	check_all_unread(bootstrap);
}
