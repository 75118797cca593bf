/* SPDX-License-Identifier: MIT */
/* Finding and reading drop-ins. */
#include "conf/dropin.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/path.h"
#include "base/str.h"

#define OTHERS ((mode_t)(S_IWGRP | S_IWOTH))

struct search {
	struct arena *arena;
	const struct log *log;
	struct dropins found;
};

/* ---- what others can write ---- */

static bool is_read_only(const char *path)
{
	struct statvfs vfs;

	return statvfs(path, &vfs) == 0 && (vfs.f_flag & ST_RDONLY);
}

/*
 * As root we do what drop-ins say. Warns where another user than root and us can write
 * the file, or exchange one in the directory; `open`: which of the others' permissions
 * would do. Returns whether it warned.
 */
static bool warn_writable(const struct log *log, const char *path, const struct stat *st,
	mode_t open, const char *what)
{
	CLEANUP_BUF struct buf who = BUF_INIT;
	struct fs fs = FS_INIT;

	fs_begin(&fs);
	if (!fs_is_trusted(&fs, st->st_uid))
		buf_printf(&who, "user %u", st->st_uid);
	else if (st->st_mode & open & S_IWOTH)
		buf_puts(&who, "everybody");
	else if (st->st_mode & open & S_IWGRP)
		buf_printf(&who, "group %u", st->st_gid);
	if (!who.len || !log || !fs.guarded || is_read_only(path))
		return false;
	log_warn(log,
		"'%s' (%u:%u, %04o) can be %s by %s, and what it says is done as root; "
		"give it to root and take the others' write permission away",
		path, st->st_uid, st->st_gid, (unsigned)(st->st_mode & 07777), what,
		who.data);
	return true;
}

bool dropin_warn_directory(const struct log *log, const char *path, const struct stat *st)
{
	return warn_writable(log, path, st, OTHERS, "changed");
}

/* ---- finding ---- */

static int add(
	struct search *search, const char *path, struct dropin dropin, struct err *err)
{
	struct dropins *found = &search->found;

	if (found->count == DROPINS_MAX)
		return err_config(err, "'%s' is one drop-in too many: %d are the most",
			path, DROPINS_MAX);
	for (size_t i = 0; i < found->count; i++)
		if (str_equal(found->list[i].path, path))
			return 0;
	dropin.path = path;
	dropin.position = found->count;
	found->list = arena_array_grow(
		search->arena, found->list, found->count, sizeof *found->list);
	found->list[found->count++] = dropin;
	return 0;
}

static int add_directory(
	struct search *search, const char *path, bool warned, struct err *err)
{
	CLEANUP_DIR DIR *dir = opendir(path);
	struct dirent *entry;

	if (!dir && errno == EACCES)
		return err_config(err,
			"the directory '%s' is not readable for us (%u:%u)", path,
			geteuid(), getegid());
	if (!dir)
		return err_sys(err, "open directory '%s'", path);
	while ((errno = 0, entry = readdir(dir))) {
		const char *name = entry->d_name;

		if (name[0] == '.' || !str_ends(name, ".ini"))
			continue;
		if (add(search, path_join(search->arena, path, name),
			    (struct dropin){.from_directory = true, .warned = warned},
			    err) < 0)
			return -1;
	}
	if (errno != 0)
		return err_sys(err, "read directory '%s'", path);
	return 0;
}

static int add_path(
	struct search *search, const char *path, bool must_exist, struct err *err)
{
	struct dropin dropin = {0};
	const char *dir;
	struct stat st;

	if (stat(path, &st) < 0) {
		if (errno != ENOENT && errno != ENOTDIR)
			return err_sys(err, "look at '%s'", path);
		if (!must_exist)
			return 0;
		return err_config(err, "there is no configuration '%s'%s", path,
			strchr(path, ':') ? "; for several, repeat the option" : "");
	}
	if (S_ISDIR(st.st_mode))
		return add_directory(
			search, path, dropin_warn_directory(search->log, path, &st), err);
	if (S_ISREG(st.st_mode)) {
		dir = path_dir(search->arena, path);
		/* With the sticky bit others can add names, and exchange none. */
		dropin.warned = stat(dir, &st) == 0 &&
			warn_writable(search->log, dir, &st,
				st.st_mode & S_ISVTX ? 0 : OTHERS, "changed");
	}
	return add(search, path_join(search->arena, ".", path), dropin, err);
}

bool dropins_absent(const char *const *paths)
{
	struct stat st;

	for (; *paths; paths++)
		if (stat(*paths, &st) == 0 || (errno != ENOENT && errno != ENOTDIR))
			return false;
	return true;
}

static int by_base(const void *a, const void *b)
{
	const struct dropin *left = a, *right = b;
	int order = strcmp(path_base(left->path), path_base(right->path));

	if (order == 0)
		order = (left->position > right->position) -
			(left->position < right->position);
	return order;
}

/* The last of the same base name in a later directory, or NULL. The list is sorted. */
static const struct dropin *replacement(const struct dropins *found, size_t i)
{
	const char *base = path_base(found->list[i].path);
	const struct dropin *last = NULL;

	if (!found->list[i].from_directory)
		return NULL;
	for (size_t k = i + 1; k < found->count; k++) {
		if (!str_equal(path_base(found->list[k].path), base))
			break;
		if (found->list[k].from_directory)
			last = &found->list[k];
	}
	return last;
}

int dropins_find(const char *const *paths, bool must_exist, struct arena *arena,
	const struct log *log, struct dropins *ret, struct err *err)
{
	struct search search = {.arena = arena, .log = log};
	struct dropins *found = &search.found;
	size_t count = 0;

	for (; *paths; paths++)
		if (add_path(&search, *paths, must_exist, err) < 0)
			return -1;
	if (found->count)
		qsort(found->list, found->count, sizeof *found->list, by_base);
	for (size_t i = 0; i < found->count; i++) {
		const struct dropin *other = replacement(found, i);

		if (!other)
			found->list[count++] = found->list[i];
		else if (log)
			log_info(log, "'%s' is replaced by '%s'", found->list[i].path,
				other->path);
	}
	*ret = (struct dropins){.list = found->list, .count = count};
	return 0;
}

/* ---- reading ---- */

/* What no retry mends is an error of the configuration, and listed with all others. */
static int raise_open(const struct dropin *dropin, struct err *err)
{
	switch (errno) {
	case ENOENT:
	case ELOOP:
		return err_config(err,
			"a link that leads nowhere; to mask a drop-in, link "
			"it to /dev/null");
	case EACCES:
		return err_config(
			err, "not readable for us (%u:%u)", geteuid(), getegid());
	default:
		return err_sys(err, "open '%s'", dropin->path);
	}
}

int dropin_read(const struct dropin *dropin, size_t limit, const struct log *log,
	struct buf *ret, struct err *err)
{
	/* A pipe in a directory must not hold us up; one that was given is read. */
	int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY |
		(dropin->from_directory ? O_NONBLOCK : 0);
	CLEANUP_FD int fd = open(dropin->path, flags);
	size_t before = ret->len;
	struct stat st;
	bool masks;

	if (fd < 0)
		return raise_open(dropin, err);
	if (fstat(fd, &st) < 0)
		return err_sys(err, "look at '%s'", dropin->path);
	masks = S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3); /* /dev/null */
	if (dropin->from_directory && !S_ISREG(st.st_mode) && !masks)
		return err_config(
			err, "this is a %s, not a file", fs_type_name(st.st_mode));
	if (!dropin->warned && S_ISREG(st.st_mode))
		(void)warn_writable(
			log, dropin->path, &st, OTHERS, "written"); /* or not */
	if (fd_read_file(fd, st.st_size, limit, ret) < 0)
		return errno == EFBIG
			? err_config(err,
				  "larger than 16 MiB, the most that a drop-in may be")
			: err_sys(err, "read '%s'", dropin->path);
	return dropin->from_directory && ret->len == before ? 1 : 0;
}
