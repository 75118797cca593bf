/* SPDX-License-Identifier: MIT */
/* Processes that a message is about: how many, and what some are called. */
#ifndef PROC_TALLY_H
#define PROC_TALLY_H

#include <stddef.h>
#include <sys/types.h>

#define TALLY_NAMES_MAX 3
#define TALLY_NAME_SIZE 16 /* of the kernel's own names */
#define TALLY_TEXT_MAX  128

/* All zero: none. */
struct tally {
	size_t count;
	size_t names_count; /* the different ones; over TALLY_NAMES_MAX: there are more */
	char names[TALLY_NAMES_MAX][TALLY_NAME_SIZE];
};

/*
 * What a process is called, also where it has ended and is not reaped yet; "" if that is
 * not known. Nothing is allocated.
 */
void tally_name(pid_t pid, char ret[TALLY_NAME_SIZE]);

void tally_add(struct tally *tally, const char *name);

/* "2 processes (nginx, sleep)". Returns `room`. */
const char *tally_text(const struct tally *tally, char room[TALLY_TEXT_MAX]);

#endif
