/* SPDX-License-Identifier: MIT */
/*
 * ${…}: one pass, and what comes out is never expanded again.
 *
 *	${NAME}           the value; unset is an error
 *	${NAME:-default}  default where unset or empty; may hold further ${…}
 *	${NAME-default}   default where unset
 *	${NAME:?message}  an error with that message where unset or empty
 *	${NAME:+other}    other where set and not empty
 *	${file:/path}     a file's content, one trailing newline dropped
 *	${key:name} ${secret:name}   a step's value
 *	${NAME|json}      escaped for a format, chosen by hand; works with every form
 *	$${               a literal ${
 *
 * The forms are those of POSIX.1-2017 XCU 2.6.2 as far as they go. A bare $name stays as
 * it is; `bare` is told where such a variable is set.
 *
 * What a reference comes to is escaped once, as a whole: the value, or the default that
 * stands in for it. The `other` of ":+" is a piece of the text around it, and only the
 * values in it are escaped (all of it where a format was chosen by hand).
 */
#ifndef CONF_EXPAND_H
#define CONF_EXPAND_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/escape.h"
#include "conf/value.h"

struct buf;
struct err;
struct list;

enum expand_scheme { EXPAND_FILE, EXPAND_KEY, EXPAND_SECRET };

#define EXPAND_LATER 2

struct expander {
	/* A variable's value, or NULL where it is unset. */
	const char *(*lookup)(void *user, const char *name);
	/*
	 * The value of ${scheme:name}, appended to `ret`: 0 · 1 missing (":-" then helps)
	 * · EXPAND_LATER, and `later` in the result · -1 error. NULL: such references are
	 * an error here, with `reference_why`.
	 */
	int (*reference)(void *user, enum expand_scheme scheme, const char *name,
		struct buf *ret, struct err *err);
	const char *reference_why;
	/* Is the value of this variable a secret, or does it hold one? NULL: none is. */
	bool (*secret)(void *user, const char *name, const char *value);
	/* Told of a bare $NAME whose variable is set; may be NULL. */
	void (*bare)(void *user, struct place at, const char *name);
	void *user;
	/*
	 * Only these variables are expanded, and any other "${" stays as it is, whatever
	 * stands behind it ("${x%%.*}"); NULL: all. ${file:…}, ${key:…}, ${secret:…} are
	 * expanded in either case.
	 */
	const struct list *allow;
	enum escape escape; /* how values (not the text around them) are made safe */
	bool argument;      /* for all to see: a secret in it is an error */
	bool tolerant;      /* check: an unset name gives "", and `unset` in the result */
};

struct expand_result {
	bool secret; /* a key, secret, file or secret variable went into the text */
	bool unset;  /* something was unset, so the text means nothing */
	bool later;  /* a value is not known yet, so the text means nothing yet */
};

/*
 * Appends the expansion of `text` to `ret`. All names that are unset are in one error,
 * each with its line (lines count from `at`). `result` may be NULL.
 */
int expand(const struct expander *expander, const char *text, struct place at,
	struct buf *ret, struct expand_result *result, struct err *err);

/*
 * The same for one of many texts: unset names go to `unset`, and it is no failure.
 * `prefix` ("[kind:name] key", or "") stands in front of what is said of one.
 */
int expand_collect(const struct expander *expander, const char *text, struct place at,
	const char *prefix, struct problems *unset, struct buf *ret,
	struct expand_result *result, struct err *err);

/* Checks the form alone; adds what is wrong to `problems` behind `prefix`. */
void expand_check(
	const char *text, struct place at, const char *prefix, struct problems *problems);

/* Does it have any ${…}? */
bool expand_needed(const char *text);

/* Calls `found` for each ${key:…} and ${secret:…} in it, nested ones too. */
void expand_references(const char *text,
	void (*found)(void *user, enum expand_scheme scheme, const char *name),
	void *user);

/*
 * Calls `found` for each ${…} in it whose value would be put in, nested ones too, with
 * "NAME" or "key:name". Of ${NAME:+other} that is no NAME.
 */
void expand_shown(
	const char *text, void (*found)(void *user, const char *name), void *user);

/* The length of the "${…}" at `text`, nesting counted; 0 where it is not closed. */
size_t expand_span(const char *text);

#endif
