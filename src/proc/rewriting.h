/* SPDX-License-Identifier: MIT */
/*
 * What the application's signals and exit codes become: "TERM=QUIT" and "HUP=none" of
 * signals, "143=0" of exit codes, where "TERM=0" is the same; and which signals ask it to
 * end.
 */
#ifndef PROC_REWRITING_H
#define PROC_REWRITING_H

#include <stdbool.h>
#include <stdint.h>

struct err;

/* By signal, or by exit code. All zero: each stays what it is. */
struct rewriting {
	uint16_t to[256]; /* 0: as it is; else what it becomes, and 1 */
};

/*
 * Add one, as written, to a struct rewriting: parsers of field rows. Return 0, or -1 with
 * ERR_CONFIG, where all stays as it was.
 */
int rewriting_add_signal(void *member, const char *word, struct err *err);
int rewriting_add_exit_code(void *member, const char *word, struct err *err);

/* Returns what a signal, or an exit code, becomes; 0 for a signal that is dropped. */
int rewriting_get(const struct rewriting *rewriting, int number);

/* What signals mean. All zero: as they are, and TERM and INT ask for the end. */
struct signal_rules {
	struct rewriting becomes;
	uint64_t stops; /* a bit each (signal_bit()); 0: TERM and INT */
};

/* Does it ask for the end, as it was received or as what it becomes? */
bool signal_rules_stop(const struct signal_rules *rules, int received);

#endif
