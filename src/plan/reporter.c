/* SPDX-License-Identifier: MIT */
/* When the report is written. */
#include "plan/reporter.h"

#include <errno.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs_keep.h"
#include "base/log.h"
#include "base/path.h"
#include "plan/bootstrap.h"
#include "plan/metrics.h"
#include "state/state.h"
#include "step/when.h"

void reporter_begin(
	struct reporter *reporter, struct bootstrap *bootstrap, const char *option)
{
	const struct bootstrap_settings *settings = &bootstrap->settings.bootstrap;
	struct ctx *ctx = &bootstrap->ctx;

	*reporter = (struct reporter){.bootstrap = bootstrap};
	reporter->place =
		report_place(ctx->arena, ctx->base, option, settings->report, ctx->state);
	if (settings->metrics && *settings->metrics)
		reporter->metrics.path = settings->metrics;
	if (reporter->place.path)
		boot_read(&reporter->boot);
	reporter->fs = fs_same_rights(&ctx->fs);
}

/*
 * The last report could not be written. One of an earlier run would speak for this one.
 * That a state directory is missing, or not to be written, is fine where all went well.
 */
static void report_loss(const struct reporter *reporter, const struct report_place *place,
	const char *what, const struct err *err)
{
	const struct log *log = reporter->bootstrap->ctx.log;
	bool left = report_withdraw(&reporter->fs, place) && !reporter->begun;

	if (place->state && !reporter->failed &&
		(err->code == EROFS || err->code == EACCES || err->code == EPERM)) {
		log_debug(log, "%s: %s", what, err->text);
		return;
	}
	/* Of the metrics `status` says nothing. */
	log_warn(log, "%s: %s%s", what, err->text,
		!left ? ""
			: place == &reporter->place
			? "; what `status` says is of an earlier run"
			: "; what is there is of an earlier run");
}

/* On a full disk an earlier one makes room for this one. */
static bool makes_room(const struct reporter *reporter, const struct report_place *place,
	const struct err *err)
{
	return (err->code == ENOSPC || err->code == EDQUOT) &&
		!report_withdraw(&reporter->fs, place);
}

/* Returns 0, or -1, which is logged. */
static int publish(struct reporter *reporter, const struct report_place *place,
	const char *what, const struct buf *text, bool last)
{
	DECLARE_ERR(err);
	int rc = report_write(&reporter->fs, place, text, last, &err);

	if (rc < 0 && last && makes_room(reporter, place, &err))
		rc = report_write(&reporter->fs, place, text, last, &err);
	/* Nothing of ours is left for the commands of a step to find. */
	fs_end(&reporter->fs);
	reporter->begun |= rc == 0;
	if (rc == 0)
		return 0;
	if (rc == 1)
		log_debug(reporter->bootstrap->ctx.log,
			"%s: the state directory is missing", what);
	else if (last)
		report_loss(reporter, place, what, &err);
	else
		log_debug(reporter->bootstrap->ctx.log, "%s: %s", what, err.text);
	return -1;
}

/* Does the step make the directory that `path` is in, or one above? */
static bool is_above(const struct step *step, const char *path)
{
	const void *conf = step->conf ? step->conf : step->draft;
	const char *made;

	for (size_t i = 0; (made = step_path(step, conf, i)); i++)
		if (*made && path_is_below(path, made))
			return true;
	return false;
}

/* May the step, or its `when`, need the directory empty that `path` is in? */
static bool may_need_empty(const struct step *step, const char *path)
{
	bool fills = !step->kind->fills || step->kind->fills(step->section);

	return (fills && is_above(step, path)) || when_asks_dir_empty(&step->keys.when);
}

/* Has the step had its turn, and not failed? */
static bool is_over(const struct run *run, const struct step *step)
{
	for (size_t i = 0; run && i < run->count; i++)
		if (run->results[i].node->step == step)
			return run->results[i].status == STATUS_SUCCESS ||
				run->results[i].status == STATUS_SKIPPED;
	return false;
}

static bool is_missing(const struct reporter *reporter, const char *path)
{
	struct arena arena = {0}; /* who waits for others asks for days */
	DECLARE_ERR(ignored);
	struct stat st;
	int rc = fs_lookup(&reporter->fs, path_dir(&arena, path), FS_ANY, &st, &ignored);

	arena_release(&arena);
	return rc == 1;
}

/*
 * The step that is still to make the directory of `place`, or NULL. Made here it would
 * not have that step's owner and mode, and be taken as it is.
 */
static const struct step *to_make(const struct reporter *reporter,
	const struct report_place *place, const struct run *run)
{
	const struct steps *steps = &reporter->bootstrap->plan.steps;
	const char *path = place->path;
	const struct step *step = NULL;

	if (place->state || *path != '/')
		return NULL;
	for (size_t i = 0; i < steps->count && !step; i++)
		if (is_above(&steps->list[i], path) && !is_over(run, &steps->list[i]))
			step = &steps->list[i];
	return step && is_missing(reporter, path) ? step : NULL;
}

/* The same of the report: asked at each step, it looks at all steps only if it must. */
static bool is_to_be_made(struct reporter *reporter, const struct run *run)
{
	const char *path = reporter->place.path;

	if (!reporter->made)
		reporter->made = !is_missing(reporter, path);
	if (reporter->made)
		return false;
	if (!reporter->maker || !is_above(reporter->maker, path) ||
		is_over(run, reporter->maker))
		reporter->maker = to_make(reporter, &reporter->place, run);
	return reporter->maker;
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
	struct arena arena = {0};
	DECLARE_ERR(ignored);
	int rc = fs_dir_empty(
		&reporter->fs, path_dir(&arena, reporter->place.path), &ignored);

	arena_release(&arena);
	return rc != 0;
}

void reporter_work(
	struct reporter *reporter, const struct run *run, const struct result *result)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	const struct report_place *place = &reporter->place;

	/* The step itself may make the state directory, before it is asked again. */
	if (!place->path || (place->state && state_is_missing(place->state)))
		return;
	if (!result)
		reporter->careful = may_disturb(reporter);
	if (reporter->silent || (result && result == reporter->at) ||
		(!result && place->state && !reporter->bootstrap->plan.awaited.count) ||
		(reporter->careful && is_alone(reporter)) || is_to_be_made(reporter, run))
		return;
	reporter->at = result;
	report_running_json(&reporter->boot, run, result, &text);
	reporter->silent = publish(reporter, place, "the report", &text, false) < 0;
}

/* Is it not written, since a step is still to make its directory? Then that is said. */
static bool is_withheld(const struct reporter *reporter, const struct report_place *place,
	const char *what, const struct run *run)
{
	const struct step *step = to_make(reporter, place, run);

	if (step)
		log_warn(reporter->bootstrap->ctx.log,
			"%s: the directory of '%s' is missing, which [%s] makes", what,
			place->path, step->id);
	return step;
}

static void write_report(struct reporter *reporter, const struct run *run)
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
		.lost = reporter->lost,
	};

	report_json(&report, &text);
	(void)publish(reporter, &reporter->place, "the report", &text, true); /* logged */
}

void reporter_end(struct reporter *reporter, const struct run *run)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	reporter->failed = !run || run->err.kind;
	if (reporter->place.path &&
		!is_withheld(reporter, &reporter->place, "the report", run))
		write_report(reporter, run);
	if (!reporter->metrics.path ||
		is_withheld(reporter, &reporter->metrics, "the metrics", run))
		return;
	metrics_text(run, &text);
	(void)publish(
		reporter, &reporter->metrics, "the metrics", &text, true); /* same */
}

static void warn_of_directory(const struct reporter *reporter,
	const struct report_place *place, const char *what)
{
	DECLARE_ERR(ignored); /* whatever it is, a step may still change it */
	struct stat st;

	if (place->path && !place->state && *place->path == '/' &&
		fs_lookup(&reporter->fs, place->path, FS_ANY, &st, &ignored) == 0 &&
		S_ISDIR(st.st_mode))
		log_warn(reporter->bootstrap->ctx.log,
			"%s: '%s' is a directory, not a file", what, place->path);
}

void reporter_forecast(const struct reporter *reporter)
{
	warn_of_directory(reporter, &reporter->place, "the report");
	warn_of_directory(reporter, &reporter->metrics, "the metrics");
}

void reporter_lost(struct reporter *reporter)
{
	reporter->lost = true;
	reporter_end(reporter, NULL);
}
