/* SPDX-License-Identifier: MIT */
/* Whether this process may override the permissions of other users' files. */
#ifndef BASE_PRIVILEGE_H
#define BASE_PRIVILEGE_H

#include <stdbool.h>

/*
 * True for effective uid 0, and with CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH or
 * CAP_FOWNER effective. The kernel is asked each time, since the identity of a process
 * may change; as root that is geteuid(2) alone. Where capget(2) fails it is true, which
 * is the safe answer: callers are then careful.
 */
bool privileged(void);

#endif
