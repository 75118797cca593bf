/* SPDX-License-Identifier: MIT */
/* What a person types, from the words to the exit code. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

struct startup;

int cli_main(const struct startup *startup, int argc, char **argv, char **environment);

#endif
