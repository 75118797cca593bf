/* SPDX-License-Identifier: MIT */
/*
 * Files of other programs, in the formats that are made of lines or are JSON: are they
 * whole, and which keys do they have?
 *
 *	json		a key is its path from the top, "log.level"; of an array, a number
 *	ini		"section.key", or "key" in front of the first section; in any case
 *	env		a variable's name, as a shell or an env_file assigns it
 *	properties	the key of a Java properties file, dots included
 *	lines		what a line begins with, up to the end of a word; any text is so
 *
 * Programs differ in what they take. What only some refuse is no error here, and a line
 * without a value has a key, too.
 */
#ifndef CONF_DOCUMENT_H
#define CONF_DOCUMENT_H

#include <stddef.h>

struct arena;
struct buf;
struct err;
struct list;

enum document_format {
	DOCUMENT_NONE,
	DOCUMENT_JSON,
	DOCUMENT_INI,
	DOCUMENT_ENV,
	DOCUMENT_PROPERTIES,
	DOCUMENT_LINES,
};

/* In the order of enum document_format, "none" first; NULL-terminated. */
extern const char *const document_formats[];

/* That of the file's ending: ".json", ".ini", ".env", ".properties"; else NONE. */
enum document_format document_format_of(const char *path);

/* For a message: why no keys can be found or changed there, where that is NONE. */
const char *document_no_format(const char *path, struct arena *arena);

/*
 * Is the text one of that format? Any is for NONE. Returns 0, or -1 with ERR_CONFIG and
 * the place in `file`, its name.
 */
int document_check(enum document_format format, const char *file, const char *text,
	size_t size, struct err *err);

/*
 * Appends the keys that the text does not have, quoted: "'a', 'b'". Returns 0, or -1
 * where it is not of that format, which is not NONE.
 */
int document_missing(enum document_format format, const char *file, const char *text,
	size_t size, const struct list *keys, struct buf *ret, struct err *err);

/*
 * Can a document of the format have a key that is named so? Returns 0, or -1 with
 * ERR_CONFIG and what to write. For NONE each can be one.
 */
int document_check_key(enum document_format format, const char *key, struct err *err);

#endif
