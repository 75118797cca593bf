/* SPDX-License-Identifier: MIT */
/*
 * Making a value safe for the format of the text that it is put into, by the place where
 * it stands (conf/lexer.h):
 *
 * - in quotes it gets the escapes of these quotes
 * - bare, as a whole token, it stays what it is if the format reads it so (a number, a
 *   word of safe bytes), or gets quotes
 * - anywhere else, if it has only letters, digits and what is safe there, it stands as
 *   it is; what has more is an error that names the place
 * - a word of YAML, put together of values and literal text, gets quotes where it would
 *   be read as no string: numbers, and booleans that are no key, stay what they are
 *
 * An escape is the index of its row; 0 is "none", which leaves a value as it is. To add
 * one, write its functions in escape_value.c or escape_code.c, its lexer, and its row in
 * escape.c.
 */
#ifndef CONF_ESCAPE_H
#define CONF_ESCAPE_H

#include <stddef.h>

#include "conf/lexer.h"

struct buf;
struct err;

/* By index, NULL-terminated: also the choices of the key `escape`. */
extern const char *const escape_names[];

/* The escape of that name, or -1. */
int escape_find(const char *name);

/* What the name of a file suggests: that of json for "x.json", 0 for an unknown one. */
int escape_for_path(const char *path);

/* The literal text behind a value, as far as it is known. */
struct escape_next {
	const char *text;
	size_t size;
};

/* Begins to follow a text of that format; escape_release() frees what that takes. */
void escape_begin(int escape, struct lexer *lexer);
void escape_release(struct lexer *lexer);

/*
 * Appends literal text, which the lexer follows, and escape_end() ends it. `ret` has all
 * of the text so far: a word that was put together of values and literal text gets quotes
 * once it is complete, where it would be no string without.
 */
void escape_text(struct lexer *lexer, const char *text, size_t size, struct buf *ret);
void escape_end(struct lexer *lexer, struct buf *ret);

/*
 * Appends `value` made safe for the lexer's place and returns 0, or returns -1
 * (ERR_CONFIG) where it cannot be made safe there. A value has no NUL byte.
 */
int escape_add(int escape, struct lexer *lexer, const char *value,
	const struct escape_next *next, struct buf *ret, struct err *err);

/* `ret` ends in a value of `size` bytes, not none, that is in no escapes of its place. */
void escape_pass(struct lexer *lexer, const struct buf *ret, size_t size);

/*
 * The same in a text of another format, where no place is known: as the value may stand
 * in the usual quotes, which are double for json, yaml, toml and nginx, single for shell,
 * sql and php, either for js and lua; for xml, html and url, wherever there is text; for
 * the others, as the rest of a line.
 */
int escape_chosen(int escape, const char *value, struct buf *ret, struct err *err);

/*
 * Has it what most formats read as more than a part of a word: a quote, a line end, a
 * backslash, one of ;${} and backquote, or a # that begins a word?
 */
bool escape_has_signs(const char *value);

/* What readers of the format may misread in it where it stands: ESCAPE_…, or 0. */
unsigned escape_misread(int escape, const struct lexer *lexer, const char *value);

/* For help: where values are safe, and how; NULL-terminated endings. */
const char *escape_help(int escape);
const char *const *escape_endings(int escape);

#endif
