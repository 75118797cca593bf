/* SPDX-License-Identifier: MIT */
/*
 * The values that must never be shown, and the one place that takes them out of text.
 * Whoever reads or makes a secret adds it here first; the log redacts whatever it prints.
 */
#ifndef BASE_SECRETS_H
#define BASE_SECRETS_H

#include <stddef.h>

struct buf;

struct secrets {
	char **values; /* longest first, so that a part never unmasks the whole */
	size_t count;
};

#define SECRETS_INIT {0}

/*
 * Remembers a copy of `value`. Values under 6 bytes are passed over: they would turn
 * every "a" of a log into stars and say more than they hide. Of a value of many lines
 * each one over 15 bytes is remembered, too.
 */
void secrets_add(struct secrets *secrets, const char *value);

/* Replaces each known value in `text`, from offset `from` on, by "***". */
void secrets_redact(const struct secrets *secrets, struct buf *text, size_t from);

/* Wipes and forgets all. */
void secrets_release(struct secrets *secrets);

#endif
