/* SPDX-License-Identifier: MIT */
/* What the sections of a database, and of its contributors, say to src/db. */
#include "step/database_spec.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "db/db.h"
#include "migration/migration.h"
#include "step/database_adopt.h"
#include "step/database_server.h"
#include "step/owner.h"

static const char *const journal_modes[] = {"wal", "delete", "truncate", "persist", NULL};

static const char *const backups[] = {"none", "before-migrate", NULL};
static const char *const switches[] = {"off", "on", NULL};
static const char *const verifies[] = {"quick", "full", "none", NULL};
static const char *const drifts[] = {"error", "warn", "ignore", NULL};
static const char *const unknowns[] = {"warn", "error", NULL};
static const char *const schema_drifts[] = {"ignore", "warn", "error", NULL};
static const char *const orders[] = {"reject", "warn", "apply", NULL};

/* "12", "0x4e4f5445": what fits into the 32 bits that the file has for it; not 0. */
static int parse_application_id(void *member, const char *text, struct err *err)
{
	bool hex = str_starts(text, "0x") || str_starts(text, "0X");
	const char *digits = hex ? text + 2 : text;
	unsigned long long value;
	int64_t *ret = member;

	if (!*text) /* it expands to nothing: as if it were not written */
		return 0;
	if (digits[strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789")] ||
		!*digits || strlen(digits) > 10)
		return err_config(err, "'%s' is not a number", text);
	value = strtoull(digits, NULL, hex ? 16 : 10);
	if (!value || value > UINT32_MAX)
		return err_config(err, "'%s' is not between 1 and 4294967295", text);
	*ret = (int32_t)(uint32_t)value; /* SQLite takes it as signed */
	return 0;
}

const struct field database_fields[] = {
	{"path", FIELD_PATH, offsetof(struct database_conf, path), .made = true,
		.help = "the file of a SQLite database"},
	{"url", FIELD_STRING, offsetof(struct database_conf, url),
		.check = database_check_url, .check_part = database_check_url_part,
		.unquoted = true, .elsewhere = "dsn uri database_url connection conninfo",
		.help = "in its place: the database of a PostgreSQL server, as libpq has "
			"it, which waits until the server is ready",
		.example = "postgres://app:${DB_PASSWORD|url}@db/app"},
	{"migrations", FIELD_READ_PATH, offsetof(struct database_conf, migrations),
		.help = "a directory of migrations, or one .sql file",
		.example = "migrations"},
	DIRECTORY_FIELDS(struct database_conf),
	ACCESS_FIELDS(struct database_conf, "0640",
		"of the file and of those that belong to it"),
	{"journal_mode", FIELD_ENUM, offsetof(struct database_conf, journal_mode), "wal",
		.choices = journal_modes,
		.help = "of a new one; of an existing one, too, if it is written here"},
	{"pragma", FIELD_LIST, offsetof(struct database_conf, pragma),
		.check = db_pragma_check,
		.help = "of a new one: page_size, auto_vacuum, encoding, as NAME=VALUE",
		.example = "page_size=8192 auto_vacuum=incremental"},
	{"application_id", FIELD_STRING, offsetof(struct database_conf, application_id),
		.parse = parse_application_id, .size = sizeof(int64_t),
		.help = "a number that marks the file; one with another is refused",
		.example = "0x4e4f5445"},
	{"backup", FIELD_ENUM, offsetof(struct database_conf, backup), "none",
		.choices = backups,
		.help = "whether to copy it beside itself before it is migrated"},
	{"keep_backups", FIELD_COUNT, offsetof(struct database_conf, keep_backups), "3",
		.needs = "backup=before-migrate",
		.help = "how many of these copies stay (0: all)"},
	{"rehearse", FIELD_BOOL, offsetof(struct database_conf, rehearse), "no",
		.help = "whether migrations run on a copy first, so that what fails on "
			"the data there leaves the database untouched"},
	{"foreign_keys", FIELD_ENUM, offsetof(struct database_conf, foreign_keys), "off",
		.choices = switches,
		.help = "whether they are on where a migration begins; PRAGMA "
			"foreign_keys changes that to its end"},
	{"verify", FIELD_ENUM, offsetof(struct database_conf, verify), "quick",
		.choices = verifies,
		.help = "before commit: quick_check, integrity_check, or neither"},
	{"drift", FIELD_ENUM, offsetof(struct database_conf, drift), "error",
		.choices = drifts,
		.help = "what to do if a migration was changed, or renamed, after it was "
			"applied"},
	{"unknown", FIELD_ENUM, offsetof(struct database_conf, unknown), "warn",
		.choices = unknowns,
		.help = "what to do if a migration that was applied is gone"},
	{"out_of_order", FIELD_ENUM, offsetof(struct database_conf, out_of_order),
		"reject", .choices = orders,
		.help = "what to do if a new migration sorts before an applied one"},
	{"schema_drift", FIELD_ENUM, offsetof(struct database_conf, schema_drift),
		"ignore", .choices = schema_drifts,
		.help = "what to do if the schema is not what the applied migrations "
			"make"},
	{"adopt", FIELD_LIST, offsetof(struct database_conf, adopt),
		.check = database_adopt_check,
		.help = "whose ledger says what another tool has applied: `auto`, a "
			"tool (`explain groundwork.ini` lists them), `user_version`, "
			"`baseline:VERSION`",
		.example = "sqlx"},
	{"strict", FIELD_BOOL, offsetof(struct database_conf, strict), "no",
		.help = "whether the last statement of a migration must have its `;`, "
			"without which the rest of the file may be missing"},
	{"stamp", FIELD_BOOL, offsetof(struct database_conf, stamp), "no",
		.help = "whether migrations that were applied are taken as unchanged if "
			"path, size, inode, mtime and ctime of all their files are as "
			"recorded; who changes a file and none of these is not noticed"},
	{"busy_timeout", FIELD_DURATION, offsetof(struct database_conf, busy_timeout_ms),
		"5s", .help = "how long to wait for a lock of another process"},
	SERVER_FIELDS(struct database_conf),
	{0},
};

/* ---- all of it ---- */

static struct ledger_spec ledger_spec(const struct step *step, const struct ctx *ctx,
	struct database_contributors *contributors)
{
	static const enum ledger_answer unknown[] = {LEDGER_WARN, LEDGER_REFUSE};
	const struct database_conf *conf = step->conf;
	const struct setting *foreign_keys = section_get(step->section, "foreign_keys");

	return (struct ledger_spec){
		.name = conf->path,
		.migrations = &contributors->migrations,
		.drift = (enum ledger_answer)conf->drift,
		/* Who waits for a migration may find one of a newer version. */
		.unknown = ctx->waiting ? LEDGER_WARN : unknown[conf->unknown],
		.out_of_order = (enum ledger_answer)conf->out_of_order,
		.adopt = contributors->adopt,
		.adopt_count = contributors->adopt_count,
		.foreign_keys_set = foreign_keys && !foreign_keys->defaulted,
		.log = ctx->log,
	};
}

static int fill(const struct step *step, struct ctx *ctx,
	struct database_contributors *contributors, struct db_spec *ret, struct err *err)
{
	static const enum ledger_answer schema_drift[] = {
		LEDGER_ACCEPT, LEDGER_WARN, LEDGER_REFUSE};
	const struct database_conf *conf = step->conf;
	const struct setting *journal_mode = section_get(step->section, "journal_mode");
	struct db_spec spec = {
		.ledger = ledger_spec(step, ctx, contributors),
		.path = conf->path,
		.journal_mode = journal_modes[conf->journal_mode],
		.journal_mode_set = journal_mode && !journal_mode->defaulted,
		.pragmas = conf->pragma.items,
		.application_id = conf->application_id,
		.foreign_keys = conf->foreign_keys != 0,
		.verify = (enum db_verify)conf->verify,
		.schema_drift = schema_drift[conf->schema_drift],
		.rehearse = conf->rehearse,
		.backup = conf->backup != 0,
		.seen = contributors->seen,
		.keep_backups = conf->keep_backups,
		.busy_timeout_ms = conf->busy_timeout_ms,
		.step = step->id,
		.stop = ctx->stop,
		.fs = &ctx->fs,
	};

	if (owner_attr(step, ctx, &conf->access, &spec.attr, err) < 0)
		return -1;
	*ret = spec;
	return 0;
}

/* What prepare() has found, or else what is found now. Returns 0, or -1. */
static int find_contributors(const struct step *step, struct ctx *ctx,
	struct database_contributors **ret, struct err *err)
{
	*ret = step_prepared(step, ctx);
	if (*ret)
		return 0;
	*ret = arena_alloc(ctx->arena, sizeof **ret);
	return database_contributors_read(step, ctx, *ret, err);
}

int database_spec(
	const struct step *step, struct ctx *ctx, struct db_spec *ret, struct err *err)
{
	struct database_contributors *contributors;

	if (find_contributors(step, ctx, &contributors, err) < 0)
		return -1;
	return fill(step, ctx, contributors, ret, err);
}

int database_ledger_spec(const struct step *step, struct ctx *ctx,
	struct ledger_spec *ret, struct err *err)
{
	struct database_contributors *contributors;

	if (find_contributors(step, ctx, &contributors, err) < 0)
		return -1;
	*ret = ledger_spec(step, ctx, contributors);
	return 0;
}

/* ---- before the first step ---- */

/* Finds what is pending. Returns 0, or -1 where that cannot be known yet. */
static int find_pending(const struct step *step, struct ctx *ctx,
	struct database_contributors *contributors, struct db_report *ret)
{
	struct db_spec spec;
	DECLARE_ERR(err); /* check() will report it */

	/* What a server has, only check() asks. */
	if (database_is_server(step) || fill(step, ctx, contributors, &spec, &err) < 0)
		return -1;
	spec.compile = ctx->planning; /* as check() */
	return db_pending(&spec, ctx->arena, ret, &err);
}

/* Looks at the SQL of what is pending; with `all`, of whatever there is. */
static void judge_sql(const struct step *step, struct ctx *ctx,
	struct database_contributors *contributors, bool all, struct problems *problems)
{
	struct migrations *migrations = &contributors->migrations;
	const struct migration **list =
		arena_alloc(ctx->arena, migrations->count * sizeof(void *));
	struct db_report report = {
		.work.pending = list, .work.pending_count = migrations->count};
	DECLARE_ERR(ignored); /* what cannot be read now may be readable in time */

	for (size_t i = 0; i < migrations->count; i++)
		list[i] = &migrations->list[i];
	if (all && migrations_hash(migrations, &ignored) < 0)
		return;
	if (all || find_pending(step, ctx, contributors, &report) == 0)
		(void)migrations_check(migrations, report.work.pending,
			report.work.pending_count, problems, &ignored);
}

/* The one whose path it is, or is nearest above it; NULL if there is none. */
static const struct contributor *contributor_of(
	const struct database_contributors *contributors, const char *path)
{
	const struct contributor *nearest = NULL;

	for (size_t i = 0; path && i < contributors->count; i++) {
		const struct contributor *contributor = &contributors->list[i];

		if (path_is_below(path, contributor->path) &&
			(!nearest || strlen(contributor->path) > strlen(nearest->path)))
			nearest = contributor;
	}
	return nearest;
}

/* Adds what is wrong with migrations, with the key that names their directory. */
static void add_located(const struct database_contributors *contributors,
	struct problems *from, struct problems *to)
{
	problems_sort(from);
	for (size_t i = 0; i < from->count; i++) {
		const struct contributor *contributor =
			contributor_of(contributors, from->list[i].at.file);
		DECLARE_ERR(err);

		err_config(&err, "%s", from->list[i].text);
		err_at(&err, from->list[i].at);
		if (contributor) {
			err_prefix(
				&err, "[%s] %s", contributor->section, contributor->key);
			err_at(&err, contributor->at);
		}
		problems_add_err(to, &err);
	}
	to->left_out += from->left_out;
}

/* Reads and judges the migrations that exist. */
static void prepare_migrations(struct step *step, struct ctx *ctx,
	struct database_contributors *contributors, bool valid, struct problems *problems)
{
	const struct database_conf *conf = step->conf;
	struct stat st;
	DECLARE_ERR(err);

	for (size_t i = 0; i < contributors->count; i++) {
		const struct contributor *contributor = &contributors->list[i];

		if (!step_may_read(ctx, conf_section(ctx->conf, contributor->section),
			    contributor->key, contributor->path) ||
			stat(contributor->path, &st) < 0)
			return; /* what is missing now may be there in time */
	}
	/* What cannot be read now may be readable in time: apply() reports it. */
	if (contributors_read(contributors->list, contributors->count,
		    database_dialect(step), ctx->arena, &contributors->migrations,
		    problems, &err) < 0)
		return;
	if (ctx->tolerant) {
		/* What was taken over by another's ledger need not be read by us. */
		if (!conf->adopt.count)
			judge_sql(step, ctx, contributors, true, problems);
		return;
	}
	if (valid && !problems_total(problems)) {
		contributors->seen = db_seen_new(ctx->arena);
		step->prepared = contributors;
	}
	judge_sql(step, ctx, contributors, !step->prepared, problems);
}

/* The address of a database, as applications have it, would be the name of a file. */
static void judge_path(
	const struct step *step, const struct ctx *ctx, struct problems *problems)
{
	const char *path = ((const struct database_conf *)step->conf)->path;
	size_t base = path_is_below(path, ctx->base) ? strlen(ctx->base) : 0;
	const char *name = path + base + strspn(path + base, "/");
	size_t scheme = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789+");
	const char *query = strchr(name, '?');
	DECLARE_ERR(err);

	if ((!scheme || name[scheme] != ':') && !(query && strchr(query, '=')))
		return;
	err_config(&err,
		"is an address, or has words behind a '?', and would be the name of a "
		"file: write the path alone, as in `${DATABASE_URL#sqlite:}`; the "
		"address of a PostgreSQL server is `url`");
	(void)step_locate_key(step, "path", &err); /* always -1 */
	problems_add_err(problems, &err);
}

void database_prepare(struct step *step, struct ctx *ctx, struct problems *problems)
{
	struct database_contributors *contributors =
		arena_alloc(ctx->arena, sizeof *contributors);
	size_t before = problems_total(problems);
	struct problems found = {0};
	DECLARE_ERR(adopt);
	DECLARE_ERR(err);
	int rc = database_contributors_find(step, ctx, problems, contributors, &err);

	database_server_judge(step, problems);
	database_server_prepare(step, ctx, problems);
	if (!database_is_server(step))
		judge_path(step, ctx, problems);
	/* Whom an item is for is not known if one is missing. */
	if (rc < 0)
		return;
	if (database_adopt_read(step, ctx, contributors, &adopt) < 0) {
		(void)step_locate_key(step, "adopt", &adopt); /* always -1 */
		problems_add_err(problems, &adopt);
	}
	contributors_check(contributors->list, contributors->count, &found);
	add_located(contributors, &found, problems);
	problems_truncate(&found, 0);
	prepare_migrations(
		step, ctx, contributors, problems_total(problems) == before, &found);
	add_located(contributors, &found, problems);
	problems_release(&found);
}

void database_prepare_draft(struct step *step, struct ctx *ctx, struct problems *problems)
{
	struct database_contributors ignored;
	DECLARE_ERR(listed);

	step->conf = step->draft;
	(void)database_contributors_find(step, ctx, problems, &ignored, &listed);
	database_server_judge(step, problems);
	step->conf = NULL;
}
