/* SPDX-License-Identifier: MIT */
/*
 * The command line and the environment behind it. Options stand before or after the
 * subcommand; the first word that is neither, and "--", begin the application's command,
 * whose own options are never eaten.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

struct command;
struct err;

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };
enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN, FORMAT_MDOC };

/* A NULL-terminated list of words. */
struct words {
	const char **list; /* NULL while empty */
	size_t count;
};

struct options {
	struct arena arena;
	const struct command *command; /* the subcommand; run where none was named */
	struct words config;
	const char *base;
	struct words only, skip, force;
	bool deadline_given;
	int64_t deadline_ms; /* -1: none */
	int init;            /* enum launch_init */
	int log_level;       /* enum log_level; -1: not given */
	int color;           /* enum color */
	const char *report;
	int format; /* enum format */
	bool exit_code;
	bool help;
	bool version;
	char **words; /* the application's; NULL where there are none */
};

/* One option, for parsing and for --help. */
struct option {
	char letter;      /* 0: none */
	const char *name; /* without dashes */
	const char *arg;  /* what --help calls its value; NULL: it has none */
	const char *env;  /* the variable that gives it, or NULL */
	char separator;   /* of the variable's list; 0: it is one value */
	const char *help;
	/* -1 where the value is wrong. */
	int (*set)(struct options *options, const char *value, struct err *err);
};

extern const struct option option_table[]; /* ends with a NULL name */

/*
 * Reads the environment, then the command line, which beats it. The subcommand is one of
 * `commands`; the first where none is named. Returns 0, or -1 with ERR_USAGE. Words are
 * not copied. To be released in both cases.
 */
int options_read(struct options *options, const struct command *commands, int argc,
	char **argv, struct err *err);
void options_release(struct options *options);

#endif
