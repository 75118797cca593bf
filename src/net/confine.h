/* SPDX-License-Identifier: MIT */
/*
 * A process that reads what strangers send gives up what it does not need for that: an
 * error in a library then gives them little. What its parent had in memory when it was
 * made, secrets too, it still has.
 */
#ifndef NET_CONFINE_H
#define NET_CONFINE_H

/*
 * For a child, which must end with _exit(2): closes every descriptor but the standard
 * ones and `keep`; as root, becomes a user and a group that own nothing (65534, "nobody")
 * without further groups; drops all capabilities and the way to new ones; takes from the
 * environment what would make libraries write or load files. What the kernel refuses (in
 * a user namespace without that user, say) stays as it is. The death signal that
 * PR_SET_PDEATHSIG has set is lost: set it afterwards.
 */
void confine(int keep);

#endif
