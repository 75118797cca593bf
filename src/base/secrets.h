/* SPDX-License-Identifier: MIT */
/*
 * The values that must never be shown, and how they are redacted. Code that reads or
 * makes a secret adds it here first; the log redacts all that it prints.
 *
 * A value is found as it is, and where it is escaped (JSON and C, per cent, quotes of
 * shells and SQL, XML; also one inside another). Of a value of several lines each line of
 * 16 bytes or more is found by itself, a shorter one together with the line before it.
 * After secrets_know_forms() values are also found in hexadecimal, base64 and base64url,
 * wrapped or not, wherever they stand in what was encoded; in hexadecimal also with
 * blanks, colons or commas between the bytes, and in a dump.
 *
 * A text that was cut ends in "…"; the beginning of a value in front of that is found.
 */
#ifndef BASE_SECRETS_H
#define BASE_SECRETS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

#define SECRET_SHORTEST 6

struct buf;

/* All zero is empty. The members are for secrets.c and redact.c alone. */
struct secrets {
	struct arena arena;
	struct secret_value *values;
	struct secret_form **buckets; /* 1 << bits of them, or NULL */
	unsigned bits;
	size_t count;                  /* of forms */
	struct secret_form *multiline; /* those that have a newline */
	bool encoded;
};

/*
 * Adds a copy of `value` without the white space around it. Values under SECRET_SHORTEST
 * bytes are ignored: they would turn every "a" of a log into stars and so reveal more
 * than they hide.
 */
void secrets_add(struct secrets *secrets, const char *value);

/* The same for any bytes; white space counts. */
void secrets_add_bytes(struct secrets *secrets, const void *data, size_t size);

/*
 * From now on encoded forms are found, too, of all values, also of those that are added
 * later. To be called before the output of another program is shown.
 */
void secrets_know_forms(struct secrets *secrets);

/* Replaces each known value in `text`, from offset `from` on, by "***". */
void secrets_redact(const struct secrets *secrets, struct buf *text, size_t from);

/*
 * Is a known value in it? One under 16 bytes does not count as a part of a longer word: a
 * password of a developer's machine ("postgres") is part of many a path.
 */
bool secrets_in(const struct secrets *secrets, const char *text);

/*
 * For a text that arrives in pieces: the offset at which a known value of several lines
 * begins that may continue behind the end of `text`, or `size` where there is none.
 */
size_t secrets_unfinished(const struct secrets *secrets, const char *text, size_t size);

/* The offset at or before `at` where `text` can be cut without cutting a known value. */
size_t secrets_cut(
	const struct secrets *secrets, const char *text, size_t size, size_t at);

/* Wipes and frees all values. */
void secrets_release(struct secrets *secrets);

#endif
