/* SPDX-License-Identifier: MIT */
/* Whether the kernel lets this process pass the permissions of other users' files. */
#ifndef BASE_PRIVILEGE_H
#define BASE_PRIVILEGE_H

#include <stdbool.h>

/*
 * True for effective uid 0, and for anybody who has CAP_CHOWN, CAP_DAC_OVERRIDE,
 * CAP_DAC_READ_SEARCH or CAP_FOWNER effective. It is asked each time, since a process's
 * identity may change; as root that costs no system call beyond geteuid(2). Where the
 * kernel does not answer it is true: whoever asks is then the more careful.
 */
bool privileged(void);

#endif
