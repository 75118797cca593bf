/* SPDX-License-Identifier: MIT */
/*
 * Kubernetes' termination log: one line that says why a container has ended. A failure to
 * write it is ignored: there is no place left to report that. Nothing is allocated.
 */
#ifndef PROC_TERMINATION_H
#define PROC_TERMINATION_H

#include <stddef.h>

#define TERMINATION_MAX 1024 /* bytes */

/*
 * Writes the line of `text` to /dev/termination-log where that exists. Newlines in `text`
 * become blanks; it holds no secret.
 */
void termination_write(char *text);

/* That line, as log_text_fixed() makes it, with its newline. Returns its length. */
size_t termination_line(char *text, char ret[TERMINATION_MAX + 1]);

#endif
