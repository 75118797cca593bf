/* SPDX-License-Identifier: MIT */
/* Finding the ledgers of other tools in a database. */
#include "ledger/adopt_find.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "ledger/adopt_sql.h"
#include "ledger/adopt_tools.h"
#include "ledger/store.h"
#include "ledger/query.h"
#include "migration/migration.h"

#define FOUND_MAX 12 /* more than there are tables of tools */

/* ---- one table ---- */

/* Its usual name in this engine; NULL: the tool has no ledger there. */
static const char *usual_table(const struct store *store, const struct adopt_tool *tool)
{
	const struct adopt_sql *sql =
		&store->engine->adopting->tools[adopt_tool_id(tool)];

	if (!sql->migration)
		return NULL;
	return sql->table ? sql->table : tool->table;
}

/* Is the name among the columns that the tool's table has? */
static bool is_wanted(const struct adopt_tool *tool, const char *column)
{
	size_t size = strlen(column);

	for (const char *at = tool->columns; *at;) {
		size_t length = strcspn(at, " ");

		if (length == size && strncasecmp(at, column, size) == 0)
			return true;
		at += length;
		at += *at == ' ';
	}
	return false;
}

static size_t count_words(const char *text)
{
	size_t count = 1;

	for (; *text; text++)
		count += *text == ' ';
	return count;
}

static const char *judge_columns(const struct adopt_tool *tool,
	const struct store_table *found, struct arena *arena)
{
	size_t wanted = count_words(tool->columns), others = 0;

	for (size_t i = 0; i < found->columns_count; i++)
		if (is_wanted(tool, found->columns[i]))
			wanted--;
		else
			others++;
	if (!wanted && !(others && tool->exact))
		return NULL;
	return arena_printf(arena, "has other columns than %s%s",
		tool->exact ? "" : "at least ", tool->columns);
}

/*
 * Is there such a table? Returns 1, 0 if not, or -1. `ret_why` is set if it is there, and
 * cannot be the tool's.
 */
static int check_table(struct store *store, const struct adopt_tool *tool,
	const char *table, struct arena *arena, const char **ret_why, struct err *err)
{
	struct store_table found = {.unfit = NULL}, beside;
	int rc = store->engine->find_table(store, table, arena, &found, err);

	if (rc != 1)
		return rc;
	*ret_why = found.unfit ? found.unfit : judge_columns(tool, &found, arena);
	if (*ret_why || !tool->unlike || strcasecmp(table, usual_table(store, tool)) != 0)
		return 1;
	rc = store->engine->find_table(store, tool->unlike, arena, &beside, err);
	if (rc == 1)
		*ret_why = arena_printf(
			arena, "is another tool's, as its '%s' shows", tool->unlike);
	return rc < 0 ? -1 : 1;
}

/* ---- all of them ---- */

struct findings {
	struct adopt_ledger found[FOUND_MAX];
	size_t count;
	const char *similar; /* a table with a tool's name and another shape, or NULL */
};

/* Is it the same ledger, in an older form of the same tool? */
static bool is_listed(const struct findings *findings, const struct adopt_tool *tool)
{
	return findings->count &&
		str_equal(findings->found[findings->count - 1].tool->name, tool->name);
}

static int look_for(struct store *store, const struct adopt_tool *tool,
	struct arena *arena, struct findings *findings, struct err *err)
{
	const char *table = usual_table(store, tool);
	const char *why = NULL;
	int rc = table ? check_table(store, tool, table, arena, &why, err) : 0;

	if (rc != 1)
		return rc;
	if (why)
		findings->similar = table;
	else if (findings->count < FOUND_MAX && !is_listed(findings, tool))
		findings->found[findings->count++] =
			(struct adopt_ledger){.tool = tool, .table = table};
	return 0;
}

static int look_for_all(
	struct store *store, struct arena *arena, struct findings *ret, struct err *err)
{
	const struct adopt_tool *tool;

	*ret = (struct findings){.count = 0};
	for (size_t i = 0; (tool = adopt_tool_at(i)); i++)
		if (look_for(store, tool, arena, ret, err) < 0)
			return -1;
	return 0;
}

/* ---- what to write ---- */

/* Who must be named in front of the tool: nobody, if there is one contributor. */
static const char *whose(const struct ledger_spec *spec)
{
	const struct migrations *all = spec->migrations;

	for (size_t i = 1; i < all->count; i++)
		if (!str_equal(all->list[i].contributor, all->list[0].contributor))
			return "CONTRIBUTOR/";
	return "";
}

/* "it has the ledgers of dbmate ('schema_migrations') and goose ('…'): write …" */
static void advise_found(
	const struct ledger_spec *spec, const struct findings *findings, struct buf *ret)
{
	buf_printf(ret, "it has the ledger%s of ", findings->count > 1 ? "s" : "");
	for (size_t i = 0; i < findings->count; i++)
		buf_printf(ret, "%s%s ('%s')", i ? " and " : "",
			findings->found[i].tool->name, findings->found[i].table);
	buf_puts(ret, ": write ");
	for (size_t i = 0; i < findings->count; i++)
		buf_printf(ret, "%s`adopt = %s%s`", i ? " or " : "", whose(spec),
			findings->found[i].tool->name);
}

static int advise(struct store *store, const struct ledger_spec *spec,
	const struct findings *findings, struct buf *ret, struct err *err)
{
	int64_t version = 0;

	if (findings->count) {
		advise_found(spec, findings, ret);
		return 0;
	}
	if (store->engine->user_version(store, &version, err) < 0)
		return -1;
	if (findings->similar)
		buf_printf(ret, "its table '%s' is not a ledger that we know; ",
			findings->similar);
	if (version > 0 && (uint64_t)version <= spec->migrations->count)
		buf_printf(ret,
			"if its user_version, %lld, is the number of migrations that it "
			"has, write `adopt = %suser_version`; ",
			(long long)version, whose(spec));
	buf_printf(ret, "if it has all up to some version, write `adopt = %s%s`",
		whose(spec), "baseline:VERSION");
	return 0;
}

int adopt_refuse(struct store *store, const struct ledger_spec *spec, struct arena *arena,
	struct err *err)
{
	CLEANUP_BUF struct buf advice = BUF_INIT;
	struct findings findings;

	if (look_for_all(store, arena, &findings, err) < 0 ||
		advise(store, spec, &findings, &advice, err) < 0)
		return -1;
	return err_fail(err,
		"it has tables but no ledger: something else has created it, and which "
		"of our migrations it has is unknown; it was left as it is: %s",
		advice.data);
}

/* ---- the one that is named ---- */

static int find_only(struct store *store, const struct ledger_spec *spec,
	struct arena *arena, struct adopt_ledger *ret, struct err *err)
{
	CLEANUP_BUF struct buf advice = BUF_INIT;
	struct findings findings;

	if (look_for_all(store, arena, &findings, err) < 0)
		return -1;
	if (findings.count == 1) {
		*ret = findings.found[0];
		return 0;
	}
	if (advise(store, spec, &findings, &advice, err) < 0)
		return -1;
	return err_fail(err, "`adopt = auto` finds %s in it; it was left as it is: %s",
		findings.count ? "more than one ledger of another tool"
			       : "no ledger of another tool",
		advice.data);
}

static int raise_missing(struct store *store, const struct ledger_spec *spec,
	const char *tool, const char *table, const char *why, struct arena *arena,
	struct err *err)
{
	CLEANUP_BUF struct buf advice = BUF_INIT;
	struct findings findings;

	if (look_for_all(store, arena, &findings, err) < 0 ||
		advise(store, spec, &findings, &advice, err) < 0)
		return -1;
	if (why)
		return err_fail(err,
			"its '%s' cannot be the ledger of %s: it %s; it was left as it "
			"is: %s",
			table, tool, why, advice.data);
	return err_fail(err,
		"it has no table '%s', the ledger of %s; it was left as it is: if the "
		"ledger has another name, write `adopt = %s%s:TABLE`; %s",
		table, tool, whose(spec), tool, advice.data);
}

/*
 * Looks for the table of the tool that is named. Returns 1, 0 if there is none, or if
 * `ret_why` says why it is not that tool's, or -1.
 */
static int look_for_named(struct store *store, const struct ledger_adopt *adopt,
	struct arena *arena, struct adopt_ledger *ret, const char **ret_why,
	struct err *err)
{
	const struct adopt_tool *tool;
	int rc = 0;

	*ret_why = NULL;
	for (size_t i = 0; (tool = adopt_tool_at(i)); i++) {
		const char *why = NULL;

		if (!str_equal(tool->name, adopt->source))
			continue;
		ret->tool = tool;
		ret->table = adopt->what ? adopt->what : usual_table(store, tool);
		if (!ret->table)
			continue;
		rc = check_table(store, tool, ret->table, arena, &why, err);
		if (rc < 0 || (rc == 1 && !why))
			return rc;
		/* A tool with several forms has it in none of them. */
		if (why && *ret_why && !str_equal(why, *ret_why))
			why = arena_printf(arena, "%s, and %s", *ret_why, why);
		*ret_why = why;
	}
	return 0;
}

int adopt_look(struct store *store, const struct ledger_adopt *adopt, struct arena *arena,
	struct adopt_ledger *ret, struct err *err)
{
	struct findings findings;
	const char *why = NULL;
	int rc;

	if (!str_equal(adopt->source, "auto")) {
		rc = look_for_named(store, adopt, arena, ret, &why, err);
		return rc == 0 && why ? ADOPT_OTHER : rc;
	}
	if (look_for_all(store, arena, &findings, err) < 0)
		return -1;
	*ret = findings.found[0];
	return findings.count > 1 ? ADOPT_OTHER : (int)findings.count;
}

int adopt_find(struct store *store, const struct ledger_spec *spec,
	const struct ledger_adopt *adopt, struct arena *arena, struct adopt_ledger *ret,
	struct err *err)
{
	struct adopt_ledger found = {.tool = NULL};
	const char *why = NULL;
	int rc;

	if (str_equal(adopt->source, "auto"))
		return find_only(store, spec, arena, ret, err);
	rc = look_for_named(store, adopt, arena, &found, &why, err);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return raise_missing(
			store, spec, adopt->source, found.table, why, arena, err);
	*ret = found;
	return 0;
}
