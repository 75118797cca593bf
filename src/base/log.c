/* SPDX-License-Identifier: MIT */
/* The log: which events are shown, redaction, one write each. */
#include "base/log.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log_internal.h"
#include "base/secrets.h"
#include "base/version.h"

#define PATIENCE_MS 1000

/* Sequences that keep a terminal to one line, and wipe its rest (ECMA-48, xterm). */
#define NO_WRAP "\033[?7l"
#define WRAP    "\033[?7h"
#define ERASE   "\033[K"

/* Can as much be written as a pipe that is ready takes at once? */
static bool has_room(const struct log *log)
{
	struct pollfd ready = {.fd = log->fd, .events = POLLOUT};

	if (log->unread)
		*log->unread = poll(&ready, 1, *log->unread ? 0 : PATIENCE_MS) == 0;
	return !log->unread || !*log->unread;
}

/* `line` is ended by a NUL, in whose place the newline is written. */
static void emit(const struct log *log, enum log_level level, char *line, size_t size)
{
	size_t most = log->unread ? LOG_FIXED_MAX : size + 1;

	if (log->sink)
		log->sink(log->user, level, line);
	if (log->fd < 0)
		return;
	line[size] = '\n';
	/* A log that cannot be written must not stop, or end, what it reports on. */
	for (size_t at = 0; at <= size && has_room(log); at += most)
		(void)fd_write_all(
			log->fd, line + at, size + 1 - at < most ? size + 1 - at : most);
}

/* The text, or what is left of it in `room`. */
static const char *redact(const struct log *log, const char *text, struct buf *room)
{
	if (!text || !log->secrets)
		return text;
	buf_puts(room, text);
	secrets_redact(log->secrets, room, 0);
	return room->data;
}

/* Below what a line goes on, where it is broken: below the message of a step. */
static int indent_of(const struct log_event *event)
{
	int width = event->subject ? (int)strlen(event->subject) : 0;

	if (!event->mark || !event->subject)
		return LOG_INDENT;
	if (width < event->width)
		width = event->width;
	return (int)strlen(PROGRAM ": + ") + width + 2;
}

/* Appends the line to `ret`. */
static void render(
	const struct log *log, const struct log_event *event, bool color, struct buf *ret)
{
	CLEANUP_BUF struct buf file = BUF_INIT;
	CLEANUP_BUF struct buf subject = BUF_INIT;
	CLEANUP_BUF struct buf message = BUF_INIT;
	CLEANUP_BUF struct buf quoted = BUF_INIT;
	struct log_event clean = *event;
	size_t begin = ret->len;

	clean.at.file = redact(log, event->at.file, &file);
	clean.subject = redact(log, event->subject, &subject);
	clean.message = redact(log, event->message, &message);
	clean.quoted = redact(log, event->quoted, &quoted);
	if (log->json) {
		log_json(ret, &clean);
		return;
	}
	log_text(ret, &clean, color);
	log_wrap(ret, begin, log->columns, indent_of(event));
}

void log_event(const struct log *log, const struct log_event *event)
{
	CLEANUP_BUF struct buf line = BUF_INIT;
	char fixed[LOG_FIXED_MAX];

	if (log->warned && event->level == LOG_WARN &&
		!log->warned(log->warned_user, event))
		return;
	if (event->level > log->level)
		return;
	if (log->fixed) {
		emit(log, event->level, fixed,
			log->json
				? log_json_fixed(fixed, sizeof fixed, event)
				: log_text_fixed(fixed, sizeof fixed, event, log->color));
		return;
	}
	render(log, event, log->color, &line);
	emit(log, event->level, line.data, line.len);
}

void log_message(const struct log *log, enum log_level level, const char *format, ...)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct log_event event = {.level = level};
	char fixed[LOG_FIXED_MAX];
	va_list args;

	if (level > log->level && !(log->warned && level == LOG_WARN))
		return;
	va_start(args, format);
	if (log->fixed) {
		/* What is cut here is longer than a line, which is cut again. */
		(void)vsnprintf(fixed, sizeof fixed, format, args);
		event.message = fixed;
	} else {
		buf_vprintf(&text, format, args);
		event.message = text.data;
	}
	va_end(args);
	log_event(log, &event);
}

void log_err(const struct log *log, enum log_level level, const struct err *err)
{
	const struct log_event event = {
		.level = level, .at = err->at, .message = err->text};

	log_event(log, &event);
}

void log_warn_at(const struct log *log, struct place at, const char *format, ...)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct log_event event = {.level = LOG_WARN, .at = at};
	va_list args;

	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	event.message = text.data;
	log_event(log, &event);
}

void log_progress(const struct log *log, const char *format, ...)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf line = BUF_INIT;
	struct log_event event = {.level = LOG_INFO};
	struct log live = *log;
	va_list args;

	if (!log->terminal || log->json || log->fd < 0 || log->level < LOG_INFO)
		return;
	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	event.message = text.data;
	buf_puts(&line, NO_WRAP);
	live.columns = 0; /* the terminal cuts it: what is folded stays */
	render(&live, &event, false, &line);
	buf_puts(&line, ERASE WRAP "\r");
	(void)fd_write_all(log->fd, line.data, line.len); /* as in emit() */
}

void log_at_work(const struct log *log, const char *what)
{
	CLEANUP_BUF struct buf clean = BUF_INIT;

	if (!log->at_work)
		return;
	buf_puts(&clean, what);
	if (log->secrets)
		secrets_redact(log->secrets, &clean, 0);
	log->at_work(log->at_work_user, clean.data);
}

void log_progress_end(const struct log *log)
{
	if (log->terminal && !log->json && log->fd >= 0 && log->level >= LOG_INFO)
		(void)fd_write_all(log->fd, ERASE, sizeof ERASE - 1);
}
