/* SPDX-License-Identifier: MIT */
/* Prisma's migration_lock.toml. */
#include "migration/prisma.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/path.h"
#include "base/problems.h"
#include "base/str.h"
#include "migration/contributor.h"
#include "migration/listing.h"
#include "migration/variant.h"

#define LOCK_MAX ((size_t)64 * 1024)

/* Returns the value of a line `provider = "VALUE"`, in the arena, or NULL. */
static const char *provider_of(const char *line, struct arena *arena)
{
	static const char key[] = "provider", blanks[] = " \t";

	line += strspn(line, blanks);
	if (!str_starts(line, key))
		return NULL;
	line += strlen(key);
	line += strspn(line, blanks);
	if (*line != '=')
		return NULL;
	line++;
	line += strspn(line, blanks);
	if (*line != '"' && *line != '\'')
		return NULL;
	return arena_memdup(arena, line + 1, strcspn(line + 1, "\"'\r\n"));
}

static void check_provider(
	const struct listing *listing, const char *provider, struct place at)
{
	const char *ours = listing->contributor->variant;
	const char *database = variant_of(provider);

	if (!ours || (database && str_equal(database, ours)))
		return;
	problems_add(listing->problems, at,
		"these migrations are for %s, and we have %s; have Prisma make those for "
		"this provider",
		provider, ours);
}

int prisma_check(const struct listing *listing, struct err *err)
{
	const char *path =
		path_join(listing->arena, listing->contributor->path, PRISMA_LOCK);
	struct place at = {.file = path, .line = 1};
	CLEANUP_BUF struct buf text = BUF_INIT;
	DECLARE_ERR(why);
	int rc = fs_read(listing->contributor->fs, path, FS_ANY, LOCK_MAX, &text, &why);

	if (rc == 1 || (rc < 0 && why.code == ENOTDIR))
		return 0;
	if (rc < 0) {
		*err = why;
		return -1;
	}
	for (const char *line = text.data; line && *line; at.line++) {
		const char *provider = provider_of(line, listing->arena);

		if (provider)
			check_provider(listing, provider, at);
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	return 0;
}
