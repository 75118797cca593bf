/* SPDX-License-Identifier: MIT */
/* --help and --version, printed from the tables. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

struct buf;
struct cli;
struct command;

void help_text(const struct command *commands, struct buf *ret);
void help_version(struct buf *ret);

/* Prints the first of them. Returns the exit code. */
int help_print(const struct cli *cli);

#endif
