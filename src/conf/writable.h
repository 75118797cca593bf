/* SPDX-License-Identifier: MIT */
/*
 * As root we do what drop-ins say. One that another user than root and us can write, or
 * exchange in its directory, is a warning that names it and that user.
 */
#ifndef CONF_WRITABLE_H
#define CONF_WRITABLE_H

#include <stdbool.h>
#include <sys/stat.h>

struct log;

/*
 * Warns, as root, of the directory `path`: one whose drop-ins are listed, or, with
 * `listed` false, one with a drop-in that was named by itself, where others' new files do
 * not count. Returns whether it warned.
 */
bool writable_warn_dir(
	const struct log *log, const char *path, const struct stat *st, bool listed);

/* Warns of the drop-in `path` itself. `fd` and `st` are of the open file. */
void writable_warn_file(
	const struct log *log, const char *path, int fd, const struct stat *st);

#endif
