/* SPDX-License-Identifier: MIT */
/* Writing JSON (RFC 8259): strings made safe. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stddef.h>

struct buf;

/* Appends `text` as it may stand between the quotes of a JSON string. */
void json_escape(struct buf *to, const char *text, size_t size);

/*
 * Appends a whole string, quotes and all; NULL becomes null. For people, too: what
 * str_is_control() names stands as \uXXXX.
 */
void json_string(struct buf *to, const char *text);

#endif
