/* SPDX-License-Identifier: MIT */
/* When the report is written. */
#include "plan/reporter.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/path.h"
#include "plan/bootstrap.h"
#include "step/when.h"

void reporter_begin(
	struct reporter *reporter, struct bootstrap *bootstrap, const char *option)
{
	struct ctx *ctx = &bootstrap->ctx;

	*reporter = (struct reporter){.bootstrap = bootstrap};
	reporter->place = report_place(ctx->arena, ctx->base, option,
		bootstrap->settings.bootstrap.report, ctx->state);
	if (!reporter->place.path)
		return;
	boot_read(&reporter->boot);
	reporter->fs = (struct fs){
		.guarded = ctx->fs.guarded,
		.root = ctx->fs.root,
		.self = ctx->fs.self,
		.owner = FS_INHERIT,
		.app = ctx->fs.app,
	};
}

static void publish(struct reporter *reporter, const struct buf *text, bool last)
{
	const struct log *log = reporter->bootstrap->ctx.log;
	const struct report_place *place = &reporter->place;
	DECLARE_ERR(err);
	int rc = report_write(&reporter->fs, place, text, last, &err);

	/* Nothing of ours is left for the commands of a step to find. */
	fs_end(&reporter->fs);
	if (rc == 0)
		return;
	if (rc == 1)
		err_fail(&err, "the state directory is missing");
	reporter->silent = true;
	if (last && !place->state)
		log_warn(log, "the report: %s", err.text);
	else
		log_debug(log, "the report: %s", err.text);
}

/* The directory that `path` is in. */
static bool may_need_empty(const struct step *step, const char *path)
{
	const void *conf = step->conf ? step->conf : step->draft;
	const char *made;

	for (size_t i = 0; (made = step_path(step, conf, i)); i++)
		if (*made && path_is_below(path, made))
			return true;
	return when_asks_dir_empty(&step->keys.when);
}

/*
 * May a step or a condition need the directory of the report empty? One that fills it
 * while it is would find the report there.
 */
static bool may_disturb(const struct reporter *reporter)
{
	const struct steps *steps = &reporter->bootstrap->plan.steps;
	const char *path = reporter->place.path;

	if (reporter->place.state) /* which has such rules of its own */
		return false;
	for (size_t i = 0; i < steps->count; i++)
		if (may_need_empty(&steps->list[i], path))
			return *path == '/'; /* no other is a file in a directory */
	return false;
}

static bool is_alone(const struct reporter *reporter)
{
	struct arena *arena = reporter->bootstrap->ctx.arena;
	DECLARE_ERR(ignored);

	return fs_dir_empty(path_dir(arena, reporter->place.path), &ignored) != 0;
}

void reporter_work(
	struct reporter *reporter, const struct run *run, const struct result *result)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	const struct report_place *place = &reporter->place;

	if (!place->path)
		return;
	if (!result)
		reporter->careful = may_disturb(reporter);
	if (reporter->silent || (result && result == reporter->at) ||
		(!result && place->state) || (reporter->careful && is_alone(reporter)))
		return;
	reporter->at = result;
	report_running_json(&reporter->boot, run, result, &text);
	publish(reporter, &text, false);
}

void reporter_end(struct reporter *reporter, const struct run *run)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct bootstrap *bootstrap = reporter->bootstrap;
	const struct report report = {
		.run = run,
		.conf = &bootstrap->conf,
		.problems = &bootstrap->problems,
		.failure = bootstrap->failure,
		.secrets = &bootstrap->secrets,
		.boot = &reporter->boot,
	};

	if (!reporter->place.path)
		return;
	report_json(&report, &text);
	publish(reporter, &text, true);
}
