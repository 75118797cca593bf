/* SPDX-License-Identifier: MIT */
/*
 * One error: what kind it is, where it was found, and a sentence for a person.
 *
 * Every fallible function takes a `struct err *` last, returns -1 and fills it on
 * failure, and never touches it on success. Raising is one line:
 *
 *	return err_sys(err, "open '%s'", path);
 *
 * A floor that knows more puts it in front: `return err_prefix(err, "key '%s'", name);`,
 * and gives the error its place: `return err_at(err, value->at);`. The text does not
 * repeat that; place_print() and place_text() write both.
 * The text is a fixed buffer, so that reporting never allocates; what is too long for it
 * is cut and ends in "…". Who starts a chain of calls has `DECLARE_ERR(err);` among its
 * declarations.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/place.h"

#define ERR_TEXT_MAX 4096

enum err_kind {
	ERR_NONE,
	ERR_USAGE,          /* wrong command line: a retry cannot help */
	ERR_CONFIG,         /* wrong configuration: a retry cannot help */
	ERR_FAILED,         /* it did not work */
	ERR_TEMPORARY,      /* busy, locked, not reachable: time can mend it */
	ERR_INTERRUPTED,    /* a stop signal, in `code`, ended it */
	ERR_NOT_FOUND,      /* a command that is missing */
	ERR_NOT_EXECUTABLE, /* a command that exists and cannot be run */
};

struct err {
	enum err_kind kind;
	int code; /* errno of a system call, or the signal of an interruption */
	struct place at;
	int64_t retry_after_ms; /* of ERR_TEMPORARY: no retry before that; 0: whenever */
	size_t quoted; /* from this byte on the text is a quotation; 0: it has none */
	bool logged;   /* and the log has that already */
	char text[ERR_TEXT_MAX];
};

/* No error. Only the first byte of the text is written: the rest may be new pages. */
static inline void err_init(struct err *err)
{
	err->kind = ERR_NONE;
	err->code = 0;
	err->at = (struct place){0};
	err->retry_after_ms = 0;
	err->quoted = 0;
	err->logged = false;
	err->text[0] = '\0';
}

/* Declares an error and initializes it. */
#define DECLARE_ERR(name) \
	struct err name; \
	err_init(&(name))

/* All return -1. The text is lower case and says first what failed. */
__attribute__((format(printf, 4, 5))) int err_raise(
	struct err *err, enum err_kind kind, int code, const char *format, ...);
#define err_set(err, kind, ...)  err_raise(err, kind, 0, __VA_ARGS__)
#define err_fail(err, ...)       err_raise(err, ERR_FAILED, 0, __VA_ARGS__)
#define err_code(err, code, ...) err_raise(err, ERR_FAILED, code, __VA_ARGS__)
#define err_config(err, ...)     err_raise(err, ERR_CONFIG, 0, __VA_ARGS__)

/*
 * ERR_FAILED with errno kept in `code` and its text appended: "open 'x': No such file".
 */
__attribute__((format(printf, 2, 3))) int err_sys(
	struct err *err, const char *format, ...);

/* Appends to the text, in front of its quotation. */
__attribute__((format(printf, 2, 3))) int err_append(
	struct err *err, const char *format, ...);

/*
 * Appends the lines that end the text, with what leads to them: what another program
 * said, or a list. Nothing of ours gets behind those, or may seem to be a part of them.
 */
__attribute__((format(printf, 2, 3))) int err_quote(
	struct err *err, const char *format, ...);

/* Appends `words` and the text of another error, whose quotation becomes this one's. */
int err_append_err(struct err *err, const char *words, const struct err *other);

/* The size of the text without its quotation. */
size_t err_own_size(const struct err *err);

/*
 * Puts "context: " in front of the text. A place that the error has becomes part of
 * its text: "context: file:12: text".
 */
__attribute__((format(printf, 2, 3))) int err_prefix(
	struct err *err, const char *format, ...);

/*
 * Gives the error its place; one that it has becomes part of its text, as above. Without
 * a file nothing changes. Returns -1.
 */
int err_at(struct err *err, struct place at);

#endif
