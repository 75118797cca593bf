/* SPDX-License-Identifier: MIT */
/*
 * One INI file's text, line by line. Section names, keys and values are read here and
 * kept in a table; inih is fed short numbered stand-ins for them ("[7]", "key=7").
 *
 * What inih does: it says below which header a key stands. What it does not do: see a
 * byte of the file; so none of its limits (200-byte lines, 49-byte names, inline
 * comments, ":" for "=", swallowed comment lines, no line numbers) reaches a user,
 * whichever version is installed.
 *
 * The first character of a line decides what it is: "#" or ";" a comment, also between
 * the lines of a value; "[" a header; a blank or tab goes on with the key above.
 */
#ifndef CONF_READER_H
#define CONF_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/value.h"

#define READER_FILE_MAX  ((size_t)16 * 1024 * 1024)
#define READER_VALUE_MAX ((size_t)1024 * 1024)
#define NAME_MAX_SIZE    64 /* of a section or a key */

/* One event: a header (key NULL) or an assignment below the last header. */
struct reader_line {
	const char *section; /* what stands between the brackets */
	const char *key;
	bool append;         /* += */
	bool broken;         /* an error in it is listed, and only its key is known */
	struct value *value; /* NULL: "key =" with nothing behind it */
	struct place at;
};

struct reader_handler {
	void (*line)(void *user, const struct reader_line *line);
	void *user;
};

/*
 * Reads `text` (`size` bytes, any bytes) of `file`; `dir` is its directory, absolute.
 * Errors go to `problems`, and reading goes on behind them. Strings live in `arena`, but
 * for `file` and `dir`, which are not copied.
 */
void reader_read(const char *file, const char *dir, const char *text, size_t size,
	struct arena *arena, const struct reader_handler *handler,
	struct problems *problems);

#endif
