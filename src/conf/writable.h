/* SPDX-License-Identifier: MIT */
/*
 * Whose word is obeyed as root: a drop-in that somebody else than root and us can write,
 * or exchange in its directory, is a warning that names it and who that is.
 */
#ifndef CONF_WRITABLE_H
#define CONF_WRITABLE_H

#include <stdbool.h>
#include <sys/stat.h>

struct log;

/*
 * Warns, as root, of the directory `path`, in which drop-ins are looked for, or that one
 * was named in (`listed` false: then others' new files in it do not count). Returns
 * whether it did.
 */
bool writable_warn_dir(
	const struct log *log, const char *path, const struct stat *st, bool listed);

/* The same of the drop-in `path` itself. `fd` and `st` are of the open file. */
bool writable_warn_file(
	const struct log *log, const char *path, int fd, const struct stat *st);

#endif
