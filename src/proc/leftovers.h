/* SPDX-License-Identifier: MIT */
/* What the application has left running: ending it, and what is logged of that. */
#ifndef PROC_LEFTOVERS_H
#define PROC_LEFTOVERS_H

#include <stdint.h>
#include <sys/types.h>

struct children_spared;
struct log;
struct signal_rules;

struct leftovers {
	struct children_spared *spared;
	const struct signal_rules *rules;
	const struct log *log;
	uid_t user; /* whose they are, for root without CAP_KILL */
	int signal_fd;
	int64_t timeout_ms; /* -1: without end */
};

/*
 * Ends every process below us but the spared: TERM, the timeout, which a stop by the
 * rules cuts short, and KILL. What we have no right to signal is named and left, and so
 * is what KILL does not end within 5 s. Nothing is allocated.
 */
void leftovers_end(const struct leftovers *leftovers);

#endif
