/* SPDX-License-Identifier: MIT */
/* The kind `database`: a SQLite database with all its migrations. */
#include "db/db.h"

#include "base/err.h"
#include "base/str.h"
#include "migration/migration.h"
#include "step/clash.h"
#include "step/database_spec.h"
#include "step/database_use.h"
#include "step/parents.h"
#include "step/step.h"

/* Migrations of a contributor that are named before the rest is counted. */
#define SHOWN 10

/* "orders: 001_a, 002_b; notes: 001_c and 12 more" */
static void name_all(const struct migration *const *list, size_t count, struct buf *to)
{
	for (size_t i = 0; i < count;) {
		const char *contributor = list[i]->contributor;
		size_t n = 0;

		buf_printf(to, "%s %s:", i ? ";" : "", contributor);
		for (; i < count && str_equal(list[i]->contributor, contributor);
			i++, n++)
			if (n < SHOWN)
				buf_printf(to, "%s %s%s%s", n ? "," : "", list[i]->id,
					*list[i]->name ? "_" : "", list[i]->name);
		if (n > SHOWN)
			buf_printf(to, " and %zu more", n - SHOWN);
	}
}

/* The end of "migrations", where there is one of them. */
static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

/* Parts of a sentence. */
static const char *next_part(const struct buf *text)
{
	return text->len ? "; " : "";
}

/* " from sqlx, dbmate"; a baseline is no tool. */
static void name_tools(const struct db_report *report, struct buf *to)
{
	const char *between = " from ", *last = "baseline";

	for (size_t i = 0; i < report->work.adopted_count; i++) {
		const char *tool = report->work.origins[i].tool;

		if (str_equal(tool, last) || str_equal(tool, "baseline"))
			continue;
		buf_printf(to, "%s%s", between, tool);
		between = ", ";
		last = tool;
	}
}

/* " (orders: 3 verified by checksum, 1 on trust; notes: 2 on trust)" */
static void describe_trust(const struct db_report *report, struct buf *to)
{
	size_t i = 0;

	while (i < report->work.adopted_count) {
		const char *contributor = report->work.adopted[i]->contributor;
		size_t verified = 0, trusted = 0;

		buf_printf(to, "%s%s:", i ? "; " : " (", contributor);
		for (; i < report->work.adopted_count &&
			str_equal(report->work.adopted[i]->contributor, contributor);
			i++)
			*(report->work.origins[i].verified ? &verified : &trusted) += 1;
		if (verified)
			buf_printf(to, " %zu verified by checksum%s", verified,
				trusted ? "," : "");
		if (trusted)
			buf_printf(to, " %zu on trust", trusted);
	}
	buf_puts(to, i ? ")" : "");
	if (report->work.missing_count)
		buf_printf(
			to, " and %zu without a file here", report->work.missing_count);
}

/* Where nothing else of the tool's is recorded; `verb` is "record" or "recorded". */
static void describe_no_file(
	const struct db_report *report, const char *verb, struct buf *to)
{
	if (!report->work.adopted_count && report->work.missing_count)
		buf_printf(to, "%s%s %zu migration%s of %s without a file here",
			next_part(to), verb, report->work.missing_count,
			plural(report->work.missing_count), report->work.missing[0].tool);
}

static void describe_missing(const struct db_spec *spec, const struct db_report *report,
	struct ctx *ctx, struct buf *why)
{
	buf_printf(why, "create the database '%s' (%04o) with %zu migration%s%s",
		spec->path, (unsigned)spec->attr.mode, report->work.pending_count,
		plural(report->work.pending_count),
		report->work.pending_count ? ":" : "");
	name_all(report->work.pending, report->work.pending_count, why);
	parents_name(ctx, spec->path, why);
}

/* What comes before anything is changed. */
static void describe_precautions(const struct db_spec *spec, struct buf *why)
{
	if (spec->rehearse || spec->backup)
		buf_printf(why, ", after a %s%s%s", spec->rehearse ? "rehearsal" : "",
			spec->rehearse && spec->backup ? " and a " : "",
			spec->backup ? "backup" : "");
}

static void describe_pending(
	const struct db_spec *spec, const struct db_report *report, struct buf *why)
{
	if (report->work.adopted_count) {
		buf_printf(why, "take over '%s'", spec->path);
		name_tools(report, why);
		describe_precautions(spec, why);
		buf_printf(why, ", recording %zu migration%s as applied:",
			report->work.adopted_count, plural(report->work.adopted_count));
		name_all(report->work.adopted, report->work.adopted_count, why);
		describe_trust(report, why);
	}
	if (report->work.pending_count) {
		buf_printf(why, "%sapply %zu of %zu migration%s to '%s'", next_part(why),
			report->work.pending_count, spec->ledger.migrations->count,
			plural(spec->ledger.migrations->count), spec->path);
		if (!report->work.adopted_count)
			describe_precautions(spec, why);
		buf_putc(why, ':');
		name_all(report->work.pending, report->work.pending_count, why);
	}
	describe_no_file(report, "record", why);
	if (report->set_id) {
		buf_printf(why, "%sset the application_id of '%s'", next_part(why),
			spec->path);
		if (!report->work.adopted_count && !report->work.pending_count)
			describe_precautions(spec, why);
	}
	for (size_t i = 0; i < report->surplus_count; i++)
		buf_printf(why, "%s'%s'", i ? ", " : "; remove the old backup ",
			report->surplus[i]);
}

static void describe_whole(const struct db_spec *spec, struct buf *to)
{
	if (spec->ledger.migrations->count == 1)
		buf_printf(to, "'%s' has its one migration", spec->path);
	else
		buf_printf(to, "'%s' has all %zu migrations", spec->path,
			spec->ledger.migrations->count);
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
	step_change(ctx, report.state == DB_ABSENT ? CHANGE_MADE : CHANGE_CHANGED);
	if (report.state == DB_ABSENT)
		describe_missing(spec, &report, ctx, why);
	else if (report.state == DB_PENDING)
		describe_pending(spec, &report, why);
	if (report.attr_why)
		buf_printf(why, "%sfix '%s': %s", next_part(why), spec->path,
			report.attr_why);
	if (report.switch_to)
		buf_printf(why, "%sswitch '%s' to journal_mode %s", next_part(why),
			spec->path, report.switch_to);
	if (report.tried)
		buf_printf(why, "\n%s", report.tried);
	else if (maker && report.work.pending_count)
		buf_printf(why, "\nits SQL was not tried, since %s runs before", maker);
	if (rc == IN_PLACE)
		describe_whole(spec, why);
	return rc;
}

static void describe_done(
	const struct db_spec *spec, const struct db_report *report, struct buf *did)
{
	if (report->work.adopted_count) {
		buf_printf(did, "took over '%s'", spec->path);
		name_tools(report, did);
		buf_printf(did, " with %zu migration%s recorded as applied",
			report->work.adopted_count, plural(report->work.adopted_count));
		describe_trust(report, did);
	}
	if (report->work.pending_count) {
		buf_printf(did, "%sapplied %zu migration%s to '%s':", next_part(did),
			report->work.pending_count, plural(report->work.pending_count),
			spec->path);
		name_all(report->work.pending, report->work.pending_count, did);
	}
	describe_no_file(report, "recorded", did);
	if (!report->work.adopted_count && !report->work.pending_count)
		describe_whole(spec, did);
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

	if (!spec && read_spec(step, ctx, &spec, err) < 0)
		return -1;
	if (db_apply(spec, ctx->arena, &report, err) < 0 ||
		database_use(ctx, spec->path, err) < 0)
		return -1;
	step_change(ctx, report.state == DB_ABSENT ? CHANGE_MADE : CHANGE_CHANGED);
	if (report.state == DB_ABSENT) {
		buf_printf(did, "created '%s' with %zu migration%s", spec->path,
			report.work.pending_count, plural(report.work.pending_count));
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
	.summary = "a SQLite database with all its migrations",
	.example = "[database:app]\n"
		   "path = data/app.db\n"
		   "migrations = migrations\n"
		   "backup = before-migrate\n",
	.order = 20,
	.size = sizeof(struct database_conf),
	.fields = database_fields,
	.prepare = database_prepare,
	.prepare_draft = database_prepare_draft,
	.check = check,
	.apply = apply,
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
