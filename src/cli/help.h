/* SPDX-License-Identifier: MIT */
/* --help, printed from the tables. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

struct cli;

/* What --help prints. Returns the exit code. */
int help_print(const struct cli *cli);

#endif
