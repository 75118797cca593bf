/* SPDX-License-Identifier: MIT */
/* Whether an open file has one name only, while others may be changing that. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "base/fd.h"
#include "base/fs_internal.h"

#define TRIES    10
#define PAUSE_NS 20000000L /* longer than the resolution of file times */

static bool is_before(struct timespec a, struct timespec b)
{
	return a.tv_sec < b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec < b.tv_nsec);
}

static bool is_same(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* The file, what the name stands for, and the file again. */
struct look {
	struct timespec begun;
	struct stat first, named, last;
};

/*
 * Returns 0, or -1 with errno: ENOENT if the name stands for something else by now.
 *
 * A link or unlink that is at work in the directory is waited for: in between, unlink(2)
 * has taken the link from the file, but the name can still be looked up. To rename a name
 * to itself without replacing takes the directory's lock, and then fails with EEXIST,
 * whatever the file system and the rights; EROFS and the like come before, and then
 * nothing is known.
 */
static int look_once(int dirfd, const char *name, int fd, struct look *ret)
{
	if (clock_gettime(CLOCK_REALTIME_COARSE, &ret->begun) < 0 ||
		fstat(fd, &ret->first) < 0 ||
		(fs_rename_noreplace(dirfd, name, dirfd, name) < 0 && errno == ENOENT) ||
		fstatat(dirfd, name, &ret->named, AT_SYMLINK_NOFOLLOW) < 0 ||
		fstat(fd, &ret->last) < 0)
		return -1;
	if (ret->named.st_dev == ret->last.st_dev &&
		ret->named.st_ino == ret->last.st_ino)
		return 0;
	return set_errno(ENOENT);
}

/*
 * Did its links stay the same from the first stat to the last? Linking and unlinking
 * change ctime, as writing does, which changes mtime, too. The clock behind them may have
 * a resolution of milliseconds, and be a server's: so ctime must be older than the first
 * stat, or the same as a pause before.
 */
static bool is_still(const struct look *look, const struct timespec *before)
{
	struct timespec changed = look->last.st_ctim;

	if (!is_same(look->first.st_ctim, changed))
		return false;
	return is_before(changed, look->begun) || is_same(changed, look->last.st_mtim) ||
		is_same(changed, *before);
}

int fs_only_name(int dirfd, const char *name, int fd)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	struct timespec before = {.tv_sec = -1};
	struct look look;

	for (int i = 0; i < TRIES; i++) {
		if (look_once(dirfd, name, fd, &look) < 0)
			return -1;
		if (look.first.st_nlink != look.last.st_nlink ||
			look.named.st_nlink != look.last.st_nlink ||
			fs_has_other_names(dirfd, name, &look.last))
			break;
		if (is_still(&look, &before))
			return 0;
		before = look.last.st_ctim;
		(void)nanosleep(&pause, NULL); /* if cut short, one more try */
	}
	return set_errno(EMLINK);
}
