/* SPDX-License-Identifier: MIT */
/*
 * Log events as lines of text:
 *
 *	groundwork: error: file:12: message
 *	groundwork: [step] message
 *	groundwork: + step success: message (12ms)
 *
 * A listed event has nothing in front of its place.
 */
#ifndef BASE_LOG_TEXT_H
#define BASE_LOG_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct log_event;

/*
 * Appends `text` as a log shows it: control characters (C1 ones, those that change the
 * direction of text or begin a line, and bytes that are no UTF-8, too) as \xNN, further
 * lines indented by `indent`.
 */
void log_show(struct buf *to, const char *text, size_t size, int indent);

/* Appends the line of an event, without its newline. */
void log_text(struct buf *to, const struct log_event *event, bool color);

/*
 * Writes that line into `to`, which has `size` bytes, and returns its length. What does
 * not fit is cut between two characters, and the line then ends in "…". `size` is at
 * least 64. Allocates nothing.
 */
size_t log_text_fixed(char *to, size_t size, const struct log_event *event, bool color);

#endif
