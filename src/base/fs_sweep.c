/* SPDX-License-Identifier: MIT */
/* Temporaries that were left behind: removing them, and not those that are in use. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/fs_in_use.h"
#include "base/fs_internal.h"
#include "base/str.h"

#define SWEEP_AGE_S 3600
#define SWEEP_MAX   20000 /* entries of a directory that are read */
#define PRIVATE     ".private" FS_TEMP_MARK

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/*
 * The first of the letters is a digit, and the second or third none, so that a name of a
 * user's own (".env.PROGRAM-backup", ".env.PROGRAM-202611") is not taken for ours.
 */
bool fs_is_temporary(const char *name)
{
	const char *tail = fs_temp_letters(name);

	if (name[0] != '.' || !tail || tail <= name + 1 + strlen(FS_TEMP_MARK) ||
		!str_is_digit(tail[0]))
		return false;
	if (!is_letter(tail[1]) && !(str_is_digit(tail[1]) && is_letter(tail[2])))
		return false;
	for (size_t i = 1; i < FS_TEMP_LETTERS; i++)
		if (!str_is_alnum(tail[i]) || (tail[i] >= 'A' && tail[i] <= 'Z'))
			return false;
	/* What a command made beside it has an ending behind that. */
	tail += FS_TEMP_LETTERS;
	return !*tail || strchr(".-_~", *tail);
}

static bool is_old(const struct stat *st)
{
	return clock_epoch() - st->st_mtime >= SWEEP_AGE_S;
}

/* What is removed from a directory. */
enum sweeping { SWEEP_OLD, SWEEP_TEMPS, SWEEP_ALL };

static void sweep_all(DIR *dir, enum sweeping what, uid_t uid);

/* Can nobody but root exchange a name of another user's in the directory `at`? */
static bool is_safe(const struct stat *at)
{
	bool shared = at->st_mode & (S_IWGRP | S_IWOTH);

	return (at->st_uid == 0 || at->st_uid == geteuid()) &&
		(!shared || (at->st_mode & S_ISVTX));
}

/*
 * May all go that is in the directory `st`, in `at`, which a command has filled or was to
 * fill (fs_scratch.h)? Not where it may be another's that was renamed.
 */
static bool is_to_fill(const struct stat *at, const struct stat *st)
{
	return is_safe(at) ||
		(!(at->st_mode & (S_IWGRP | S_IWOTH)) && st->st_uid == at->st_uid);
}

/*
 * Removes a directory that is not in use: a private one with the temporaries in it; one
 * for a command with all that is in it. Its owner may have moved others' directories into
 * it, and they are not entered.
 */
static void sweep_dir(int parent, const char *name)
{
	CLEANUP_DIR DIR *dir = fs_list_ours(parent, name);
	bool private = str_starts(name, PRIVATE);
	struct stat st, at;
	uid_t uid;

	if (!dir || fstat(dirfd(dir), &st) < 0 || fstat(parent, &at) < 0 ||
		(!is_old(&st) && !fs_is_abandoned_dir(dir, &st)))
		return;
	if (flock(dirfd(dir), LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
		return;
	/* Its maker may have published it before it gave up the lock. */
	if (!fs_is_named(parent, name, dirfd(dir)))
		return;
	uid = st.st_uid == geteuid() ? FS_INHERIT : st.st_uid;
	if (private ? (st.st_mode & 0777) == 0700 : is_to_fill(&at, &st))
		sweep_all(dir, private ? SWEEP_TEMPS : SWEEP_ALL, uid);
	(void)unlinkat(parent, name, AT_REMOVEDIR);
}

/* `uid`: whose directories in a private one are entered. */
static void sweep_one(int dirfd, const char *name, enum sweeping what, uid_t uid)
{
	struct stat st;

	if ((what != SWEEP_ALL && !fs_is_temporary(name)) ||
		fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	if (what == SWEEP_OLD && !S_ISDIR(st.st_mode) && !fs_is_abandoned(dirfd, name) &&
		(!is_old(&st) || fs_is_held(dirfd, name, &st)))
		return;
	/* Best effort: what cannot be removed now is tried again at the next write. */
	if (!S_ISDIR(st.st_mode))
		(void)unlinkat(dirfd, name, 0);
	else if (what == SWEEP_OLD)
		sweep_dir(dirfd, name);
	else
		fs_remove_all(dirfd, name, uid);
}

static void sweep_all(DIR *dir, enum sweeping what, uid_t uid)
{
	const struct dirent *entry;

	for (int n = 0; n < SWEEP_MAX && (entry = fd_next(dir)); n++)
		sweep_one(dirfd(dir), entry->d_name, what, uid);
}

void fs_sweep(struct fs *fs, int dirfd)
{
	CLEANUP_DIR DIR *dir = NULL;
	struct stat st;

	if (fstat(dirfd, &st) < 0 ||
		(fs->swept_inode == st.st_ino && fs->swept_device == st.st_dev))
		return;
	fs->swept_device = st.st_dev;
	fs->swept_inode = st.st_ino;
	dir = fd_list(dirfd, ".");
	if (dir)
		sweep_all(dir, SWEEP_OLD, FS_INHERIT);
}

/* ---- counting ---- */

/* Calls `take` for each of our temporaries in the directory and in private ones there. */
static void each_temp(DIR *dir, bool in_private,
	void (*take)(void *user, const struct stat *st), void *user)
{
	const struct dirent *entry;
	struct stat st;

	while (dir && (entry = fd_next(dir))) {
		CLEANUP_DIR DIR *private = NULL;

		if (!fs_is_temporary(entry->d_name) ||
			fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		take(user, &st);
		if (in_private || !S_ISDIR(st.st_mode) || st.st_uid != geteuid())
			continue;
		private = fd_list(dirfd(dir), entry->d_name);
		each_temp(private, true, take, user);
	}
}

struct room {
	size_t count;
	uint64_t bytes;
};

static void add_room(void *user, const struct stat *st)
{
	struct room *room = user;

	if (!S_ISREG(st->st_mode))
		return;
	room->bytes += (uint64_t)st->st_blocks * 512;
	room->count++;
}

size_t fs_count_temps(int dirfd, uint64_t *ret_bytes)
{
	CLEANUP_DIR DIR *dir = fd_list(dirfd, ".");
	struct room room = {0};

	each_temp(dir, false, add_room, &room);
	*ret_bytes = room.bytes;
	return room.count;
}

/* ---- names of one file ---- */

struct links {
	const struct stat *file;
	nlink_t count; /* of the temporaries that are links to it */
};

static void add_link(void *user, const struct stat *st)
{
	struct links *links = user;

	links->count +=
		st->st_dev == links->file->st_dev && st->st_ino == links->file->st_ino;
}

bool fs_has_other_names(int dirfd, const char *name, const struct stat *st)
{
	CLEANUP_DIR DIR *dir = NULL;
	struct links links = {.file = st};
	struct stat named;

	if (st->st_nlink < 2)
		return false;
	if (fstatat(dirfd, name, &named, AT_SYMLINK_NOFOLLOW) < 0 ||
		named.st_dev != st->st_dev || named.st_ino != st->st_ino)
		return true;
	dir = fd_list(dirfd, ".");
	each_temp(dir, false, add_link, &links);
	return links.count + 1 != st->st_nlink;
}
