/* SPDX-License-Identifier: MIT */
/* The time, and how it is written. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Monotonic milliseconds and microseconds: for durations and deadlines only. */
int64_t clock_ms(void);
int64_t clock_us(void);

/*
 * The timeout for a poll(2) that waits until `until_ms`, a time of clock_ms(): 0 where it
 * has passed, -1 for INT64_MAX, which is never and takes no system call.
 */
int clock_wait(int64_t until_ms);

/* Seconds since the epoch (UTC). */
int64_t clock_epoch(void);

/*
 * The time that a file would get that changes now; and whether `time` of a file is not
 * before `since`, and not after now, where a clock that was set may have put it. Times
 * are as coarse as the kernel's ticks, or as seconds on some file systems: what is
 * changed in the tick of `since` has changed since.
 */
struct timespec;
void clock_file(struct timespec *ret);
bool clock_file_since(const struct timespec *time, const struct timespec *since);

/* The present time as RFC 3339 with milliseconds, UTC: 2026-01-31T08:15:30.123Z. */
#define CLOCK_TEXT_MAX 32
void clock_text(char ret[CLOCK_TEXT_MAX]);

/* The day of that second, UTC: 2026-01-31. */
void clock_day(int64_t epoch, char ret[CLOCK_TEXT_MAX]);

/* The seconds since the epoch that such a text names, without their fraction, or 0. */
int64_t clock_parse(const char *text);

/* A duration for people: "380us", "1.4ms", "12ms", "3.2s", "2min 5s". */
void clock_duration(int64_t us, char ret[CLOCK_TEXT_MAX]);

#endif
