/* SPDX-License-Identifier: MIT */
/*
 * The exit codes, which are a contract. 111 and 100 are those of execline and
 * daemontools: a temporary failure, and one that a retry cannot help.
 */
#ifndef CLI_EXIT_CODE_H
#define CLI_EXIT_CODE_H

struct err;

#define EXIT_DONE           0
#define EXIT_CHANGES        2 /* plan --exit-code */
#define EXIT_WRONG          100
#define EXIT_STEP_FAILED    111
#define EXIT_NOT_EXECUTABLE 126
#define EXIT_NOT_FOUND      127
#define EXIT_SIGNAL(number) (128 + (number))

int exit_code(const struct err *err);

#endif
