/* SPDX-License-Identifier: MIT */
/*
 * Signals as the kernel counts them: all 64. The C library's functions leave out 32 and
 * 33, which it keeps for itself; a mask that is made with them lets both through.
 */
#ifndef PROC_SIGNALS_H
#define PROC_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

#include "base/signal_name.h"

/* Blocks every signal and says what was blocked before. Cannot fail. */
void signals_block(sigset_t *ret_before);

/* Sets the mask as it is, 32 and 33 included. Cannot fail. */
void signals_set_mask(const sigset_t *mask);

/* Every signal at its default: what the C library lets us set. */
void signals_default(void);

bool signal_ignored(int signal);

/* TERM, INT, QUIT and HUP: what asks us to end. */
bool signal_is_stop(int signal);

/* A signalfd (non-blocking, above stderr) of every signal; -1 with errno set. */
int signals_open_all(void);

/* One of the stop signals, but for those that were found ignored; -1 with errno set. */
int signals_open_stop(void);

/* Takes one signal from such a descriptor: 1, or 0 where none is waiting. */
struct signalfd_siginfo;
int signals_next(int fd, struct signalfd_siginfo *ret);

/* Takes and forgets all that wait. */
void signals_drain(int fd);

#endif
