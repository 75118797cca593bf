/* SPDX-License-Identifier: MIT */
/* The list of what is published beside a file, and what a killed process left of it. */
#include "base/fs_beside.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs_in_use.h"
#include "base/fs_internal.h"
#include "base/stop.h"
#include "base/str.h"

#define LIST     FS_TEMP_MARK "beside"
#define LIST_MAX 16384 /* bytes; FS_BESIDE_MAX of the longest lines are fewer */
#define POLL_MS  20
#define MOST_MS  10000 /* publishing takes some milliseconds */
#define UNSEEN_S 60    /* by then a maker whose lock cannot be seen has ended, too */

/* The name of the list, and its path. */
struct list {
	char name[256];
	char path[PATH_MAX];
};

static int find_list(
	const struct fs_beside_place *place, struct list *ret, struct err *err)
{
	const char *slash = strrchr(place->path, '/');
	int directory = slash ? (int)(slash + 1 - place->path) : 0;
	int size = snprintf(ret->name, sizeof ret->name, ".%s" LIST, place->entry->name);

	if (size >= 0 && (size_t)size < sizeof ret->name) {
		size = snprintf(ret->path, sizeof ret->path, "%.*s%s", directory,
			place->path, ret->name);
		if (size >= 0 && (size_t)size < sizeof ret->path)
			return 0;
	}
	return err_fail(err, "the name of '%s' is too long to publish a file beside it",
		place->path);
}

/* Does the file itself exist? Returns 1, 0 or -1. */
static int exists(const struct fs_beside_place *place, struct err *err)
{
	const struct fs_entry *entry = place->entry;
	struct stat st;

	if (fstatat(entry->dirfd, entry->name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return 1;
	return errno == ENOENT ? 0 : fs_raise(err, entry->dirfd, "look at", place->path);
}

/* ---- the lines of a list ---- */

/* The ending in hex, since it may have any byte but '/' and NUL; size; digest. */
static void print_line(const struct fs_beside_file *file, struct buf *ret)
{
	crypto_encode(ENCODING_HEX, file->ending, strlen(file->ending), ret);
	buf_printf(ret, " %lld ", (long long)file->size);
	crypto_encode(ENCODING_HEX, file->digest, sizeof file->digest, ret);
	buf_putc(ret, '\n');
}

static bool parse_ending(
	const char *word, const struct fs_entry *entry, struct fs_beside_file *ret)
{
	CLEANUP_BUF struct buf ending = BUF_INIT;

	if (!crypto_decode(ENCODING_HEX, word, strlen(word), &ending) ||
		ending.len == 0 || strlen(entry->name) + ending.len > NAME_MAX ||
		memchr(ending.data, '/', ending.len) ||
		memchr(ending.data, '\0', ending.len))
		return false;
	memcpy(ret->ending, ending.data, ending.len + 1);
	return true;
}

static bool parse_digest(const char *word, struct fs_beside_file *ret)
{
	CLEANUP_BUF struct buf digest = BUF_INIT;

	if (!crypto_decode(ENCODING_HEX, word, strlen(word), &digest) ||
		digest.len != sizeof ret->digest)
		return false;
	memcpy(ret->digest, digest.data, digest.len);
	return true;
}

static bool parse_line(
	char *line, const struct fs_entry *entry, struct fs_beside_file *ret)
{
	char *size = strchr(line, ' ');
	char *digest = size ? strchr(size + 1, ' ') : NULL;
	uint64_t bytes;

	if (!digest)
		return false;
	*size++ = '\0';
	*digest++ = '\0';
	if (!str_to_u64(size, INT64_MAX, &bytes))
		return false;
	ret->size = (off_t)bytes;
	return parse_ending(line, entry, ret) && parse_digest(digest, ret);
}

/* Returns how many files the text lists, or -1 where it is none of ours. */
static int parse(const struct buf *text, const struct fs_entry *entry,
	struct fs_beside_file ret[FS_BESIDE_MAX])
{
	char *line = text->data, *end;
	int count = 0;

	if (strlen(text->data) != text->len)
		return -1;
	for (; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		if (count == FS_BESIDE_MAX || !parse_line(line, entry, &ret[count]))
			return -1;
		count++;
	}
	return *line ? -1 : count;
}

/* ---- what was left ---- */

static int check_ours(
	const struct fs *fs, const struct stat *st, const char *path, struct err *err)
{
	if (!S_ISREG(st->st_mode))
		return err_fail(err, "'%s' is a %s, not a file of ours; move it away",
			path, fs_type_name(st->st_mode));
	if (!fs_is_trusted(fs, st->st_uid))
		return err_fail(err,
			"'%s' belongs to user %u, and only a list of ours says what a "
			"killed start left; move it away",
			path, st->st_uid);
	return 0;
}

/* Opens the list and locks it. Returns 0, 1 if it is missing or in use, or -1. */
static int open_left(const struct fs_beside_place *place, const struct list *list,
	int *ret, struct err *err)
{
	int dirfd = place->entry->dirfd, rc;
	CLEANUP_FD int fd = -1;
	struct stat st;

	if (fstatat(dirfd, list->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 1 : fs_raise(err, dirfd, "look at", list->path);
	if (check_ours(place->fs, &st, list->path, err) < 0)
		return -1;
	fd = openat(dirfd, list->name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT
			? 1
			: fs_raise_open(err, dirfd, list->name, list->path);
	rc = fs_lock_left(fd);
	if (rc < 0 && errno != ENOLCK && errno != ENOTSUP && errno != ENOSYS)
		return err_sys(err,
			"lock '%s', which lists what a start that was killed made beside "
			"'%s'; once no start is at work, remove these files and the list",
			list->path, place->path);
	if (rc == 1 || !fs_is_named(dirfd, list->name, fd))
		return 1;
	if (fstat(fd, &st) < 0)
		return err_sys(err, "stat '%s'", list->path);
	if (check_ours(place->fs, &st, list->path, err) < 0)
		return -1;
	if (fs_has_other_names(dirfd, list->name, &st))
		return err_fail(err,
			"'%s' has %lu hard links, so it may not be ours; move it away",
			list->path, (unsigned long)st.st_nlink);
	/* Another host's lock may not be seen here, and without locks none is. */
	if ((rc < 0 || !fs_has_local_locks(dirfd)) &&
		clock_epoch() - st.st_mtime < UNSEEN_S)
		return 1;
	*ret = steal_fd(&fd);
	return 0;
}

/* Is it the file that was listed? Returns 1, 0 or -1 with errno. */
static int is_listed(
	int dirfd, const char *name, const struct fs_beside_file *file, struct stop *stop)
{
	unsigned char digest[DIGEST_SIZE];
	CLEANUP_FD int fd = -1;
	struct stat st;

	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -1;
	if (!S_ISREG(st.st_mode) || st.st_size != file->size)
		return 0;
	fd = openat(
		dirfd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return errno == ENOENT || errno == ELOOP ? 0 : -1;
	if (!S_ISREG(st.st_mode) || st.st_size != file->size)
		return 0;
	if (fd_digest(fd, stop, digest) < 0)
		return -1;
	return crypto_equal(digest, file->digest, sizeof digest);
}

static int remove_listed(const struct fs_beside_place *place,
	const struct fs_beside_file *file, struct err *err)
{
	int dirfd = place->entry->dirfd, rc;
	CLEANUP_BUF struct buf name = BUF_INIT;

	buf_printf(&name, "%s%s", place->entry->name, file->ending);
	rc = is_listed(dirfd, name.data, file, place->stop);
	if (rc == 1)
		rc = unlinkat(dirfd, name.data, 0) < 0 && errno != ENOENT ? -1 : 0;
	if (rc < 0 && stop_check(place->stop, err) < 0)
		return -1;
	if (rc < 0) {
		(void)fs_raise(err, dirfd, "remove", name.data); /* always -1 */
		return err_append(err, "; a start that was killed left it beside '%s'",
			place->path);
	}
	return 0;
}

static int remove_all_listed(const struct fs_beside_place *place, const struct list *list,
	int fd, struct err *err)
{
	struct fs_beside_file files[FS_BESIDE_MAX];
	CLEANUP_BUF struct buf text = BUF_INIT;
	int count;

	if (fd_read_all(fd, LIST_MAX, &text) < 0)
		return err_sys(err, "read '%s'", list->path);
	count = parse(&text, place->entry, files);
	if (count < 0)
		return err_fail(err,
			"'%s' is not the list of what a killed start made beside '%s'; "
			"move it away, with what that start left there",
			list->path, place->path);
	for (int i = 0; i < count; i++)
		if (remove_listed(place, &files[i], err) < 0)
			return -1;
	return 0;
}

int fs_beside_heal(const struct fs_beside_place *place, struct err *err)
{
	int dirfd = place->entry->dirfd, rc;
	CLEANUP_FD int fd = -1;
	struct list list;
	DECLARE_ERR(no_list);

	/* There is none for such a name. */
	if (find_list(place, &list, &no_list) < 0)
		return 0;
	rc = open_left(place, &list, &fd, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	rc = exists(place, err);
	if (rc == 0)
		rc = remove_all_listed(place, &list, fd, err);
	if (rc < 0)
		return -1;
	/* Without locks another process may have healed it by now, and have its own. */
	if (!fs_is_named(dirfd, list.name, fd))
		return 0;
	if (unlinkat(dirfd, list.name, 0) < 0 && errno != ENOENT)
		return fs_raise(err, dirfd, "remove", list.path);
	return 0;
}

/* ---- publishing ---- */

static int stage_list(const struct fs_beside_place *place,
	const struct fs_beside_file *files, size_t count, struct fs_stage *ret,
	struct err *err)
{
	const struct fs_attr attr = {.mode = 0600, .uid = geteuid(), .gid = getegid()};
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct list list;

	for (size_t i = 0; i < count; i++)
		print_line(&files[i], &text);
	if (find_list(place, &list, err) < 0 ||
		fs_stage_open_in(place->fs, ret, place->entry->dirfd, list.name,
			list.path, &attr, err) < 0)
		return -1;
	return fs_stage_write(ret, text.data, text.len, err);
}

/* Returns 0, 1 to try again, or -1. */
static int publish_list(
	const struct fs_beside_place *place, struct fs_stage *list, struct err *err)
{
	enum fs_outcome outcome;

	if (fs_stage_publish(list, false, &outcome, err) < 0)
		return -1;
	if (outcome == FS_MADE)
		return 0;
	return fs_beside_heal(place, err) < 0 ? -1 : 1;
}

/* Returns 0, or -1. */
static int wait_to_publish(const struct fs_beside_place *place, struct stop *stop,
	struct fs_stage *list, struct err *err)
{
	int64_t until = clock_ms() + MOST_MS;

	for (;;) {
		int rc = publish_list(place, list, err);

		if (rc != 1)
			return rc;
		if (clock_ms() >= until)
			return err_set(err, ERR_TEMPORARY,
				"another process publishes what it made as '%s', and "
				"does not end: its list is '%s'; if it was killed where "
				"locks are not seen, a start that begins %d s later "
				"removes that",
				place->path, list->path, UNSEEN_S);
		if (stop_sleep(stop, POLL_MS, err) < 0)
			return -1;
	}
}

int fs_beside_begin(const struct fs_beside_place *place,
	const struct fs_beside_file *files, size_t count, struct stop *stop,
	struct fs_stage *ret, struct err *err)
{
	int rc = exists(place, err);

	if (rc != 0)
		return rc;
	if (stage_list(place, files, count, ret, err) < 0)
		return -1;
	rc = wait_to_publish(place, stop, ret, err);
	/* Whoever had the list before may have published the file. */
	if (rc == 0)
		rc = exists(place, err);
	if (rc != 0)
		fs_beside_end(ret);
	return rc;
}

int fs_beside_check(
	const struct fs_beside_place *place, const struct fs_stage *list, struct err *err)
{
	const struct fs_entry *entry = &list->entry;

	if (fs_is_named(entry->dirfd, entry->name, list->fd))
		return 0;
	return err_set(err, ERR_TEMPORARY,
		"another start took what was to be published with '%s' for what a killed "
		"one had left",
		place->path);
}

void fs_beside_end(const struct fs_stage *list)
{
	const struct fs_entry *entry = &list->entry;

	if (fs_is_named(entry->dirfd, entry->name, list->fd))
		(void)unlinkat(entry->dirfd, entry->name, 0); /* else a later one does */
}
