/* SPDX-License-Identifier: MIT */
/*
 * Which files are drop-ins: directories looked through, precedence, masks.
 *
 * A directory gives its *.ini: neither hidden files nor what editors and packagers leave
 * behind (x.ini~, x.ini.dpkg-old, x.ini.rpmnew, x.ini.ucf-dist) end so. A path that is no
 * directory is a file of its own, whatever its name, and may be a pipe.
 */
#ifndef CONF_DROPIN_H
#define CONF_DROPIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/mem.h"

struct err;
struct log;
struct stat;

#define DROPINS_MAX 1000

struct dropin {
	const char *path;    /* as found */
	size_t position;     /* of one base name the last in a directory counts */
	bool from_directory; /* a later one of its name replaces it; empty, it masks */
	bool warned;         /* others can exchange it, as was said of its directory */
};

struct dropins {
	struct dropin *list; /* in the order of reading */
	size_t count;
};

/*
 * Lists the drop-ins of `paths` (NULL-terminated, earliest first) and returns 0, or -1;
 * with `must_exist` a path that is missing is an error. The log, which may be NULL, names
 * every file that another replaces.
 */
int dropins_find(const char *const *paths, bool must_exist, struct arena *arena,
	const struct log *log, struct dropins *ret, struct err *err);

/* Are all of these paths missing, so that there can be no drop-in either? */
bool dropins_absent(const char *const *paths);

/*
 * As root, warns where others can change what is in the directory of configuration.
 * Returns whether it has.
 */
bool dropin_warn_directory(
	const struct log *log, const char *path, const struct stat *st);

/*
 * Appends the content to `ret` and returns 0, or returns 1 where the drop-in masks its
 * name (it is empty, or a link to /dev/null), or -1: ERR_CONFIG, without its path in the
 * text, where it is no file, not readable, or over `limit` bytes. As root, a drop-in that
 * others can write is a warning.
 */
int dropin_read(const struct dropin *dropin, size_t limit, const struct log *log,
	struct buf *ret, struct err *err);

#endif
