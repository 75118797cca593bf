/* SPDX-License-Identifier: MIT */
/* One start of the program, bounded in time, with all that it printed. */
#ifndef TESTS_ATTACK_START_H
#define TESTS_ATTACK_START_H

#include <stdbool.h>
#include <stddef.h>

#define OUTPUT_MAX (256 * 1024)

struct output {
	int fd; /* a memfd */
	size_t size;
	char data[OUTPUT_MAX + 1];
};

struct start {
	struct output out;
	struct output err;
	int limit_ms;
	int status; /* as waitpid(2) gives it */
	bool hung;  /* and was killed */
};

/* The limit is $ATTACK_LIMIT seconds, else 20. */
void start_init(struct start *start);
void start_run(struct start *start, char *const *argv, char *const *environment);

#endif
