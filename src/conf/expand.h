/* SPDX-License-Identifier: MIT */
/*
 * ${…}: one pass, and what comes out is never expanded again.
 *
 *	${NAME}           the value; unset is an error
 *	${NAME:-default}  default where unset or empty; may hold further ${…}
 *	${NAME-default}   default where unset
 *	${NAME:?message}  an error with that message where unset or empty
 *	${NAME:+other}    other where set and not empty
 *	${NAME#glob}      less the shortest beginning that it matches; ##: the longest
 *	${NAME%glob}      less the shortest such ending; %%: the longest
 *	${word:name}      what the caller knows by that word: ${key:session}
 *	${file:path}      the content of a file, a secret; the path may hold ${…}
 *	${text:path}      the same, no secret
 *	${NAME|json}      escaped for a format, chosen by hand; works with every form
 *	$${               a literal ${
 *	${if …}, ${for …} blocks (conf/block.h)
 *
 * The forms are those of POSIX.1-2017 XCU 2.6.2 as far as they go. A bare $name stays as
 * it is; `bare` is called where such a variable is set.
 *
 * The result of a reference is made safe once, as a whole, for the place where it stands:
 * the value, or the default that stands in for it. The `other` of ":+" belongs to the
 * text around it, and only the values in it are made safe (all of it where a format was
 * chosen by hand). A format chosen by hand that is not the text's own writes a value for
 * its usual quotes (conf/escape.h).
 */
#ifndef CONF_EXPAND_H
#define CONF_EXPAND_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "conf/escape.h"
#include "conf/value.h"

struct buf;
struct condition_kind;
struct err;
struct list;

#define EXPAND_LATER 2

/* What ${NAME} is where NAME is unset. */
enum expand_missing {
	EXPAND_ERROR,
	EXPAND_KEEP,  /* as it is written */
	EXPAND_EMPTY, /* nothing */
};

/* The words whose name is a path; any other's is a step's name. TEXT is no secret. */
#define EXPAND_FILE "file"
#define EXPAND_TEXT "text"
bool expand_is_path(const char *word);

struct expander {
	/* A variable's value, or NULL where it is unset. */
	const char *(*lookup)(void *user, const char *name);
	/*
	 * Is there a variable whose name this glob matches (a name matches itself), and
	 * whose value is not known yet? Its ${NAME} is EXPAND_LATER where `settled`, else
	 * an error. NULL: all are known.
	 */
	bool (*pending)(void *user, const char *glob);
	/*
	 * Appends the value of ${word:name} to `ret` and returns 0, or returns 1 where
	 * it is missing (":-" then helps), EXPAND_LATER where it is not known yet
	 * (`later` in the result), or -1. NULL: such references are an error here, with
	 * `reference_why`.
	 */
	int (*reference)(void *user, const char *word, const char *name, struct buf *ret,
		struct err *err);
	const char *reference_why;
	const char *dir; /* absolute: where the paths of files start; NULL: nowhere */
	/* All words that there are, NULL-terminated; NULL: any may be written. */
	const char *const *words;
	/* What may be asked in ${if …}, of whom, and whether of the system, too. */
	const struct condition_kind *conditions;
	char *const *environment;
	bool settled;
	/* Called for a bare NAME in ${if …} whose value is a no; may be NULL. */
	void (*doubtful)(void *user, struct place at, const char *name);
	/* Is the value of this variable a secret, or does it hold one? NULL: none is. */
	bool (*secret)(void *user, const char *name, const char *value);
	/*
	 * Is a variable that this glob matches (a name matches itself), and one of
	 * `allow` (NULL: any), unset because texts are not to see it? That is an error,
	 * whatever the form. Returns 0, or -1, which says why; NULL: they see all.
	 */
	int (*withheld)(
		void *user, const char *glob, const struct list *allow, struct err *err);
	/* Why a variable is unset that might have a value, or NULL; may be NULL. */
	const char *(*why_unset)(void *user, const char *name);
	/* Called for a bare $NAME whose variable is set; may be NULL. */
	void (*bare)(void *user, struct place at, const char *name);
	/*
	 * As `bare`, for a word of a command that is a "${NAME}", and whose value seems
	 * to be several options; may be NULL.
	 */
	void (*joined)(void *user, struct place at, const char *word);
	void *user;
	/*
	 * Called for a value that readers of the format may cut or expand (`how`, of
	 * escape_misread()), unless a format was chosen for it, with what it comes from,
	 * and the line so far that it is put into; may be NULL.
	 */
	void (*cut)(void *cut_user, struct place at, unsigned how, const char *name,
		const char *line);
	void *cut_user;
	/*
	 * Is the text of a format that nobody has named? `raw` is then called for what
	 * goes into it as it is and has signs (conf/escape.h), with what it comes from;
	 * may be NULL. ${NAME|none} is left out, and a default that holds no value.
	 */
	bool formless;
	void (*raw)(void *raw_user, struct place at, const char *name);
	void *raw_user;
	/*
	 * Judges a value, unless a format was chosen for it, by the text before it: 0, or
	 * -1 where it would mean more there than itself; may be NULL. A default that
	 * holds no value is left out.
	 */
	int (*check_part)(const char *before, const char *value, struct err *err);
	/*
	 * Only variables that these globs match are expanded, and any other "${" stays
	 * as it is, whatever stands behind it ("${x%%.*}"); NULL: all. ${word:name} is
	 * expanded in either case, where the word is one of `words`.
	 */
	const struct list *allow;
	const char *prefix; /* "[kind:name] key" in front of errors; NULL: none */
	/* That the text is of; NULL: `at` says where it is. */
	const struct value *written;
	bool glob;     /* values go into a glob, and match themselves alone */
	int escape;    /* how values (not the text around them) are made safe */
	bool argument; /* for all to see: a secret in it is an error */
	enum expand_missing missing;
	const char *placeholder; /* for a missing ${word:name}; NULL: none */
	const char *mask;        /* for a secret too short to be redacted; NULL: itself */
	bool tolerant; /* check: an unset name gives "", and `unset` in the result */
};

struct expand_result {
	bool secret; /* the value of a ${word:name} or secret variable went into it */
	bool unset;  /* something was unset, so the text means nothing */
	bool later;  /* a value is not known yet, so the text means nothing yet */
	bool placeholder; /* it stands for a value that is missing */
	bool bare;        /* it has a bare $NAME whose variable is set */
	bool cut;         /* it has a value of `cut` */
	bool keyed;       /* a key of it, which is json, has a value in it */
	bool raw;         /* it has one of `raw`, and text around it */
};

/*
 * Appends the expansion of `text` to `ret`. All names that are unset are in one error,
 * each with its line (lines count from `at`). A value that cannot stand where it is put,
 * or a wrong form, is an error with its column, too, if `at` has one. `result` may be
 * NULL.
 */
int expand(const struct expander *expander, const char *text, struct place at,
	struct buf *ret, struct expand_result *result, struct err *err);

/* The same for one of many texts: unset names go to `unset`, and it is no failure. */
int expand_collect(const struct expander *expander, const char *text, struct place at,
	struct problems *unset, struct buf *ret, struct expand_result *result,
	struct err *err);

/*
 * Checks form, words and conditions (NULL: any); adds what is wrong to `problems` behind
 * `prefix`, with columns if `at` has one. Returns where the first of it is in the text,
 * or NULL.
 */
const char *expand_check(const char *text, const char *const *words,
	const struct condition_kind *conditions, struct place at, const char *prefix,
	struct problems *problems);

/* Does it have any ${…}? */
static inline bool expand_needed(const char *text)
{
	return strstr(text, "${") != NULL;
}

/*
 * Calls `found` for each ${…} in it, nested ones too, with "NAME" or "word:name". `shown`
 * says whether its value would be put in: not that of NAME in ${NAME:+other}. So it does
 * with each condition "changed:STEP" or "first-run" of an ${if …}, which is not `shown`.
 */
void expand_each(const char *text,
	void (*found)(void *user, const char *name, bool shown), void *user);

#endif
