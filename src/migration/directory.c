/* SPDX-License-Identifier: MIT */
/* The migrations of one contributor. */
#include "migration/directory.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/problems.h"
#include "migration/contributors.h"
#include "migration/listing.h"
#include "migration/markers.h"
#include "migration/sequence.h"

#define FILE_MAX ((size_t)32 * 1024 * 1024)

/* Each file of a directory must have the marker that one of them has. */
static void check_markers(const struct listing *listing)
{
	const struct candidate *first = NULL;

	for (size_t i = 0; i < listing->count; i++) {
		const struct candidate *candidate = &listing->list[i];
		const char *marker = markers_up(candidate->markers), *wanted;

		if (candidate->role == FORMAT_DOWN)
			continue;
		if (!first)
			first = candidate;
		wanted = markers_up(first->markers);
		if (marker == wanted)
			continue;
		if (marker && wanted)
			problems_add(listing->problems, candidate->at,
				"has '%s', but '%s' has '%s'; use a directory for each "
				"format",
				marker, first->migration.file, wanted);
		else
			problems_add(listing->problems, (marker ? first : candidate)->at,
				"has no '%s', but '%s' has", marker ? marker : wanted,
				(marker ? candidate : first)->migration.file);
		return;
	}
}

static int read_file(const struct contributor *contributor, const struct found *found,
	struct candidate *candidate, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct script script = {
		.file = candidate->migration.file,
		.dialect = found->dialect,
		.arena = found->arena,
		.problems = found->problems,
	};
	int rc = fs_read(contributor->fs, script.file, FILE_MAX, &text, err);

	if (rc < 0)
		return -1;
	if (rc == 1) {
		problems_add(found->problems, candidate->at, "is missing");
		return 0;
	}
	script.text = arena_memdup(found->arena, text.data, text.len);
	script.size = text.len;
	candidate->markers = migration_parse(&candidate->migration, &script);
	return 0;
}

/* Reads those that run, and adds them to `found`. */
static int read_files(const struct listing *listing, struct found *found, struct err *err)
{
	for (size_t i = 0; i < listing->count; i++) {
		struct candidate *candidate = &listing->list[i];

		if (candidate->role == FORMAT_DOWN)
			continue;
		if (read_file(listing->contributor, found, candidate, err) < 0)
			return -1;
		found->list = mem_grow(found->list, found->count, sizeof *found->list);
		found->list[found->count++] = candidate->migration;
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
	int rc = listing_read(&listing, err);

	if (rc == 0 && listing.count == 0 &&
		problems->count + problems->left_out == before)
		problems_add(problems, contributor->at,
			"there is no migration in '%s': %s", contributor->path,
			format_expected(found->arena));
	if (rc == 0) /* else the list may lack some of them */
		rc = sequence_arrange(&listing, err);
	if (rc == 0)
		rc = read_files(&listing, found, err);
	if (rc == 0)
		check_markers(&listing);
	free(listing.list);
	return rc;
}
