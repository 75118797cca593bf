/* SPDX-License-Identifier: MIT */
/* The stamps of contributors in the ledger. */
#include "ledger/stamps.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "ledger/spec.h"
#include "ledger/ledger.h"
#include "migration/contributors.h"
#include "migration/migration.h"
#include "migration/stamp.h"

/* Does the ledger have this stamp of these rows, one of each migration? */
static bool is_recorded(const struct ledger *ledger, const struct stamp *stamp,
	const struct ledger_row **rows)
{
	CLEANUP_FREE const unsigned char **hashes =
		mem_zalloc(stamp->count * sizeof *hashes);
	unsigned char sealed[DIGEST_SIZE];

	for (size_t i = 0; i < stamp->count; i++) {
		if (!rows[i] || rows[i]->hash_size != DIGEST_SIZE)
			return false;
		hashes[i] = rows[i]->hash;
	}
	stamp_seal(stamp, hashes, sealed);
	for (size_t i = 0; i < ledger->stamps_count; i++)
		if (str_equal(ledger->stamps[i].id, stamp->of->name))
			return ledger->stamps[i].hash_size == DIGEST_SIZE &&
				memcmp(ledger->stamps[i].hash, sealed, DIGEST_SIZE) == 0;
	return false;
}

/* Is nothing pending, and are all stamps those of the ledger? */
static bool are_recorded(const struct migrations *all, const struct ledger *ledger,
	const struct ledger_row **rows)
{
	for (size_t i = 0; i < all->stamps_count; i++)
		if (!all->stamps[i].valid ||
			!is_recorded(
				ledger, &all->stamps[i], rows + all->stamps[i].first))
			return false;
	return true;
}

int stamps_resolve(const struct ledger_spec *spec, const struct ledger *ledger,
	const struct ledger_row **rows, struct err *err)
{
	struct migrations *all = spec->migrations;

	if (!all->stamps_count)
		return migrations_hash(all, err);
	if (!are_recorded(all, ledger, rows)) {
		log_debug(spec->log,
			"'%s': no stamp of its migrations is recorded, or theirs is "
			"another: their files are read",
			spec->name);
		return migrations_hash(all, err);
	}
	log_debug(spec->log, "'%s': the stamp of its migrations is as recorded",
		spec->name);
	for (size_t i = 0; i < all->count; i++) {
		if (all->list[i].hashed)
			continue;
		memcpy(all->list[i].hash, rows[i]->hash, DIGEST_SIZE);
		all->list[i].hashed = true;
	}
	return 0;
}

static int record(struct store *store, const struct stamp *stamp,
	const struct migration *list, struct err *err)
{
	CLEANUP_FREE const unsigned char **hashes =
		mem_zalloc(stamp->count * sizeof *hashes);
	unsigned char sealed[DIGEST_SIZE];

	for (size_t i = 0; i < stamp->count; i++)
		hashes[i] = list[i].hash;
	stamp_seal(stamp, hashes, sealed);
	return ledger_set_stamp(store, stamp->of->name, sealed, err);
}

int stamps_record(struct store *store, const struct ledger_spec *spec, struct err *err)
{
	const struct migrations *all = spec->migrations;

	for (size_t i = 0; i < all->stamps_count; i++) {
		const struct stamp *stamp = &all->stamps[i];

		if (stamp->valid &&
			record(store, stamp, all->list + stamp->first, err) < 0)
			return -1;
	}
	return 0;
}
