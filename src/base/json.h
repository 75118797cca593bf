/* SPDX-License-Identifier: MIT */
/* Writing JSON (RFC 8259): strings made safe, and commas. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stddef.h>

struct buf;

/* Appends `text` as it may stand between the quotes of a JSON string. */
void json_escape(struct buf *to, const char *text, size_t size);

/*
 * Appends the comma before the next item or member, unless it is the first, or the value
 * behind a name.
 */
void json_next(struct buf *to);

/*
 * Appends that and a whole string, quotes and all. For people, too: what str_is_control()
 * names stands as \uXXXX.
 */
void json_string(struct buf *to, const char *text);

/* The same for a member of an object whose value is a string. */
void json_member(struct buf *to, const char *name, const char *text);

#endif
