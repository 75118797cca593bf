/* SPDX-License-Identifier: MIT */
/* The subcommands: one function each, and the table that lists them. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>

#include "base/log.h"
#include "cli/options.h"
#include "plan/bootstrap.h"

struct buf;
struct err;
struct execute_search;
struct worker;

/* What every subcommand is given. */
struct cli {
	struct options options;
	struct log log;
	const struct command *commands; /* all of them */
	char **environment;
};

/* What may stand behind a subcommand, beside options. */
enum command_words {
	WORDS_NONE,
	WORDS_OPERANDS, /* options may stand behind them, too */
	WORDS_COMMAND,  /* the application's: its first word ends the options */
};

struct command {
	const char *name;
	const char *synopsis; /* what stands behind the options */
	const char *summary;  /* one line */
	enum command_words words;
	enum purpose purpose; /* of a configuration that it loads */
	unsigned formats; /* that --format takes beside text: a bit for each; 0: none */
	const char *no_words; /* of WORDS_NONE: the error where some are; or NULL */
	bool worker;          /* runs behind the parent, which launches the application */
	int (*run)(struct cli *cli, const struct worker *worker); /* the exit code */
};

/*
 * In the order of --help; ends with a NULL name. The first is run where none is named. It
 * is in cli/cli.c: whatever else needs it gets it as an argument, or in struct cli.
 */
extern const struct command command_table[];

int command_start(struct cli *cli, const struct worker *worker);
/* As parent_job.lost, of what command_start() could not report itself. */
void command_lost(struct cli *cli, const char *why);

int command_wait(struct cli *cli, const struct worker *worker);
int command_inspect(struct cli *cli, const struct worker *worker);
int command_status(struct cli *cli, const struct worker *worker);
int command_install(struct cli *cli, const struct worker *worker);
int command_explain(struct cli *cli, const struct worker *worker);
int command_help(struct cli *cli, const struct worker *worker);
int command_version(struct cli *cli, const struct worker *worker);
int command_completion(struct cli *cli, const struct worker *worker);

/* Are colors wanted there? */
bool command_color(const struct cli *cli);

/* Prints to the standard output. Returns the exit code. */
int command_print(const struct cli *cli, const struct buf *text);

/* Logs what is wrong with the configuration. Returns the exit code. */
int command_report_problems(const struct cli *cli, struct bootstrap *bootstrap);

/*
 * Loads the configuration for the subcommand's purpose, decides what can be decided, and
 * logs what is wrong. Returns EXIT_DONE or the exit code; `ret` is to be released in any
 * case. `loaded` (may be NULL) is called once the settings are known, before anything
 * that they name is read.
 */
int command_load(
	struct cli *cli, void (*loaded)(void *user), void *user, struct bootstrap *ret);

/*
 * Looks for a command that was typed without a "--" or a slash, as execute_look_up()
 * does: it may be a misspelt subcommand. Returns 0 if it is there, may be made, or was
 * not typed so, or -1, with ERR_NOT_FOUND and the subcommand that is near.
 */
int command_look_up(
	const struct cli *cli, const struct execute_search *search, struct err *err);

/*
 * The same, with the configuration loaded and environment_read() done: a program that a
 * step makes is known. Returns 0, or -1.
 */
int command_look_up_loaded(
	const struct cli *cli, struct bootstrap *bootstrap, struct err *err);

/* Sets the deadline, of the command line or of [bootstrap]; 0: there is none. */
void command_set_deadline(const struct cli *cli, struct bootstrap *bootstrap);

/* Logged where there is no drop-in and the application is started all the same. */
#define COMMAND_NOTHING_TO_LAY "no drop-in was found: nothing to lay"

/* Logs that there is no drop-in. Returns the exit code. */
int command_nothing(const struct cli *cli, struct bootstrap *bootstrap);

#endif
