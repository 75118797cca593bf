/* SPDX-License-Identifier: MIT */
/* Inspecting a database and its sidecars without SQLite. */
#include "db/inspect.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_error.h"
#include "base/stop.h"

#define HEADER_SIZE 100
#define NEWEST      2               /* the highest version of the format that there is */
#define WAL_FRAME   (32 + 24 + 512) /* the least that a -wal with a page in it has */
#define AGAIN       2
#define TRIES       10
#define PAUSE_MS    5

static const char magic[16] = "SQLite format 3";

/* Returns 1 if it exists, 0 if not, or -1. */
static int find_sidecar(int dirfd, const char *name, const char *ending, struct stat *ret,
	struct err *err)
{
	char file[300];

	(void)snprintf(file, sizeof file, "%s%s", name, ending); /* a name has 255 */
	if (fstatat(dirfd, file, ret, AT_SYMLINK_NOFOLLOW) == 0)
		return 1;
	if (errno == ENOENT || errno == ENAMETOOLONG)
		return 0;
	return err_sys(err, "stat '%s'", file);
}

int inspect_sidecars(int dirfd, const char *name, struct buf *ret, struct err *err)
{
	int some = 0;

	for (size_t i = 1; i < FILES_COUNT; i++) {
		struct stat st;
		int rc = find_sidecar(dirfd, name, files_endings[i], &st, err);

		if (rc < 0)
			return -1;
		if (rc == 1)
			buf_printf(ret, "%s'%s%s'", some ? ", " : "", name,
				files_endings[i]);
		some |= rc;
	}
	return some;
}

/*
 * The database is missing, and then its sidecars must be, too. Returns 1 if they are,
 * AGAIN if another process has published it meanwhile, or -1.
 */
static int check_absent(const char *path, const struct fs_entry *entry, struct err *err)
{
	CLEANUP_BUF struct buf names = BUF_INIT;
	struct stat st;
	int rc = inspect_sidecars(entry->dirfd, entry->name, &names, err);

	if (rc < 0)
		return -1;
	if (rc == 0)
		return 1;
	if (fstatat(entry->dirfd, entry->name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return AGAIN;
	return err_fail(err,
		"'%s' is missing, but it has %s, which would be mixed up with a new "
		"database; put the database back, or move these files away",
		path, names.data);
}

static int check_type(const char *path, mode_t mode, struct err *err)
{
	if (S_ISREG(mode))
		return 0;
	return err_fail(err, "'%s' is a %s, not a database; it was left as it is", path,
		fs_type_name(mode));
}

/* sqlite.org/fileformat.html, 1.3 */
static void read_settings(const unsigned char *header, struct db_header *ret)
{
	static const char *const encodings[] = {"UTF-8", "UTF-8", "UTF-16le", "UTF-16be"};
	unsigned size = (unsigned)header[16] << 8 | header[17];
	bool vacuum = header[52] || header[53] || header[54] || header[55];
	bool incremental = header[64] || header[65] || header[66] || header[67];

	(void)snprintf(ret->page_size, sizeof ret->page_size, "%u",
		size == 1 ? 65536 : size); /* fits */
	ret->auto_vacuum = !vacuum ? "none" : incremental ? "incremental" : "full";
	ret->encoding = encodings[header[59] & 3];
	ret->wal = header[18] == 2 || header[19] == 2;
}

static int check_header(const char *path, const unsigned char *header, ssize_t size,
	struct inspection *inspection, struct err *err)
{
	if (size == 0)
		return err_fail(err,
			"'%s' is an empty file, not a database; it was left as it is: if "
			"nothing is missing, remove it and it is created again",
			path);
	if (size < HEADER_SIZE || memcmp(header, magic, sizeof magic) != 0)
		return err_fail(err,
			"'%s' is not a SQLite database (or is encrypted or damaged); it "
			"was left as it is",
			path);
	if (header[18] > NEWEST || header[19] > NEWEST)
		return err_fail(
			err, "'%s' was written by a newer SQLite than we know", path);
	read_settings(header, &inspection->header);
	memcpy(inspection->changes, header + 24, sizeof inspection->changes);
	return 0;
}

/* O_NONBLOCK: opening a named pipe must not block. */
static int read_header(const char *path, struct inspection *inspection, struct err *err)
{
	CLEANUP_FD int fd = openat(inspection->entry.dirfd, inspection->entry.name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	unsigned char header[HEADER_SIZE];
	ssize_t size;

	if (fd < 0)
		return fs_raise_open(
			err, inspection->entry.dirfd, inspection->entry.name, path);
	if (fstat(fd, &inspection->st) < 0)
		return err_sys(err, "stat '%s'", path);
	if (check_type(path, inspection->st.st_mode, err) < 0 ||
		fs_check_entry(inspection->fs, &inspection->entry, fd, &inspection->st,
			path, err) < 0)
		return -1;
	/* As it has for a moment if publishing takes a link. */
	if (fs_has_other_names(
		    inspection->entry.dirfd, inspection->entry.name, &inspection->st))
		return AGAIN;
	size = pread(fd, header, sizeof header, 0);
	if (size < 0)
		return err_sys(err, "read '%s'", path);
	return check_header(path, header, size, inspection, err);
}

static int find_sidecars(const char *path, struct inspection *inspection, struct err *err)
{
	struct files files = inspect_files(inspection);
	struct stat st[FILES_COUNT] = {0};
	bool there[FILES_COUNT] = {false};

	for (size_t i = 1; i < FILES_COUNT; i++) {
		int rc = find_sidecar(
			files.dirfd, files.name, files_endings[i], &st[i], err);

		if (rc < 0)
			return -1;
		there[i] = rc == 1;
		if (there[i] && !files_accept(&files, &st[i]))
			return files_check(&files, path, err);
	}
	inspection->wal = there[FILES_WAL];
	inspection->shm = there[FILES_SHM];
	inspection->journal = there[FILES_JOURNAL];
	inspection->wal_size = st[FILES_WAL].st_size;
	inspection->wal_frames = st[FILES_WAL].st_size >= WAL_FRAME;
	inspection->journal_empty = st[FILES_JOURNAL].st_size == 0;
	return inspection->journal && !inspection->journal_empty
		? files_check(&files, path, err)
		: 0;
}

/*
 * SQLite sets WAL mode in the header before it creates the -wal, and resets it after the
 * -wal is removed. So a -wal with pages beside another mode is another database's, and
 * would be recovered into this one; unless the mode was switched since it was read.
 */
static int check_wal(const char *path, struct inspection *inspection, struct err *err)
{
	int rc;

	if (inspection->header.wal || !inspection->wal_frames)
		return 0;
	rc = read_header(path, inspection, err);
	if (rc != 0 || inspection->header.wal)
		return rc;
	return err_fail(err,
		"'%s-wal' does not belong to '%s', which is not in WAL mode: a database "
		"was put in place of another; move that file away, or put both back",
		path, path);
}

static int inspect_entry(const char *path, struct inspection *inspection, struct err *err)
{
	struct stat st;
	int rc;

	/* Before it is opened: opening a device may have effects. */
	if (fstatat(inspection->entry.dirfd, inspection->entry.name, &st,
		    AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno == ENOENT)
			return check_absent(path, &inspection->entry, err);
		return fs_raise(err, inspection->entry.dirfd, "stat", path);
	}
	if (check_type(path, st.st_mode, err) < 0)
		return -1;
	rc = read_header(path, inspection, err);
	if (rc == 0)
		rc = find_sidecars(path, inspection, err);
	return rc == 0 ? check_wal(path, inspection, err) : rc;
}

int inspect_database(
	const struct fs *fs, const char *path, struct inspection *ret, struct err *err)
{
	struct inspection inspection = INSPECTION_INIT;
	struct stop none = STOP_INIT;
	int rc = fs_walk(fs, path, &inspection.entry, err);

	inspection.fs = fs;
	if (rc == 0)
		rc = inspect_entry(path, &inspection, err);
	for (int i = 0; rc == AGAIN && i < TRIES; i++) {
		rc = stop_sleep(&none, PAUSE_MS, err);
		if (rc == 0)
			rc = inspect_entry(path, &inspection, err);
	}
	if (rc == AGAIN && inspection.st.st_nlink > 1) {
		struct files files = inspect_files(&inspection);

		rc = files_refuse(&files, &inspection.st, path, err);
	}
	if (rc == AGAIN)
		rc = err_set(err, ERR_TEMPORARY, "'%s' keeps appearing and disappearing",
			path);
	if (rc == 0)
		*ret = inspection;
	else
		inspect_release(&inspection);
	return rc;
}

struct files inspect_files(const struct inspection *inspection)
{
	return (struct files){
		.dirfd = inspection->entry.dirfd,
		.name = inspection->entry.name,
		.owner = inspection->st.st_uid,
		.shared = fs_is_shared(inspection->fs, &inspection->entry),
	};
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

bool inspect_differs(const struct inspection *before, const struct inspection *after)
{
	return before->st.st_dev != after->st.st_dev ||
		before->st.st_ino != after->st.st_ino ||
		before->st.st_size != after->st.st_size ||
		!same_time(before->st.st_mtim, after->st.st_mtim) ||
		memcmp(before->changes, after->changes, sizeof after->changes) != 0 ||
		before->header.wal != after->header.wal || before->wal != after->wal ||
		before->wal_frames != after->wal_frames ||
		before->journal != after->journal;
}

void inspect_release(struct inspection *inspection)
{
	fs_entry_release(&inspection->entry);
}
