/* SPDX-License-Identifier: MIT */
/* Merging: is an object as that of the source? */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_merge_work.h"
#include "base/stop.h"

int merge_same_file(const struct merging *merging, int from, const char *name,
	const struct fs_entry *entry, struct err *err)
{
	const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	CLEANUP_FD int one = openat(from, name, flags);
	CLEANUP_FD int other = openat(entry->dirfd, entry->name, flags);
	struct stat st[2];
	int rc;

	if (one < 0 || fstat(one, &st[0]) < 0)
		return merge_fail(merging, "open", err);
	if (fs_copy_judge(
		    &merging->copy, from, name, one, &st[0], merging->at.data, err) < 0)
		return -1;
	if (other < 0 || fstat(other, &st[1]) < 0)
		return fs_raise_open(err, entry->dirfd, entry->name, merging->path.data);
	rc = fd_same(one, st[0].st_size, other, st[1].st_size, merging->how->stop);
	if (rc < 0 && stop_check(merging->how->stop, err) < 0)
		return -1;
	return rc < 0 ? merge_fail(merging, "compare", err) : rc;
}

int merge_same_link(const struct merging *merging, int from, const char *name,
	const struct fs_entry *entry, struct err *err)
{
	char left[PATH_MAX], right[PATH_MAX];
	ssize_t n = readlinkat(from, name, left, sizeof left);

	if (n < 0)
		return merge_fail(merging, "read the link", err);
	return n == readlinkat(entry->dirfd, entry->name, right, sizeof right) &&
		memcmp(left, right, (size_t)n) == 0;
}

bool merge_same_mode(const struct stat *st, const struct fs_look *look)
{
	if (S_ISLNK(st->st_mode) || (geteuid() != 0 && look->uid != geteuid()))
		return true;
	return ((st->st_mode ^ look->mode) & 01777) == 0;
}
