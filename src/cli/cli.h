/* SPDX-License-Identifier: MIT */
/* What a person types, from the words to the exit code. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

struct parent;

int cli_main(struct parent *parent, int argc, char **argv, char **environment);

#endif
