/* SPDX-License-Identifier: MIT */
/*
 * Jobs of the controlling terminal. Its foreground (tcsetpgrp(3)) is given to the
 * application's process group if our own group has it, and taken back when the
 * application stops or ends. An application that shares our group has the terminal as we
 * have it. Without a terminal nothing is done.
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

/* Has it been hung up? `fd` -1: no. */
bool terminal_is_gone(int fd);

/*
 * Is our process group on the terminal at `fd` that of others, too, so that the
 * application has to stay in it? So it is in a pipeline (`app | less`), in a script,
 * whose shell ends by the same Ctrl-C, and where who leads it is outside of our pid
 * namespace (`unshare -fp`).
 */
bool terminal_shares_group(int fd);

/*
 * Stops `whom`, 0 for our group or we ourselves, as the terminal stops a foreground: by
 * the default action of `signal`, which the kernel leaves out where no shell could
 * continue us. Returns, then or when continued, whether we were.
 */
bool terminal_stop(pid_t whom, int signal);

#endif
