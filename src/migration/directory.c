/* SPDX-License-Identifier: MIT */
/* The migrations of one contributor. */
#include "migration/directory.h"

#include <stdlib.h>

#include "base/fs_reader.h"
#include "base/mem.h"
#include "base/problems.h"
#include "migration/contributors.h"
#include "migration/drizzle.h"
#include "migration/listing.h"
#include "migration/listing_report.h"
#include "migration/prisma.h"
#include "migration/sequence.h"
#include "migration/stamp.h"

/* Adds those that run to `found`. */
static void add_migrations(const struct listing *listing, struct found *found)
{
	for (size_t i = 0; i < listing->count; i++) {
		const struct candidate *candidate = &listing->list[i];
		struct migration migration = candidate->migration;

		if (candidate->role == FORMAT_DOWN)
			continue;
		migration.from = listing->contributor;
		migration.dialect = found->dialect;
		if (candidate->format->family &&
			candidate->format->family->placeholders) {
			migration.may_have_placeholders = true;
			migration.placeholders = listing->contributor->placeholders;
		}
		found->list = mem_grow(found->list, found->count, sizeof *found->list);
		found->list[found->count++] = migration;
	}
}

/* Hashes those from `first` on. What is missing is a problem, and left out. */
static int hash_files(
	struct found *found, size_t first, struct fs_reader *reader, struct err *err)
{
	size_t kept = first;

	for (size_t i = first; i < found->count; i++) {
		struct migration *migration = &found->list[i];
		int rc = migration_hash(migration, reader, err);

		if (rc < 0)
			return -1;
		if (rc == 0)
			found->list[kept++] = *migration;
		else
			problems_add(found->problems,
				(struct place){.file = migration->file}, "is missing");
	}
	found->count = kept;
	return 0;
}

static int hash_or_stamp(
	const struct listing *listing, struct found *found, size_t first, struct err *err)
{
	CLEANUP_READER struct fs_reader reader = FS_READER_INIT;
	struct stamp stamp = {.of = listing->contributor, .first = first};

	if (listing->contributor->stamped) {
		stamp.count = found->count - first;
		stamp_take(found->list + first, stamp.count, &reader, &stamp);
		found->stamps = mem_grow(
			found->stamps, found->stamps_count, sizeof *found->stamps);
		found->stamps[found->stamps_count++] = stamp;
	}
	return stamp.valid ? 0 : hash_files(found, first, &reader, err);
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
	size_t before = problems_total(problems), first = found->count;
	int rc = drizzle_list(&listing, err);

	if (rc == 1)
		rc = listing_read(&listing, err);
	if (rc == 0 && listing.prisma)
		rc = prisma_check(&listing, err);
	if (rc == 0) /* else the list may lack some of them */
		rc = sequence_arrange(&listing, err);
	if (rc == 0 && (listing.count || problems_total(problems) == before))
		listing_report(&listing);
	if (rc == 0) {
		add_migrations(&listing, found);
		rc = hash_or_stamp(&listing, found, first, err);
	}
	listing_release(&listing);
	return rc;
}
