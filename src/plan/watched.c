/* SPDX-License-Identifier: MIT */
/* What a run reads, watched for changes. */
#include "plan/watched.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/fs_system.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "proc/sources.h"

#define LINKS_MAX 40 /* as the kernel's */
#define ITSELF    (IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)
#define CHANGES \
	(IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | \
		IN_ATTRIB | ITSELF)

/* A directory that is watched. */
struct watch_path {
	int watch;
	char path[];
};

int watched_begin(struct watched *watched, int fd, struct sources *sources,
	struct arena *arena, const struct log *log, struct err *err)
{
	watched->paths = (struct table){.arena = arena};
	watched->fd = fd >= 0 ? fd : inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	watched->sources = sources;
	watched->log = log;
	watched->again = fd >= 0;
	watched->read_since = NULL;
	watched->given[0] = '\0';
	watched->last[0] = '\0';
	watched->last_watch = -1;
	if (watched->fd < 0)
		return err_sys(err, "inotify (fs.inotify.max_user_instances?)");
	sources_begin(sources);
	return 0;
}

void watched_again(struct watched *watched)
{
	watched->again = true;
	watched->given[0] = '\0';
	watched->last[0] = '\0';
}

const char *watched_path(const struct watched *watched, int watch)
{
	const struct watch_path *known =
		table_get(&watched->paths, (const char *)&watch, sizeof watch);

	return known ? known->path : NULL;
}

static void keep_path(struct watched *watched, int watch, const char *directory)
{
	const char *known = watched_path(watched, watch);
	size_t size = strlen(directory) + 1;
	struct watch_path *kept;

	if (known && str_equal(known, directory))
		return;
	kept = arena_alloc(watched->paths.arena, sizeof *kept + size);
	kept->watch = watch;
	memcpy(kept->path, directory, size);
	table_put(&watched->paths, (const char *)&kept->watch, sizeof kept->watch, kept);
}

/* Where others may change what lies there. */
static bool is_remote(const char *directory)
{
	const struct fs_system *system;
	struct statfs fs;

	if (statfs(directory, &fs) < 0)
		return false;
	system = fs_system_of((unsigned long)fs.f_type);
	return system &&
		(system->class == FS_SYSTEM_NETWORK || system->class == FS_SYSTEM_EITHER);
}

static void warn(const struct watched *watched, bool *warned, const char *text,
	const char *directory)
{
	if (*warned)
		return;
	*warned = true;
	log_warn(watched->log, "[app] reload: '%s' %s", directory, text);
}

/* Watches a directory: its number, or -1. */
static int watch(struct watched *watched, const char *directory)
{
	if (str_equal(watched->last, directory))
		return watched->last_watch;
	watched->last_watch = inotify_add_watch(watched->fd, directory, CHANGES);
	(void)snprintf(watched->last, sizeof watched->last, "%s", directory);
	if (watched->last_watch >= 0)
		keep_path(watched, watched->last_watch, directory);
	if (watched->last_watch < 0 && errno != ENOENT && errno != ENOTDIR)
		warn(watched, &watched->warned_full,
			"and others cannot be watched (fs.inotify.max_user_watches?): "
			"changes there are not seen",
			directory);
	else if (!watched->again && !watched->warned_remote && is_remote(directory))
		warn(watched, &watched->warned_remote,
			"is on a file system of the network or of FUSE: what others "
			"change there is not seen",
			directory);
	return watched->last_watch;
}

/*
 * Watches a directory on the way for its own end alone: in the one above it, as /tmp, and
 * in itself others may be busy. Returns whether it is a directory that can be watched.
 */
static bool watch_itself(struct watched *watched, const char *directory)
{
	int watch = inotify_add_watch(
		watched->fd, directory, ITSELF | IN_DONT_FOLLOW | IN_MASK_ADD);

	if (watch >= 0)
		keep_path(watched, watch, directory);
	return watch >= 0;
}

/* `name` NULL: all of the directory. */
static void note(struct watched *watched, const char *directory, const char *name)
{
	int number = watch(watched, *directory ? directory : "/");

	if (number >= 0)
		sources_add(watched->sources, number, name);
}

/* A path that is walked, by hand: each link on it is of interest. */
struct way {
	struct watched *watched;
	char at[PATH_MAX]; /* where we are, without a link; "" : "/" */
	char rest[2 * PATH_MAX];
	int links;
	bool all;    /* of the directory that it leads to */
	bool listed; /* whose entries are of interest */
};

/* Goes on with what the link at the end of `full` says, if that is possible. */
static bool follow(struct way *way, const char *full, const char *behind)
{
	char target[PATH_MAX];
	char rest[sizeof way->rest];
	ssize_t size = readlink(full, target, sizeof target - 1);

	if (size <= 0 || ++way->links > LINKS_MAX)
		return false;
	target[size] = '\0';
	if (*target == '/')
		way->at[0] = '\0';
	if ((size_t)snprintf(rest, sizeof rest, "%s/%s", target, behind) >= sizeof rest)
		return false;
	memcpy(way->rest, rest, strlen(rest) + 1);
	return true;
}

/* It is mounted by itself: its directory says nothing of it. */
static void warn_of_mount(struct watched *watched, const char *path)
{
	if (watched->again || str_equal(watched->mounted, path) || !fs_is_mounted(path))
		return;
	/* A step may name it several times. */
	(void)snprintf(watched->mounted, sizeof watched->mounted, "%s", path);
	log_warn(watched->log,
		"[app] reload: '%s' is mounted by itself (as by subPath): a change of it "
		"is not seen; mount its directory",
		path);
}

/*
 * Of what is watched now: did it change when it may have been read already? On the way a
 * directory's entries do not matter, which its mtime is of; an exchange is its ctime.
 */
static void compare(struct watched *watched, const struct stat *st, bool on_the_way)
{
	const struct timespec *changed = &st->st_ctim, *entries = &st->st_mtim;

	if (!watched->read_since || !clock_file_since(changed, watched->read_since) ||
		(on_the_way && S_ISDIR(st->st_mode) &&
			changed->tv_sec == entries->tv_sec &&
			changed->tv_nsec == entries->tv_nsec))
		return;
	watched->changed = true;
}

/* One component. Returns whether the walk goes on. */
static bool step(struct way *way, const char *name, const char *behind)
{
	bool on_the_way = *behind || way->all;
	char full[PATH_MAX];
	struct stat st;

	if (str_equal(name, "..")) {
		char *slash = strrchr(way->at, '/');

		if (slash)
			*slash = '\0';
		return true;
	}
	if ((size_t)snprintf(full, sizeof full, "%s/%s", way->at, name) >= sizeof full)
		return false;
	/* It may be exchanged, whatever it is, and from here on that is an event. */
	if (!on_the_way || !watch_itself(way->watched, full))
		note(way->watched, way->at, name);
	if (lstat(full, &st) < 0) {
		if (stat(*way->at ? way->at : "/", &st) == 0)
			compare(way->watched, &st, false);
		return false;
	}
	compare(way->watched, &st, *behind || !way->listed);
	if (S_ISLNK(st.st_mode))
		return follow(way, full, behind);
	if (!on_the_way || (!*behind && !S_ISDIR(st.st_mode))) {
		if (S_ISREG(st.st_mode))
			warn_of_mount(way->watched, full);
		return false;
	}
	memcpy(way->at, full, strlen(full) + 1);
	return true;
}

static bool is_there(const char *name)
{
	return !*name || str_equal(name, ".");
}

/* Walks to the end, or to where the rest is missing. Returns whether it came there. */
static bool walk(struct way *way)
{
	char name[NAME_MAX + 1];

	while (*way->rest) {
		size_t size = strcspn(way->rest, "/");
		size_t behind = size + strspn(way->rest + size, "/");

		if (size > NAME_MAX)
			return false;
		memcpy(name, way->rest, size);
		name[size] = '\0';
		memmove(way->rest, way->rest + behind, strlen(way->rest + behind) + 1);
		if (!is_there(name)) {
			char rest[sizeof way->rest];

			memcpy(rest, way->rest, strlen(way->rest) + 1);
			if (!step(way, name, rest))
				return false;
		}
	}
	return true;
}

void watched_file(struct watched *watched, const char *path)
{
	const char *name = path_base(path);
	size_t size = (size_t)(name - path);
	struct way way = {.watched = watched, .all = true};

	if (size >= sizeof watched->given || strlen(name) > NAME_MAX)
		return; /* no file has such a path */
	/* Most files are in the directory of the one before: it is walked to once. */
	if (strncmp(watched->given, path, size) != 0 || watched->given[size]) {
		memcpy(way.rest, path, size);
		way.rest[size] = '\0';
		memcpy(watched->given, way.rest, size + 1);
		if (!walk(&way)) {
			watched->given[0] = '\0';
			return;
		}
		memcpy(watched->found, way.at, strlen(way.at) + 1);
	}
	way = (struct way){.watched = watched};
	memcpy(way.at, watched->found, strlen(watched->found) + 1);
	memcpy(way.rest, name, strlen(name) + 1);
	(void)walk(&way); /* what is missing is watched for, too */
}

void watched_directory(struct watched *watched, const char *path)
{
	struct way way = {.watched = watched, .all = true, .listed = true};

	if (strlen(path) >= sizeof way.at)
		return; /* no file has such a path */
	memcpy(way.rest, path, strlen(path) + 1);
	if (walk(&way))
		note(watched, way.at, NULL);
}

/* As proc(5) has it: a line for each watch, its number in hexadecimal. */
#define WATCH_LINE     "inotify wd:"
#define WATCHES_LENGTH (64 * 1024 * 1024)

void watched_prune(const struct watched *watched)
{
	CLEANUP_BUF struct buf info = BUF_INIT;
	char path[64];
	const char *line;

	(void)snprintf(path, sizeof path, "/proc/self/fdinfo/%d", watched->fd);
	CLEANUP_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fd_read_all(fd, WATCHES_LENGTH, &info) < 0)
		return;
	for (line = info.data; line; line = strchr(line, '\n')) {
		int number;

		line += *line == '\n';
		if (!str_starts(line, WATCH_LINE))
			continue;
		number = (int)strtol(line + strlen(WATCH_LINE), NULL, 16);
		if (!watched_path(watched, number)) /* it fails if that ended meanwhile */
			(void)inotify_rm_watch(watched->fd, number);
	}
}
