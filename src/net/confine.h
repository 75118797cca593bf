/* SPDX-License-Identifier: MIT */
/*
 * A process that reads what strangers send gives up what it does not need for that: an
 * error in a library then gives them little.
 */
#ifndef NET_CONFINE_H
#define NET_CONFINE_H

#include <stdbool.h>
#include <stddef.h>

/* "nobody" of every distribution, and the kernel's overflow id. */
#define CONFINE_USER 65534

/* Closes every descriptor but the standard ones and `keep`. */
void confine_descriptors(int keep);

/*
 * For a child that gets SIGKILL when its parent dies, and must end with _exit(2) where it
 * was only forked: lets go of its terminal and of standard error, unless sanitizers may
 * report there; as root, becomes a user and a group that own nothing (CONFINE_USER)
 * without further groups; drops all capabilities and the way to new ones. What the kernel
 * refuses (in a user namespace without that user, say) stays as it is. Its parent's death
 * still ends it, unless that was root without CAP_KILL. With `as_us` it stays the user
 * that it is.
 */
void confine(bool as_us);

/*
 * Lets the process have so many bytes of memory more than it has, or than it was let have
 * by the call before: what a server sends must not fill that of all others. A soft limit
 * that others have set counts as such a call; the hard one holds. Best effort: it must be
 * known how much it has, by /proc.
 */
void confine_memory(size_t more);

#endif
