/* SPDX-License-Identifier: MIT */
/* Globs on a tree. */
#include "base/fs_exclude.h"

#include <fnmatch.h>
#include <string.h>

#include "base/path.h"

bool fs_is_excluded(const char *const *globs, const char *below)
{
	for (; globs && *globs; globs++) {
		const char *glob = *globs;
		bool whole = strchr(glob, '/');
		const char *text = whole ? below : path_base(below);

		if (fnmatch(glob + (*glob == '/'), text, FNM_PATHNAME) == 0)
			return true;
	}
	return false;
}
