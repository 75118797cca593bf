/* SPDX-License-Identifier: MIT */
/* The contributors of a database: its own migrations, and [migrations:…]. */
#include "step/database_contributors.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/problems.h"
#include "base/str.h"
#include "conf/module.h"
#include "ledger/server.h"
#include "migration/variant.h"
#include "step/database_adopt.h"
#include "step/database_server.h"
#include "step/database_spec.h"
#include "step/parents.h"
#include "step/part.h"
#include "step/source.h"

/* Has each '[' of the glob its ']'? One that follows the '[', or its '!', is an item. */
static bool is_closed(const char *glob)
{
	for (const char *at = glob; *at; at++) {
		if (*at == '\\' && at[1]) {
			at++;
		} else if (*at == '[') {
			at += 1 + (at[1] == '!' || at[1] == '^');
			at = strchr(*at == ']' ? at + 1 : at, ']');
			if (!at)
				return false;
		}
	}
	return true;
}

int contributors_check_glob(const char *item, struct err *err)
{
	if (strchr(item, '/'))
		return err_config(err,
			"'%s' has a slash: write the name of the file or directory alone",
			item);
	if (!is_closed(item))
		return err_config(err,
			"'%s' has a '[' without its ']'; for the character write '[[]'",
			item);
	return 0;
}

int contributors_parse_dialect(void *member, const char *text, struct err *err)
{
	const char *database = variant_of(text), **dialect = member;
	CLEANUP_BUF struct buf known = BUF_INIT;
	char room[STR_SUGGEST_SIZE];
	const char *near;

	if (database) {
		*dialect = database;
		return 0;
	}
	for (size_t i = 0; variant_databases[i]; i++)
		buf_printf(
			&known, "%s%s", i ? ", " : "; there are ", variant_databases[i]);
	near = str_suggest(text, variant_databases, room);
	return err_config(err, "'%s' is no dialect that is known%s", text,
		*near ? near : known.data);
}

const struct field migrations_fields[] = {
	{"database", FIELD_STRING, offsetof(struct migrations_conf, database),
		.required = true,
		.help = "the NAME of the `[database:NAME]` that they go into"},
	{"path", FIELD_READ_PATH, offsetof(struct migrations_conf, path),
		.required = true, .help = "a directory of migrations, or one .sql file"},
	{"after", FIELD_LIST, offsetof(struct migrations_conf, after),
		.elsewhere = "requires depends depends_on needs",
		.help = "contributors whose migrations go first", .example = "app"},
	DIRECTORY_FIELDS(struct migrations_conf),
	{0},
};

/* A module's name for a contributor is its own, if it has one of that name. */
static const char *contributor_name(
	const struct section *section, const char *item, const struct ctx *ctx)
{
	bool known = str_starts(item, "migrations:") || str_starts(item, "database:");
	const char *name = known ? strchr(item, ':') + 1 : item;
	const char *own;

	if (!section->module)
		return name;
	own = arena_printf(ctx->arena, "migrations:%s/%s", section->module, name);
	return conf_section(ctx->conf, own) ? strchr(own, ':') + 1 : name;
}

/* The names of contributors in a list, which may have their kind in front. */
static const char *const *contributor_names(
	const struct section *section, const struct list *list, const struct ctx *ctx)
{
	const char **names = arena_alloc(ctx->arena, (list->count + 1) * sizeof *names);

	for (size_t i = 0; i < list->count; i++)
		names[i] = contributor_name(section, list->items[i], ctx);
	return names;
}

/* Whose files are read: unless it is written, those of the database that it is. */
static const char *dialect_of(const struct step *step, const struct directory_keys *keys)
{
	if (keys->dialect)
		return keys->dialect;
	return database_is_server(step) ? database_server_engine(step)->database
					: "sqlite";
}

static const char *const *placeholders(const struct directory_keys *keys)
{
	return keys->placeholders.count ? keys->placeholders.items : NULL;
}

/* What prepare() has read was reported then, and no step makes it since. */
static const struct log *log_of(const struct step *step, const struct ctx *ctx)
{
	return step->prepared ? NULL : ctx->log;
}

/* With `problems` ahead of its time (fields_judge), else now: 0, or -1. */
static int fill_contributor(const struct step *step, const struct section *section,
	struct ctx *ctx, struct contributor *ret, struct problems *problems,
	struct err *err)
{
	struct expander expander =
		problems ? step_early_expander(ctx) : step_expander(ctx);
	struct field_context context = {
		.arena = ctx->arena, .base = ctx->base, .expander = &expander};
	struct migrations_conf conf = {0};
	bool filled = problems ? fields_judge(migrations_fields, FIELDS_ALL, section,
					 &context, &conf, problems)
			       : fields_fill(migrations_fields, FIELDS_ALL, section,
					 &context, &conf, err) == 0;

	if (!filled)
		return -1;
	*ret = (struct contributor){
		.name = section->name,
		.path = conf.path,
		.fs = &ctx->fs,
		.section = section->id,
		.key = "path",
		.start = source_start(section, "path"),
		.at = section_place(section, "path"),
		.after_at = section_place(section, "after"),
		.after = contributor_names(section, &conf.after, ctx),
		.exclude = conf.directory.exclude.items,
		.variant = dialect_of(step, &conf.directory),
		.log = log_of(step, ctx),
		.placeholders = placeholders(&conf.directory),
		.placeholders_section = section->id,
		.placeholders_at = section_place(section, "placeholders"),
	};
	return 0;
}

int database_contributors_find(const struct step *step, struct ctx *ctx,
	struct problems *problems, struct database_contributors *ret, struct err *err)
{
	const struct database_conf *conf = step->conf;
	CLEANUP_BUF struct buf blame = BUF_INIT;
	struct contributor *list = NULL;
	const char *unknown;
	size_t count = 0;
	int rc = 0;

	modules_blame(&ctx->conf->disabled, &blame);
	unknown = arena_memdup(ctx->arena, blame.data, blame.len);

	if (*conf->migrations) {
		list = arena_array_grow(ctx->arena, list, count, sizeof *list);
		list[count++] = (struct contributor){
			.name = step->section->name,
			.path = conf->migrations,
			.fs = &ctx->fs,
			.section = step->id,
			.key = "migrations",
			.start = source_start(step->section, "migrations"),
			.at = section_place(step->section, "migrations"),
			.exclude = conf->directory.exclude.items,
			.variant = dialect_of(step, &conf->directory),
			.log = log_of(step, ctx),
		};
	}
	for (size_t i = 0; i < step->parts_count && (rc == 0 || problems); i++) {
		list = arena_array_grow(ctx->arena, list, count, sizeof *list);
		if (fill_contributor(step, step->parts[i].section, ctx, &list[count],
			    problems, err) < 0)
			rc = -1;
		else
			count++;
	}
	for (size_t i = 0; i < count; i++) {
		list[i].strict = conf->strict;
		list[i].stamped = conf->stamp;
		list[i].unknown = unknown;
		if (list[i].placeholders)
			continue;
		list[i].placeholders = placeholders(&conf->directory);
		list[i].placeholders_section = step->id;
		list[i].placeholders_at = section_place(step->section, "placeholders");
	}
	*ret = (struct database_contributors){
		.list = list,
		.count = count,
		.migrations.together = conf->transaction == SERVER_ALL,
	};
	return rc;
}

void database_contributors_order(
	struct step *step, struct ctx *ctx, struct problems *problems)
{
	/* The database's own may be named by others. */
	size_t own = section_get(step->section, "migrations") ? 1 : 0;
	size_t count = own + step->parts_count, n = 0;
	struct contributor *list = arena_alloc(ctx->arena, (count + 1) * sizeof *list);
	struct part *ordered = arena_alloc(ctx->arena, (count + 1) * sizeof *ordered);
	size_t *order = arena_alloc(ctx->arena, (count + 1) * sizeof *order);

	list[0] = (struct contributor){.name = step->section->name, .section = step->id};
	for (size_t i = own; i < count; i++) {
		struct part *part = &step->parts[i - own];
		const struct section *section = part->section;
		DECLARE_ERR(err);

		if (fill_contributor(step, section, ctx, &list[i], problems, &err) < 0)
			list[i] = (struct contributor){
				.name = section->name, .section = section->id};
		for (const char *const *name = list[i].after; name && *name; name++)
			list_add(&part->after, ctx->arena, *name, strlen(*name));
	}
	if (contributors_order(list, count, order, problems) < count)
		return;
	for (size_t i = 0; i < count; i++)
		if (order[i] >= own)
			ordered[n++] = step->parts[order[i] - own];
	step->parts = ordered;
}

/* Is one missing that an earlier step may still make? */
static int check_planned(struct ctx *ctx,
	const struct database_contributors *contributors, struct err *err)
{
	struct stat st;

	for (size_t i = 0; i < contributors->count; i++) {
		const char *path = contributors->list[i].path;

		if (parents_maker(ctx, path) && stat(path, &st) < 0 && errno == ENOENT)
			return parents_missing(ctx, path, err);
	}
	return 0;
}

int database_contributors_read(const struct step *step, struct ctx *ctx,
	struct database_contributors *ret, struct err *err)
{
	struct problems problems = {0};
	int rc = database_contributors_find(step, ctx, NULL, ret, err);

	if (rc == 0 && database_adopt_read(step, ctx, ret, err) < 0)
		rc = step_locate_key(step, "adopt", err);
	if (rc == 0)
		rc = check_planned(ctx, ret, err);
	if (rc == 0)
		rc = contributors_read(ret->list, ret->count, database_dialect(step),
			ctx->arena, &ret->migrations, &problems, err);
	if (rc == 0 && problems.count)
		rc = migrations_raise(&problems, err);
	problems_release(&problems);
	return rc;
}
