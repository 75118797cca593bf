/* SPDX-License-Identifier: MIT */
/* The time: for durations, and for people. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/* Monotonic milliseconds and microseconds: for durations and deadlines only. */
int64_t clock_ms(void);
int64_t clock_us(void);

/*
 * How long poll(2) may wait for a time of clock_ms(): in milliseconds, 0 where it has
 * passed, -1 for INT64_MAX, which is never; then no clock is asked.
 */
int clock_wait(int64_t until_ms);

/* Seconds since the epoch (UTC). */
int64_t clock_epoch(void);

/* Now as RFC 3339 with milliseconds, UTC: 2026-01-31T08:15:30.123Z. */
#define CLOCK_TEXT_MAX 32
void clock_text(char ret[CLOCK_TEXT_MAX]);

/* A duration for a person: "380us", "1.4ms", "12ms", "3.2s", "2min 5s". */
void clock_duration(int64_t us, char ret[CLOCK_TEXT_MAX]);

#endif
