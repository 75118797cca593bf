/* SPDX-License-Identifier: MIT */
/* Whether removing an object would remove what a path leads to. */
#ifndef BASE_FS_PASSES_H
#define BASE_FS_PASSES_H

#include <stdbool.h>

/*
 * Is the object at `object`, which is a link itself and not where that leads, what `path`
 * names, a directory above that, or a link on the way there? The file system is asked, as
 * far as `path` exists, so that other names of one object (by a link, by a mount) are the
 * same; hard links of a file are not: each can be removed without the others. Both are
 * absolute, as path_join() makes them. No, where there is no object or it cannot be seen.
 */
bool fs_passes(const char *path, const char *object);

#endif
