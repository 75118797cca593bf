/* SPDX-License-Identifier: MIT */
/* What is in a directory that is to be filled. */
#include "base/fs_content.h"

#include <dirent.h>
#include <errno.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_exclude.h"
#include "base/fs_internal.h"
#include "base/str.h"

static void look_at_one(int dirfd, const char *name, const char *mark,
	const struct fs_look *top, struct fs_content *content)
{
	struct fs_look look;

	if (fs_look_at(dirfd, name, &look) < 0 || !fs_look_beside(&look, top))
		return; /* gone in the meantime, or mounted */
	if (str_equal(name, mark) && S_ISREG(look.mode))
		content->marked = true;
	else
		content->other = true;
}

int fs_content(const struct fs *fs, const char *path, const char *mark,
	const char *const *exclude, struct fs_content *ret, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	CLEANUP_DIR DIR *dir = NULL;
	struct fs_content content = {0};
	const struct dirent *at;
	struct fs_look top;
	int rc = fs_walk(fs, path, &entry, err);

	if (rc != 0)
		return rc < 0 ? -1 : err_fail(err, "'%s' is missing", path);
	dir = fd_list(entry.dirfd, entry.name);
	if (!dir || fs_look_at(dirfd(dir), "", &top) < 0)
		return fs_raise_open(err, entry.dirfd, entry.name, path);
	while ((at = fd_next(dir)))
		if (!str_equal(at->d_name, "lost+found") &&
			!fs_is_temporary(at->d_name) &&
			!fs_is_excluded(exclude, at->d_name))
			look_at_one(dirfd(dir), at->d_name, mark, &top, &content);
	if (errno)
		return err_sys(err, "read '%s'", path);
	*ret = content;
	return 0;
}
