/* SPDX-License-Identifier: MIT */
/*
 * The log: events for a person, a line each, written with one system call.
 *
 *	struct log log = {.fd = STDERR_FILENO, .level = LOG_INFO};
 *	log_warn(&log, "'%s' is readable by all", path);
 *
 * Whatever an event says is redacted, and its control characters are made visible, so
 * that no value can forge a line or move a terminal's cursor. Behind the program's name:
 *
 *	error: file:12: message
 *	[step] message
 *	+ step    message (12ms)
 *	! error: file:12: [step]: message (12ms)
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/place.h"

struct buf;
struct err;
struct log_event;
struct secrets;

#define LOG_FIXED_MAX 4096 /* with its newline: a pipe takes it whole (PIPE_BUF) */

/* What became of a step, or would. */
enum log_mark {
	LOG_MARK_NONE,
	LOG_MARK_MADE,
	LOG_MARK_CHANGED,
	LOG_MARK_REMOVED,
	LOG_MARK_IN_PLACE,
	LOG_MARK_KEPT,
	LOG_MARK_LEFT_OUT,
	LOG_MARK_UNKNOWN,
	LOG_MARK_FAILED,
};

/* How it is shown: "+", "made", and a terminal's sequence. */
struct log_mark_form {
	const char *sign, *word, *color;
};
extern const struct log_mark_form log_marks[];

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

struct log {
	int fd; /* where lines go; -1: nowhere but `sink` */
	enum log_level level;
	bool color;
	bool terminal; /* a person looks on: progress is shown */
	int columns;   /* of the terminal: longer lines are broken; 0: none is */
	bool json;     /* an object a line (log_json()): no color, columns and progress */
	/*
	 * For a process that must not end: nothing is allocated, a line is cut at
	 * LOG_FIXED_MAX bytes, and nothing is redacted.
	 */
	bool fixed;
	/*
	 * For one that must not wait either: what cannot be written within a second is
	 * dropped, and this is set; then lines are dropped at once until one can be
	 * written. NULL: lines wait until they can.
	 */
	bool *unread;
	const struct secrets *secrets; /* may be NULL */
	/* For tests: gets every line of the level, without its newline. */
	void (*sink)(void *user, enum log_level level, const char *line);
	void *user;
	/* Gets what is done now of what takes long, redacted; or NULL. */
	void (*at_work)(void *at_work_user, const char *what);
	void *at_work_user;
	/* Gets each warning, below any level, and says whether to log it; or NULL. */
	bool (*warned)(void *warned_user, const struct log_event *event);
	void *warned_user;
};

/* What one line says. Strings may be NULL, but for the message. */
struct log_event {
	enum log_level level;
	struct place at;      /* what it is about */
	const char *subject;  /* a name: whose event it is */
	const char *step;     /* the same for JSON, where the message has it already */
	const int64_t *order; /* of a step; for JSON */
	const char *status;   /* what became of that; for JSON */
	enum log_mark mark;   /* the same, which all can see */
	int width;            /* of the subjects that stand below each other */
	bool listed;          /* of a list that ends in a line of its own: no prefix */
	const char *message;
	const char *quoted;  /* lines behind all of that (err_quote()) */
	int64_t duration_us; /* 0: none */
};

void log_event(const struct log *log, const struct log_event *event);

/* Events that are a message alone. */
__attribute__((format(printf, 3, 4))) void log_message(
	const struct log *log, enum log_level level, const char *format, ...);
/* A warning that is a message with the place that it is about. */
__attribute__((format(printf, 3, 4))) void log_warn_at(
	const struct log *log, struct place at, const char *format, ...);
#define log_error(log, ...) log_message(log, LOG_ERROR, __VA_ARGS__)
#define log_warn(log, ...)  log_message(log, LOG_WARN, __VA_ARGS__)
#define log_info(log, ...)  log_message(log, LOG_INFO, __VA_ARGS__)
#define log_debug(log, ...) log_message(log, LOG_DEBUG, __VA_ARGS__)

/* An error with its place. */
void log_err(const struct log *log, enum log_level level, const struct err *err);

/*
 * On a terminal, a line that the next one writes over: for what takes long. _end() wipes
 * it. Elsewhere, and below LOG_INFO, nothing. Not for a `fixed` log: it allocates.
 */
__attribute__((format(printf, 2, 3))) void log_progress(
	const struct log *log, const char *format, ...);
void log_progress_end(const struct log *log);

/* What is done now of what takes long: for log->at_work. */
void log_at_work(const struct log *log, const char *what);

/* ---- lines, without a log ---- */

/*
 * Appends `text` as a log shows it: control characters (C1 ones, those that change the
 * direction of text or begin a line, and bytes that are no UTF-8, too) as \xNN, further
 * lines indented by `indent`.
 */
void log_show(struct buf *to, const char *text, size_t size, int indent);

/* The columns of the terminal, or 0 where the descriptor is none, or they are few. */
int log_columns(int fd);

/*
 * Breaks what was appended to the line from that byte on between words, so that it fits
 * the columns; what follows is indented, by less where that were more than half of them.
 * 0 columns, and a word that is longer, stay.
 */
void log_wrap(struct buf *line, size_t from, int columns, int indent);

/* Appends the line of an event, without its newline. */
void log_text(struct buf *to, const struct log_event *event, bool color);

/*
 * Appends an object with `time` (as clock_text()), `level`, `message` and, as far as the
 * event has them, `file`, `line`, `column`, `step` (the subject, else `step`), `order`,
 * `status`, `mark` (its sign) and `duration_ms`: plan/log_member.c is their manual.
 */
void log_json(struct buf *to, const struct log_event *event);

/*
 * Writes that line into `to`, which has `size` bytes, and returns its length. What does
 * not fit is cut between two characters, and the line then ends in "…". `size` is at
 * least 64. Allocates nothing.
 */
size_t log_text_fixed(char *to, size_t size, const struct log_event *event, bool color);

/* The same of log_json(), whose message is cut; `size` is at least 1024. */
size_t log_json_fixed(char *to, size_t size, const struct log_event *event);

#endif
