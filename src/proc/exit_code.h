/* SPDX-License-Identifier: MIT */
/*
 * Exit codes of a launch: what env(1), timeout(1) and the shells use, and 111 (DESIGN 2).
 */
#ifndef PROC_EXIT_CODE_H
#define PROC_EXIT_CODE_H

struct err;

#define EXIT_WRONG          100 /* usage or configuration: a retry cannot help */
#define EXIT_FAILED         111 /* a retry may */
#define EXIT_NOT_EXECUTABLE 126
#define EXIT_NOT_FOUND      127
#define EXIT_SIGNAL         128 /* and the signal's number */

int exit_code_of_error(const struct err *err);

/* Of a status that wait(2) gave for a process that has ended. */
int exit_code_of_status(int status);

#endif
