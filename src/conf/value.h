/* SPDX-License-Identifier: MIT */
/*
 * What a drop-in says: sections, their settings, and values as they were written, each
 * with its place. Everything lives in the arena of `struct conf` (conf/conf.h).
 */
#ifndef CONF_VALUE_H
#define CONF_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problems.h"
#include "base/table.h"

struct arena;
struct field;

/* Where a line of a value begins. */
struct value_line {
	int number, column;
};

/* One assignment's value. `key += more` makes a chain: one link an assignment. */
struct value {
	struct place at; /* the line of the key */
	/*
	 * The line on which `text` begins, the key's or the next; and the column at which
	 * each of its lines does, unless that differs.
	 */
	struct place text_at;
	const struct value_line *lines; /* those of `flat`; NULL: it is not known */
	const char *dir;  /* the file's directory, absolute: where read paths start */
	const char *flat; /* trimmed lines, no blank or comment ones, \n between */
	const char *text; /* as a text: relative indentation kept, ends in one \n */
	/*
	 * Where it differs from `flat`, the same of a command: blank and comment lines in
	 * quotes are in it. NULL: it does not.
	 */
	const char *quoted;
	const struct value_line *quoted_lines;
	struct value *next;
};

struct setting {
	const char *key;
	struct place at;     /* of the last assignment */
	struct place first;  /* of the first assignment in that file */
	struct value *value; /* NULL: reset by "key =" to the built-in default */
	struct value *last;  /* of its chain */
	bool defaulted;      /* comes from [defaults:kind], not from the step itself */
	bool appended;       /* begins with "+=" or "key =": its default is in front */
	bool reset;          /* begins with "key =": [defaults:kind] is not for it */
	bool broken;         /* its error is listed: the value says nothing */
	struct setting *next;
};

struct section {
	const char *kind; /* "key"; "app" and "bootstrap" are kinds without a name */
	const char *name; /* "session"; "" for app and bootstrap; a module's "orders/x" */
	const char *id;   /* "key:session"; "app" */
	const char *module; /* whose file declares it; NULL: a drop-in */
	/* Of its kind: the keys of every step are not in it. */
	const struct field *fields;
	struct place at; /* the first header */
	struct place last_header;
	struct setting *settings, *last_setting;
	size_t setting_count;
	struct table by_key;  /* of a long one, such as [env] */
	struct section *next; /* in the order of first declaration */
};

/* Its name without the module's in front: "x" of "orders/x". */
const char *section_own_name(const struct section *section);

/* Adds a setting behind the others; the key, which it has none of, is not copied. */
struct setting *setting_add(
	struct arena *arena, struct section *section, const char *key);

/* The setting of that key, also one that was reset or is broken, or NULL. */
struct setting *setting_find(const struct section *section, const char *key);

/* The same, or NULL where it was not written (or was reset). */
const struct setting *section_get(const struct section *section, const char *key);

/* Where the key stands, or else the header. */
struct place section_place(const struct section *section, const char *key);

/* Where that byte of `flat` stands; without its column where that is not known. */
struct place value_place(const struct value *value, const char *at);

/* The same of what stands on line and column (from 1) of what begins at that byte. */
struct place value_place_behind(
	const struct value *value, const char *at, const struct place *behind);

/*
 * Where the first "${name" of a value is, which may be "word:name". Returns false where
 * there is none, or it is not known.
 */
bool value_find(
	const struct value *value, const char *name, size_t size, struct place *ret);

/* Does this text stand in one of its values, as they are written? */
bool section_has_text(const struct section *section, const char *key, const char *text);

#endif
