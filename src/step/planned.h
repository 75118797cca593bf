/* SPDX-License-Identifier: MIT */
/*
 * The paths that the steps of a plan make, for questions about one path: what is noted at
 * it, above it and below it. A note costs, and a question asks, as many look-ups as the
 * path has components.
 */
#ifndef STEP_PLANNED_H
#define STEP_PLANNED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/table.h"

struct arena;
struct fs_attr;

/* What is noted of one path. */
struct made {
	const char *path; /* NULL: a command may make any */
	const char *by;   /* the step that makes it; NULL: a directory */
	bool command;     /* … by a command, which nobody knows */
	bool perhaps;     /* whether it makes it is not known */
	bool content;     /* it is only what is copied into the directory at `path` */
	const char *from; /* … from there; NULL: not known */
	bool beside;      /* and what has an ending behind that path */
	const struct fs_attr *attr; /* a directory's mode and owner; NULL: the default */
	const char *fixes;          /* the step that gives them to one that is there */
	bool deep;                  /* … and to what is in it */
	const char *const *exclude; /* … but for these; of what is copied, too */
	size_t number;              /* of notes before it */
	const char *real;           /* for parents.c; NULL: not asked for yet */
	const struct made *same;    /* the one before of the same path */
	struct made *before;        /* the one before of any */
};

struct planned {
	struct arena *arena;
	struct table at;     /* by plain path (base/path.h): the last of that path */
	struct table inside; /* by that of a directory: the surest of what is below it */
	const struct made *any;    /* the first whose path is NULL */
	const struct made *fixing; /* the first that fixes something */
	struct made *last;
	bool beside; /* there is a note that is */
	size_t count;
};

/* Notes a copy; what its strings are lives as long. */
void planned_add(struct planned *planned, const struct made *made);

/* The last note of this path, and by ->same those before; or NULL. */
const struct made *planned_at(const struct planned *planned, const char *path);

/* A note of which this path may be `beside`, or NULL. */
const struct made *planned_beside(const struct planned *planned, const char *path);

/*
 * A note of something below this directory that is sure to be made there, else one that
 * may be made, else NULL.
 */
const struct made *planned_inside(const struct planned *planned, const char *path);

/*
 * Calls `take` with each note of this path and of those above it, the nearest path first,
 * and of one path the last first, until it returns true. Returns whether it did.
 */
bool planned_above(const struct planned *planned, const char *path,
	bool (*take)(void *user, const struct made *made), void *user);

#endif
