/* SPDX-License-Identifier: MIT */
/*
 * Which changes of files matter: names in directories that an inotify(7) descriptor
 * watches, in memory that parent and worker share. Each run of the worker makes a set of
 * its own, which counts once the run has ended.
 *
 *	sources_begin → sources_add… → sources_end	the worker, in each run
 *	sources_matter					the parent, between two runs
 *
 * A watch ends with its directory. So the paths of the last whole run are kept, too, for
 * the next one to watch before anything else: it may end before it has come to them.
 */
#ifndef PROC_SOURCES_H
#define PROC_SOURCES_H

#include <stdbool.h>
#include <stdint.h>

struct inotify_event;

#define SOURCES_SLOTS 8192 /* with more than three quarters of them, all matters */

struct source_set {
	uint32_t count;
	bool all;
	uint64_t keys[SOURCES_SLOTS]; /* a hash of descriptor and name; 0: free */
};

#define SOURCES_PATHS_SIZE (512 * 1024) /* those that do not fit are not kept */

/* All zero: nothing matters. */
struct sources {
	uint32_t current; /* of the two */
	bool due;
	bool due_by_exec; /* by what an exec wrote */
	bool by_exec;     /* the run at work, by nothing else */
	struct source_set sets[2];
	struct source_set written; /* by an exec, in this run and those before */
	uint32_t paths_size;
	char paths[SOURCES_PATHS_SIZE]; /* each behind a byte: is all of it read? */
};

void sources_begin(struct sources *sources);

/* `watch` is inotify's; `name` NULL: whatever changes in the directory. */
void sources_add(struct sources *sources, int watch, const char *name);

/* A run that was not `whole` has not come to all: what mattered before still does. */
void sources_end(struct sources *sources, bool whole);

/* Keeps the paths of a whole run, once those before are forgotten. */
void sources_forget_paths(struct sources *sources);
void sources_keep_path(struct sources *sources, const char *path, bool directory);

/* The first one (`path` NULL) or the next; NULL behind the last. */
const char *sources_next_path(
	const struct sources *sources, const char *path, bool *ret_directory);

/*
 * What a run has read may have changed before it was watched: another run is due, though
 * no event asks for it. Asked once, between two runs.
 */
void sources_set_due(struct sources *sources);
bool sources_are_due(const struct sources *sources);
bool sources_take_due(struct sources *sources);

/* Does it matter that `name` ("" : the directory itself) has changed? */
bool sources_matter(const struct sources *sources, int watch, const char *name);

/* The same while a run is at work, which may come to what the one before has read. */
bool sources_may_matter(const struct sources *sources, int watch, const char *name);

/*
 * Takes all events that wait at an inotify(7) descriptor by now, without those of what we
 * write: that is written beside its place first. `event->name` is only there with
 * `event->len`. Returns whether the kernel has dropped some, since too many waited: then
 * anything may have changed.
 */
bool sources_read(int inotify_fd,
	void (*heard)(void *user, const struct inotify_event *event), void *user);

/*
 * What an exec of the run at work has changed, `name` in the directory with that path: an
 * exec that makes it anew makes another watch of it each time. `path` NULL: it is not
 * known, and the watch alone counts. What one has written before starts no
 * other run, and neither does in a run that nothing else has caused what no source is
 * named by: temporary names, in a directory all of which is watched.
 */
enum sources_written {
	SOURCES_UNRELATED, /* does not matter */
	SOURCES_CHANGED,   /* another run is due */
	SOURCES_OWN,       /* was written before */
	SOURCES_OWN_NAME,  /* is new, but no source has that name */
};

enum sources_written sources_note_written(
	struct sources *sources, int watch, const char *path, const char *name);

/*
 * Some of what changed while an exec ran is not known. That asks for one more run, but
 * not in a run that nothing but an exec has caused: it may drop some each time.
 */
void sources_note_dropped(struct sources *sources);

/* The parent, at the begin of a run: is what an exec wrote all that has changed? */
void sources_set_cause(struct sources *sources, bool by_exec);

#endif
