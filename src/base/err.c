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

__attribute__((format(printf, 3, 4))) static void put_text(
	struct err *err, size_t at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put(err, at, format, args);
	va_end(args);
}

__attribute__((format(printf, 4, 0))) static void fill(
	struct err *err, enum err_kind kind, int code, const char *format, va_list args)
{
	err->kind = kind;
	err->code = code;
	err->at = (struct place){0};
	err->quoted = 0;
	err->logged = false;
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

/* Where the text goes on behind `at` now; there may be no room left for a quotation. */
static void quote_from(struct err *err, size_t at)
{
	err->quoted = at < strlen(err->text) ? at : 0;
	err->logged &= err->quoted > 0;
}

int err_append(struct err *err, const char *format, ...)
{
	char quotation[ERR_TEXT_MAX];
	size_t at = err_own_size(err);
	va_list args;

	if (err->quoted)
		memcpy(quotation, err->text + at, strlen(err->text + at) + 1);
	va_start(args, format);
	put(err, at, format, args);
	va_end(args);
	if (!err->quoted)
		return -1;
	at = strlen(err->text);
	put_text(err, at, "%s", quotation);
	quote_from(err, at);
	return -1;
}

int err_quote(struct err *err, const char *format, ...)
{
	size_t at = strlen(err->text);
	va_list args;

	va_start(args, format);
	put(err, at, format, args);
	va_end(args);
	if (!err->quoted)
		quote_from(err, at);
	return -1;
}

int err_append_err(struct err *err, const char *words, const struct err *other)
{
	size_t own = err_own_size(other);

	(void)err_append(err, "%s%.*s", words, (int)own, other->text); /* always -1 */
	if (other->quoted && !err->quoted) {
		err->logged = other->logged;
		(void)err_quote(err, "%s", other->text + own); /* the same */
	}
	return -1;
}

size_t err_own_size(const struct err *err)
{
	return err->quoted ? err->quoted : strlen(err->text);
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
	if (err->quoted)
		quote_from(err, err->quoted + (size_t)length - before);
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
	size = strlen(err->text);
	put_text(err, size, ": %s", text);
	if (err->quoted)
		quote_from(err, err->quoted + size + strlen(": "));
	return -1;
}
