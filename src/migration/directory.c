/* SPDX-License-Identifier: MIT */
/* The migrations of one contributor. */
#include "migration/directory.h"

#include <stdlib.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/problems.h"
#include "migration/contributors.h"
#include "migration/drizzle.h"
#include "migration/listing.h"
#include "migration/sequence.h"

/* Hashes those that run, and adds them to `found`. */
static int hash_files(const struct listing *listing, struct found *found, struct err *err)
{
	CLEANUP_READER struct fs_reader reader = FS_READER_INIT;

	for (size_t i = 0; i < listing->count; i++) {
		const struct candidate *candidate = &listing->list[i];
		struct migration migration = candidate->migration;
		int rc;

		if (candidate->role == FORMAT_DOWN)
			continue;
		migration.from = listing->contributor;
		migration.dialect = found->dialect;
		if (candidate->format->family && candidate->format->family->placeholders)
			migration.placeholders = listing->contributor->placeholders;
		rc = migration_hash(&migration, &reader, err);
		if (rc < 0)
			return -1;
		if (rc == 1) {
			problems_add(found->problems, candidate->at, "is missing");
			continue;
		}
		found->list = mem_grow(found->list, found->count, sizeof *found->list);
		found->list[found->count++] = migration;
	}
	return 0;
}

int directory_read(
	struct found *found, const struct contributor *contributor, struct err *err)
{
	struct listing listing = {
		.contributor = contributor,
		.arena = found->arena,
		.problems = found->problems,
	};
	struct problems *problems = found->problems;
	size_t before = problems->count + problems->left_out;
	int rc = drizzle_list(&listing, err);

	if (rc == 1)
		rc = listing_read(&listing, err);
	if (rc == 0) /* else the list may lack some of them */
		rc = sequence_arrange(&listing, err);
	if (rc == 0 && (listing.count || problems->count + problems->left_out == before))
		listing_report(&listing);
	if (rc == 0)
		rc = hash_files(&listing, found, err);
	listing_release(&listing);
	return rc;
}
