/* SPDX-License-Identifier: MIT */
/*
 * Names of signals, without the C library's tables: not every one has them, and they
 * count real-time signals differently. RTMIN is 34 here, as for container runtimes and
 * most applications.
 */
#ifndef BASE_SIGNAL_NAME_H
#define BASE_SIGNAL_NAME_H

#include <stdint.h>

struct err;

#define SIGNALS_MAX      64
#define SIGNAL_NAME_SIZE 20

/*
 * Writes "SIGTERM", "SIGRTMIN+3" or, for a signal without a name (32 and 33, which the C
 * library keeps for itself) "signal 32" to `room`, which has SIGNAL_NAME_SIZE bytes, and
 * returns it.
 */
const char *signal_name(int signal, char *room);

/*
 * The number of "TERM", "SIGTERM", "15", "RTMIN+3" or "RTMAX-1", in upper or lower case.
 * Returns 0, or -1 with ERR_CONFIG where there is no such signal.
 */
int signal_parse(const char *word, int *ret, struct err *err);

/* The signal's bit in a set of them, which all fit. */
uint64_t signal_bit(int signal);

/* Adds the signal of that name to a uint64_t of bits: a parser of fields. */
int signal_parse_bit(void *member, const char *word, struct err *err);

#endif
