/* SPDX-License-Identifier: MIT */
/* Where the report goes: a file, a pipe, a descriptor of ours. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs_keep.h"
#include "base/path.h"
#include "base/str.h"
#include "plan/report.h"
#include "state/state.h"

#define REPORT_NAME "report.json" /* in the state directory */

#define PATIENCE_MS 2000 /* for all of it */
#define AGAIN_MS    20   /* until it is looked again whether a pipe has a reader */
#define PIECE_MAX   4096 /* so much a pipe that is ready takes at once (PIPE_BUF) */

/* A reader that does not read keeps no application from starting. */
static int write_patiently(
	int fd, const struct buf *text, const char *path, int64_t until, struct err *err)
{
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

/* A pipe opens once it has a reader (fifo(7)), which nothing signals: before, ENXIO. */
static int open_patiently(const struct fs_entry *entry, int64_t until)
{
	const int flags = O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int fd;

	while ((fd = openat(entry->dirfd, entry->name, flags)) < 0 && errno == ENXIO) {
		if (clock_ms() >= until) {
			errno = ENXIO;
			return -1;
		}
		(void)poll(NULL, 0, AGAIN_MS); /* if cut short, one more try */
	}
	return fd;
}

/*
 * Opens what is there already and is no regular file. Returns 0, 1 where there is no such
 * thing, or -1. Only for the `last` report: a reader would take the end of another one
 * for the end of all.
 */
static int open_other(const struct fs *fs, const char *path, bool last, int64_t until,
	int *ret, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	struct stat st;
	int rc = fs_walk(fs, path, &entry, err);

	if (rc != 0)
		return rc;
	if (fstatat(entry.dirfd, entry.name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		(!S_ISFIFO(st.st_mode) && !S_ISCHR(st.st_mode)))
		return 1; /* publishing says what is wrong with it */
	if (!last)
		return 0;
	*ret = open_patiently(&entry, until);
	if (*ret < 0 && errno == ENXIO)
		return err_fail(err, "nobody reads the pipe '%s'", path);
	if (*ret < 0)
		return err_sys(err, "open '%s'", path);
	/* Others may have put a file there meanwhile, which is not ours to write into. */
	if (fstat(*ret, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode)))
		return fs_check_entry(fs, &entry, *ret, &st, path, err);
	return err_fail(err, "'%s' is being exchanged by another process", path);
}

static int publish(
	struct fs *fs, const char *path, const struct buf *text, struct err *err)
{
	CLEANUP_STAGE struct fs_stage stage = FS_STAGE_INIT;
	struct fs_attr attr = {.mode = 0644, .uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT};
	enum fs_outcome outcome;

	stage.fleeting = true;
	if (fs_stage_open(fs, &stage, path, &attr, err) < 0 ||
		fs_stage_write(&stage, text->data, text->len, err) < 0)
		return -1;
	return fs_stage_publish(&stage, true, &outcome, err);
}

/* The descriptor of ours that the path names, or -1. */
static int own_descriptor(const char *path)
{
	return str_equal(path, "-") ? STDOUT_FILENO : fd_named(path);
}

int report_write(struct fs *fs, const struct report_place *place, const struct buf *text,
	bool last, struct err *err)
{
	CLEANUP_FD int fd = -1;
	const char *path = place->path;
	int64_t until = clock_ms() + PATIENCE_MS;
	int own = own_descriptor(path);
	int rc;

	if (place->state)
		return state_note(place->state, REPORT_NAME, text->data, text->len, err);
	if (own >= 0)
		return last ? write_patiently(own, text, path, until, err) : 0;
	fs_keep(fs); /* it is walked to once */
	rc = open_other(fs, path, last, until, &fd, err);
	if (rc == 0 && fd >= 0)
		return write_patiently(fd, text, path, until, err);
	return rc == 1 ? publish(fs, path, text, err) : rc;
}

/* ---- where ---- */

int report_read(const struct fs *fs, const struct report_place *place, size_t limit,
	struct buf *ret, struct err *err)
{
	return place->state ? state_read(place->state, REPORT_NAME, limit, ret, err)
			    : fs_read(fs, place->path, FS_ANY, limit, ret, err);
}

/* Returns whether a file is left there. */
static bool remove_file(const struct fs *fs, const char *path)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	struct stat st;
	DECLARE_ERR(ignored); /* that of writing it is logged */
	int rc = fs_walk(fs, path, &entry, &ignored);

	if (rc < 0) /* it may be read all the same */
		rc = fs_lookup(fs, path, FS_ANY, &st, &ignored);
	else if (rc == 0)
		rc = fstatat(entry.dirfd, entry.name, &st, AT_SYMLINK_NOFOLLOW);
	if (rc != 0 || !S_ISREG(st.st_mode))
		return false;
	return entry.dirfd < 0 ||
		(unlinkat(entry.dirfd, entry.name, 0) < 0 && errno != ENOENT);
}

bool report_withdraw(const struct fs *fs, const struct report_place *place)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	DECLARE_ERR(ignored); /* the same */

	if (place->state)
		return state_remove(place->state, REPORT_NAME, &ignored) < 0 &&
			report_read(fs, place, REPORT_SIZE_MAX, &text, &ignored) == 0;
	return own_descriptor(place->path) < 0 && remove_file(fs, place->path);
}

struct report_place report_place(struct arena *arena, const char *base,
	const char *option, const char *configured, struct state *state)
{
	if (option && !*option)
		return (struct report_place){0};
	if (option && (!base || str_equal(option, "-")))
		return (struct report_place){.path = option};
	if (option)
		return (struct report_place){.path = path_join(arena, base, option)};
	if (configured && *configured)
		return (struct report_place){.path = configured};
	if (!state)
		return (struct report_place){0};
	return (struct report_place){
		.path = path_join(arena, state->path, REPORT_NAME),
		.state = state,
	};
}
