/* SPDX-License-Identifier: MIT */
/* A database of a server. */
#include "step/database_server.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/stop.h"
#include "ledger/server.h"
#include "migration/migration.h"
#include "step/database_files.h"
#include "step/database_say.h"
#include "step/database_spec.h"
#include "step/remember.h"
#include "step/step.h"

#define INTERVAL_MS 500

static const char *given(const char *text)
{
	return *text ? text : NULL;
}

/* `none` is what the server calls 0. */
static int64_t no_limit(int64_t ms)
{
	return ms < 0 ? 0 : ms;
}

static int read_spec(const struct step *step, struct ctx *ctx, struct server_spec *ret,
	struct err *err)
{
	const struct database_conf *conf = step->conf;
	struct server_target target;
	struct ledger_spec ledger;

	if (database_server_parse(step, ctx, &target, err) < 0 ||
		database_files(step, ctx, &target, err) < 0 ||
		database_ledger_spec(step, ctx, &ledger, err) < 0)
		return -1;
	*ret = (struct server_spec){
		.ledger = ledger,
		.words = target.words,
		.as_us = target.as_us,
		.database = target.database,
		.schema = given(conf->schema),
		.create = conf->create,
		.owner = given(conf->access.owner.name),
		.encoding = given(conf->encoding),
		.based_on = given(conf->based_on),
		.transaction = (enum server_transaction)conf->transaction,
		.lock_timeout_ms = no_limit(conf->lock_timeout_ms),
		.statement_timeout_ms = no_limit(conf->statement_timeout_ms),
		.planning = ctx->planning,
		.rehearse = ctx->rehearse,
		.hold = !ctx->planning && !ctx->waiting,
		.stop = ctx->stop,
		.wait_ms = ctx->wait_ms,
	};
	ret->ledger.name = target.name;
	/* How a server treats foreign keys, no tool changes. */
	ret->ledger.foreign_keys_set = true;
	return 0;
}

/* ---- asking ---- */

typedef int server_function(const struct server_spec *spec, struct arena *arena,
	struct server_report *ret, struct err *err);

static void log_waiting(
	const struct step *step, const struct ctx *ctx, const struct err *why)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	buf_printf(&text, "waiting: %s", why->text);
	log_at_work(ctx->log, text.data);
	log_progress(ctx->log, "[%s] %s", step->id, text.data);
}

/* Has the time ended? */
static bool is_over(const struct ctx *ctx)
{
	DECLARE_ERR(ignored);

	return stop_check(ctx->stop, &ignored) < 0;
}

/*
 * Until the server is there and ready, what it says is no reason to give up; one that was
 * lost is waited for anew, as long as it comes further each time.
 */
static int ask(const struct step *step, struct ctx *ctx, struct server_spec *spec,
	server_function *function, struct server_report *ret, struct err *err)
{
	size_t left = SIZE_MAX;
	unsigned tries = 0;
	DECLARE_ERR(last);
	int rc;

	spec->whole = stop_narrow(ctx->stop, ctx->wait_ms);
	remember_yield(ctx);
	for (;;) {
		DECLARE_ERR(why);

		rc = function(spec, ctx->arena, ret, &why);
		if (rc < 0 && why.kind == ERR_TEMPORARY) {
			last = why;
			tries++;
			log_waiting(step, ctx, &last);
			if (ret->state == SERVER_PENDING &&
				ret->work.pending_count < left) {
				left = ret->work.pending_count;
				stop_widen(ctx->stop, &spec->whole);
				(void)stop_narrow(ctx->stop, ctx->wait_ms);
			}
			if (stop_sleep(ctx->stop, INTERVAL_MS, err) == 0)
				continue;
		} else if (rc < 0) {
			*err = why;
		}
		break;
	}
	/* Where the time ends while it is asked once more, the reason is the last one. */
	if (rc < 0 && tries && err->kind == ERR_FAILED && is_over(ctx))
		err_append(err, ": tried %u time%s: %s", tries, tries == 1 ? "" : "s",
			last.text);
	log_progress_end(ctx->log);
	stop_widen(ctx->stop, &spec->whole);
	return rc;
}

static void describe_creation(const struct server_spec *spec,
	const struct server_report *report, struct buf *why)
{
	buf_printf(why, "create the database '%s' with %zu migration%s%s",
		spec->ledger.name, report->work.pending_count,
		say_plural(report->work.pending_count),
		report->work.pending_count ? ":" : "");
	say_migrations(report->work.pending, report->work.pending_count, why);
}

/* A plan asks nobody, unless `--online` says so: then once. */
static int plan(struct ctx *ctx, const struct server_engine *engine,
	const struct server_spec *spec, struct server_report *ret, struct buf *why,
	struct err *err)
{
	size_t count = spec->ledger.migrations->count;
	int rc;

	if (!ctx->online) {
		buf_printf(why,
			"'%s' is not asked for its ledger%s, which `plan --online` does; "
			"there %s %zu migration%s",
			spec->ledger.name, spec->rehearse ? ", and nothing is tried" : "",
			count == 1 ? "is" : "are", count, say_plural(count));
		return UNKNOWABLE;
	}
	rc = engine->check(spec, ctx->arena, ret, err);
	if (rc >= 0 || err->kind != ERR_TEMPORARY)
		return rc;
	buf_puts(why, err->text);
	return UNKNOWABLE;
}

int database_server_check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	const struct server_engine *engine = database_server_engine(step);
	struct server_report report = {.state = SERVER_CURRENT};
	struct server_spec *spec = arena_alloc(ctx->arena, sizeof *spec);
	size_t total;
	int rc;

	database_server_end(step, ctx); /* it was asked before */
	if (read_spec(step, ctx, spec, err) < 0)
		return -1;
	ctx->found = spec;
	total = spec->ledger.migrations->count;
	rc = ctx->planning ? plan(ctx, engine, spec, &report, why, err)
			   : ask(step, ctx, spec, engine->check, &report, err);
	ctx->held = report.held;
	if (rc < 0 || rc == UNKNOWABLE)
		return rc;
	step_change(ctx, report.state == SERVER_ABSENT ? CHANGE_MADE : CHANGE_CHANGED);
	if (report.state == SERVER_ABSENT)
		describe_creation(spec, &report, why);
	else if (report.state == SERVER_PENDING)
		say_pending(spec->ledger.name, total, &report.work, "", why);
	else
		say_whole(spec->ledger.name, total, why);
	if (report.tried)
		buf_printf(why, "\n%s", report.tried);
	else if (spec->rehearse && report.state == SERVER_ABSENT)
		buf_puts(why, "\nits SQL was not tried, since the database is missing");
	return rc;
}

int database_server_apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	struct server_report report = {.state = SERVER_CURRENT, .held = ctx->held};
	struct server_spec *spec = ctx->found;

	ctx->held = NULL;
	if (!spec) {
		spec = arena_alloc(ctx->arena, sizeof *spec);
		if (read_spec(step, ctx, spec, err) < 0)
			return -1;
	}
	if (ask(step, ctx, spec, database_server_engine(step)->apply, &report, err) < 0)
		return -1;
	step_change(ctx, report.state == SERVER_ABSENT ? CHANGE_MADE : CHANGE_CHANGED);
	if (report.state == SERVER_ABSENT) {
		buf_printf(did, "created '%s' with %zu migration%s", spec->ledger.name,
			report.work.pending_count, say_plural(report.work.pending_count));
		return 1;
	}
	say_done(spec->ledger.name, spec->ledger.migrations->count, &report.work, did);
	return report.state == SERVER_PENDING;
}

void database_server_end(const struct step *step, struct ctx *ctx)
{
	if (ctx->held) /* `conf` is there, too */
		database_server_engine(step)->let_go(ctx->held);
	ctx->held = NULL;
}
