/* SPDX-License-Identifier: MIT */
/*
 * Asking the kernel by doing it: in a process of our own, which may become another user
 * for that, answers and ends.
 */
#ifndef PROC_ASK_H
#define PROC_ASK_H

#include <stddef.h>
#include <sys/types.h>

struct err;
struct stop;

struct ask {
	/* In that process: writes `size` bytes to `answer`, which ours then gets. */
	void (*work)(void *user, void *answer);
	void *user;
	size_t size;
	uid_t uid;        /* whom it may become */
	const char *what; /* "make a process that …", for an error */
};

/*
 * Returns 1 with the answer, else 0: none came for 5 s, or the process was killed, as by
 * another one of that user; or -1, also as stop_poll() does. Then `answer` says nothing.
 */
int ask_process(const struct ask *ask, void *answer, struct stop *stop, struct err *err);

#endif
