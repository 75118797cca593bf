/* SPDX-License-Identifier: MIT */
/* The kind `database`: a SQLite database with all its migrations. */
#include "db/db.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "step/kinds.h"
#include "step/owner.h"

#define PENDING_SHOWN 10 /* migrations that a plan names before it counts the rest */

struct database_conf {
	const char *path;
	const char *migrations;
	struct field_mode mode;
	struct field_name owner;
	struct field_name group;
	int journal_mode;
	int64_t busy_timeout_ms;
};

static const char *const journal_modes[] = {"wal", "delete", "truncate", "persist", NULL};

static const struct field fields[] = {
	{"path", FIELD_PATH, offsetof(struct database_conf, path), .required = true,
		.help = "the database file"},
	{"migrations", FIELD_READ_PATH, offsetof(struct database_conf, migrations),
		.help = "a folder of NNN_name.sql files, or one .sql file"},
	{"mode", FIELD_MODE, offsetof(struct database_conf, mode), "0640",
		.help = "of the file; its sidecars follow"},
	{"owner", FIELD_USER, offsetof(struct database_conf, owner),
		.help = "user that it belongs to (default: the application's)"},
	{"group", FIELD_GROUP, offsetof(struct database_conf, group),
		.help = "group that it belongs to"},
	{"journal_mode", FIELD_ENUM, offsetof(struct database_conf, journal_mode), "wal",
		.choices = journal_modes, .help = "set when it is created"},
	{"busy_timeout", FIELD_DURATION, offsetof(struct database_conf, busy_timeout_ms), "5s",
		.help = "how long a lock of somebody else's is waited for"},
	{0},
};

/* ---- contributors ---- */

/* The [migrations:…] sections that name this database. */
static bool contributes(const struct section *section, const char *database)
{
	const struct setting *to;

	if (!str_equal(section->kind, "migrations"))
		return false;
	to = section_get(section, "database");
	return to && str_equal(to->value->flat, database);
}

static size_t count_sections(const struct conf *conf)
{
	size_t n = 0;

	for (const struct section *one = conf->sections; one; one = one->next)
		n++;
	return n;
}

struct migrations_conf {
	const char *database;
	const char *path;
	struct list requires;
};

static const struct field migrations_fields[] = {
	{"database", FIELD_STRING, offsetof(struct migrations_conf, database),
		.required = true, .help = "name of the [database:NAME] it goes into"},
	{"path", FIELD_READ_PATH, offsetof(struct migrations_conf, path), .required = true,
		.help = "a folder of NNN_name.sql files, or one .sql file"},
	{"requires", FIELD_LIST, offsetof(struct migrations_conf, requires),
		.help = "contributors whose migrations go first"},
	{0},
};

static int fill_contributor(const struct section *section, struct ctx *ctx,
	struct db_source *ret, struct err *err)
{
	struct expander expander = step_expander(ctx);
	struct field_context context = {
		.arena = ctx->arena, .base = ctx->base, .expander = &expander};
	struct migrations_conf conf = {0};

	if (fields_fill(migrations_fields, FIELDS_ALL, section, &context, &conf, err) < 0)
		return -1;
	*ret = (struct db_source){
		.module = section->name,
		.path = conf.path,
		.at = section->at,
		.requires = conf.requires.items,
	};
	return 0;
}

static int gather(const struct step *step, struct ctx *ctx, struct db_source **ret,
	size_t *ret_count, struct err *err)
{
	const struct database_conf *conf = step->conf;
	struct db_source *sources = arena_alloc(
		ctx->arena, (count_sections(ctx->conf) + 1) * sizeof *sources);
	size_t count = 0;

	if (*conf->migrations)
		sources[count++] = (struct db_source){
			.module = step->section->name,
			.path = conf->migrations,
			.at = step->section->at,
		};
	for (const struct section *one = ctx->conf->sections; one; one = one->next)
		if (contributes(one, step->section->name) &&
			fill_contributor(one, ctx, &sources[count++], err) < 0)
			return -1;
	*ret = sources;
	*ret_count = count;
	return 0;
}

/* All mistakes of all SQL files are one error of the step. */
static int raise_problems(struct problems *problems, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	problems_sort(problems);
	buf_printf(&text, "%zu mistake%s in the migrations; the database was not touched:",
		problems->count + problems->left_out, problems->count == 1 ? "" : "s");
	for (size_t i = 0; i < problems->count; i++)
		buf_printf(&text, "\n%s", problem_text(problems, i));
	return err_config(err, "%s", text.data);
}

static int make_spec(const struct step *step, struct ctx *ctx,
	struct db_migrations *migrations, struct db_spec *ret, struct err *err)
{
	const struct database_conf *conf = step->conf;
	struct problems problems = PROBLEMS_INIT;
	struct db_source *sources;
	size_t count;
	int rc = gather(step, ctx, &sources, &count, err);

	if (rc == 0)
		rc = db_sources_read(sources, count, ctx->arena, migrations, &problems, err);
	if (rc == 0 && problems.count)
		rc = raise_problems(&problems, err);
	problems_release(&problems);
	*ret = (struct db_spec){
		.path = conf->path,
		.migrations = migrations,
		.journal_mode = journal_modes[conf->journal_mode],
		.busy_timeout_ms = conf->busy_timeout_ms,
		.step = step->id,
		.stop = ctx->stop,
		.log = ctx->log,
	};
	if (rc == 0)
		rc = owner_attr(
			ctx, &conf->mode, &conf->owner, &conf->group, &ret->attr, err);
	return rc;
}

/* ---- the contract ---- */

static void name_pending(const struct db_report *report, struct buf *why)
{
	const char *module = "";

	for (size_t i = 0; i < report->pending_count && i < PENDING_SHOWN; i++) {
		const struct db_migration *one = report->pending[i];

		if (!str_equal(module, one->module))
			buf_printf(why, "%s %s:", i ? ";" : "", one->module);
		else
			buf_putc(why, ',');
		buf_printf(why, " %s%s%s", one->id, *one->name ? "_" : "", one->name);
		module = one->module;
	}
	if (report->pending_count > PENDING_SHOWN)
		buf_printf(why, " and %zu more", report->pending_count - PENDING_SHOWN);
}

static int check(const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	struct db_migrations migrations = {0};
	struct db_report report = {0};
	struct db_spec spec;

	if (make_spec(step, ctx, &migrations, &spec, err) < 0 ||
		db_check(&spec, ctx->arena, &report, err) < 0)
		return -1;
	switch (report.state) {
	case DB_ABSENT:
		buf_printf(why, "create the database '%s' (%04o) with %zu migrations", spec.path,
			(unsigned)spec.attr.mode, report.pending_count);
		if (report.pending_count)
			buf_putc(why, ':');
		name_pending(&report, why);
		return TO_DO;
	case DB_PENDING:
		buf_printf(why, "apply %zu of %zu migrations to '%s':", report.pending_count,
			migrations.count, spec.path);
		name_pending(&report, why);
		return TO_DO;
	case DB_UNSETTLED:
		buf_printf(why, "'%s' must be recovered before it can be told what is pending",
			spec.path);
		return ctx->planning ? UNKNOWABLE : TO_DO;
	case DB_CURRENT:
		break;
	}
	if (report.attr_why) {
		buf_printf(why, "fix '%s': %s", spec.path, report.attr_why);
		return TO_DO;
	}
	buf_printf(why, "'%s' has all %zu migrations", spec.path, migrations.count);
	return IN_PLACE;
}

static int apply(const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	struct db_migrations migrations = {0};
	struct db_report report = {0};
	struct db_spec spec;
	bool made;

	if (make_spec(step, ctx, &migrations, &spec, err) < 0 ||
		db_apply(&spec, ctx->arena, &report, err) < 0)
		return -1;
	made = report.state == DB_ABSENT && report.outcome == FS_MADE;
	if (made) {
		owner_warn(ctx, spec.path, &spec.attr);
		buf_printf(did, "created '%s' with %zu migrations", spec.path,
			report.pending_count);
	} else if (report.pending_count) {
		buf_printf(did, "applied %zu migrations to '%s':", report.pending_count,
			spec.path);
		name_pending(&report, did);
	} else {
		buf_printf(did, "'%s' has all %zu migrations%s", spec.path, migrations.count,
			report.attr_why ? "; mode and owner fixed" : "");
	}
	return made || report.pending_count || report.attr_why;
}

const struct kind kind_database = {
	.name = "database",
	.summary = "a SQLite database with all its migrations",
	.order = 20,
	.size = sizeof(struct database_conf),
	.fields = fields,
	.check = check,
	.apply = apply,
};

const struct kind kind_migrations = {
	.name = "migrations",
	.summary = "a contribution to a database; not a step of its own",
	.part = true,
	.size = sizeof(struct migrations_conf),
	.fields = migrations_fields,
};
