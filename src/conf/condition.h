/* SPDX-License-Identifier: MIT */
/*
 * The language of conditions: words that must all hold, "or" between groups of them, "!"
 * in front of one to negate it. A word is NAME:WHAT; the rows of a table, which the
 * caller gives, say which names there are and who answers. In WHAT, "|" separates
 * alternatives, which are globs, as in fnmatch(3); a backslash takes the meaning from the
 * character behind it.
 *
 * They are parsed as they are written: words, "or", "!", names, "|", "=" and globs are
 * what the text says, and a "${…}" is a part of what is behind the colon. Values are then
 * put in there, where each stands for itself alone, whatever it says.
 *
 *	conditions_add() for each word, condition_fill() of each that is `open`,
 *	conditions_check(), conditions_hold()
 *
 * What is parsed lives in the arena that is given.
 */
#ifndef CONF_CONDITION_H
#define CONF_CONDITION_H

#include "conf/field.h"

struct buf;
struct condition;
struct err;

/* What a condition says; -1 is an error. */
enum condition_answer { CONDITION_NO = 0, CONDITION_YES = 1, CONDITION_UNKNOWN = 2 };

/* Who is asked. */
struct condition_asked {
	/* A variable, or NULL. */
	const char *(*lookup)(void *lookup_user, const char *name);
	void *lookup_user;
	/*
	 * Is there a variable whose name this glob matches, and whose value is not known
	 * yet? For lookup_user; NULL: all are known.
	 */
	bool (*pending)(void *lookup_user, const char *glob);
	/*
	 * Is a variable that this glob matches, and one of `allow` (NULL: any), unset
	 * because nobody here is to see it? Returns 0, or -1, which says why; for
	 * lookup_user; NULL: all are seen.
	 */
	int (*withheld)(void *lookup_user, const char *glob, const struct list *allow,
		struct err *err);
	char *const *environment; /* the variables that globs match, NULL-terminated */
	const char *base;         /* where relative paths start, for messages; or NULL */
	void *user;
};

enum condition_form {
	CONDITION_BARE,      /* NAME alone */
	CONDITION_TEXT,      /* NAME:TEXT as it is written: a path */
	CONDITION_WORDS,     /* NAME:WORD|WORD, which are no globs */
	CONDITION_GLOBS,     /* NAME:GLOB|GLOB */
	CONDITION_VARIABLES, /* NAME:VARIABLE|VARIABLE */
	CONDITION_VALUES,    /* the same, and =GLOB|GLOB may follow */
};

struct condition_kind {
	const char *name; /* NULL ends a table */
	const char *form; /* as it is written; of several, commas between */
	const char *help;
	enum condition_form takes;
	bool system; /* its answer may change while we run; else it is settled */
	/* Does it hold, not counting "!"? Returns an answer, or -1. */
	int (*holds)(const struct condition *condition,
		const struct condition_asked *asked, struct err *err);
	/* May be NULL: is an alternative (a TEXT: all of it) one that there can be? */
	int (*check)(const char *what, struct err *err);
	/*
	 * Would it hold with this one value of what it asks about? NULL: it asks about
	 * something that has several, or none that is known.
	 */
	bool (*accepts)(const struct condition *condition, const char *value);
	const char *const
		*accepted; /* all values that it accepts; NULL: what is written */
	/*
	 * Names of kinds that do not hold about the same TEXT where it does, and of those
	 * that do; NULL: none is known.
	 */
	const char *const *excludes, *const *implies;
};

struct condition {
	const struct condition_kind *kind;
	const char *text;   /* as it was written, or with its values */
	const char *what;   /* behind the colon */
	struct list names;  /* the alternatives behind the colon */
	struct list values; /* those behind "=" */
	bool valued;        /* there is a "=" */
	bool negated;
	bool open;    /* there is a "${…}" in it, and it cannot be asked yet */
	bool given;   /* it holds, whatever the answer would be */
	size_t group; /* 0, 1 …: how many "or" are in front of it */
};

/* All zero is none. */
struct conditions {
	struct condition *list;
	size_t count;
	size_t groups;
	bool dangling; /* the last word is "or" */
};

/* Is it about a path that is relative? */
bool condition_is_relative(const struct condition *condition);

/* Parses one word, which is not "or". Returns 0, or -1. */
int condition_parse(const char *word, const struct condition_kind *kinds,
	struct arena *arena, struct condition *ret, struct err *err);

/* Parses one word, or "or", and adds it. Returns 0, or -1. */
int conditions_add(struct conditions *conditions, const char *word,
	const struct condition_kind *kinds, struct arena *arena, struct err *err);

/*
 * Expands what has a "${…}", and appends the result; with `glob`, each value in it quoted
 * by condition_quote(). Returns 0, 1 where a value is not known, or -1.
 */
typedef int condition_expand(
	void *user, const char *text, bool glob, struct buf *ret, struct err *err);

/* Puts its values in. Returns 0, 1 where one is not known: it stays `open`; or -1. */
int condition_fill(struct condition *condition, condition_expand *fill, void *user,
	struct arena *arena, struct err *err);

/*
 * A value in […], or behind a "[" that it might close, would be more than itself. Returns
 * 0, or -1 where a "${…}" of this glob stands there.
 */
int condition_check_brackets(const char *glob, struct err *err);

/* Appends the glob that matches this value alone. */
void condition_quote(const char *value, struct buf *ret);

/* Can they hold? Returns 0, or -1 where a group is empty, or can never hold. */
int conditions_check(const struct conditions *conditions, struct err *err);

/*
 * Do they hold? None always do. What is settled is asked first, and the system only if
 * that does not decide; with `settled` alone it is not asked, and UNKNOWN. Returns an
 * answer, or -1. Where it is not YES, `why` gets "'A' does not hold", of each group one.
 */
int conditions_hold(const struct conditions *conditions,
	const struct condition_asked *asked, bool settled, struct buf *why,
	struct err *err);

/* Are there two of one group that can never hold together? Returns 0 if not, or -1. */
int conditions_check_pairs(const struct conditions *conditions, struct err *err);

/* ---- globs ---- */

/* Does a glob of the list match? */
bool condition_matches(const struct list *globs, const char *text);

/* The text that it matches alone, in the arena, or NULL where it has a wildcard. */
const char *condition_literal(const char *glob, struct arena *arena);

/* ---- answers about variables (condition_variable.c) ---- */

/* Is one set and not empty; or has one of the values? */
int condition_env(const struct condition *condition, const struct condition_asked *asked,
	struct err *err);
bool condition_env_accepts(const struct condition *condition, const char *value);

/* The same for what `accepts` yes or no. A word that is neither is an error. */
int condition_word(const struct condition *condition, const struct condition_asked *asked,
	struct err *err);
bool condition_on_accepts(const struct condition *condition, const char *value);
bool condition_off_accepts(const struct condition *condition, const char *value);

/*
 * Of several variables, or a glob: appends for which it does not hold, being negated,
 * ", because of A, B"; nothing where it asks about one, or about no variables.
 */
void condition_name_causes(const struct condition *condition,
	const struct condition_asked *asked, struct buf *why);

extern const char *const condition_yes[], *const condition_no[];

#endif
