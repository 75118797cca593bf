/* SPDX-License-Identifier: MIT */
/* The migrations of one contributor. */
#include "migration/directory.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "migration/contributors.h"
#include "migration/format.h"
#include "migration/listing.h"
#include "migration/markers.h"
#include "migration/version.h"

#define FILE_MAX ((size_t)32 * 1024 * 1024)

static int by_version(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;
	int order = version_cmp(left->migration.id, right->migration.id);

	if (order)
		return order;
	order = (left->format->role == FORMAT_DOWN) -
		(right->format->role == FORMAT_DOWN);
	return order ? order : strcmp(left->migration.file, right->migration.file);
}

static void check_families(const struct listing *listing)
{
	const struct candidate *first = listing->list;

	for (size_t i = 1; i < listing->count; i++) {
		const struct candidate *candidate = &listing->list[i];

		if (candidate->format->family == first->format->family)
			continue;
		problems_add(listing->problems, candidate->at,
			"has the format %s, but '%s' has %s, and their order is not "
			"defined; use a directory for each format",
			candidate->format->pattern, first->migration.file,
			first->format->pattern);
		return;
	}
}

/* Those of one version are next to each other, the up migration first. */
static void check_versions(const struct listing *listing)
{
	const struct candidate *up = NULL;

	for (size_t i = 0; i < listing->count; i++) {
		const struct candidate *candidate = &listing->list[i];
		const char *id = candidate->migration.id;

		if (up && version_cmp(up->migration.id, id) != 0)
			up = NULL;
		if (candidate->format->role == FORMAT_DOWN && !up)
			problems_add(listing->problems, candidate->at,
				"reverts version %s, for which there is no %s", id,
				candidate->format->reverts);
		else if (candidate->format->role != FORMAT_DOWN && up)
			problems_add(listing->problems, candidate->at,
				"version %s exists twice: also in '%s'", id,
				up->migration.file);
		else if (!up)
			up = candidate;
	}
}

/* The marker that each file of a directory must have if one of them has it. */
static const char *needed_marker(const struct candidate *candidate)
{
	return candidate->markers ? markers_up(candidate->markers) : NULL;
}

static void check_markers(const struct listing *listing)
{
	const struct candidate *first = NULL;

	for (size_t i = 0; i < listing->count; i++) {
		const struct candidate *candidate = &listing->list[i];
		const char *marker = needed_marker(candidate), *wanted;

		if (candidate->format->role == FORMAT_DOWN)
			continue;
		if (!first)
			first = candidate;
		wanted = needed_marker(first);
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

		if (candidate->format->role == FORMAT_DOWN)
			continue;
		if (read_file(listing->contributor, found, candidate, err) < 0)
			return -1;
		found->list = mem_grow(found->list, found->count, sizeof *found->list);
		found->list[found->count++] = candidate->migration;
	}
	return 0;
}

static size_t count_problems(const struct found *found)
{
	return found->problems->count + found->problems->left_out;
}

int directory_read(
	struct found *found, const struct contributor *contributor, struct err *err)
{
	struct listing listing = {
		.contributor = contributor,
		.arena = found->arena,
		.problems = found->problems,
	};
	size_t before = count_problems(found);
	int rc = listing_read(&listing, err);

	if (rc == 0 && listing.count == 0 && count_problems(found) == before)
		problems_add(found->problems, contributor->at,
			"there is no migration in '%s': %s", contributor->path,
			format_expected(found->arena));
	if (listing.count > 1)
		qsort(listing.list, listing.count, sizeof *listing.list, by_version);
	check_families(&listing);
	check_versions(&listing);
	if (rc == 0)
		rc = read_files(&listing, found, err);
	if (rc == 0)
		check_markers(&listing);
	free(listing.list);
	return rc;
}
