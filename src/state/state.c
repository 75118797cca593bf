/* SPDX-License-Identifier: MIT */
/* The state directory. */
#include "state/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs_keep.h"
#include "base/file_lock.h"
#include "base/fs_check.h"
#include "base/fs_error.h"
#include "base/path.h"
#include "base/str.h"

#define LOCK "groundwork.lock"

/* ---- may it be used? ---- */

static int check_owner(const struct state *state, const struct stat *st, struct err *err)
{
	mode_t others = state->own.guarded ? S_IWGRP | S_IWOTH : S_IWOTH;

	if (!fs_is_trusted(&state->own, st->st_uid))
		return err_fail(err,
			"'%s' belongs to user %u, and must be root's or ours, who are "
			"user %u: name a directory in it, which we make; of one that we "
			"made, give back what is in it, and leave it out of what changes "
			"owners",
			state->path, st->st_uid, geteuid());
	if (st->st_mode & others)
		return err_fail(err,
			"'%s' can be written by others (mode %04o): look at what is in "
			"it, and run chmod 700 on it",
			state->path, (unsigned)(st->st_mode & 07777));
	return 0;
}

/* Nobody can exchange it, or the application's user, whose data it is with. */
static int check_path(
	const struct state *state, const struct fs_entry *entry, struct err *err)
{
	const struct fs_hold *hold = &entry->hold;

	if (!state->own.guarded || hold->by == FS_NOBODY ||
		(hold->by == FS_SOMEBODY && hold->uid == state->own.app))
		return 0;
	if (hold->by == FS_SOMEBODY)
		return err_fail(err,
			"'%s': unsafe path: user %u, who is not the user of [app], "
			"controls what leads to it, and could exchange it; name one in a "
			"directory of root's",
			state->path, hold->uid);
	return err_fail(err,
		"'%s': unsafe path: others can write what leads to it, and could "
		"exchange it; name one in a directory of root's",
		state->path);
}

/* One that was not made by us must be empty: root may have put other things there. */
static int check_content(const struct state *state, int dirfd, struct err *err)
{
	CLEANUP_DIR DIR *dir = NULL;
	const struct dirent *entry;
	struct stat st;

	if (fstatat(dirfd, LOCK, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	dir = fd_list(dirfd, ".");
	if (!dir)
		return fs_raise_open(err, dirfd, ".", state->path);
	/* Another start may make it now: its lock is the first file in it. */
	while ((entry = fd_next(dir)))
		if (!str_equal(entry->d_name, "lost+found") &&
			!fs_is_temporary(entry->d_name) &&
			fstatat(dirfd, LOCK, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return err_fail(err,
				"'%s' is a directory of something else: it holds '%s', "
				"and no " LOCK "; name one that is missing, which we "
				"make",
				state->path, entry->d_name);
	return errno ? err_sys(err, "read '%s'", state->path) : 0;
}

static int check(
	const struct state *state, const struct fs_entry *entry, int fd, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_sys(err, "look at '%s'", state->path);
	if (!S_ISDIR(st.st_mode))
		return err_fail(err, "'%s' is a %s, not a directory", state->path,
			fs_type_name(st.st_mode));
	if (check_owner(state, &st, err) < 0 || check_path(state, entry, err) < 0 ||
		fs_check_entry(&state->own, entry, fd, &st, state->path, err) < 0)
		return -1;
	return check_content(state, fd, err);
}

/* ---- opening ---- */

/* Returns 0, 1 if a directory on the way is missing, or -1. */
static int walk(struct state *state, bool make, struct fs_entry *ret, struct err *err)
{
	int rc = fs_walk(&state->own, state->path, ret, err);

	if (rc != 1 || !make)
		return rc;
	fs_entry_release(ret);
	return fs_walk_make(&state->own, state->path, ret, err);
}

static int make_it(struct state *state, struct err *err)
{
	const struct fs_attr attr = {.mode = 0700, .uid = geteuid(), .gid = getegid()};
	enum fs_outcome outcome;

	return fs_make_dir(&state->own, state->path, &attr, &outcome, err);
}

/* Opens it. Returns 0, 1 if it is missing and not to be made, or -1. */
static int pin(struct state *state, bool make, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	CLEANUP_FD int fd = -1;
	int rc = walk(state, make, &entry, err);

	if (rc != 0)
		return rc;
	fd = openat(entry.dirfd, entry.name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT && make) {
		/* Not where it would be refused when it exists. */
		if (check_path(state, &entry, err) < 0 || make_it(state, err) < 0)
			return -1;
		fd = openat(entry.dirfd, entry.name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	}
	if (fd < 0)
		return errno == ENOENT && !make
			? 1
			: fs_raise_open(err, entry.dirfd, entry.name, state->path);
	if (check(state, &entry, fd, err) < 0)
		return -1;
	state->dirfd = steal_fd(&fd);
	return 0;
}

static int open_state(struct state *state, bool make, struct err *err)
{
	int rc;

	if (state->dirfd >= 0)
		return 0;
	state->own = fs_same_rights(state->fs);
	rc = pin(state, make, err);
	fs_end(&state->own);
	return rc < 0 ? err_prefix(err, "the state directory") : rc;
}

/* ---- its files ---- */

/* Of errno, where the file of the lock could not be opened, or not be made. */
static int raise_lock(const struct state *state, struct err *err)
{
	CLEANUP_BUF struct buf path = BUF_INIT;
	int code = errno;
	struct stat st;
	bool found = fstatat(state->dirfd, LOCK, &st, AT_SYMLINK_NOFOLLOW) == 0;

	buf_printf(&path, "%s/" LOCK, state->path);
	errno = code;
	return found ? fs_raise_open(err, state->dirfd, LOCK, path.data)
		     : fs_raise(err, state->dirfd, "create", path.data);
}

int state_read(struct state *state, const char *name, size_t limit, struct buf *ret,
	struct err *err)
{
	CLEANUP_FD int fd = -1;
	size_t before = ret->len;
	struct stat st;
	int rc = open_state(state, false, err);

	if (rc != 0)
		return rc;
	fd = openat(state->dirfd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return 1;
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(err, "open '%s/%s'", state->path, name);
	if (!S_ISREG(st.st_mode))
		return err_fail(err, "'%s/%s' is a %s, not a file", state->path, name,
			fs_type_name(st.st_mode));
	if (fd_read_all(fd, limit, ret) == 0)
		return 0;
	buf_truncate(ret, before);
	return err_sys(err, "read '%s/%s'", state->path, name);
}

/* An empty file of that name shows, too, that the directory is one of ours. */
static int open_lock(struct state *state, bool make, struct err *err)
{
	const int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	int rc = open_state(state, make, err);
	int fd;

	if (rc != 0)
		return rc < 0 ? -1
			      : err_fail(err, "the state directory '%s' is missing",
					state->path);
	fd = openat(state->dirfd, LOCK, flags, 0600);
	return fd < 0 ? raise_lock(state, err) : fd;
}

static int publish(struct state *state, const char *name, const char *path,
	const void *data, size_t size, bool fleeting, struct err *err)
{
	CLEANUP_STAGE struct fs_stage stage = FS_STAGE_INIT;
	const struct fs_attr attr = {.mode = 0600, .uid = geteuid(), .gid = getegid()};
	enum fs_outcome outcome;

	stage.fleeting = fleeting;
	if (fs_stage_open_in(&state->own, &stage, state->dirfd, name, path, &attr, err) <
			0 ||
		fs_stage_write(&stage, data, size, err) < 0)
		return -1;
	return fs_stage_publish(&stage, true, &outcome, err);
}

static int write_file(struct state *state, const char *name, const void *data,
	size_t size, bool fleeting, struct err *err)
{
	CLEANUP_BUF struct buf path = BUF_INIT;
	int rc;

	if (!state_is_locked(state)) {
		CLEANUP_FD int mark = open_lock(state, !fleeting, err);

		if (mark < 0)
			return -1;
	}
	buf_printf(&path, "%s/%s", state->path, name);
	rc = publish(state, name, path.data, data, size, fleeting, err);
	fs_end(&state->own);
	return rc;
}

int state_write(struct state *state, const char *name, const void *data, size_t size,
	struct err *err)
{
	return write_file(state, name, data, size, false, err);
}

int state_note(struct state *state, const char *name, const void *data, size_t size,
	struct err *err)
{
	int rc = open_state(state, false, err);

	return rc ? rc : write_file(state, name, data, size, true, err);
}

bool state_is_missing(const struct state *state)
{
	struct stat st;

	return stat(state->path, &st) < 0 && errno == ENOENT;
}

int state_remove(struct state *state, const char *name, struct err *err)
{
	int rc = open_state(state, false, err);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (unlinkat(state->dirfd, name, 0) == 0 || errno == ENOENT)
		return 0;
	return err_sys(err, "remove '%s/%s'", state->path, name);
}

/* What is missing is made below the last directory that is there. */
static int check_missing(struct state *state, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	CLEANUP_BUF struct buf path = BUF_INIT;
	int rc;

	buf_puts(&path, state->path);
	while ((rc = fs_walk(&state->own, path.data, &entry, err)) == 1)
		buf_truncate(&path, (size_t)(path_base(path.data) - path.data) - 1);
	if (rc < 0 || check_path(state, &entry, err) < 0)
		return -1;
	return fs_check_make(&state->own, "create the directory", state->path, err);
}

int state_check(struct state *state, struct err *err)
{
	int rc = open_state(state, false, err);

	if (rc < 0)
		return -1;
	if (rc == 1)
		rc = check_missing(state, err);
	else if (fs_check_write(state->dirfd, LOCK, state->path, err) < 0)
		rc = -1;
	else
		rc = fs_check_create(state->dirfd, "write to", state->path, err);
	return rc < 0 ? err_prefix(err, "the state directory") : 0;
}

/* ---- the lock ---- */

int state_lock(struct state *state, const char *step, bool make, struct stop *stop,
	const struct log *log, struct err *err)
{
	CLEANUP_FD int fd = -1;
	CLEANUP_BUF struct buf path = BUF_INIT;
	int rc;

	if (state_is_locked(state))
		return 1;
	fd = open_lock(state, make, err);
	if (fd < 0)
		return -1;
	buf_printf(&path, "%s/" LOCK, state->path);
	rc = file_lock_wait(fd, path.data, stop, log, err);
	if (rc == 1)
		return err_sys(err, "lock '%s'", path.data);
	if (rc < 0)
		return -1;
	state->lock = steal_fd(&fd);
	state_name_holder(state, step);
	return 0;
}

void state_name_holder(struct state *state, const char *step)
{
	if (!state_is_locked(state) || state->holder == step)
		return;
	file_lock_sign(state->lock, "step", step);
	state->holder = step;
}

bool state_is_locked(const struct state *state)
{
	return state->lock >= 0;
}

void state_unlock(struct state *state)
{
	file_lock_release(&state->lock);
	state->holder = NULL;
}

void state_release(struct state *state)
{
	state_unlock(state);
	close_fd(&state->dirfd);
}
