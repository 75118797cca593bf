/* SPDX-License-Identifier: MIT */
/*
 * Why fork(2) has failed. "Resource temporarily unavailable" says nothing of the limits
 * that have this effect.
 */
#ifndef BASE_FORK_H
#define BASE_FORK_H

struct err;

/* What is to be said behind strerror(3) of that errno: "; …", or "". */
const char *fork_hint(int code);

/* err_sys() with a text that is not formatted, and the hint. */
int fork_failed(struct err *err, const char *what);

#endif
