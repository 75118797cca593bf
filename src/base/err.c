/* SPDX-License-Identifier: MIT */
/* Errors: filling the fixed buffer. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define CUT "…"

/*
 * A text over the limit is cut, and its end shows that: for people, and for the search
 * for a secret of which only the beginning is left (base/secrets.h).
 */
static void mark_cut(struct err *err)
{
	size_t at = sizeof err->text - sizeof CUT;

	while (at > 0 && (err->text[at] & 0xc0) == 0x80) /* not inside a character */
		at--;
	memcpy(err->text + at, CUT, sizeof CUT);
}

/* Writes at offset `at`. */
__attribute__((format(printf, 3, 0))) static void put(
	struct err *err, size_t at, const char *format, va_list args)
{
	int length = vsnprintf(err->text + at, sizeof err->text - at, format, args);

	if (length >= 0 && (size_t)length >= sizeof err->text - at)
		mark_cut(err);
}

__attribute__((format(printf, 4, 0))) static void fill(
	struct err *err, enum err_kind kind, int code, const char *format, va_list args)
{
	err->kind = kind;
	err->code = code;
	err->at = (struct place){0};
	err->logged = 0;
	put(err, 0, format, args);
}

int err_raise(struct err *err, enum err_kind kind, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fill(err, kind, code, format, args);
	va_end(args);
	return -1;
}

int err_append(struct err *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put(err, strlen(err->text), format, args);
	va_end(args);
	return -1;
}

int err_sys(struct err *err, const char *format, ...)
{
	int code = errno;
	va_list args;

	va_start(args, format);
	fill(err, ERR_FAILED, code, format, args);
	va_end(args);
	return err_append(err, ": %s", strerror(code));
}

/* What the text says moves behind `size` bytes that were put in front of it. */
static void move_logged(struct err *err, size_t size)
{
	if (err->logged)
		err->logged += size;
	if (err->logged > strlen(err->text)) /* it was cut off */
		err->logged = 0;
}

/* Makes the place a part of the text. */
static void fold(struct err *err)
{
	const struct place at = err->at;
	char text[ERR_TEXT_MAX];
	size_t before = strlen(err->text);
	int length;

	if (!at.file)
		return;
	memcpy(text, err->text, before + 1);
	length = place_print(err->text, sizeof err->text, &at, text);
	if (length >= (int)sizeof err->text)
		mark_cut(err);
	move_logged(err, (size_t)length - before);
	err->at = (struct place){0};
}

int err_at(struct err *err, struct place at)
{
	if (!at.file)
		return -1;
	fold(err);
	err->at = at;
	return -1;
}

int err_prefix(struct err *err, const char *format, ...)
{
	char text[ERR_TEXT_MAX];
	size_t size;
	va_list args;

	fold(err);
	memcpy(text, err->text, strlen(err->text) + 1);
	va_start(args, format);
	put(err, 0, format, args);
	va_end(args);
	size = strlen(err->text) + 2;
	(void)err_append(err, ": %s", text); /* always -1 */
	move_logged(err, size);
	return -1;
}
