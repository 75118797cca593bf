/* SPDX-License-Identifier: MIT */
/*
 * The standard streams of a container. /dev/stdout and /dev/stderr lead to what the
 * runtime has opened, and opening them asks whose that is: root's, where it has started
 * us as root.
 */
#ifndef PROC_STREAMS_H
#define PROC_STREAMS_H

struct identity;

/*
 * Gives the pipes and terminals on 0, 1 and 2 to the user that the process is about to
 * become, where that is another one. Files and devices stay whose they are, and so does a
 * terminal whose session began outside of this pid namespace. What cannot be given is
 * left: an application that does not open them has no need of it.
 */
void streams_give(const struct identity *identity);

#endif
