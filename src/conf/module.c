/* SPDX-License-Identifier: MIT */
/* Finding modules. */
#include "conf/module.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/listed.h"
#include "base/log.h"
#include "base/path.h"
#include "base/str.h"
#include "conf/dropin.h"

#define DISABLED ".disabled"
#define LEVELS   2
#define NAMED    5 /* before the rest is counted */

struct search {
	struct arena *arena;
	const struct log *log;
	struct modules found;
};

/* A directory that is searched. */
struct place_below {
	const char *path; /* absolute */
	const char *name; /* below the top; "" for the top itself */
	int level;        /* 0: the top */
	bool warned;
};

static int raise_unreadable(const char *path, struct err *err)
{
	if (errno == EACCES)
		return err_config(err,
			"the directory '%s', in which modules are looked for, is not "
			"readable for us (%u:%u)",
			path, geteuid(), getegid());
	return err_sys(err, "open directory '%s'", path);
}

/* Returns 1, 0, or -1. A link that leads nowhere is there. */
static int has(int dirfd, const char *name, const char *path, struct err *err)
{
	struct stat st;

	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return 1;
	return errno == ENOENT ? 0 : err_sys(err, "look at '%s/%s'", path, name);
}

bool module_has(const struct module *module, const char *path)
{
	CLEANUP_BUF struct buf whole = BUF_INIT;
	struct stat st;

	buf_printf(&whole, "%s/%s", module->path, path);
	return lstat(whole.data, &st) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

/* ---- finding ---- */

static int search_entries(
	struct search *search, const struct place_below *above, int fd, struct err *err);

/* Warns once, and not again of what lies below. */
static bool warn(const struct search *search, const char *path, int fd, bool warned)
{
	struct stat st;

	return warned ||
		(fstat(fd, &st) == 0 && dropin_warn_directory(search->log, path, &st));
}

/* Returns 1 where it is disabled, 0, or -1. */
static int add_module(
	struct search *search, const struct place_below *place, int fd, struct err *err)
{
	struct modules *found = &search->found;
	int disabled = has(fd, DISABLED, place->path, err);
	int ini = disabled ? 0 : has(fd, MODULE_INI, place->path, err);
	int manifest =
		disabled || ini < 0 ? 0 : has(fd, MODULE_MANIFEST, place->path, err);

	if (disabled < 0 || ini < 0 || manifest < 0)
		return -1;
	if (disabled)
		list_add(&found->disabled, search->arena, place->name,
			strlen(place->name));
	if (disabled)
		log_debug(search->log, "module '%s' is disabled by '%s/" DISABLED "'",
			place->name, place->path);
	if (!ini && !manifest)
		return disabled;
	found->list = arena_array_grow(
		search->arena, found->list, found->count, sizeof *found->list);
	found->list[found->count++] = (struct module){
		.name = place->name,
		.path = place->path,
		.ini = ini,
		.manifest = manifest,
		.warned = warn(search, place->path, fd, place->warned),
	};
	return 0;
}

static int search_entry(struct search *search, const struct place_below *above,
	int above_fd, const char *name, struct err *err)
{
	struct place_below place = {
		.path = arena_printf(search->arena, "%s/%s", above->path, name),
		.name = above->level == 0
			? arena_strdup(search->arena, name)
			: arena_printf(search->arena, "%s/%s", above->name, name),
		.level = above->level + 1,
	};
	CLEANUP_FD int fd =
		openat(above_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
	int rc;

	if (fd < 0 && (errno == ENOTDIR || errno == ENOENT || errno == ELOOP))
		return 0;
	if (fd < 0)
		return raise_unreadable(place.path, err);
	place.warned = above->warned;
	if (place.level < LEVELS)
		place.warned = warn(search, place.path, fd, above->warned);
	rc = add_module(search, &place, fd, err);
	if (rc != 0 || place.level == LEVELS)
		return rc < 0 ? -1 : 0;
	return search_entries(search, &place, steal_fd(&fd), err);
}

/* The descriptor is closed. */
static int search_entries(
	struct search *search, const struct place_below *above, int fd, struct err *err)
{
	CLEANUP_FD int own = fd;
	CLEANUP_DIR DIR *dir = fdopendir(own);
	const struct dirent *entry;

	if (!dir)
		return raise_unreadable(above->path, err);
	(void)steal_fd(&own); /* the stream's */
	while ((entry = fd_next(dir))) {
		bool may_be = entry->d_type == DT_DIR || entry->d_type == DT_LNK ||
			entry->d_type == DT_UNKNOWN;

		if (entry->d_name[0] == '.' || !may_be ||
			str_equal(entry->d_name, "lost+found"))
			continue;
		if (search_entry(search, above, dirfd(dir), entry->d_name, err) < 0)
			return -1;
	}
	return errno ? err_sys(err, "read directory '%s'", above->path) : 0;
}

/* The path without "..", which messages need not have, unless that is another place. */
static const char *without_up(const struct search *search, const char *path)
{
	CLEANUP_BUF struct buf plain = BUF_INIT;
	struct stat asked, found;

	if (!path_leads_up(path) || stat(path, &asked) < 0)
		return path;
	if (*path == '/')
		buf_putc(&plain, '/');
	path_add_plain(&plain, path);
	if (plain.len > 1)
		buf_truncate(&plain, plain.len - 1); /* the last slash */
	return plain.len && stat(plain.data, &found) == 0 &&
			found.st_dev == asked.st_dev && found.st_ino == asked.st_ino
		? arena_memdup(search->arena, plain.data, plain.len)
		: path;
}

/* Most of the time another directory was meant. Where it may be missing, it may be empty,
 * too. */
static int add_empty(
	struct search *search, const char *path, int fd, bool may_miss, struct err *err)
{
	struct list *empty = &search->found.empty;
	int ini = has(fd, MODULE_INI, path, err);
	int manifest = ini ? 0 : has(fd, MODULE_MANIFEST, path, err);
	const char *text;

	if (ini < 0 || manifest < 0)
		return -1;
	if (ini || manifest)
		text = arena_printf(search->arena,
			"no module in '%s', which is one itself: name the directory "
			"above it",
			path);
	else if (!may_miss)
		text = arena_printf(search->arena,
			"no module in '%s': a module is a directory one or two levels "
			"below it with a " MODULE_INI " or a " MODULE_MANIFEST
			"; a '-' in front makes them optional",
			path);
	else
		return 0;
	list_add(empty, search->arena, text, strlen(text));
	return 0;
}

static int search_top(struct search *search, const char *directory, struct err *err)
{
	bool may_miss = read_path_is_optional(directory);
	size_t before = search->found.count + search->found.disabled.count;
	struct place_below place = {
		.path = without_up(search, read_path_name(directory)), .name = ""};
	CLEANUP_FD int fd =
		open(place.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
	int below;

	if (fd < 0 && errno == ENOENT)
		return may_miss ? 0
				: err_config(err,
					  "there is no directory '%s'; a '-' in front "
					  "makes it optional",
					  place.path);
	if (fd < 0 && errno == ENOTDIR)
		return err_config(err, "'%s' is no directory", place.path);
	if (fd < 0)
		return raise_unreadable(place.path, err);
	place.warned = warn(search, place.path, fd, false);
	below = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (below < 0)
		return err_sys(err, "open directory '%s'", place.path);
	if (search_entries(search, &place, below, err) < 0)
		return -1;
	return search->found.count + search->found.disabled.count > before
		? 0
		: add_empty(search, place.path, fd, may_miss, err);
}

static int by_name(const void *a, const void *b)
{
	const struct module *left = a, *right = b;

	return strcmp(left->name, right->name);
}

int modules_find(const char *const *directories, struct arena *arena,
	const struct log *log, struct modules *ret, struct err *err)
{
	struct search search = {.arena = arena, .log = log};
	bool failed = false;

	for (; directories && *directories; directories++) {
		DECLARE_ERR(why);

		if (search_top(&search, *directories, &why) == 0)
			continue;
		if (!failed || why.kind != ERR_CONFIG)
			*err = why;
		else
			err_append(err, "; %s", why.text);
		if (why.kind != ERR_CONFIG)
			return -1;
		failed = true;
	}
	if (failed)
		return -1;
	if (search.found.count)
		qsort(search.found.list, search.found.count, sizeof *search.found.list,
			by_name);
	*ret = search.found;
	return 0;
}

bool modules_disabled(const struct list *disabled, const char *section)
{
	for (size_t i = 0; disabled && i < disabled->count; i++) {
		size_t size = strlen(disabled->items[i]);

		if (strncmp(section, disabled->items[i], size) == 0 &&
			section[size] == '/')
			return true;
	}
	return false;
}

void modules_blame(const struct list *disabled, struct buf *ret)
{
	if (!disabled->count)
		return;
	buf_printf(ret, "; the disabled module%s ", disabled->count == 1 ? "" : "s");
	for (size_t i = 0; i < disabled->count; i++)
		listed_add(ret, i, disabled->count, NAMED, "'%s'", disabled->items[i]);
	buf_puts(ret, " may have brought it: declare it in a drop-in, too");
}
