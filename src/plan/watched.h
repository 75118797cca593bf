/* SPDX-License-Identifier: MIT */
/*
 * What a run reads, watched for changes with inotify(7): a source as it is named, each
 * directory and symbolic link on the way to it, and what these lead to. So a volume of
 * Kubernetes, where one link is exchanged, is one change; a watch on a file would end
 * with the first exchange.
 *
 * What was read before it could be watched may have changed by then.
 *
 * Of a directory on the way only its end counts, as long as it lies there itself: what
 * others do in it, and its mode, wake nobody up. In a directory that has a link, or lacks
 * what is next, they do.
 *
 * What happens on another machine gives no events, and neither does a file that is
 * mounted by itself: both are a warning.
 */
#ifndef PLAN_WATCHED_H
#define PLAN_WATCHED_H

#include <limits.h>
#include <stdbool.h>

#include "base/table.h"

struct arena;
struct err;
struct log;
struct sources;
struct timespec;

struct watched {
	int fd; /* of inotify */
	struct sources *sources;
	const struct log *log;
	bool again; /* a later run: where something is, was warned of before */
	/* What is named now was read since then; NULL: it is read later. */
	const struct timespec *read_since;
	/*
	 * Some of that may have changed when it had been read: the clock of files stands
	 * still for some ms, so that what was written just before the start is like that.
	 */
	bool changed;

	/* Its own. */
	char given[PATH_MAX];   /* the directory of the last path, as it was named */
	char found[PATH_MAX];   /* where it is */
	char last[PATH_MAX];    /* the directory that was watched last */
	char mounted[PATH_MAX]; /* the file that was warned of last */
	int last_watch;
	struct table paths; /* of the directories, by their watches */
	bool warned_remote, warned_full;
};

/*
 * Begins a set of `sources`. `fd` is the descriptor of an earlier run, or -1: a new one,
 * which is the caller's. Returns 0, or -1.
 */
int watched_begin(struct watched *watched, int fd, struct sources *sources,
	struct arena *arena, const struct log *log, struct err *err);

/* The path of the directory that a watch is of, or NULL: it was not named since then. */
const char *watched_path(const struct watched *watched, int watch);

/* What is named from now on was named before, and has been exchanged since. */
void watched_again(struct watched *watched);

/*
 * At the end of a whole run: takes back the watches of directories that were not named
 * since watched_begin(), since links lead elsewhere now. Where /proc does not say which
 * watches there are, they stay.
 */
void watched_prune(const struct watched *watched);

/* A file, or a directory with all that is in it; absolute, and it may be missing. */
void watched_file(struct watched *watched, const char *path);
void watched_directory(struct watched *watched, const char *path);

#endif
