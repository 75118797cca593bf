/* SPDX-License-Identifier: MIT */
/*
 * A process that reads what strangers send gives up what it does not need for that: an
 * error in a library then gives them little. What its parent had in memory when it was
 * made, secrets too, it still has.
 */
#ifndef NET_CONFINE_H
#define NET_CONFINE_H

#include <sys/types.h>

/*
 * For a child of the process `parent`, which must end with _exit(2): closes every
 * descriptor but the standard ones and `keep`; as root, becomes a user and a group that
 * own nothing (65534, "nobody") without further groups; drops all capabilities and the
 * way to new ones; takes from the environment what would make libraries write or load
 * files. What the kernel refuses (in a user namespace without that user, say) stays as it
 * is. From then on it ends with its parent.
 */
void confine(int keep, pid_t parent);

#endif
