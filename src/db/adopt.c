/* SPDX-License-Identifier: MIT */
/* Taking over from another tool. */
#include "db/adopt.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "db/adopt_find.h"
#include "db/adopt_ledger.h"
#include "migration/format.h"
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
	const struct migrations *all, const struct db_adopt *adopt, struct buf *ret)
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
static int read_baseline(const struct db_spec *spec, const struct db_adopt *adopt,
	struct arena *arena, struct adoption *ret, struct err *err)
{
	const struct migrations *all = spec->migrations;
	CLEANUP_BUF struct buf others = BUF_INIT;
	size_t end = 0;

	for (size_t i = 0; i < all->count && !end; i++)
		if (migration_is_of(&all->list[i], adopt->contributor) &&
			is_meant(&all->list[i], adopt->what, arena))
			end = i + 1;
	if (!end) {
		suggest(all, adopt, &others);
		return err_fail(err,
			"there is no migration %s/%s, which `adopt` names; it was left "
			"as it is%s",
			adopt->contributor, adopt->what, others.len ? others.data : "");
	}
	for (size_t i = 0; i < end; i++)
		if (migration_is_of(&all->list[i], adopt->contributor))
			ret->from[i] = adopt->source;
	return 0;
}

/* The first so many were applied. */
static int read_user_version(struct connection *connection, const struct db_spec *spec,
	const struct db_adopt *adopt, struct adoption *ret, struct err *err)
{
	const struct migrations *all = spec->migrations;
	int64_t version = 0, found = 0;

	if (adopt_user_version(connection, &version, err) < 0)
		return -1;
	for (size_t i = 0; i < all->count && found < version; i++)
		if (migration_is_of(&all->list[i], adopt->contributor) &&
			!format_is_repeatable(all->list[i].id)) {
			ret->from[i] = adopt->source;
			found++;
		}
	if (version > 0 && found == version)
		return 0;
	return err_fail(err,
		"its user_version is %lld, which cannot be the number of applied "
		"migrations of '%s'%s; it was left as it is: if it has all up to some "
		"version, write `adopt = baseline:VERSION`",
		(long long)version, adopt->contributor,
		version > 0 ? ": it has fewer" : "");
}

static int read_one(struct connection *connection, const struct db_spec *spec,
	const struct db_adopt *adopt, struct arena *arena, struct adoption *ret,
	struct err *err)
{
	if (str_equal(adopt->source, "baseline"))
		return read_baseline(spec, adopt, arena, ret, err);
	if (str_equal(adopt->source, "user_version"))
		return read_user_version(connection, spec, adopt, ret, err);
	return adopt_ledger_read(connection, spec, adopt, arena, ret, err);
}

int adopt_read(struct connection *connection, const struct db_spec *spec,
	struct arena *arena, const struct adoption **ret, struct err *err)
{
	struct adoption *adoption = arena_alloc(arena, sizeof *adoption);

	if (!spec->adopt_count)
		return adopt_refuse(connection, spec, arena, err);
	adoption->from = arena_alloc(arena, spec->migrations->count * sizeof(char *));
	for (size_t i = 0; i < spec->adopt_count; i++)
		if (read_one(connection, spec, &spec->adopt[i], arena, adoption, err) < 0)
			return -1;
	*ret = adoption;
	return 0;
}
