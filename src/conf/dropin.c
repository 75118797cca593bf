/* SPDX-License-Identifier: MIT */
/* Finding and reading drop-ins. */
#include "conf/dropin.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/path.h"
#include "base/str.h"
#include "conf/writable.h"

/* Lists in the making, with what a comparison needs. */
struct candidate {
	struct dropin dropin;
	const char *base;
	size_t position; /* later ones win */
};

struct search {
	struct arena *arena;
	const struct log *log;
	struct candidate *list;
	size_t count;
};

static int add(
	struct search *search, const char *path, struct dropin dropin, struct err *err)
{
	if (search->count == DROPINS_MAX)
		return err_config(err, "'%s' is one drop-in too many: %d are the most",
			path, DROPINS_MAX);
	for (size_t i = 0; i < search->count; i++)
		if (str_equal(search->list[i].dropin.path, path))
			return 0;
	dropin.path = path;
	search->list = mem_grow(search->list, search->count, sizeof *search->list);
	search->list[search->count] = (struct candidate){
		.dropin = dropin,
		.base = path_base(path),
		.position = search->count,
	};
	search->count++;
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
		return add_directory(search, path,
			writable_warn_dir(search->log, path, &st, true), err);
	if (S_ISREG(st.st_mode)) {
		dir = path_dir(search->arena, path);
		dropin.warned = stat(dir, &st) == 0 &&
			writable_warn_dir(search->log, dir, &st, false);
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
	const struct candidate *left = a, *right = b;
	int order = strcmp(left->base, right->base);

	if (order == 0)
		order = (left->position > right->position) -
			(left->position < right->position);
	return order;
}

/* Is there one of the same base name in a later directory? The list is sorted. */
static const struct candidate *replacement(const struct search *search, size_t i)
{
	const struct candidate *last = NULL;

	if (!search->list[i].dropin.from_directory)
		return NULL;
	for (size_t k = i + 1; k < search->count; k++) {
		if (!str_equal(search->list[k].base, search->list[i].base))
			break;
		if (search->list[k].dropin.from_directory)
			last = &search->list[k];
	}
	return last;
}

int dropins_find(const char *const *paths, bool must_exist, struct arena *arena,
	const struct log *log, struct dropins *ret, struct err *err)
{
	struct search search = {.arena = arena, .log = log};
	struct dropins dropins = {0};
	int result = 0;

	for (; *paths && result == 0; paths++)
		result = add_path(&search, *paths, must_exist, err);
	if (result == 0 && search.count > 0) {
		qsort(search.list, search.count, sizeof *search.list, by_base);
		dropins.list = mem_zalloc(search.count * sizeof *dropins.list);
	}
	for (size_t i = 0; result == 0 && i < search.count; i++) {
		const struct candidate *other = replacement(&search, i);

		if (!other)
			dropins.list[dropins.count++] = search.list[i].dropin;
		else if (log)
			log_info(log, "'%s' is replaced by '%s'",
				search.list[i].dropin.path, other->dropin.path);
	}
	free(search.list);
	if (result == 0)
		*ret = dropins;
	return result;
}

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
	if (!dropin->warned)
		writable_warn_file(log, dropin->path, fd, &st);
	if (fd_read_all(fd, limit, ret) < 0)
		return errno == EFBIG
			? err_config(err,
				  "larger than 1 MiB, the most that a drop-in may be")
			: err_sys(err, "read '%s'", dropin->path);
	return dropin->from_directory && ret->len == before ? 1 : 0;
}
