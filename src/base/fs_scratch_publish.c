/* SPDX-License-Identifier: MIT */
/* Publishing the file that a command made, with what it made beside it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_beside.h"
#include "base/fs_internal.h"
#include "base/fs_scratch.h"
#include "base/mem.h"
#include "base/sidecar.h"
#include "base/stop.h"
#include "base/str.h"

/* A file that the command made. */
struct made {
	char name[256]; /* in the scratch */
	char as[256];   /* in the directory of the target */
	char path[PATH_MAX];
	int fd;
	struct stat st;       /* of what is published */
	struct fs_stage copy; /* what is published, if its `fd` is not -1 */
};

/* The file itself, then what is beside it. */
struct all_made {
	struct made *list;
	size_t count;
};

#define CLEANUP_MADE __attribute__((cleanup(release)))

static void release(struct all_made *all)
{
	for (size_t i = 0; i < all->count; i++) {
		fs_stage_release(&all->list[i].copy);
		close_fd(&all->list[i].fd);
	}
	free(all->list);
}

static struct fs_beside_place place_of(const struct fs_scratch *scratch)
{
	return (struct fs_beside_place){.fs = scratch->fs,
		.entry = &scratch->entry,
		.path = scratch->target,
		.stop = scratch->user.stop};
}

int fs_scratch_heal(const struct fs_scratch *scratch, struct err *err)
{
	struct fs_beside_place place = place_of(scratch);

	return fs_beside_heal(&place, err);
}

/* ---- what was made ---- */

/* May what is open be published? Returns 0, or -1. */
static int check_made(
	const struct fs_scratch *scratch, const struct made *made, struct err *err)
{
	if (!S_ISREG(made->st.st_mode))
		return err_fail(err, "what was made for '%s' is a %s, not a file",
			made->path, fs_type_name(made->st.st_mode));
	/* Its other name may be that of a file that is not the command's to give. */
	if (made->st.st_nlink > 1)
		return err_fail(err,
			"what was made for '%s' has %lu hard links; the command must "
			"make a file of its own",
			made->path, (unsigned long)made->st.st_nlink);
	if (scratch->user.uid != geteuid() &&
		fs_only_name(fs_scratch_where(scratch), made->name, made->fd) < 0)
		return err_fail(err,
			"what was made for '%s' is linked or removed at this moment; the "
			"command must leave nothing that goes on with it",
			made->path);
	return 0;
}

/* Opens it. Returns 0, 1 if it is missing, or -1. */
static int open_made(const struct fs_scratch *scratch, struct made *made, struct err *err)
{
	int where = fs_scratch_where(scratch);

	made->fd = openat(where, made->name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (made->fd < 0 && errno == ENOENT)
		return 1;
	if (made->fd < 0 && errno == ELOOP)
		return err_fail(err,
			"what was made for '%s' is a symbolic link, not a file",
			made->path);
	if (made->fd < 0 || fstat(made->fd, &made->st) < 0)
		return fs_raise(err, where, "open what was made for", made->path);
	return check_made(scratch, made, err);
}

/* Adds what has this ending, and opens it. Returns as open_made(). */
static int add_made(const struct fs_scratch *scratch, const char *ending,
	struct all_made *all, struct err *err)
{
	struct made *made;

	if (all->count > FS_BESIDE_MAX) {
		(void)err_fail(err, /* always -1 */
			"the command made more than %d files beside '%s'; give it "
			"{dir}, and let `creates` be the directory of all of them",
			FS_BESIDE_MAX, scratch->target);
		return -1;
	}
	if (strlen(scratch->entry.name) + strlen(ending) > NAME_MAX ||
		strlen(scratch->target) + strlen(ending) >= PATH_MAX) {
		(void)err_fail(err, "the name '%s%s' is too long", /* always -1 */
			scratch->target, ending);
		return -1;
	}
	all->list = mem_grow(all->list, all->count, sizeof *all->list);
	made = &all->list[all->count++];
	*made = (struct made){.fd = -1, .copy = FS_STAGE_INIT};
	/* It is a name in the scratch, and the others were measured. */
	(void)snprintf(made->name, sizeof made->name, "%s%s", scratch->name, ending);
	(void)snprintf(made->as, sizeof made->as, "%s%s", scratch->entry.name, ending);
	(void)snprintf(made->path, sizeof made->path, "%s%s", scratch->target, ending);
	return open_made(scratch, made, err);
}

/* A database's sidecar is a part of it, and nothing if that was closed. */
static int add_beside(
	const struct fs_scratch *scratch, struct all_made *all, struct err *err)
{
	int where = fs_scratch_where(scratch);
	CLEANUP_DIR DIR *dir = fd_list(where, ".");
	size_t size = strlen(scratch->name);
	const struct dirent *entry;
	int rc;

	while (dir && (entry = fd_next(dir))) {
		const char *ending = entry->d_name + size;

		if (!str_starts(entry->d_name, scratch->name) || !*ending ||
			str_is_among(ending, sidecar_endings))
			continue;
		rc = add_made(scratch, ending, all, err);
		if (rc < 0)
			return -1;
		all->count -= (size_t)rc; /* gone by now */
	}
	/* Where we may not list, we have no name of it. */
	if ((!dir && errno != EACCES) || (dir && errno))
		return fs_raise(err, where, "list what was made for", scratch->target);
	return 0;
}

/* ---- publishing one ---- */

/* On another file system, and where the name is its user's to exchange. */
static int copy(struct fs_scratch *scratch, struct made *made, struct err *err)
{
	struct fs_attr attr = {.mode = made->st.st_mode & 0777,
		.uid = made->st.st_uid,
		.gid = made->st.st_gid};

	if (fs_stage_open_in(scratch->fs, &made->copy, scratch->entry.dirfd, made->as,
		    made->path, &attr, err) < 0 ||
		fs_stage_copy(&made->copy, made->fd, scratch->user.stop, err) < 0)
		return -1;
	if (fs_stage_settle(&made->copy, err) < 0)
		return -1;
	if (fstat(made->copy.fd, &made->st) < 0)
		return err_sys(err, "stat the copy of '%s'", made->path);
	return 0;
}

/* Returns 0, 1 if it cannot be renamed and is to be copied, or -1. */
static int rename_made(const struct fs_scratch *scratch, const struct made *made,
	enum fs_outcome *ret_outcome, struct err *err)
{
	int dirfd = scratch->entry.dirfd;
	int rc;

	if (fsync(made->fd) < 0)
		return fs_raise(err, dirfd, "flush", made->path);
	rc = fs_rename_new(fs_scratch_where(scratch), made->name, dirfd, made->as);
	if (rc < 0 && errno == EXDEV)
		return 1; /* another file system */
	if (rc < 0)
		return fs_raise(err, dirfd, "publish", made->path);
	if (fs_sync_dir(dirfd) < 0)
		return fs_raise(err, dirfd, "flush the directory of", made->path);
	*ret_outcome = rc ? FS_THERE : FS_MADE;
	return 0;
}

static int publish_one(struct fs_scratch *scratch, struct made *made,
	enum fs_outcome *ret_outcome, struct err *err)
{
	bool others = scratch->dirfd >= 0 && scratch->user.uid != geteuid();
	int rc = 1;

	if (made->copy.fd < 0 && !others)
		rc = rename_made(scratch, made, ret_outcome, err);
	if (rc != 1)
		return rc;
	if (made->copy.fd < 0 && copy(scratch, made, err) < 0)
		return -1;
	return fs_stage_publish(&made->copy, false, ret_outcome, err);
}

/* ---- publishing all ---- */

/*
 * Does the name in the directory of the target stand for what we have published? Returns
 * 1, 0, or -1 with errno.
 */
static int is_still_ours(const struct fs_scratch *scratch, const struct made *made)
{
	struct stat named;

	if (fstatat(scratch->entry.dirfd, made->as, &named, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -1;
	return named.st_dev == made->st.st_dev && named.st_ino == made->st.st_ino;
}

/* Removes again what is beside the file. Returns 0, or -1. */
static int take_back(
	const struct fs_scratch *scratch, const struct all_made *all, struct err *err)
{
	int dirfd = scratch->entry.dirfd, rc = 0;

	for (size_t i = 1; i < all->count; i++) {
		int ours = is_still_ours(scratch, &all->list[i]);

		if (ours < 0 || (ours && unlinkat(dirfd, all->list[i].as, 0) < 0))
			rc = fs_raise(err, dirfd, "take back", all->list[i].path);
	}
	return rc;
}

static int publish_each(struct fs_scratch *scratch, struct all_made *all,
	const struct fs_stage *list, enum fs_outcome *ret_outcome, struct err *err)
{
	struct fs_beside_place place = place_of(scratch);

	for (size_t i = 1; i < all->count; i++) {
		enum fs_outcome outcome = FS_MADE;

		if (publish_one(scratch, &all->list[i], &outcome, err) < 0)
			return -1;
		if (outcome == FS_THERE)
			return err_fail(err,
				"'%s', which the command makes with '%s', exists "
				"already, and was left as it is; nothing was published: "
				"move it away",
				all->list[i].path, scratch->target);
	}
	if (fs_beside_check(&place, list, err) < 0)
		return -1;
	return publish_one(scratch, &all->list[0], ret_outcome, err);
}

/*
 * What lies elsewhere is copied before anything is published, so that what is listed is
 * what is published, and the list is there for a moment only.
 */
static int copy_all(struct fs_scratch *scratch, struct all_made *all, struct err *err)
{
	for (size_t i = 0; scratch->dirfd >= 0 && i < all->count; i++)
		if (copy(scratch, &all->list[i], err) < 0)
			return -1;
	return 0;
}

static int describe(const struct fs_scratch *scratch, const struct made *made,
	struct fs_beside_file *ret, struct err *err)
{
	int fd = made->copy.fd >= 0 ? made->copy.fd : made->fd;

	(void)snprintf(ret->ending, sizeof ret->ending, "%s",
		made->as + strlen(scratch->entry.name)); /* fits: it is shorter */
	if (fd_digest(fd, scratch->user.stop, ret->digest) < 0)
		return stop_check(scratch->user.stop, err) < 0
			? -1
			: err_sys(err, "read what was made for '%s'", made->path);
	ret->size = made->st.st_size;
	return 0;
}

/* All of it, or nothing. Returns as fs_scratch_publish(). */
static int publish_all(struct fs_scratch *scratch, struct all_made *all,
	enum fs_outcome *ret_outcome, struct err *err)
{
	CLEANUP_STAGE struct fs_stage list = FS_STAGE_INIT;
	struct fs_beside_place place = place_of(scratch);
	struct fs_beside_file files[FS_BESIDE_MAX];
	int rc, published;
	DECLARE_ERR(second);

	if (copy_all(scratch, all, err) < 0)
		return -1;
	for (size_t i = 1; i < all->count; i++)
		if (describe(scratch, &all->list[i], &files[i - 1], err) < 0)
			return -1;
	rc = fs_beside_begin(
		&place, files, all->count - 1, scratch->user.stop, &list, err);
	if (rc == 1)
		*ret_outcome = FS_THERE;
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	rc = publish_each(scratch, all, &list, ret_outcome, err);
	published =
		rc < 0 ? is_still_ours(scratch, &all->list[0]) : *ret_outcome == FS_MADE;
	/* Where anything is not known, or stays, a later start finds the list. */
	if (published == 0 && take_back(scratch, all, rc < 0 ? &second : err) < 0)
		return -1;
	if (published >= 0)
		fs_beside_end(&list);
	return rc;
}

int fs_scratch_publish(
	struct fs_scratch *scratch, enum fs_outcome *ret_outcome, struct err *err)
{
	CLEANUP_MADE struct all_made all = {0};
	int rc = add_made(scratch, "", &all, err);

	if (rc != 0)
		return rc;
	if (add_beside(scratch, &all, err) < 0)
		return -1;
	if (all.count > 1)
		return publish_all(scratch, &all, ret_outcome, err);
	if (fs_scratch_heal(scratch, err) < 0)
		return -1;
	return publish_one(scratch, &all.list[0], ret_outcome, err);
}
