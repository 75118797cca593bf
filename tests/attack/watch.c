/* SPDX-License-Identifier: MIT */
/* The attackers that wait for what the program does in a directory. */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attackers.h"
#include "files.h"
#include "world.h"

#define DIRS_MAX    16
#define NAMES_MAX   48
#define EVENTS_BITS 4  /* the last event of a name at which we strike: 1, 2, 4 or 8 */
#define STRIKES     2  /* at a name: its file, and what comes after it */
#define LINGER_US   80 /* between an event and a strike */

struct seen {
	int dirfd;
	char name[NAME_MAX + 1];
	unsigned events;
	unsigned strike_at;
	unsigned strikes;
};

struct dir {
	int fd;
	int watch;
};

struct watcher {
	struct attacker *attacker;
	int events; /* inotify */
	struct dir dirs[DIRS_MAX];
	size_t dir_count;
	struct seen names[NAMES_MAX];
	size_t count;
	unsigned lures; /* made so far: their names differ */
};

static void add_dir(struct watcher *watcher, int fd)
{
	const uint32_t events = IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_MOVED_FROM |
		IN_ATTRIB | IN_MODIFY | IN_CLOSE_WRITE | IN_CLOSE_NOWRITE | IN_OPEN;
	struct dir *dir = &watcher->dirs[watcher->dir_count];
	char path[64];

	if (fd < 0 || watcher->dir_count == DIRS_MAX)
		return;
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd); /* it fits */
	dir->fd = fd;
	dir->watch = inotify_add_watch(watcher->events, path, events);
	if (dir->watch < 0)
		give_up("watch a directory: %s", strerror(errno));
	watcher->dir_count++;
}

/* The directory: where the program is to make it, as soon as that is done. */
static void begin(struct watcher *watcher, struct attacker *attacker)
{
	int fd = open(attacker->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	watcher->attacker = attacker;
	watcher->events = inotify_init1(IN_CLOEXEC);
	if (watcher->events < 0)
		give_up("inotify: %s", strerror(errno));
	if (fd < 0)
		attacker_ready(attacker);
	while (fd < 0)
		fd = open(attacker->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	add_dir(watcher, fd);
	attacker_ready(attacker);
}

static struct seen *find_name(struct watcher *watcher, int dirfd, const char *name)
{
	struct attacker *attacker = watcher->attacker;
	struct seen *seen;

	for (size_t i = 0; i < watcher->count; i++)
		if (watcher->names[i].dirfd == dirfd &&
			strcmp(watcher->names[i].name, name) == 0)
			return &watcher->names[i];
	if (watcher->count == NAMES_MAX)
		return NULL;
	seen = &watcher->names[watcher->count++];
	(void)snprintf(seen->name, sizeof seen->name, "%s", name); /* NAME_MAX at most */
	seen->dirfd = dirfd;
	seen->events = 0;
	seen->strikes = 0;
	/* The first ones more often: some names have no more. */
	seen->strike_at = 1 +
		attacker_random(attacker, 1U << attacker_random(attacker, EVENTS_BITS));
	return seen;
}

/* Takes the place of `name`, whether something is there or not. */
static void strike(struct watcher *watcher, struct seen *seen)
{
	struct attacker *attacker = watcher->attacker;
	char lure[64];

	(void)snprintf(lure, sizeof lure, ".aside-%u-%u", attacker->number,
		watcher->lures++); /* it fits */
	if (lure_make(attacker, seen->dirfd, lure) < 0)
		return;
	if (attacker_random(attacker, 2))
		attacker_linger(attacker, LINGER_US);
	seen->strikes++;
	if (exchange_names(seen->dirfd, lure, seen->name) == 0) {
		attacker_struck(attacker);
		attacker_linger(attacker, LINGER_US);
		/* Half of them are taken back, so that some starts get further. */
		if (attacker_random(attacker, 2))
			(void)exchange_names(seen->dirfd, lure, seen->name);
	} else if (linkat(seen->dirfd, lure, seen->dirfd, seen->name, 0) == 0) {
		attacker_struck(attacker);
	}
}

static void take_event(
	struct watcher *watcher, int dirfd, const struct inotify_event *event)
{
	const char *name = event->name;
	struct seen *seen;

	if (strncmp(name, ".aside-", 7) == 0 ||
		fnmatch(watcher->attacker->word, name, 0) != 0)
		return;
	/* A directory that we may enter is watched, too. */
	if (event->mask & IN_ISDIR && event->mask & (IN_CREATE | IN_MOVED_TO))
		add_dir(watcher,
			openat(dirfd, name,
				O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
	seen = find_name(watcher, dirfd, name);
	if (!seen || seen->strikes == STRIKES)
		return;
	if (++seen->events % seen->strike_at == 0)
		strike(watcher, seen);
}

static void read_name(
	struct watcher *watcher, int dirfd, const struct inotify_event *event)
{
	char data[8192];
	ssize_t size = read_file(dirfd, event->name, data, sizeof data);

	if (size < 0)
		return;
	attacker_struck(watcher->attacker);
	if (memmem(data, (size_t)size, INSIDE, strlen(INSIDE)))
		atomic_fetch_add(&watcher->attacker->shared->reads, 1);
}

typedef void take_fn(struct watcher *, int dirfd, const struct inotify_event *);

static void take_one(
	struct watcher *watcher, const struct inotify_event *event, take_fn *take)
{
	for (size_t i = 0; i < watcher->dir_count && event->len; i++) {
		if (watcher->dirs[i].watch == event->wd) {
			take(watcher, watcher->dirs[i].fd, event);
			return;
		}
	}
}

static _Noreturn void take_events(struct watcher *watcher, take_fn *take)
{
	_Alignas(struct inotify_event) char events[4096];
	ssize_t size;

	while ((size = read(watcher->events, events, sizeof events)) > 0) {
		const char *at = events;

		while (at < events + size) {
			const struct inotify_event *event =
				(const struct inotify_event *)(const void *)at;

			take_one(watcher, event, take);
			at += sizeof *event + event->len;
		}
	}
	give_up("read events: %s", strerror(errno));
}

_Noreturn void watch(struct attacker *attacker)
{
	static struct watcher watcher;

	begin(&watcher, attacker);
	take_events(&watcher, take_event);
}

_Noreturn void read_all(struct attacker *attacker)
{
	static struct watcher watcher;

	begin(&watcher, attacker);
	take_events(&watcher, read_name);
}
