/* SPDX-License-Identifier: MIT */
/*
 * The exit codes, which users act on. 100 and 111 are those of daemontools and execline:
 * an error that a retry cannot help, and one that it may. 126, 127 and 128+n are those of
 * the shells, env(1) and timeout(1).
 */
#ifndef BASE_EXIT_CODE_H
#define BASE_EXIT_CODE_H

struct err;

#define EXIT_DONE           0
#define EXIT_CHANGES        2   /* asked for what would change: something would */
#define EXIT_WRONG          100 /* usage or configuration: a retry cannot help */
#define EXIT_FAILED         111 /* a retry may help */
#define EXIT_NOT_EXECUTABLE 126
#define EXIT_NOT_FOUND      127
#define EXIT_SIGNAL(number) (128 + (number))

/*
 * The exit code of an error of ours: 0, 100, 111, or 128+n where signal n interrupted. A
 * command that is missing or cannot be executed is a failure as any other: 111.
 */
int exit_code_of_error(const struct err *err);

/* The same where the application was launched: its command gives 127 and 126 as well. */
int exit_code_of_launch(const struct err *err);

/* The exit code of a process that has ended, from its status of wait(2). */
int exit_code_of_status(int status);

#endif
