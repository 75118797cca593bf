/* SPDX-License-Identifier: MIT */
/* Globs on a tree. */
#include "base/fs_exclude.h"

#include <fnmatch.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/path.h"
#include "base/sidecar.h"
#include "base/str.h"

static bool matches(const char *const *globs, const char *below)
{
	for (; *globs; globs++) {
		const char *glob = *globs;
		bool whole = strchr(glob, '/');
		const char *text = whole ? below : path_base(below);

		if (fnmatch(glob + (*glob == '/'), text, FNM_PATHNAME) == 0)
			return true;
	}
	return false;
}

/* Appends the database that an object of this name is kept beside. Is there one? */
static bool add_database(struct buf *to, const char *name)
{
	bool is_lock = *name == '.' && str_ends(name, ".lock");
	size_t size = strlen(name), ending = is_lock ? strlen(".lock") : 0;

	for (size_t i = 0; sidecar_endings[i]; i++)
		if (str_ends(name, sidecar_endings[i]))
			ending = strlen(sidecar_endings[i]);
	if (!ending || size <= ending + is_lock)
		return false;
	buf_add(to, name + is_lock, size - ending - is_lock);
	return true;
}

bool fs_is_excluded(const char *const *globs, const char *below)
{
	CLEANUP_BUF struct buf database = BUF_INIT;

	if (!globs || !*globs)
		return false;
	if (matches(globs, below))
		return true;
	buf_add(&database, below, (size_t)(path_base(below) - below));
	return add_database(&database, path_base(below)) && matches(globs, database.data);
}

bool fs_is_left_out(const char *const *globs, const char *below)
{
	CLEANUP_BUF struct buf part = BUF_INIT;

	below += strspn(below, "/");
	for (size_t size = 0; below[size];) {
		size += strspn(below + size, "/");
		size += strcspn(below + size, "/");
		buf_truncate(&part, 0);
		buf_add(&part, below, size);
		if (fs_is_excluded(globs, part.data))
			return true;
	}
	return false;
}

int fs_exclude_check(const char *glob, struct err *err)
{
	size_t size = strlen(glob);
	const char *stars = strstr(glob, "**");

	if (size && glob[size - 1] == '/')
		return err_config(err,
			"'%s' matches nothing; write '%.*s', without its last /", glob,
			(int)size - 1, glob);
	if (str_starts(glob, "./"))
		return err_config(
			err, "'%s' matches nothing; write '/%s'", glob, glob + 2);
	if (*glob == '!')
		return err_config(err,
			"'%s' matches nothing: what another glob leaves out is not taken "
			"back",
			glob);
	if (str_starts(glob, "**/") && !strchr(glob + 3, '/'))
		return err_config(err,
			"'%s' does not match at any depth; write '%s', which does", glob,
			glob + 3);
	if (stars && !str_equal(stars, "**"))
		return err_config(err,
			"'%s': '**' is as '*', which matches no slash; a name alone is "
			"found at any depth",
			glob);
	if (strchr(glob, '{') && strchr(glob, '}') && strchr(glob, ','))
		return err_config(err,
			"'%s': braces stand for themselves; write each name by itself",
			glob);
	return 0;
}
