/* SPDX-License-Identifier: MIT */
/* Where the report goes: a file, a pipe, a descriptor of ours. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "plan/report.h"

#define PATIENCE_MS 2000 /* for all of it */
#define PIECE_MAX   4096 /* so much a pipe that is ready takes at once (PIPE_BUF) */

/* A reader that does not read keeps no application from starting. */
static int write_patiently(
	int fd, const struct buf *text, const char *path, struct err *err)
{
	int64_t until = clock_ms() + PATIENCE_MS;

	for (size_t at = 0; at < text->len;) {
		struct pollfd ready = {.fd = fd, .events = POLLOUT};
		size_t piece = text->len - at < PIECE_MAX ? text->len - at : PIECE_MAX;
		int rc = poll(&ready, 1, clock_wait(until));
		ssize_t written = rc > 0 ? write(fd, text->data + at, piece) : -1;

		if (rc == 0 || (rc > 0 && clock_ms() >= until))
			return err_fail(err, "'%s' was not read in time", path);
		if (written < 0 && errno != EAGAIN && errno != EINTR)
			return err_sys(err, "write '%s'", path);
		at += written > 0 ? (size_t)written : 0;
	}
	return 0;
}

/*
 * Opens what is there already and is no regular file. Returns 0, 1 where there is no such
 * thing, or -1.
 */
static int open_other(const struct fs *fs, const char *path, int *ret, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	struct stat st;
	int rc = fs_walk(fs, path, &entry, err);

	if (rc != 0)
		return rc;
	if (fstatat(entry.dirfd, entry.name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		(!S_ISFIFO(st.st_mode) && !S_ISCHR(st.st_mode)))
		return 1; /* fs_write() says what is wrong with it */
	*ret = openat(entry.dirfd, entry.name,
		O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (*ret < 0 && errno == ENXIO)
		return err_fail(err, "nobody reads the pipe '%s'", path);
	if (*ret < 0)
		return err_sys(err, "open '%s'", path);
	/* Others may have put a file there meanwhile, which is not ours to write into. */
	if (fstat(*ret, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode)))
		return 0;
	return err_fail(err, "'%s' is being exchanged by another process", path);
}

int report_write(
	struct fs *fs, const struct report *report, const char *path, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_FD int fd = -1;
	struct fs_attr attr = {.mode = 0644, .uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT};
	enum fs_outcome outcome;
	int own = str_equal(path, "-") ? STDOUT_FILENO : fd_named(path);
	int rc;

	report_json(report, &text);
	if (own >= 0)
		return write_patiently(own, &text, path, err);
	rc = open_other(fs, path, &fd, err);
	if (rc <= 0)
		return rc < 0 ? -1 : write_patiently(fd, &text, path, err);
	return fs_write(fs, path, text.data, text.len, &attr, true, &outcome, err);
}
