/* SPDX-License-Identifier: MIT */
/* One item of `adopt`, and what it says was applied. */
#include "ledger/adopt_item.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "ledger/adopt.h"
#include "ledger/adopt_find.h"
#include "ledger/adopt_ledger.h"
#include "ledger/adopt_number.h"
#include "ledger/adopt_rows.h"
#include "ledger/adopt_tools.h"
#include "migration/migration.h"
#include "migration/version.h"

/* Is the migration what was written: "003", "3" or "003_name"? */
static bool is_meant(
	const struct migration *migration, const char *written, struct arena *arena)
{
	size_t size = strlen(migration->id);
	const char *name;

	if (str_equal(version_key(migration->order, written, arena), migration->key))
		return true;
	if (!*migration->name || strncmp(written, migration->id, size) != 0)
		return false;
	name = written + size + strspn(written + size, "_-");
	return name > written + size && str_equal(name, migration->name);
}

/* Appends what may have been meant: "001" for "1"; or which versions there are. */
static void suggest(
	const struct migrations *all, const struct ledger_adopt *adopt, struct buf *ret)
{
	const char *number = adopt->what + strspn(adopt->what, "0");
	const struct migration *first = NULL, *last = NULL;

	for (size_t i = 0; i < all->count; i++) {
		const struct migration *migration = &all->list[i];

		if (!migration_is_of(migration, adopt->contributor))
			continue;
		if (str_equal(migration->id + strspn(migration->id, "0"), number)) {
			buf_printf(ret, "; did you mean '%s'?", migration->id);
			return;
		}
		first = first ? first : migration;
		last = migration;
	}
	if (first)
		buf_printf(ret, "; the first is '%s', and the last '%s'", first->id,
			last->id);
}

/* All up to it were applied. A typing error would run what was applied. */
static int read_baseline(
	const struct adopting *as, const struct ledger_adopt *adopt, struct err *err)
{
	const struct migrations *all = as->spec->migrations;
	CLEANUP_BUF struct buf others = BUF_INIT;
	size_t end = 0;

	for (size_t i = 0; i < all->count && !end; i++)
		if (migration_is_of(&all->list[i], adopt->contributor) &&
			is_meant(&all->list[i], adopt->what, as->arena))
			end = i + 1;
	if (!end) {
		suggest(all, adopt, &others);
		return err_fail(err,
			"there is no migration %s/%s, which `adopt` names; it was left "
			"as it is%s",
			adopt->contributor, adopt->what, others.data);
	}
	for (size_t i = 0; i < end; i++)
		if (migration_is_of(&all->list[i], adopt->contributor))
			as->found->from[i].tool = adopt->source;
	return 0;
}

/* What a tool does that we do otherwise. */
static void compare_keys(const struct adopting *as, const struct ledger_adopt *adopt,
	const struct adopt_tool *tool)
{
	static const char *const how[] = {
		[ADOPT_KEYS_BUILD] = "has them on in most of its builds",
		[ADOPT_KEYS_ON] = "has them on",
	};

	if (tool->foreign_keys != ADOPT_KEYS_OFF && !as->spec->foreign_keys_set)
		disagreement_add(&as->adoption->keys, as->arena,
			"foreign keys are off while the migrations of '%s' run, and %s "
			"%s",
			adopt->contributor, tool->name, how[tool->foreign_keys]);
}

int adopt_item_read(
	const struct adopting *as, const struct ledger_adopt *adopt, struct err *err)
{
	struct adopt_ledger ledger;

	if (str_equal(adopt->source, "baseline"))
		return read_baseline(as, adopt, err);
	if (str_equal(adopt->source, "user_version"))
		return adopt_number_read(as, adopt, err);
	if (adopt_find(as->store, as->spec, adopt, as->arena, &ledger, err) < 0 ||
		adopt_ledger_read(as, adopt, &ledger, false, err) < 0)
		return -1;
	compare_keys(as, adopt, ledger.tool);
	return 0;
}
