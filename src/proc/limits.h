/* SPDX-License-Identifier: MIT */
/*
 * Resource limits of the application (setrlimit(2)), under the names that prlimit(1) and
 * the shells know: "nofile=4096", "core=0:unlimited" (soft:hard), "nofile=4096:" and
 * "nofile=:4096" (one of the two). Sizes may end in K, M or G.
 */
#ifndef PROC_LIMITS_H
#define PROC_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

struct err;

#define LIMITS_MAX 16

/* All zero: every limit stays as it was found. */
struct limits {
	struct limit {
		bool soft_set, hard_set;
		uint64_t soft, hard; /* UINT64_MAX: none */
	} list[LIMITS_MAX];          /* by the kernel's number */
};

/*
 * Adds one limit, as written, to a struct limits: a parser of field rows.
 * Returns 0, or -1 with ERR_CONFIG, where the limits stay as they were.
 */
int limits_add(void *member, const char *word, struct err *err);

/* Sets them for this process. Returns 0, or -1 at the first that the kernel refuses. */
int limits_set(const struct limits *limits, struct err *err);

#endif
