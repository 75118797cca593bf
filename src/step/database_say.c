/* SPDX-License-Identifier: MIT */
/* What is said of the migrations of a database. */
#include "step/database_say.h"

#include "base/buf.h"
#include "base/str.h"
#include "ledger/spec.h"
#include "migration/migration.h"

/* Migrations of a contributor that are named before the rest is counted. */
#define SHOWN 10

/* "orders: 001_a, 002_b; notes: 001_c and 12 more" */
void say_migrations(const struct migration *const *list, size_t count, struct buf *to)
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
const char *say_plural(size_t count)
{
	return count == 1 ? "" : "s";
}

/* Parts of a sentence. */
const char *say_next(const struct buf *text)
{
	return text->len ? "; " : "";
}

/* " from sqlx, dbmate"; a baseline is no tool. */
static void say_tools(const struct ledger_work *work, struct buf *to)
{
	const char *between = " from ", *last = "baseline";

	for (size_t i = 0; i < work->adopted_count; i++) {
		const char *tool = work->origins[i].tool;

		if (str_equal(tool, last) || str_equal(tool, "baseline"))
			continue;
		buf_printf(to, "%s%s", between, tool);
		between = ", ";
		last = tool;
	}
}

/* " (orders: 3 verified by checksum, 1 on trust; notes: 2 on trust)" */
static void say_trust(const struct ledger_work *work, struct buf *to)
{
	size_t i = 0;

	while (i < work->adopted_count) {
		const char *contributor = work->adopted[i]->contributor;
		size_t verified = 0, trusted = 0;

		buf_printf(to, "%s%s:", i ? "; " : " (", contributor);
		for (; i < work->adopted_count &&
			str_equal(work->adopted[i]->contributor, contributor);
			i++)
			*(work->origins[i].verified ? &verified : &trusted) += 1;
		if (verified)
			buf_printf(to, " %zu verified by checksum%s", verified,
				trusted ? "," : "");
		if (trusted)
			buf_printf(to, " %zu on trust", trusted);
	}
	buf_puts(to, i ? ")" : "");
	if (work->missing_count)
		buf_printf(to, " and %zu without a file here", work->missing_count);
}

/* Where nothing else of the tool's is recorded; `verb` is "record" or "recorded". */
static void say_no_file(const struct ledger_work *work, const char *verb, struct buf *to)
{
	if (!work->adopted_count && work->missing_count)
		buf_printf(to, "%s%s %zu migration%s of %s without a file here",
			say_next(to), verb, work->missing_count,
			say_plural(work->missing_count), work->missing[0].tool);
}

void say_whole(const char *name, size_t total, struct buf *to)
{
	if (total == 0)
		buf_printf(to, "'%s' exists, and there are no migrations", name);
	else if (total == 1)
		buf_printf(to, "'%s' has its one migration", name);
	else
		buf_printf(to, "'%s' has all %zu migrations", name, total);
}

void say_pending(const char *name, size_t total, const struct ledger_work *work,
	const char *precautions, struct buf *to)
{
	if (work->adopted_count) {
		buf_printf(to, "take over '%s'", name);
		say_tools(work, to);
		buf_printf(to, "%s, recording %zu migration%s as applied:", precautions,
			work->adopted_count, say_plural(work->adopted_count));
		say_migrations(work->adopted, work->adopted_count, to);
		say_trust(work, to);
	}
	if (work->pending_count) {
		buf_printf(to, "%sapply %zu of %zu migration%s to '%s'%s:", say_next(to),
			work->pending_count, total, say_plural(total), name,
			work->adopted_count ? "" : precautions);
		say_migrations(work->pending, work->pending_count, to);
	}
	say_no_file(work, "record", to);
}

void say_done(
	const char *name, size_t total, const struct ledger_work *work, struct buf *to)
{
	if (work->adopted_count) {
		buf_printf(to, "took over '%s'", name);
		say_tools(work, to);
		buf_printf(to, " with %zu migration%s recorded as applied",
			work->adopted_count, say_plural(work->adopted_count));
		say_trust(work, to);
	}
	if (work->pending_count) {
		buf_printf(to, "%sapplied %zu migration%s to '%s':", say_next(to),
			work->pending_count, say_plural(work->pending_count), name);
		say_migrations(work->pending, work->pending_count, to);
	}
	say_no_file(work, "recorded", to);
	if (!work->adopted_count && !work->pending_count)
		say_whole(name, total, to);
}
