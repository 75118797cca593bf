/* SPDX-License-Identifier: MIT */
/*
 * The command line, and the environment where it says nothing. Options stand before or
 * after the subcommand; the first word that is neither, and "--", begin the application's
 * command, whose own options are left alone.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "conf/field.h"
#include "plan/settings.h"

struct command;
struct err;

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };
enum output {
	OUTPUT_TEXT,
	OUTPUT_JSON,
	OUTPUT_MARKDOWN,
	OUTPUT_MDOC,
	OUTPUT_DOT,
	OUTPUT_MERMAID,
	OUTPUT_JSON_SCHEMA,
	OUTPUT_SVG,
	OUTPUT_UNKNOWN, /* another word, which fits no subcommand */
};
extern const char *const output_names[]; /* of these; NULL-terminated */

struct options {
	struct arena arena;
	const struct command *command; /* the subcommand; run where none was named */
	struct list config, only, skip, force, wait; /* `items` is NULL while empty */
	const char *base;
	const char *state;
	const char *report;
	int64_t timeout_ms;  /* -1: none; DURATION_NOT_GIVEN */
	int64_t deadline_ms; /* the same */
	int init;            /* enum launch_init; auto: not given */
	int log_level;       /* enum log_level; -1: not given */
	int log_format;      /* enum log_format; -1: the same */
	int color;           /* enum color */
	int format;          /* enum output */
	bool exit_code;
	bool rehearse;
	bool online;
	bool diff;
	bool help;
	bool version;
	uint64_t written; /* by the command line: a bit for each of option_table */
	bool worker;      /* an option was given for which the worker is needed */
	bool typed;       /* `words` begin without a "--" in front of them */
	char **words;     /* the application's; NULL where there are none */
};

/*
 * One option, for parsing and for --help: a typed field (conf/field.h) of struct options.
 * A list gets a further item each time.
 */
struct option {
	char letter;      /* 0: none */
	const char *name; /* without dashes */
	const char *arg;  /* what --help calls its value; NULL: it has none */
	const char *env;  /* the variable that gives it, or NULL */
	enum field_type type;
	size_t offset;
	const char *value; /* of one without an argument: as if that had been written */
	const char *const *choices;                                    /* of FIELD_ENUM */
	int (*parse)(void *member, const char *text, struct err *err); /* as of a field */
	int64_t min;                                                   /* as of a field */
	char separator; /* of the variable's list; 0: it is one value */
	bool worker;    /* with it nothing is launched before the worker has run */
	const char *help;
};

extern const struct option option_table[]; /* ends with a NULL name; 63 at the most */

/*
 * Reads the environment, then the command line, which overrides it. The subcommand is
 * one of `commands`; the first if none is named. Returns 0, or -1 with ERR_USAGE;
 * `options` is to be released in both cases. It points into argv, whose operands are
 * moved to the front.
 */
int options_read(struct options *options, const struct command *commands, int argc,
	char **argv, struct err *err);

/* Is this option on the command line, and does not come from its variable alone? */
bool options_written(const struct options *options, const char *name);

/* The variable that gives it, where it is not on the command line; else NULL. */
const char *options_variable(const struct options *options, const char *name);

/*
 * "; did you mean 'x'?" for a subcommand or option of other programs that is called x
 * here, or "".
 */
const char *options_synonym(const char *word);

void options_release(struct options *options);

#endif
