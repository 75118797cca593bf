/* SPDX-License-Identifier: MIT */
/* The migrations of a contributor under the names that another tool gives to them. */
#include "ledger/adopt_entries.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "ledger/adopt_file.h"
#include "ledger/disagreement.h"
#include "ledger/adopt_tools.h"
#include "ledger/ledger.h"
#include "migration/contributors.h"
#include "migration/format.h"
#include "migration/migration.h"

static int by_key(const void *a, const void *b)
{
	const struct adopt_entry *left = a, *right = b;
	int order = strcmp(left->key, right->key);

	return order ? order
		     : (left->index > right->index) - (left->index < right->index);
}

static bool is_recorded(const struct adopt_entries *entries, size_t index)
{
	const struct ledger_row *row = entries->rows ? entries->rows[index] : NULL;

	return row && !ledger_is_trusted(row);
}

static int name_file(struct adopt_entries *entries, size_t index,
	const struct adopt_file *file, struct buf *ret, struct err *err)
{
	const struct adopt_tool *tool = entries->tool;
	const char *const *sums;

	if (!tool->by_content) {
		tool->name_of(file, ret);
		return 0;
	}
	if (adopt_sums(tool->sum, entries->all, index, &entries->files, &sums, err) < 0)
		return -1;
	buf_puts(ret, sums[0]);
	return 0;
}

static int add_entry(struct adopt_entries *entries, size_t index, struct err *err)
{
	const struct adopt_tool *tool = entries->tool;
	CLEANUP_BUF struct buf name = BUF_INIT;
	struct adopt_file file = adopt_file_of(&entries->all->list[index]);

	if (tool->reverts && str_starts(path_base(file.below), tool->reverts))
		return err_fail(err,
			"'%s' is no migration to %s, whose ledger it has, but reverts "
			"one; write `adopt = %s`, or name the file in `exclude`",
			entries->all->list[index].file, tool->name, tool->name);
	if (name_file(entries, index, &file, &name, err) < 0)
		return -1;
	if (name.len)
		entries->list[entries->count++] = (struct adopt_entry){
			.name = arena_strdup(entries->arena, name.data),
			.key = version_key(tool->order, name.data, entries->arena),
			.index = index,
			.recorded = is_recorded(entries, index),
		};
	return 0;
}

int adopt_entries_list(
	struct adopt_entries *entries, const char *contributor, struct err *err)
{
	const struct migrations *all = entries->all;

	entries->list = arena_alloc(entries->arena, all->count * sizeof *entries->list);
	for (size_t i = 0; i < all->count; i++)
		if (migration_is_of(&all->list[i], contributor) &&
			add_entry(entries, i, err) < 0)
			return -1;
	if (entries->count > 1)
		qsort(entries->list, entries->count, sizeof *entries->list, by_key);
	return 0;
}

struct adopt_entry *adopt_entries_find(
	const struct adopt_entries *entries, const char *name)
{
	const char *key = version_key(entries->tool->order, name, entries->arena);
	struct adopt_entry *list = entries->list;
	size_t low = 0, high = entries->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(list[middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == entries->count || !str_equal(list[low].key, key))
		return NULL;
	while (list[low].applied && low + 1 < entries->count &&
		str_equal(list[low + 1].key, key))
		low++;
	return &list[low];
}

void adopt_entries_changed(const struct adopt_entries *entries,
	const struct adopt_entry *entry, const char *recorded, const char *computed,
	struct disagreement *changed)
{
	const char *file = entries->all->list[entry->index].file;
	const char *tool = entries->tool->name;

	if (*recorded)
		disagreement_add(changed, entries->arena,
			"'%s' was applied by %s with another content (checksum %.100s, "
			"and the file's is %s)",
			file, tool, recorded, computed);
	else
		disagreement_add(changed, entries->arena,
			"'%s' was applied by %s, whose ledger has no checksum of it, as "
			"of what is no SQL: it is unknown whether it is the same",
			file, tool);
}

static int verify(struct adopt_entries *entries, struct adopt_entry *entry,
	struct disagreement *changed, struct err *err)
{
	const struct migration *migration = &entries->all->list[entry->index];
	const char *const *sums;

	if (adopt_sums(entries->tool->sum, entries->all, entry->index, &entries->files,
		    &sums, err) < 0)
		return -1;
	for (size_t i = 0; sums[i]; i++)
		entry->verified |= str_equal(sums[i], entry->checksum);
	if (entry->verified)
		return 0;
	if (format_is_repeatable(migration->id))
		entry->applied = false;
	else
		adopt_entries_changed(entries, entry, entry->checksum, sums[0], changed);
	return 0;
}

int adopt_entries_verify(
	struct adopt_entries *entries, struct disagreement *changed, struct err *err)
{
	const struct adopt_tool *tool = entries->tool;

	for (size_t i = 0; tool->sum && !tool->by_content && i < entries->count; i++) {
		struct adopt_entry *entry = &entries->list[i];

		if (entry->applied && !entry->recorded && entry->checksum &&
			verify(entries, entry, changed, err) < 0)
			return -1;
	}
	return 0;
}

void adopt_entries_release(struct adopt_entries *entries)
{
	fs_reader_release(&entries->files);
}
