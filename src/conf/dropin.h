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

#define DROPINS_MAX 1000

struct dropin {
	const char *path; /* as found */
	bool from_folder; /* a later one of its name replaces it; empty, it masks */
	bool warned;      /* others can exchange it, as was said of its directory */
};

struct dropins {
	struct dropin *list; /* in the order of reading; free() */
	size_t count;
};

/*
 * Looks through `paths` (NULL-terminated, earliest first). `must_exist`: one that is not
 * there is an error. `log` is told of every file that another one replaces.
 */
int dropins_find(const char *const *paths, bool must_exist, struct arena *arena,
	const struct log *log, struct dropins *ret, struct err *err);

/* Is there nothing at any of these paths, so that there can be no drop-in either? */
bool dropins_absent(const char *const *paths);

/*
 * Reads one: 0 · 1 masked (it is empty, or a link to /dev/null) · -1. ERR_CONFIG, without
 * its path in the text: it is no file, not readable, or over `limit` bytes. As root it is
 * a warning where others can write it.
 */
int dropin_read(const struct dropin *dropin, size_t limit, const struct log *log,
	struct buf *ret, struct err *err);

#endif
