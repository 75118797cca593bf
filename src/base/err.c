/* SPDX-License-Identifier: MIT */
/* Errors: filling the fixed buffer. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 3, 0))) static void fill(
	struct err *err, enum err_kind kind, const char *format, va_list args)
{
	err->kind = kind;
	err->code = 0;
	/* A text over the limit is cut: an error about an error helps nobody. */
	(void)vsnprintf(err->text, sizeof err->text, format, args);
}

int err_set(struct err *err, enum err_kind kind, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fill(err, kind, format, args);
	va_end(args);
	return -1;
}

int err_fail(struct err *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fill(err, ERR_FAILED, format, args);
	va_end(args);
	return -1;
}

int err_config(struct err *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fill(err, ERR_CONFIG, format, args);
	va_end(args);
	return -1;
}

int err_sys(struct err *err, const char *format, ...)
{
	int code = errno;
	va_list args;
	size_t length;

	va_start(args, format);
	fill(err, ERR_FAILED, format, args);
	va_end(args);
	err->code = code;
	length = strlen(err->text);
	(void)snprintf(err->text + length, sizeof err->text - length, ": %s",
		strerror(code)); /* cut like any other text */
	return -1;
}

int err_append(struct err *err, const char *format, ...)
{
	size_t length = strlen(err->text);
	va_list args;

	va_start(args, format);
	/* Cut at the limit like any other text. */
	(void)vsnprintf(err->text + length, sizeof err->text - length, format, args);
	va_end(args);
	return -1;
}

int err_prefix(struct err *err, const char *format, ...)
{
	char context[ERR_TEXT_MAX];
	va_list args;
	int length;
	size_t room;

	va_start(args, format);
	length = vsnprintf(context, sizeof context - 2, format, args);
	va_end(args);
	if (length < 0)
		return -1;
	room = strlen(context);
	context[room++] = ':';
	context[room++] = ' ';
	memmove(err->text + room, err->text, sizeof err->text - room);
	memcpy(err->text, context, room);
	err->text[sizeof err->text - 1] = '\0';
	return -1;
}
