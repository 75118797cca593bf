/* SPDX-License-Identifier: MIT */
/*
 * A process that reads what strangers send gives up what it does not need for that: an
 * error in a library then gives them little.
 */
#ifndef NET_CONFINE_H
#define NET_CONFINE_H

#include <stdbool.h>

/* Closes every descriptor but the standard ones and `keep`. */
void confine_descriptors(int keep);

/*
 * For a child that gets SIGKILL when its parent dies, and must end with _exit(2) where it
 * was only forked: as root, becomes a user and a group that own nothing (65534, "nobody")
 * without further groups; drops all capabilities and the way to new ones. What the kernel
 * refuses (in a user namespace without that user, say) stays as it is. Its parent's death
 * still ends it, unless that was root without CAP_KILL. With `as_us` it stays the user
 * that it is.
 */
void confine(bool as_us);

/* Becomes that user, and no more: who may not signal it as root then may. 0, or -1. */
int confine_user(void);

#endif
