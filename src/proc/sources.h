/* SPDX-License-Identifier: MIT */
/*
 * Which changes of files matter: names in directories that an inotify(7) descriptor
 * watches, in memory that parent and worker share. Each run of the worker makes a set of
 * its own, which counts once the run has ended.
 *
 *	sources_begin → sources_add… → sources_end	the worker, in each run
 *	sources_matter					the parent, between two runs
 */
#ifndef PROC_SOURCES_H
#define PROC_SOURCES_H

#include <stdbool.h>
#include <stdint.h>

#define SOURCES_SLOTS 8192 /* with more than three quarters of them, all matters */

struct source_set {
	uint32_t count;
	bool all;
	uint64_t keys[SOURCES_SLOTS]; /* a hash of descriptor and name; 0: free */
};

/* All zero: nothing matters. */
struct sources {
	uint32_t current; /* of the two */
	bool due;
	struct source_set sets[2];
};

void sources_begin(struct sources *sources);

/* `watch` is inotify's; `name` NULL: whatever changes in the directory. */
void sources_add(struct sources *sources, int watch, const char *name);

/* A run that was not `whole` has not come to all: what mattered before still does. */
void sources_end(struct sources *sources, bool whole);

/*
 * What a run has read may have changed before it was watched: another run is due, though
 * no event asks for it. Asked once, between two runs.
 */
void sources_set_due(struct sources *sources);
bool sources_are_due(const struct sources *sources);
bool sources_take_due(struct sources *sources);

/* Does it matter that `name` ("" : the directory itself) has changed? */
bool sources_matter(const struct sources *sources, int watch, const char *name);

#endif
