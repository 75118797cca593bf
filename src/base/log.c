/* SPDX-License-Identifier: MIT */
/* Log lines: level, prefix, redaction, one write each. */
#include "base/log.h"

#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/secrets.h"
#include "base/str.h"

#define INDENT      2 /* of further lines */
#define PATIENCE_MS 1000

/* A terminal's ways to keep to one line, and to wipe the rest of it (ECMA-48, xterm). */
#define NO_WRAP "\033[?7l"
#define WRAP    "\033[?7h"
#define ERASE   "\033[K"

static const struct {
	const char *name;
	const char *color;
} levels[] = {
	[LOG_ERROR] = {"error: ", "\033[31m"},
	[LOG_WARN] = {"warning: ", "\033[33m"},
	[LOG_INFO] = {"", ""},
	[LOG_DEBUG] = {"debug: ", "\033[2m"},
};

/* How many bytes at `text` may be shown as they are: one character, or 0. */
static size_t showable(const char *text, size_t size)
{
	uint32_t code;
	size_t n = str_character(text, size, &code);

	return n == 0 || code == '\t' || !str_is_control(code) ? n : 0;
}

/* What is shown of the next character, and how many bytes that character has. */
struct shown {
	char text[64];
	size_t size, taken;
};

static void show_next(const char *text, size_t size, int indent, struct shown *ret)
{
	size_t n = showable(text, size);
	int length;

	ret->taken = n ? n : 1;
	if (n) {
		memcpy(ret->text, text, n);
		ret->size = n;
		return;
	}
	/* Both fit: no caller indents by more than a few. */
	length = *text == '\n'
		? snprintf(ret->text, sizeof ret->text, "\n%*s", indent, "")
		: snprintf(ret->text, sizeof ret->text, "\\x%02x", (unsigned char)*text);
	ret->size = length < 0 ? 0 : (size_t)length;
}

/* Nearly all of a text is this, and is shown at once. */
static size_t plain_size(const char *text, size_t size)
{
	size_t n = 0;

	while (n < size && text[n] >= ' ' && text[n] <= '~')
		n++;
	return n;
}

/* Escape sequences of our own come later; what stands here is somebody's text. */
void log_show(struct buf *to, const char *text, size_t size, int indent)
{
	struct shown shown;

	for (; size > 0; text += shown.taken, size -= shown.taken) {
		shown.taken = plain_size(text, size);
		buf_add(to, text, shown.taken);
		if (shown.taken > 0)
			continue;
		show_next(text, size, indent, &shown);
		buf_add(to, shown.text, shown.size);
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

/* A line in the making that is cut, and says so, where it is full. */
struct fixed_line {
	char data[LOG_FIXED_MAX];
	size_t size;
};

static const char cut_mark[] = "…\n";
#define FIXED_ROOM (LOG_FIXED_MAX - sizeof cut_mark)

static bool fixed_add(struct fixed_line *line, const char *data, size_t size)
{
	if (size > FIXED_ROOM - line->size)
		return false;
	memcpy(line->data + line->size, data, size);
	line->size += size;
	return true;
}

static void fixed_emit(
	const struct log *log, enum log_level level, struct fixed_line *line)
{
	struct pollfd ready = {.fd = log->fd, .events = POLLOUT};

	line->data[line->size] = '\0';
	if (log->sink)
		log->sink(log->user, level, line->data);
	line->data[line->size++] = '\n';
	/* As in emit(). What stands still holds a process up that others wait for. */
	if (log->fd >= 0 && poll(&ready, 1, PATIENCE_MS) != 0)
		(void)fd_write_all(log->fd, line->data, line->size);
}

__attribute__((format(printf, 3, 0))) static void say_fixed(
	const struct log *log, enum log_level level, const char *format, va_list args)
{
	char text[LOG_FIXED_MAX];
	const char *rest = text;
	size_t left;
	struct fixed_line line = {.size = 0};
	bool color = log->color && *levels[level].color;
	struct shown shown;
	int length;

	/* The prefix and its colours are a few bytes. */
	length = snprintf(line.data, FIXED_ROOM, "groundwork: %s%s%s",
		color ? levels[level].color : "", levels[level].name,
		color ? "\033[0m" : "");
	line.size = length < 0 ? 0 : (size_t)length;
	(void)vsnprintf(text, sizeof text, format, args); /* cut below, if at all */
	left = strlen(text);
	for (; left > 0; rest += shown.taken, left -= shown.taken) {
		show_next(rest, left, INDENT, &shown);
		if (!fixed_add(&line, shown.text, shown.size)) {
			memcpy(line.data + line.size, cut_mark, sizeof cut_mark);
			line.size += sizeof cut_mark - 2; /* its NUL and newline */
			break;
		}
	}
	fixed_emit(log, level, &line);
}

__attribute__((format(printf, 3, 0))) static void say(
	const struct log *log, enum log_level level, const char *format, va_list args)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf line = BUF_INIT;
	bool color = log->color && *levels[level].color;

	if (level > log->level)
		return;
	if (log->fixed) {
		say_fixed(log, level, format, args);
		return;
	}
	buf_vprintf(&text, format, args);
	if (log->secrets)
		secrets_redact(log->secrets, &text, 0);
	buf_printf(&line, "groundwork: %s%s%s", color ? levels[level].color : "",
		levels[level].name, color ? "\033[0m" : "");
	log_show(&line, text.data, text.len, INDENT);
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

void log_err(const struct log *log, const struct err *err)
{
	char text[ERR_TEXT_MAX + PATH_MAX];

	(void)place_print(text, sizeof text, &err->at, err->text); /* cut, if at all */
	log_error(log, "%s", text);
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
	log_show(&line, clean.data, clean.len, INDENT);
	emit(log, level, &line);
}

void log_progress(const struct log *log, const char *format, ...)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf line = BUF_INIT;
	va_list args;

	if (!log->terminal || log->fd < 0 || log->level < LOG_INFO)
		return;
	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	if (log->secrets)
		secrets_redact(log->secrets, &text, 0);
	buf_puts(&line, NO_WRAP "groundwork: ");
	log_show(&line, text.data, text.len, INDENT);
	buf_puts(&line, ERASE WRAP "\r");
	/* As for every line: it must not stop what it tells of. */
	(void)fd_write_all(log->fd, line.data, line.len);
}

void log_progress_end(const struct log *log)
{
	if (log->terminal && log->fd >= 0 && log->level >= LOG_INFO)
		(void)fd_write_all(log->fd, ERASE, sizeof ERASE - 1);
}

void log_notice(const struct log *log, const char *line)
{
	if (log->level >= LOG_INFO && log->fd >= 0)
		(void)fd_write_all(log->fd, line, strlen(line)); /* as in emit() */
}
