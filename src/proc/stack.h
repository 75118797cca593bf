/* SPDX-License-Identifier: MIT */
/*
 * The stack of this process (getrlimit(2), RLIMIT_STACK). What parses nested text needs
 * more of it than some containers leave, and a stack that is full ends a process without
 * a message.
 */
#ifndef PROC_STACK_H
#define PROC_STACK_H

#include <stdint.h>

struct err;

/*
 * Raises the soft limit to 8 MiB, or to the hard limit where that is lower; a higher one
 * stays. Returns 0 with the soft limit as found, or -1 if the hard limit is too low to
 * work with.
 */
int stack_raise(uint64_t *ret_found, struct err *err);

/*
 * For the report of a crash: "" unless the stack may have less than is usual, and then
 * what to do if that was the reason.
 */
const char *stack_hint(int signal);

/* Sets the soft limit to what stack_raise() found, before an execve(2). 0: nothing. */
void stack_restore(uint64_t found);

#endif
