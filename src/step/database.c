/* SPDX-License-Identifier: MIT */
/* The kind `database`: one of SQLite or PostgreSQL with all its migrations. */
#include "db/db.h"

#include "base/err.h"
#include "migration/migration.h"
#include "step/clash.h"
#include "step/database_spec.h"
#include "step/database_say.h"
#include "step/database_server.h"
#include "step/database_use.h"
#include "step/parents.h"
#include "step/step.h"

static void describe_missing(const struct db_spec *spec, const struct db_report *report,
	struct ctx *ctx, struct buf *why)
{
	buf_printf(why, "create the database '%s' (%04o) with %zu migration%s%s",
		spec->path, (unsigned)spec->attr.mode, report->work.pending_count,
		say_plural(report->work.pending_count),
		report->work.pending_count ? ":" : "");
	say_migrations(report->work.pending, report->work.pending_count, why);
	parents_name(ctx, spec->path, why);
}

/* What comes before anything is changed: ", after a rehearsal and a backup". */
static const char *precautions(const struct db_spec *spec)
{
	static const char *const texts[2][2] = {
		{"", ", after a backup"},
		{", after a rehearsal", ", after a rehearsal and a backup"},
	};

	return texts[spec->rehearse][spec->backup];
}

static void describe_pending(
	const struct db_spec *spec, const struct db_report *report, struct buf *why)
{
	say_pending(spec->path, spec->ledger.migrations->count, &report->work,
		precautions(spec), why);
	if (report->set_id) {
		buf_printf(why, "%sset the application_id of '%s'", say_next(why),
			spec->path);
		if (!report->work.adopted_count && !report->work.pending_count)
			buf_puts(why, precautions(spec));
	}
	for (size_t i = 0; i < report->surplus_count; i++)
		buf_printf(why, "%s'%s'", i ? ", " : "; remove the old backup ",
			report->surplus[i]);
}

/* Reads sections and migrations, for apply(), too. */
static int read_spec(
	const struct step *step, struct ctx *ctx, struct db_spec **ret, struct err *err)
{
	struct db_spec *spec = arena_alloc(ctx->arena, sizeof *spec);

	if (database_spec(step, ctx, spec, err) < 0)
		return -1;
	ctx->found = spec;
	*ret = spec;
	return 0;
}

static int check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	struct db_report report = {0};
	struct db_spec *spec;
	const char *maker;
	int rc;

	if (database_is_server(step))
		return database_server_check(step, ctx, why, err);
	if (read_spec(step, ctx, &spec, err) < 0)
		return -1;
	maker = parents_maker(ctx, spec->path);
	spec->compile = ctx->planning && !maker;
	spec->try_on_copy = spec->compile && ctx->rehearse;
	spec->may_write = spec->compile && !parents_planned_above(ctx, spec->path);
	rc = db_check(spec, ctx->arena, &report, err);
	if (rc < 0)
		return -1;
	if (report.state == DB_UNSETTLED) {
		buf_printf(why, "'%s' must be recovered before it shows what is pending",
			spec->path);
		return ctx->planning ? UNKNOWABLE : TO_DO;
	}
	if (report.state == DB_ABSENT && maker) {
		buf_printf(why,
			"not known before %s has run, which may make '%s'; else: ", maker,
			spec->path);
		rc = UNKNOWABLE;
	}
	if (!report.attr_why && database_use(ctx, spec->path, err) < 0)
		return -1;
	if (rc == IN_PLACE)
		(void)owner_warn_kept(ctx, &spec->attr, spec->path, NULL);
	step_change(ctx, report.state == DB_ABSENT ? CHANGE_MADE : CHANGE_CHANGED);
	if (report.state == DB_ABSENT)
		describe_missing(spec, &report, ctx, why);
	else if (report.state == DB_PENDING)
		describe_pending(spec, &report, why);
	if (report.attr_why)
		buf_printf(why, "%sfix '%s': %s", say_next(why), spec->path,
			report.attr_why);
	if (report.switch_to)
		buf_printf(why, "%sswitch '%s' to journal_mode %s", say_next(why),
			spec->path, report.switch_to);
	if (report.tried)
		buf_printf(why, "\n%s", report.tried);
	else if (maker && report.work.pending_count)
		buf_printf(why, "\nits SQL was not tried, since %s runs before", maker);
	if (rc == IN_PLACE)
		say_whole(spec->path, spec->ledger.migrations->count, why);
	return rc;
}

static void describe_done(
	const struct db_spec *spec, const struct db_report *report, struct buf *did)
{
	say_done(spec->path, spec->ledger.migrations->count, &report->work, did);
	if (report->set_id)
		buf_puts(did, "; application_id set");
	if (spec->rehearse &&
		(report->work.pending_count || report->work.adopted_count ||
			report->set_id))
		buf_puts(did, "; rehearsed before");
	if (report->backup)
		buf_printf(did, "; backup '%s'", report->backup);
	if (report->attr_why)
		buf_puts(did, "; mode and owner fixed");
	if (report->switched)
		buf_printf(did, "; switched to journal_mode %s", report->switch_to);
}

static int apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	struct db_spec *spec = ctx->found;
	struct db_report report = {0};

	if (database_is_server(step))
		return database_server_apply(step, ctx, did, err);
	if (!spec && read_spec(step, ctx, &spec, err) < 0)
		return -1;
	if (db_apply(spec, ctx->arena, &report, err) < 0 ||
		database_use(ctx, spec->path, err) < 0)
		return -1;
	(void)owner_warn_kept(ctx, &spec->attr, spec->path, NULL);
	step_change(ctx, report.state == DB_ABSENT ? CHANGE_MADE : CHANGE_CHANGED);
	if (report.state == DB_ABSENT) {
		buf_printf(did, "created '%s' with %zu migration%s", spec->path,
			report.work.pending_count, say_plural(report.work.pending_count));
		return 1;
	}
	describe_done(spec, &report, did);
	return report.work.pending_count || report.work.adopted_count || report.set_id ||
		report.attr_why || report.switched;
}

static struct making making(const struct step *step)
{
	(void)step;
	return (struct making){.how = MAKING_TAKEN, .type = S_IFREG, .alone = true};
}

const struct kind kind_database = {
	.name = "database",
	.elsewhere = "db sqlite postgres postgresql",
	.summary = "a database of SQLite or PostgreSQL with all its migrations",
	.example = "[database:app]\n"
		   "path = data/app.db\n"
		   "migrations = migrations\n"
		   "backup = before-migrate\n",
	.order = 20,
	.size = sizeof(struct database_conf),
	.fields = database_fields,
	.validate = database_validate,
	.prepare = database_prepare,
	.prepare_draft = database_prepare_draft,
	.check = check,
	.apply = apply,
	.end = database_server_end,
	.making = making,
	.order_parts = database_contributors_order,
};

const struct kind kind_migrations = {
	.name = "migrations",
	.summary = "a contribution to a database; not a step of its own",
	.example = "[database:app]\n"
		   "path = data/app.db\n"
		   "migrations = migrations\n"
		   "[migrations:audit]\n"
		   "database = app\n"
		   "path = audit/migrations\n",
	.part_of = "database",
	.size = sizeof(struct migrations_conf),
	.fields = migrations_fields,
};
