/* SPDX-License-Identifier: MIT */
/* Of what a command unpacked: nothing leads out of it, or has rights beyond rwx. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"
#include "base/fs_scratch.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/stop.h"

#define DEPTH_MAX 256

/* A name of a file that has several. */
struct name {
	dev_t device;
	ino_t inode;
	nlink_t links;
	const char *at;
};

struct confining {
	const struct fs_scratch *scratch;
	mode_t born; /* what a directory has beside rwx: as any that is made there */
	struct arena arena;
	struct name *names;
	size_t names_count;
	size_t count;
	int depth;
	struct buf at; /* where we are below the top, with a "/" in front */
};

/* Of the object at hand; `what` goes on from its name. */
static int refuse(const struct confining *confining, const char *type, const char *what,
	struct err *err)
{
	return err_fail(err, "what was made for '%s' has the %s '%s'%s",
		confining->scratch->target, type, confining->at.data + 1, what);
}

static int fail_sys(const struct confining *confining, const char *what, struct err *err)
{
	return err_sys(err, "%s '%s', made for '%s'", what, confining->at.data + 1,
		confining->scratch->target);
}

/* ---- rights ---- */

static mode_t wanted_mode(const struct confining *confining, const struct stat *st)
{
	return (st->st_mode & 0777) | (S_ISDIR(st->st_mode) ? confining->born : 0);
}

/* The open object: its user may have exchanged what was looked at. */
static int restrict_open(const struct confining *confining, int fd, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fail_sys(confining, "look at", err);
	if ((st.st_mode & 07777) == wanted_mode(confining, &st))
		return 0;
	if (geteuid() == 0 && st.st_uid != confining->scratch->user.uid)
		return refuse(confining, fs_type_name(st.st_mode),
			", which is another user's and has set-ID bits", err);
	if (fs_unless_denied(fchmod(fd, wanted_mode(confining, &st))) < 0)
		return fail_sys(confining, "restrict the mode of", err);
	return 0;
}

/* ---- links ---- */

/*
 * In the directory that is `depth` below the top: does a target stay below that, wherever
 * other links lead of which that is true? So ".." counts in front only: behind a name it
 * leads up from where a link of that name leads.
 */
static bool stays(const char *target, int depth)
{
	bool named = false;

	for (const char *at = target; *at; at += strspn(at, "/")) {
		size_t size = strcspn(at, "/");

		if (size == 2 && at[0] == '.' && at[1] == '.') {
			if (named || depth-- == 0)
				return false;
		} else if (size != 1 || at[0] != '.') {
			named = true;
		}
		at += size;
	}
	return true;
}

static int judge_link(
	const struct confining *confining, int dirfd, const char *name, struct err *err)
{
	char target[4096];
	ssize_t size = readlinkat(dirfd, name, target, sizeof target);

	if (size < 0 || (size_t)size >= sizeof target)
		return fail_sys(confining, "read the link", err);
	target[size] = '\0';
	if (target[0] == '/' ? !path_leads_up(target) &&
				path_is_below(target, confining->scratch->target)
			     : stays(target, confining->depth))
		return 0;
	(void)refuse(confining, "link", " to '", err); /* always -1 */
	return err_append(err, "%s', which can lead out of it", target);
}

static void note_name(struct confining *confining, const struct stat *st)
{
	confining->names = arena_array_grow(&confining->arena, confining->names,
		confining->names_count, sizeof *confining->names);
	confining->names[confining->names_count++] = (struct name){
		.device = st->st_dev,
		.inode = st->st_ino,
		.links = st->st_nlink,
		.at = arena_strdup(&confining->arena, confining->at.data),
	};
}

static int compare_names(const void *a, const void *b)
{
	const struct name *one = a, *other = b;

	if (one->device != other->device)
		return one->device < other->device ? -1 : 1;
	return (one->inode > other->inode) - (one->inode < other->inode);
}

/* Have the files with several names all of them here? */
static int judge_names(struct confining *confining, struct err *err)
{
	struct name *names = confining->names;
	size_t begin = 0;

	if (!confining->names_count)
		return 0;
	qsort(names, confining->names_count, sizeof *names, compare_names);
	for (size_t i = 1; i <= confining->names_count; i++) {
		if (i < confining->names_count &&
			compare_names(&names[begin], &names[i]) == 0)
			continue;
		if (i - begin < names[begin].links) {
			buf_puts(&confining->at, names[begin].at);
			return refuse(confining, "file",
				", a hard link to one that is not in it", err);
		}
		begin = i;
	}
	return 0;
}

/* ---- all that is in a directory ---- */

static int judge_one(
	struct confining *confining, int at, const char *name, struct err *err);

static int judge_entries(struct confining *confining, DIR *dir, struct err *err)
{
	const struct dirent *entry;
	size_t here = confining->at.len;
	int rc = 0;

	while (rc == 0 && (entry = fd_next(dir))) {
		buf_printf(&confining->at, "/%s", entry->d_name);
		rc = judge_one(confining, dirfd(dir), entry->d_name, err);
		buf_truncate(&confining->at, here);
	}
	return rc == 0 && errno ? fail_sys(confining, "read", err) : rc;
}

static int judge_dir(
	struct confining *confining, int at, const char *name, struct err *err)
{
	CLEANUP_DIR DIR *dir = fd_list(at, name);
	int rc;

	if (!dir)
		return fail_sys(confining, "open", err);
	if (confining->depth == DEPTH_MAX)
		return refuse(confining, "directory", ", which is too deep", err);
	confining->depth++;
	rc = judge_entries(confining, dir, err);
	confining->depth--;
	return rc < 0 ? -1 : restrict_open(confining, dirfd(dir), err);
}

static int judge_file(struct confining *confining, int at, const char *name,
	const struct stat *st, struct err *err)
{
	CLEANUP_FD int fd = -1;

	if (st->st_nlink > 1)
		note_name(confining, st);
	if ((st->st_mode & 07777) == wanted_mode(confining, st))
		return 0;
	fd = openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return fail_sys(confining, "open", err);
	return restrict_open(confining, fd, err);
}

static int judge_one(
	struct confining *confining, int at, const char *name, struct err *err)
{
	struct stat st;

	if (stop_check(confining->scratch->user.stop, err) < 0)
		return -1;
	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return fail_sys(confining, "look at", err);
	confining->count++;
	if (S_ISDIR(st.st_mode))
		return judge_dir(confining, at, name, err);
	if (S_ISLNK(st.st_mode))
		return judge_link(confining, at, name, err);
	if (S_ISREG(st.st_mode))
		return judge_file(confining, at, name, &st, err);
	return refuse(confining, fs_type_name(st.st_mode),
		": there may only be files, directories and links in it", err);
}

int fs_scratch_confine(struct fs_scratch *scratch, size_t *ret_count, struct err *err)
{
	struct confining confining = {
		.scratch = scratch,
		.born = scratch->entry.dir_mode & S_ISGID,
		.at = BUF_INIT,
	};
	CLEANUP_DIR DIR *dir = fd_list(scratch->made, ".");
	int rc = dir ? judge_entries(&confining, dir, err)
		     : err_sys(err, "open what was made for '%s'", scratch->target);

	if (rc == 0)
		rc = judge_names(&confining, err);
	if (rc == 0)
		*ret_count = confining.count;
	buf_release(&confining.at);
	arena_release(&confining.arena);
	return rc;
}
