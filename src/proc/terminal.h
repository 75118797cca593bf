/* SPDX-License-Identifier: MIT */
/*
 * The controlling terminal's foreground: handed to the application's process group by us
 * who have it, and by nobody else; taken back when the application stops or ends (see
 * tcsetpgrp(3)). No terminal, a closed stdin, EPERM, ENOTTY: nothing is done.
 */
#ifndef PROC_TERMINAL_H
#define PROC_TERMINAL_H

#include <stdbool.h>
#include <sys/types.h>

/* Our controlling terminal, above stderr, or -1 where we have none. */
int terminal_open(void);

/* Makes `group` the foreground where `from` is. Needs SIGTTOU blocked. Says if it did. */
bool terminal_pass(int fd, pid_t from, pid_t group);

#endif
