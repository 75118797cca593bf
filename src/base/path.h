/* SPDX-License-Identifier: MIT */
/* Paths as text: joining, splitting. Nothing here looks at a file system. */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>

#include "base/mem.h"

/* `path` where it is absolute, else below `dir`. "./" in front and doubled slashes go. */
char *path_join(struct arena *arena, const char *dir, const char *path);

/* What stands before the last slash ("/" for "/a", "." for "a"). */
char *path_dir(struct arena *arena, const char *path);

/* What stands behind the last slash; points into `path`. */
const char *path_base(const char *path);

/* The ending with its dot (".json"), or ""; points into `path`. A leading dot is none. */
const char *path_ending(const char *path);

/*
 * Is it `top`, or something below it? Both are absolute; ".." takes away what stands
 * before it, and no link is followed.
 */
bool path_is_below(const char *path, const char *top);

#endif
