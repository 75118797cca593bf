/* SPDX-License-Identifier: MIT */
/*
 * Typed fields: a const table says which keys a section knows and where in a C struct
 * their values go. Errors, `explain` and the manual are made from the same tables.
 *
 *	struct link_conf { const char *path; const char *target; int replace; };
 *	static const struct field fields[] = {
 *		{"path", FIELD_PATH, offsetof(struct link_conf, path), .required = true,
 *			.help = "where the link is made"},
 *		{"replace", FIELD_ENUM, offsetof(struct link_conf, replace), "no",
 *			.choices = (const char *const[]){"no", "link", NULL},
 *			.help = "whether a link that points elsewhere is replaced"},
 *		{0},
 *	};
 *
 * The C type that belongs to each field type stands beside it. Strings and lists live in
 * the arena that is given.
 */
#ifndef CONF_FIELD_H
#define CONF_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "conf/value.h"

struct condition_kind;
struct err;
struct expander;
struct buf;

struct list {
	const char **items; /* NULL-terminated; never NULL itself, once it is filled */
	size_t count;
};

/* What is run for files whose name the glob matches. */
struct file_command {
	const char *glob;
	struct list argv; /* not empty */
};

struct file_commands {
	struct file_command *list;
	size_t count;
};

struct field_mode {
	mode_t mode;
	bool set; /* written in the section itself: also for what exists */
};

struct field_name {
	const char *name; /* "" where not given */
	bool set;
};

/*
 * Lists grow by "+=", from their built-in default on, which "=" replaces. An item that
 * expands to nothing is left out, but for a command's word. Items are never split again.
 */
enum field_type {
	FIELD_STRING,    /* const char *         one value ("" unless given) */
	FIELD_TEXT,      /* const struct value * not expanded (NULL unless given) */
	FIELD_PATH,      /* const char *         made: starts at the base */
	FIELD_PATHS,     /* struct list          the same, many */
	FIELD_READ_PATH, /* const char *         read: starts at the drop-in */
	/* struct list          the same, many; a '-' in front stays there */
	FIELD_READ_PATHS,
	FIELD_MODE,     /* struct field_mode    octal, up to 07777 */
	FIELD_USER,     /* struct field_name    name or number: its form alone */
	FIELD_GROUP,    /* struct field_name    the same for a group */
	FIELD_BOOL,     /* bool                 yes or no */
	FIELD_DURATION, /* int64_t              milliseconds; -1: none */
	FIELD_COUNT,    /* int64_t              a whole number, 0 … 1,000,000,000 */
	FIELD_ENUM,     /* int                  index in `choices` */
	FIELD_COMMAND,  /* struct list          split before expansion */
	/* struct file_commands      GLOB:COMMAND, one a line; each command has a {} */
	FIELD_COMMANDS,
	FIELD_LIST,  /* struct list          white space or lines separate */
	FIELD_NAME,  /* const char *         a variable's name ("" unless given) */
	FIELD_NAMES, /* struct list          the same, many */
	FIELD_GLOBS, /* struct list          globs on names of variables */
	FIELD_ENV,   /* struct list          NAME=value, one a line */
	FIELD_LINES, /* struct list          lines separate, and nothing else */
	/* struct conditions    conf/condition.h: parsed before expansion */
	FIELD_CONDITIONS,
};

struct field {
	const char *name; /* NULL ends a table */
	enum field_type type;
	size_t offset;
	const char *def; /* written as a user would; NULL: zero, "", an empty list */
	const char *const *choices; /* of FIELD_ENUM, NULL-terminated */
	/*
	 * Names that it had, or has in other programs, in small letters with spaces
	 * between: each of them, also in capitals or with other _ and -, is an error that
	 * names this one. `otherwise`: the same of what is said in another way here,
	 * with the advice behind a colon.
	 */
	const char *elsewhere, *otherwise;
	bool required; /* an error where it is missing */
	bool early;    /* expanded when read: settings, order, requires … */
	bool first;    /* expanded before the others (kind->there(), step.h) */
	/* FIELD_COUNT: its own bounds; max 0: as the type says. FIELD_DURATION: no 0. */
	int64_t min, max;
	bool bare;     /* FIELD_ENV: NAME alone may stand, too */
	bool any_name; /* FIELD_ENV: NAME is any text without white space, once */
	/* What its value may be misread for (conf/misread.h). */
	bool path;     /* FIELD_STRING: a path that is taken as it is */
	bool prose;    /* FIELD_STRING: a sentence for people */
	bool variable; /* FIELD_STRING: the value of a variable */
	bool plain;    /* FIELD_STRING, FIELD_LIST: names and numbers, without marks */
	bool commas;   /* FIELD_LIST: any text, in which commas separate nothing */
	bool none;     /* FIELD_PATH: one that comes out empty is none, and no error */
	bool made;     /* one FIELD_PATH(S): what lies there, or below, the step makes */
	bool object;   /* FIELD_PATHS: each has a name in a directory, as with `made` */
	bool exported; /* FIELD_NAME: the variable that the step's value goes into */
	bool globs;    /* FIELD_LIST: of globs, in which a value matches itself alone */
	const char *allow; /* FIELD_TEXT: the key whose names alone are expanded in it */
	/*
	 * Keys of the same section, as "KEY" or "KEY=VALUE|VALUE" with spaces between:
	 * without all of them, or with one of them, it has no effect (conf/effect.h). Of
	 * one key, `needs` or `moot`.
	 */
	const char *needs, *moot;
	/*
	 * Makes the member of the text, or of each item of a list, in place of the type;
	 * from another floor. What is not written leaves the member as it was. Returns 0,
	 * or -1 with ERR_CONFIG, whose text may quote the value: one that is long or a
	 * secret has another error in its place. NULL: the type decides.
	 */
	int (*parse)(void *member, const char *text, struct err *err);
	size_t size; /* of a member that `parse` fills */
	/*
	 * Judges the text, or each item of a list, that the type accepts; of
	 * FIELD_CONDITIONS each word, as it is written. NULL: it is fine. Returns as
	 * `parse`.
	 */
	int (*check)(const char *text, struct err *err);
	/*
	 * FIELD_STRING: judges a value that is put into the text behind `before`, unless
	 * it has a format of its own (${NAME|url}). NULL: it is fine. Returns as `check`.
	 */
	int (*check_part)(const char *before, const char *value, struct err *err);
	bool unquoted; /* no error of `check` quotes the value: it stays as it is */
	const struct condition_kind *conditions; /* FIELD_CONDITIONS: those there are */
	const char *help;    /* one line, lower case; `code` stands in backquotes */
	const char *example; /* a value; NULL: one of its type does (cli/reference.c) */
	const char *group;   /* in help: what this key and those behind it are about */
	int part;            /* for the owner of the table (plan/settings.h) */
};

/* A value of FIELD_READ_PATH: may what it names be missing, and which path is it? */
static inline bool read_path_is_optional(const char *text)
{
	return *text == '-';
}

static inline const char *read_path_name(const char *text)
{
	return text + read_path_is_optional(text);
}

/* Does it hold many items? Its member is then a struct list, or struct conditions. */
bool field_is_list(const struct field *field);

/* Is each of them a line, with white space in it? */
bool field_has_lines(const struct field *field);

bool list_has(const struct list *list, const char *item);

/* Does any item, which is a glob, match the name (fnmatch(3))? */
bool list_matches(const struct list *list, const char *name);

/* Adds a copy of `size` bytes of `text` to a list that is all zero or grew so before. */
void list_add(struct list *list, struct arena *arena, const char *text, size_t size);

const struct field *field_find(const struct field *fields, const char *name);

/* The one that is `exported`, or NULL. */
const struct field *field_exported(const struct field *fields);

/*
 * Checks a setting at load, as far as that needs no value: types, names in front of "=",
 * quotes, the form and the word of each ${…} (`words` as in conf/expand.h). Adds what is
 * wrong to `problems`. What is converted meanwhile is left in the arena. FIELD_TEXT is
 * for whoever knows what else the section says.
 */
void field_check(const struct field *field, const struct section *section,
	const struct setting *setting, const char *const *words, struct arena *arena,
	struct problems *problems);

struct field_context {
	struct arena *arena;
	const char *base; /* absolute: where FIELD_PATH starts */
	const struct expander *expander;
};

/*
 * Fills the struct at `target` from a section: what was written, or else the default,
 * expanded once and converted. `which`: only early fields, only late ones, or both; or of
 * all only those that are `first`. With a tolerant expander a field whose names are unset
 * is as if nothing were written and there were no default. Returns 0, or -1: an error
 * begins "[kind:name] key: " and has the place of the key; unset names of all keys are in
 * one error.
 */
enum field_which {
	FIELDS_EARLY = 1,
	FIELDS_LATE = 2,
	FIELDS_ALL = 3,
	FIELDS_FIRST = 4,
};
int fields_fill(const struct field *fields, enum field_which which,
	const struct section *section, const struct field_context *context, void *target,
	struct err *err);

/*
 * The same ahead of its time: every error of every key, and of every item of a list, goes
 * to `problems`, unless it is there already. Of a key without items in whose place one is
 * there, only names that are unset do. Returns whether all is filled; not so where
 * something is wrong, and where a value is known only later (expand.h).
 */
bool fields_judge(const struct field *fields, enum field_which which,
	const struct section *section, const struct field_context *context, void *target,
	struct problems *problems);

/*
 * A field's type as people call it: "path", "list", "duration", "no · link". It may be
 * in `room`.
 */
const char *field_type_text(const struct field *field, struct buf *room);

/* "500ms", "10" (seconds), "2min 30s", "30d", "2w", "none". False where it is none. */
bool duration_parse(const char *text, int64_t *ret_ms);
bool bool_parse(const char *text, bool *ret);

/*
 * The index of the choice, in upper or lower case; where yes and no are choices, what
 * means the same is one, too. False where it is none.
 */
bool choice_parse(const char *const *choices, const char *text, int *ret);

#endif
