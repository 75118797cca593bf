/* SPDX-License-Identifier: MIT */
/* Which changes of files matter. */
#include "proc/sources.h"

#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/fs.h"
#include "base/hash.h"

#define FULL (SOURCES_SLOTS / 4 * 3)

/* Two that are alike cost a run that changes nothing. */
static uint64_t key_in(uint64_t directory, const char *name)
{
	uint64_t key = hash_add(directory, name, strlen(name));

	return key ? key : 1;
}

static uint64_t key_of(int watch, const char *name)
{
	return key_in(hash_add(HASH_BEGIN, &watch, sizeof watch), name);
}

static uint64_t key_of_path(const char *path, const char *name)
{
	return key_in(hash_add(HASH_BEGIN, path, strlen(path) + 1), name);
}

static bool has(const struct source_set *set, uint64_t key)
{
	for (uint64_t i = key % SOURCES_SLOTS; set->keys[i]; i = (i + 1) % SOURCES_SLOTS)
		if (set->keys[i] == key)
			return true;
	return false;
}

static void add(struct source_set *set, uint64_t key)
{
	uint64_t i = key % SOURCES_SLOTS;

	if (set->all || has(set, key))
		return;
	if (set->count == FULL) {
		set->all = true;
		return;
	}
	while (set->keys[i])
		i = (i + 1) % SOURCES_SLOTS;
	set->keys[i] = key;
	set->count++;
}

static struct source_set *next_set(struct sources *sources)
{
	return &sources->sets[!sources->current];
}

void sources_begin(struct sources *sources)
{
	struct source_set *set = next_set(sources);

	if (set->count || set->all)
		memset(set, 0, sizeof *set);
}

/* No file has this name. */
#define ANY_NAME "/"

void sources_add(struct sources *sources, int watch, const char *name)
{
	add(next_set(sources), key_of(watch, name ? name : ANY_NAME));
}

void sources_end(struct sources *sources, bool whole)
{
	const struct source_set *before = &sources->sets[sources->current];
	struct source_set *set = next_set(sources);

	for (unsigned i = 0; i < SOURCES_SLOTS && !whole && before->count; i++)
		if (before->keys[i])
			add(set, before->keys[i]);
	if (!whole && before->all)
		set->all = true;
	sources->current = !sources->current;
}

void sources_forget_paths(struct sources *sources)
{
	sources->paths_size = 0;
}

void sources_keep_path(struct sources *sources, const char *path, bool directory)
{
	size_t size = strlen(path) + 1;
	char *to = sources->paths + sources->paths_size;

	if (size >= sizeof sources->paths - sources->paths_size)
		return;
	*to = directory;
	memcpy(to + 1, path, size);
	sources->paths_size += (uint32_t)size + 1;
}

const char *sources_next_path(
	const struct sources *sources, const char *path, bool *ret_directory)
{
	const char *next = path ? path + strlen(path) + 1 : sources->paths;

	if (next == sources->paths + sources->paths_size)
		return NULL;
	*ret_directory = *next;
	return next + 1;
}

void sources_set_due(struct sources *sources)
{
	sources->due = true;
}

bool sources_are_due(const struct sources *sources)
{
	return sources->due || sources->due_by_exec;
}

bool sources_take_due(struct sources *sources)
{
	bool due = sources->due;

	sources->due = false;
	return due;
}

static bool matters(const struct source_set *set, int watch, const char *name)
{
	return set->all || !*name || has(set, key_of(watch, name)) ||
		has(set, key_of(watch, ANY_NAME));
}

bool sources_matter(const struct sources *sources, int watch, const char *name)
{
	return matters(&sources->sets[sources->current], watch, name);
}

bool sources_may_matter(const struct sources *sources, int watch, const char *name)
{
	return matters(&sources->sets[0], watch, name) ||
		matters(&sources->sets[1], watch, name);
}

bool sources_read(int inotify_fd,
	void (*heard)(void *user, const struct inotify_event *event), void *user)
{
	_Alignas(struct inotify_event) char block[4096];
	bool dropped = false;
	ssize_t size;

	for (int left = fd_available(inotify_fd);
		left > 0 && (size = read(inotify_fd, block, sizeof block)) > 0;
		left -= (int)size)
		for (ssize_t at = 0; at < size;) {
			const struct inotify_event *event = (const void *)(block + at);

			/* What follows the end of a directory was said before. */
			if (event->mask & IN_Q_OVERFLOW)
				dropped = true;
			else if (!(event->mask & IN_IGNORED) &&
				!(event->len && fs_is_temporary(event->name)))
				heard(user, event);
			at += (ssize_t)(sizeof *event + event->len);
		}
	return dropped;
}

enum sources_written sources_note_written(
	struct sources *sources, int watch, const char *path, const char *name)
{
	const struct source_set *sets = sources->sets;
	struct source_set *written = &sources->written;
	uint64_t key = key_of(watch, name);
	uint64_t written_key = path ? key_of_path(path, name) : key;

	if (!sources_may_matter(sources, watch, name))
		return SOURCES_UNRELATED;
	if (has(written, written_key))
		return SOURCES_OWN;
	if (sources->by_exec && !has(&sets[0], key) && !has(&sets[1], key))
		return SOURCES_OWN_NAME;
	if (written->count == FULL) /* costs a run */
		memset(written, 0, sizeof *written);
	add(written, written_key);
	sources->due_by_exec = true;
	return SOURCES_CHANGED;
}

void sources_note_dropped(struct sources *sources)
{
	sources->due_by_exec |= !sources->by_exec;
}

void sources_set_cause(struct sources *sources, bool by_exec)
{
	sources->by_exec = by_exec;
	sources->due_by_exec = false;
}
