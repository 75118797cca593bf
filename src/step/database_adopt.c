/* SPDX-License-Identifier: MIT */
/* The key `adopt` of a database. */
#include "step/database_adopt.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "db/db.h"
#include "ledger/adopt_tools.h"
#include "step/database_contributors.h"
#include "step/database_spec.h"

/* Splits "CONTRIBUTOR/REST" at its last slash; without one the contributor is NULL. */
static const char *split_contributor(
	const char *text, struct arena *arena, const char **ret_contributor)
{
	const char *slash = strrchr(text, '/');

	*ret_contributor =
		slash ? arena_memdup(arena, text, (size_t)(slash - text)) : NULL;
	return slash ? slash + 1 : text;
}

static int check_source(
	const char *item, const char *source, struct arena *arena, struct err *err)
{
	const char **sources = adopt_sources(arena);
	char room[STR_SUGGEST_SIZE];

	if (!*source)
		return err_config(err, "'%s' lacks the name of a tool", item);
	for (size_t i = 0; sources[i]; i++)
		if (str_equal(sources[i], source))
			return 0;
	return err_config(err,
		"'%s' is neither none, auto, user_version, baseline:VERSION nor a tool "
		"whose ledger we know%s",
		source, str_suggest(source, sources, room));
}

/* Of a baseline the contributor may also stand before the version. */
static int parse(
	const char *item, struct arena *arena, struct ledger_adopt *ret, struct err *err)
{
	const char *colon = strchr(item, ':');
	size_t size = colon ? (size_t)(colon - item) : strlen(item);
	struct ledger_adopt adopt = {
		.what = colon ? arena_strdup(arena, colon + 1) : NULL};
	bool baseline;

	adopt.source = split_contributor(
		arena_memdup(arena, item, size), arena, &adopt.contributor);
	if (check_source(item, adopt.source, arena, err) < 0)
		return -1;
	baseline = str_equal(adopt.source, "baseline");
	if (baseline && adopt.what && !adopt.contributor)
		adopt.what = split_contributor(adopt.what, arena, &adopt.contributor);
	if (adopt.contributor && !*adopt.contributor)
		return err_config(err, "'%s' has no contributor before its slash", item);
	if (baseline && (!adopt.what || !*adopt.what))
		return err_config(
			err, "'%s' lacks a version: write baseline:VERSION", item);
	if (adopt.what && !*adopt.what)
		return err_config(err, "'%s' lacks the name of a table", item);
	if (adopt.what &&
		(str_equal(adopt.source, "auto") ||
			str_equal(adopt.source, "user_version")))
		return err_config(err, "'%s': nothing may follow %s", item, adopt.source);
	*ret = adopt;
	return 0;
}

int database_adopt_check(const char *item, struct err *err)
{
	struct arena arena = {0};
	struct ledger_adopt unused;
	int rc = str_equal(item, "none") ? 0 : parse(item, &arena, &unused, err);

	arena_release(&arena);
	return rc;
}

/* Without one it is the database's own, or the only one. Returns it, or NULL. */
static struct contributor *find_contributor(const struct step *step,
	const struct database_contributors *contributors, const char *name)
{
	const struct database_conf *conf = step->conf;

	if (!name)
		return *conf->migrations || contributors->count == 1 ? contributors->list
								     : NULL;
	for (size_t i = 0; i < contributors->count; i++)
		if (contributors->list[i].name &&
			str_equal(contributors->list[i].name, name))
			return &contributors->list[i];
	return NULL;
}

/* Finds whose it is, and marks that one if it is Flyway's. */
static int resolve(const struct step *step, struct database_contributors *contributors,
	const char *item, struct ledger_adopt *adopt, struct err *err)
{
	struct contributor *contributor =
		find_contributor(step, contributors, adopt->contributor);

	if (!contributor && adopt->contributor)
		return err_config(err,
			"'%s': '%s' does not contribute to this database%s", item,
			adopt->contributor,
			contributors->count ? contributors->list->unknown : "");
	if (!contributor)
		return err_config(err,
			"'%s': there are %zu contributors; write CONTRIBUTOR/%s", item,
			contributors->count, item);
	adopt->contributor = contributor->name;
	for (size_t i = 0; i < contributors->adopt_count; i++)
		if (str_equal(contributors->adopt[i].contributor, adopt->contributor))
			return err_config(err, "'%s' is the second one for '%s'", item,
				adopt->contributor);
	contributor->flyway |= str_equal(adopt->source, "flyway");
	return 0;
}

static int add(const struct step *step, struct ctx *ctx,
	struct database_contributors *contributors, const char *item, struct err *err)
{
	struct ledger_adopt *adopt = &contributors->adopt[contributors->adopt_count];

	if (parse(item, ctx->arena, adopt, err) < 0 ||
		resolve(step, contributors, item, adopt, err) < 0)
		return -1;
	contributors->adopt_count++;
	return 0;
}

int database_adopt_read(const struct step *step, struct ctx *ctx,
	struct database_contributors *contributors, struct err *err)
{
	const struct list *items = &((const struct database_conf *)step->conf)->adopt;
	int rc = 0;

	contributors->adopt =
		arena_alloc(ctx->arena, items->count * sizeof *contributors->adopt);
	contributors->adopt_count = 0;
	if (items->count == 1 && str_equal(items->items[0], "none"))
		return 0;
	for (size_t i = 0; i < items->count; i++) {
		DECLARE_ERR(why);

		if (str_equal(items->items[i], "none"))
			err_config(&why,
				"'none' takes over nothing, and nothing may stand beside "
				"it");
		else if (add(step, ctx, contributors, items->items[i], &why) == 0)
			continue;
		if (rc == 0)
			*err = why;
		rc = -1;
	}
	return rc;
}
