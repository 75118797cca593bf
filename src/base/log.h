/* SPDX-License-Identifier: MIT */
/*
 * Lines for a person, each written with one system call, redacted, and with control
 * characters made visible, so that no value can forge a line or move a terminal's cursor.
 *
 *	struct log log = {.fd = STDERR_FILENO, .level = LOG_INFO};
 *	log_warn(&log, "'%s' is readable by all", path);
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct err;
struct secrets;

#define LOG_FIXED_MAX 4096 /* with its newline: a pipe takes it whole (PIPE_BUF) */

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

struct log {
	int fd; /* where lines go; -1: nowhere but `sink` */
	enum log_level level;
	bool color;
	bool terminal; /* somebody looks on: progress is shown */
	/*
	 * For a process that must not end: log_error() to log_debug() allocate nothing,
	 * cut a line at LOG_FIXED_MAX bytes, redact nothing, and drop a line that cannot
	 * be written within a second.
	 */
	bool fixed;
	const struct secrets *secrets; /* may be NULL */
	/*
	 * A test's or a report's ear: gets every line of the level, without its newline.
	 */
	void (*sink)(void *user, enum log_level level, const char *line);
	void *user;
};

/* "groundwork: " and, but for info, the level's name stand before the text. */
__attribute__((format(printf, 2, 3))) void log_error(
	const struct log *log, const char *format, ...);
__attribute__((format(printf, 2, 3))) void log_warn(
	const struct log *log, const char *format, ...);
__attribute__((format(printf, 2, 3))) void log_info(
	const struct log *log, const char *format, ...);
__attribute__((format(printf, 2, 3))) void log_debug(
	const struct log *log, const char *format, ...);

/* An error with its place, on the level LOG_ERROR. */
void log_err(const struct log *log, const struct err *err);

/*
 * Appends `text` as a log shows it: control characters (C1 ones, those that change the
 * direction of text or begin a line, and bytes that are no UTF-8, too) as \xNN, further
 * lines indented by `indent`.
 */
void log_show(struct buf *to, const char *text, size_t size, int indent);

/*
 * On a terminal, a line that the next one writes over: for what takes long. _end() takes
 * it away. Elsewhere, and below LOG_INFO, nothing.
 */
__attribute__((format(printf, 2, 3))) void log_progress(
	const struct log *log, const char *format, ...);
void log_progress_end(const struct log *log);

/* A line as it is (redacted, control characters shown), nothing in front. */
void log_line(const struct log *log, enum log_level level, const char *text, size_t size);

/* LOG_INFO of a whole line that is known beforehand: without a byte of memory. */
void log_notice(const struct log *log, const char *line);

#endif
