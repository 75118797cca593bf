/* SPDX-License-Identifier: MIT */
/* Migrations that were applied under another name. */
#include "ledger/moved.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "base/str.h"
#include "ledger/spec.h"
#include "ledger/ledger.h"
#include "ledger/query.h"
#include "migration/format.h"
#include "migration/migration.h"

static int by_hash(const void *a, const void *b)
{
	const struct ledger_row *const *left = a, *const *right = b;

	return memcmp((*left)->hash, (*right)->hash, DIGEST_SIZE);
}

/* Those without a file, by hash; the list is the caller's to free. */
static size_t list_rows(const struct ledger *ledger, const struct ledger_row ***ret)
{
	const struct ledger_row **list = NULL;
	size_t count = 0;

	for (size_t i = 0; i < ledger->count; i++) {
		const struct ledger_row *row = &ledger->rows[i];

		if (row->migration || row->hash_size != DIGEST_SIZE)
			continue;
		list = mem_grow(list, count, sizeof *list);
		list[count++] = row;
	}
	if (count)
		qsort(list, count, sizeof *list, by_hash);
	*ret = list;
	return count;
}

/* Of rows with the same text, that with the same id is meant. */
static const struct ledger_row *find(
	const struct ledger_row **list, size_t count, const struct migration *migration)
{
	struct ledger_row wanted = {.hash = migration->hash};
	const struct ledger_row *key = &wanted, *best;
	const struct ledger_row **at = bsearch(&key, list, count, sizeof *list, by_hash);

	if (!at)
		return NULL;
	while (at > list && by_hash(at - 1, &key) == 0)
		at--;
	best = *at;
	for (; at < list + count && by_hash(at, &key) == 0; at++)
		if (str_equal((*at)->id, migration->id))
			best = *at;
	return best;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Would all rows of the one fit among those of the other? An id is there once. */
static bool can_join(const struct ledger *ledger, const char *from, const char *to)
{
	CLEANUP_FREE const char **ids = mem_zalloc(ledger->count * sizeof *ids);
	size_t count = 0;

	for (size_t i = 0; i < ledger->count; i++)
		if (str_equal(ledger->rows[i].contributor, from) ||
			str_equal(ledger->rows[i].contributor, to))
			ids[count++] = ledger->rows[i].id;
	qsort(ids, count, sizeof *ids, by_text);
	for (size_t i = 1; i < count; i++)
		if (str_equal(ids[i - 1], ids[i]))
			return false;
	return true;
}

/* Appends it with texts in the place of each `?`, unless it is the last one already. */
static void add_sql(struct buf *sql, const char *format, const char *const texts[])
{
	CLEANUP_BUF struct buf statement = BUF_INIT;

	for (; *format; format++)
		if (*format == '?')
			query_quote_text(&statement, *texts++);
		else
			buf_putc(&statement, *format);
	if (!(sql->len && str_ends(sql->data, statement.data)))
		buf_printf(sql, "%s%s", sql->len ? " " : "", statement.data);
}

static void add_rename(struct buf *sql, const struct ledger *ledger,
	const struct migrations *all, const struct ledger_row *row,
	const struct migration *migration)
{
	bool whole = !migrations_first_of(all, row->contributor) &&
		can_join(ledger, row->contributor, migration->contributor);
	bool same = str_equal(row->id, migration->id);

	if (whole)
		add_sql(sql, "UPDATE " LEDGER_NAME " SET module = ? WHERE module = ?;",
			(const char *const[]){migration->contributor, row->contributor});
	if (whole && same)
		return;
	add_sql(sql,
		"UPDATE " LEDGER_NAME
		" SET module = ?, id = ?, name = ? WHERE module = ? AND "
		"id = ?;",
		(const char *const[]){migration->contributor, migration->id,
			migration->name,
			whole ? migration->contributor : row->contributor, row->id});
}

size_t moved_find(const struct ledger *ledger, const struct migrations *all,
	const struct ledger_work *work, size_t max, struct buf *ret_names,
	struct buf *ret_sql)
{
	CLEANUP_FREE const struct ledger_row **list = NULL;
	size_t count = work->pending_count ? list_rows(ledger, &list) : 0;
	size_t found = 0;

	for (size_t i = 0; i < work->pending_count && count; i++) {
		const struct migration *migration = work->pending[i];
		const struct ledger_row *row = format_is_repeatable(migration->id)
			? NULL
			: find(list, count, migration);

		if (!row || found++ >= max)
			continue;
		buf_printf(ret_names, "%s%s/%s ('%s') was applied as %s/%s",
			ret_names->len ? ", " : "", migration->contributor, migration->id,
			migration->file, row->contributor, row->id);
		add_rename(ret_sql, ledger, all, row, migration);
	}
	return found;
}
