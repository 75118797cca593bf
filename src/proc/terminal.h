/* SPDX-License-Identifier: MIT */
/*
 * The foreground of the controlling terminal (tcsetpgrp(3)): given to the application's
 * process group if our own group has it, and taken back when the application stops or
 * ends. Without a terminal nothing is done.
 */
#ifndef PROC_TERMINAL_H
#define PROC_TERMINAL_H

#include <stdbool.h>
#include <sys/types.h>

/* Opens our controlling terminal, above stderr. Returns -1 if there is none. */
int terminal_open(void);

/*
 * Makes `group` the foreground if `from` is that now. SIGTTOU must be blocked. Returns
 * whether it did. `fd` may be -1.
 */
bool terminal_pass(int fd, pid_t from, pid_t group);

#endif
