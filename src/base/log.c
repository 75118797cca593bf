/* SPDX-License-Identifier: MIT */
/* Log lines: level, prefix, redaction, one write each. */
#include "base/log.h"

#include <stdarg.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/secrets.h"

static const struct {
	const char *name;
	const char *color;
} levels[] = {
	[LOG_ERROR] = {"error: ", "\033[31m"},
	[LOG_WARN] = {"warning: ", "\033[33m"},
	[LOG_INFO] = {"", ""},
	[LOG_DEBUG] = {"debug: ", "\033[2m"},
};

/* Escape sequences of our own come later; what stands here is somebody's text. */
static void show_controls(struct buf *to, const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '\t' || (c >= 0x20 && c != 0x7f))
			buf_putc(to, (char)c);
		else if (c == '\n')
			buf_puts(to, "\n  ");
		else
			buf_printf(to, "\\x%02x", c);
	}
}

static void emit(const struct log *log, enum log_level level, struct buf *line)
{
	if (log->sink)
		log->sink(log->user, level, line->data);
	if (log->fd < 0)
		return;
	buf_putc(line, '\n');
	/* A log that cannot be written must not stop what it tells of. */
	(void)fd_write_all(log->fd, line->data, line->len);
}

__attribute__((format(printf, 3, 0))) static void say(
	const struct log *log, enum log_level level, const char *format, va_list args)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf line = BUF_INIT;
	bool color = log->color && *levels[level].color;

	if (level > log->level)
		return;
	buf_vprintf(&text, format, args);
	if (log->secrets)
		secrets_redact(log->secrets, &text, 0);
	buf_printf(&line, "groundwork: %s%s%s", color ? levels[level].color : "",
		levels[level].name, color ? "\033[0m" : "");
	show_controls(&line, text.data, text.len);
	emit(log, level, &line);
}

void log_error(const struct log *log, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(log, LOG_ERROR, format, args);
	va_end(args);
}

void log_warn(const struct log *log, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(log, LOG_WARN, format, args);
	va_end(args);
}

void log_info(const struct log *log, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(log, LOG_INFO, format, args);
	va_end(args);
}

void log_debug(const struct log *log, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(log, LOG_DEBUG, format, args);
	va_end(args);
}

void log_line(const struct log *log, enum log_level level, const char *text, size_t size)
{
	CLEANUP_BUF struct buf clean = BUF_INIT;
	CLEANUP_BUF struct buf line = BUF_INIT;

	if (level > log->level)
		return;
	buf_add(&clean, text, size);
	if (log->secrets)
		secrets_redact(log->secrets, &clean, 0);
	show_controls(&line, clean.data, clean.len);
	emit(log, level, &line);
}
