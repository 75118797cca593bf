/* SPDX-License-Identifier: MIT */
/* Paths as text: joining, splitting. No file system is asked. */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>

#include "base/mem.h"

struct buf;

/*
 * `path` where it is absolute, else `path` below `dir`, without "." components and
 * superfluous slashes; ".." stays. "." where nothing is left.
 */
char *path_join(struct arena *arena, const char *dir, const char *path);

/* What is before the last slash: "/" for "/a", "." for "a". */
char *path_dir(struct arena *arena, const char *path);

/* What is behind the last slash; points into `path`. */
const char *path_base(const char *path);

/* The file's ending, ".json", or "" (".env" has none); points into `path`. */
const char *path_ending(const char *path);

/* Has it a component ".."? */
bool path_leads_up(const char *path);

/*
 * Appends the components of an absolute path, each with a slash behind it: "b/" for
 * "/a/..//b", nothing for "/". ".." removes the component before it, and no link is
 * followed. What is the same, is the same path, as far as text shows it.
 */
void path_add_plain(struct buf *to, const char *path);

/* The same, made in the arena. */
char *path_plain(struct arena *arena, const char *path);

/* Of the first `size` bytes of that, not 0: how many are the directory above. */
size_t path_above(const char *plain, size_t size);

/*
 * Is it `top`, or something below it? Both are absolute. ".." removes the component
 * before it, and no link is followed.
 */
bool path_is_below(const char *path, const char *top);

#endif
