/* SPDX-License-Identifier: MIT */
/* Who has chosen where a link leads. */
#include "base/err.h"
#include "base/fs_internal.h"

bool fs_link_stays(const struct fs *fs, const struct fs_look *link, uid_t to)
{
	return fs->guarded && S_ISLNK(link->mode) && fs_is_trusted(fs, to) &&
		!fs_is_trusted(fs, link->uid);
}

int fs_link_chooser(const struct fs *fs, const struct fs_hold *hold, int dirfd,
	const char *name, int fd, const struct stat *st, uid_t *ret)
{
	if (!fs->guarded || hold->by != FS_SOMEBODY)
		*ret = st->st_uid;
	else
		*ret = hold->uid;
	if (!fs->guarded || hold->by != FS_ANYONE || !fs_is_trusted(fs, st->st_uid))
		return 0;
	return fs_only_name(dirfd, name, fd);
}
